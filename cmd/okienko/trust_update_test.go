package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"okienko/validate/signature/signaturetest"
)

// TestTrustUpdateAsksAboutTheCertificatesOfALetter: only when told, only where the certificate says, and what was learned is
// fetched again with every update.
func TestTrustUpdateAsksAboutTheCertificatesOfALetter(t *testing.T) {
	t.Parallel()
	files := map[string][]byte{}
	asked := make(chan string, 100)
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked <- r.URL.Path
		if body := files[r.URL.Path]; body != nil {
			_, _ = w.Write(body)
			return
		}
		http.NotFound(w, r)
	}))
	t.Cleanup(srv.Close)
	ca, signer, file, trustDir := signedPaper(t, srv.URL+"/ca.crl")
	list := func(at time.Time, revoked ...*signaturetest.Signer) []byte {
		raw, err := ca.CRL(at, revoked...)
		if err != nil {
			t.Fatal(err)
		}
		return raw
	}
	files["/ca.crl"] = list(time.Now().Add(-2 * time.Hour))
	config := func(extra string) string {
		path := filepath.Join(t.TempDir(), "okienko.yaml")
		writeFile(t, path, fmt.Appendf(nil, "trust: %s\ntrust_update: {%s}\n", trustDir, extra))
		return path
	}
	open := config("private_networks: true")
	for _, s := range []struct {
		name     string
		args     []string
		code     int
		says     string
		requests int
		sub      string
	}{
		{"without a letter there is nothing to fetch", []string{"--config", open}, 1, "trust_update.addresses: is empty", 0, "TRY_LATER"},
		{"switched off", []string{"--config", config("revocation: []"), "--from", file}, 1, "trust_update.revocation: is empty", 0, "TRY_LATER"},
		{"inside the own network", []string{"--config", config(""), "--from", file}, 1, "private network", 0, "TRY_LATER"},
		{"a file without signature", []string{"--config", open, "--from", open}, 0, "no certificate that is trusted", 0, "TRY_LATER"},
		{"the letter", []string{"--config", open, "--from", file}, 0, "revoked 0 by", 1, ""},
		{"what was learned is fetched again", []string{"--config", open}, 0, "revoked 1 by", 1, "REVOKED"},
	} {
		code, out, stderr := command(t, append([]string{"trust", "update"}, s.args...)...)
		if code != s.code || !strings.Contains(out+stderr, s.says) || len(asked) != s.requests {
			t.Errorf("%s: exit %d, %d requests\n%s%s\nwant %d, %d, %q", s.name, code, len(asked), out, stderr, s.code, s.requests, s.says)
		}
		for len(asked) > 0 {
			<-asked
		}
		if r := signaturesOf(t, "--trust", trustDir, file)[0]; r.SubIndication != s.sub {
			t.Errorf("%s: %s/%s, want %q", s.name, r.Indication, r.SubIndication, s.sub)
		}
		if s.name == "the letter" {
			files["/ca.crl"] = list(time.Now().Add(-time.Hour), signer)
		}
	}
	if raw, err := os.ReadFile(filepath.Join(trustDir, "crls", "addresses.txt")); err != nil || string(raw) != srv.URL+"/ca.crl\n" {
		t.Errorf("remembered %q, %v", raw, err)
	}
}
