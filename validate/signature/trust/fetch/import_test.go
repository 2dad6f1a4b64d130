package fetch_test

import (
	"encoding/pem"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"okienko/validate/signature/signaturetest"
	"okienko/validate/signature/trust"
	"okienko/validate/signature/trust/fetch"
)

// TestNationalListsAreFoundFromTheListOfLists: only wanted territories are fetched, only what the list of lists vouches for is
// stored, and one country's failure does not keep another's list.
func TestNationalListsAreFoundFromTheListOfLists(t *testing.T) {
	t.Parallel()
	ca, err := signaturetest.NewAuthority("TEST")
	if err != nil {
		t.Fatal(err)
	}
	signer := func(name string) *signaturetest.Signer {
		s, err := ca.Company(name)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	eu, pl, de, stranger := signer("EU"), signer("PL"), signer("DE"), signer("X")
	served := map[string][]byte{}
	var asked []string
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, r.URL.Path) // one request at a time
		body, ok := served[r.URL.Path]
		if !ok {
			http.NotFound(w, r)
			return
		}
		_, _ = w.Write(body)
	}))
	t.Cleanup(srv.Close)
	issued := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	sign := func(territory string, n int, by *signaturetest.Signer, pointers ...signaturetest.ListPointer) []byte {
		raw, err := signaturetest.List{Territory: territory, Sequence: n, OfLists: pointers != nil, Issued: issued, NextUpdate: issued.AddDate(0, 6, 0), Pointers: pointers}.Sign(by)
		if err != nil {
			t.Fatal(err)
		}
		return raw
	}
	to := func(territory string, s *signaturetest.Signer) signaturetest.ListPointer {
		return signaturetest.ListPointer{Territory: territory, Location: srv.URL + "/" + territory, Signers: []*signaturetest.Signer{s}}
	}
	served["/EU"] = sign("EU", 1, eu, to("EU", eu), to("DE", de), to("PL", pl), to("FR", de))
	served["/PL"], served["/DE"] = sign("PL", 7, pl), sign("DE", 3, stranger)
	dir := t.TempDir()
	update := func() error {
		asked = nil
		return fetch.Update(t.Context(), srv.Client(), dir, []string{srv.URL + "/EU"}, []string{"PL", "DE"})
	}

	if err := update(); err == nil || !strings.Contains(err.Error(), "import the certificate first") || !slices.Equal(asked, []string{"/EU"}) {
		t.Errorf("without a signer: %v, asked %q", err, asked)
	}
	importer, err := fetch.NewImporter(dir)
	if err != nil {
		t.Fatal(err)
	}
	cert := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: eu.Certificate.Raw})
	if _, _, err := importer.Import(cert, trust.Signers); err != nil {
		t.Fatal(err)
	}
	if err := update(); err == nil || !strings.Contains(err.Error(), "/DE serves: trusted list DE no. 3") || strings.Contains(err.Error(), "/PL") {
		t.Errorf("with the signer: %v", err)
	}
	if !slices.Equal(asked, []string{"/EU", "/DE", "/PL"}) {
		t.Errorf("asked %q", asked)
	}
	store, err := trust.Load(os.DirFS(dir))
	if err != nil {
		t.Fatal(err)
	}
	if used := store.Describe(); len(used) != 2 || !strings.Contains(used[1], "PL no. 7") {
		t.Errorf("used %q", used)
	}
	served["/PL"] = sign("PL", 7, stranger) // somebody in between
	if err := update(); err == nil || !strings.Contains(err.Error(), "PL no. 7") {
		t.Errorf("a forged edition: %v", err)
	}
	if store, err = trust.Load(os.DirFS(dir)); err != nil || len(store.Describe()) != 2 {
		t.Errorf("a forged edition replaced the good one: %v", err)
	}
}
