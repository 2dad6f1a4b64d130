package fetch_test

import (
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"okienko/validate/signature/signaturetest"
	"okienko/validate/signature/trust"
	"okienko/validate/signature/trust/fetch"
)

func TestRevocationListsAreFetchedAndUsed(t *testing.T) {
	t.Parallel()
	ca, err := signaturetest.NewAuthority("TEST")
	if err != nil {
		t.Fatal(err)
	}
	day := func(d int) time.Time { return time.Date(2026, 3, d, 0, 0, 0, 0, time.UTC) }
	served := map[string][]byte{}
	for name, d := range map[string]int{"/old.crl": 1, "/new.crl": 5} {
		if served[name], err = ca.CRL(day(d)); err != nil {
			t.Fatal(err)
		}
	}
	served["/ca.pem"], served["/page"] = ca.PEM(), []byte("<html></html>")
	current := "/new.crl"
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		path := r.URL.Path
		if path == "/current.crl" {
			path = current
		}
		body, ok := served[path]
		if !ok {
			http.NotFound(w, r)
			return
		}
		_, _ = w.Write(body) // the client sees what is missing
	}))
	t.Cleanup(srv.Close)
	dir := t.TempDir()
	if err := fetch.Update(t.Context(), srv.Client(), dir, []string{srv.URL + "/current.crl"}, nil); err != nil {
		t.Fatal(err)
	}
	s, err := trust.Load(os.DirFS(dir))
	if err != nil || len(s.CRLs) != 1 {
		t.Fatalf("%d revocation lists, %v", len(s.CRLs), err)
	}
	current = "/old.crl"
	for _, tt := range []struct{ address, want string }{
		{srv.URL + "/current.crl", "older than crls/"}, {srv.URL + "/missing", "404"}, {srv.URL + "/page", "not a trusted list"},
		{srv.URL + "/ca.pem", "imported by hand only"}, {"file:///etc/hostname", "only http and https"}, {"ldap://example.org/x", "only http and https"},
	} {
		if err := fetch.Update(t.Context(), srv.Client(), dir, []string{tt.address}, nil); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v, want %q", tt.address, err, tt.want)
		}
	}
	after, err := trust.Load(os.DirFS(dir))
	if err != nil || len(after.CRLs) != 1 || string(after.CRLs[0]) != string(served["/new.crl"]) {
		t.Errorf("a failed update changed what was there: %v", err)
	}
}
