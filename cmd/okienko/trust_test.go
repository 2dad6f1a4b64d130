package main

import (
	"bytes"
	"context"
	"encoding/pem"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"okienko/ingest"
	"okienko/ingest/sandbox"
	"okienko/validate"
	"okienko/validate/signature/signaturetest"
)

// command runs the program in this process.
func command(t *testing.T, args ...string) (code int, out, stderr string) {
	t.Helper()
	var o, e bytes.Buffer
	code = run(t.Context(), args, &o, &e)
	return code, o.String(), e.String()
}

// serveFiles serves files by path; one that is not there is 404.
func serveFiles(t *testing.T, files map[string][]byte) string {
	t.Helper()
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, ok := files[r.URL.Path]
		if !ok {
			http.NotFound(w, r)
			return
		}
		_, _ = w.Write(body)
	}))
	t.Cleanup(srv.Close)
	return srv.URL
}

func certPEM(s *signaturetest.Signer) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Certificate.Raw})
}

// TestTrustFromTheListOfListsToAVerdict goes the administrator's way: pin the signer of the list of lists, import it by its
// address, fetch revocations, and see one and the same signature go from undecided to passed.
func TestTrustFromTheListOfListsToAVerdict(t *testing.T) {
	t.Parallel()
	ca, _, file, _ := signedPaper(t, "http://crl.example/ca.crl")
	operators, err := signaturetest.NewAuthority("TEST operatorzy list")
	if err != nil {
		t.Fatal(err)
	}
	eu, err := operators.Company("TEST UE")
	if err != nil {
		t.Fatal(err)
	}
	pl, err := operators.Company("TEST PL")
	if err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{}
	base := serveFiles(t, files)
	now := time.Now()
	list := signaturetest.List{Territory: "PL", Sequence: 7, Issued: now.AddDate(0, -2, 0), NextUpdate: now.AddDate(0, 4, 0), Authority: ca}
	if files["/pl.xml"], err = list.Sign(pl); err != nil {
		t.Fatal(err)
	}
	lotl := signaturetest.List{Territory: "EU", Sequence: 3, OfLists: true, Issued: now.AddDate(0, -8, 0), NextUpdate: now.AddDate(0, -2, 0),
		Pointers: []signaturetest.ListPointer{{Territory: "PL", Location: base + "/pl.xml", Signers: []*signaturetest.Signer{pl}}}}
	if files["/eu.xml"], err = lotl.Sign(eu); err != nil {
		t.Fatal(err)
	}
	if files["/ca.crl"], err = ca.CRL(now.Add(-time.Hour)); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	trustDir, signer, config := filepath.Join(dir, "zaufane"), filepath.Join(dir, "eu.pem"), filepath.Join(dir, "okienko.yaml")
	writeFile(t, signer, certPEM(eu))
	writeFile(t, config, fmt.Appendf(nil, "trust: %s\ntrust_update:\n  addresses: [%s/ca.crl, %[2]s/gone.crl]\n", trustDir, base))

	verdict := func(want validate.Indication, sub string) validate.SignatureReport {
		t.Helper()
		r := signaturesOf(t, "--trust", trustDir, file)[0]
		if !r.Intact || r.Indication != want || r.SubIndication != sub {
			t.Errorf("intact %v %s/%s, want %s/%s", r.Intact, r.Indication, r.SubIndication, want, sub)
		}
		return r
	}
	steps := []struct {
		name     string
		args     []string
		code     int
		out, err string
		want     validate.Indication
		sub      string
	}{
		{"nothing yet", []string{"trust", "show", "--trust", trustDir}, 1, "", "trust data in ", "", ""},
		{"the list of lists before its signer", []string{"trust", "import", "--config", config, base + "/eu.xml"}, 1, "", "import the certificate first", validate.Indeterminate, "NO_CERTIFICATE_CHAIN_FOUND"},
		{"its signer", []string{"trust", "import", "--config", config, "--purpose", "signers", signer}, 0, "-> signers/", "", validate.Indeterminate, "NO_CERTIFICATE_CHAIN_FOUND"},
		{"the list of lists, and from it the Polish list", []string{"trust", "import", "--config", config, base + "/eu.xml"}, 0, "1 authorities for signatures", "", validate.Indeterminate, "TRY_LATER"},
		{"what is out of date is said", []string{"trust", "show", "--config", config}, 0, "warning: trusted list EU no. 3", "", validate.Indeterminate, "TRY_LATER"},
		{"revocations, one address of two", []string{"trust", "update", "--config", config}, 1, "revoked 0 by CN=TEST", "/gone.crl: the server answers 404", validate.TotalPassed, ""},
		{"an unknown purpose", []string{"trust", "import", "--config", config, "--purpose", "wszystko", signer}, 1, "", `purpose "wszystko": allowed are`, validate.TotalPassed, ""},
		{"something else", []string{"trust", "import", "--config", config, file}, 1, "", "not a trusted list", validate.TotalPassed, ""},
	}
	for _, s := range steps {
		code, out, stderr := command(t, s.args...)
		if code != s.code || !strings.Contains(out, s.out) || !strings.Contains(stderr, s.err) || s.err == "" && stderr != "" {
			t.Errorf("%s: exit %d\n%s\n%s\nwant %d, %q, %q", s.name, code, out, stderr, s.code, s.out, s.err)
		}
		if s.want != "" {
			verdict(s.want, s.sub)
		}
	}
	r := verdict(validate.TotalPassed, "")
	if r.Kind != validate.Qualified || len(r.Checked.Trust) != 2 || !strings.HasPrefix(r.Checked.Trust[0], "trusted list PL no. 7 of ") {
		t.Errorf("kind %s, rests on %q", r.Kind, r.Checked.Trust)
	}
}

// TestARunningServerTakesUpNewTrustData: the reader processes hold trust data in memory; a revocation list that arrives while
// they run counts for the next letter; one that cannot be read stops no letter and makes no signature valid.
func TestARunningServerTakesUpNewTrustData(t *testing.T) {
	t.Parallel()
	ca, signer, file, trustDir := signedPaper(t, "http://crl.example/ca.crl")
	pool, err := sandbox.NewPool(sandbox.Config{Command: []string{program(t), "sandbox", "--cache=" + userCache(), "--trust=" + trustDir}, Children: 1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { pool.Close() })
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	verdict := func() validate.SignatureReport {
		t.Helper()
		sub := ingest.Submission{Channel: ingest.EPUAP, ReceivedAt: time.Now(), Originals: []ingest.Original{{Role: "body", Name: "pismo.xml", Digest: ingest.DigestOf(raw), Size: int64(len(raw))}}}
		_, sigs, err := newClient(pool).Examine(t.Context(), sub, func(context.Context, ingest.Digest) (io.ReadSeekCloser, error) {
			return memoryFile{bytes.NewReader(raw)}, nil
		})
		if err != nil || len(sigs) != 1 {
			t.Fatalf("%d signatures, %v", len(sigs), err)
		}
		return sigs[0]
	}
	a := &app{cfg: config{Trust: trustDir}, log: slog.New(slog.NewTextHandler(io.Discard, nil))}
	state := trustState(trustDir)
	step := func(crl []byte, sub string) {
		t.Helper()
		if crl != nil {
			writeFile(t, filepath.Join(trustDir, "ca.crl"), crl)
		}
		state = a.renewTrust(pool, state)
		if r := verdict(); r.SubIndication != sub {
			t.Errorf("%s/%s, want %q; rests on %q", r.Indication, r.SubIndication, sub, r.Checked.Trust)
		}
	}
	good, err := ca.CRL(time.Now().Add(-2 * time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	revoked, err := ca.CRL(time.Now().Add(-time.Hour), signer)
	if err != nil {
		t.Fatal(err)
	}
	step(nil, "TRY_LATER")
	step(good, "")
	step([]byte("przerwane pobieranie"), "TRY_LATER")
	if code, out, _ := command(t, "trust", "show", "--trust", trustDir); code != 0 || !strings.Contains(out, "warning: trust data ca.crl: not a revocation list") {
		t.Errorf("exit %d, %s", code, out)
	}
	step(revoked, "REVOKED")
}

func TestTrustUpdateKeysAreChecked(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"trust_update: {every: 10s}":                                             "trust_update.every: 10s is not allowed",
		"trust: x\ntrust_update: {addresses: [ldap://a/b]}":                      `trust_update.addresses[0]: "ldap://a/b" is not allowed`,
		"trust_update: {addresses: ['http://a/b']}":                              "trust: must name a directory",
		"trust: x\ntrust_update: {every: 1h, addresses: ['http://a/b'], of: PL}": `unknown key "of"`,
		"trust: x\ntrust_update: {every: 1h, addresses: ['http://a/b']}":         "",
	} {
		file := filepath.Join(t.TempDir(), "okienko.yaml")
		writeFile(t, file, []byte(text))
		_, err := loadConfig(file)
		if got := fmt.Sprint(err); (err == nil) != (want == "") || !strings.Contains(got, want) && want != "" {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
}
