package signaturetest_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"okienko/validate/signature/signaturetest"
)

// TestOtherProgramsAcceptWhatIsMade: a generator and a verifier of one hand could share one mistake, so xmlsec1, OpenSSL and
// poppler judge the generator.
func TestOtherProgramsAcceptWhatIsMade(t *testing.T) {
	t.Parallel()
	ca, err := signaturetest.NewAuthority("TEST")
	if err != nil {
		t.Fatal(err)
	}
	person, err := ca.Person("Anna", "Przykładowa", "0")
	if err != nil {
		t.Fatal(err)
	}
	seal, err := ca.MinisterSeal()
	if err != nil {
		t.Fatal(err)
	}
	seal.OmitNull = false // the others refuse what the real seal does
	at := time.Date(2026, 3, 2, 10, 15, 0, 0, time.UTC)
	families := map[string][]string{"ECDSA": {"ECDSA"}, "RSA": {"RSA", "RSA-PSS"}}
	for name, s := range map[string]*signaturetest.Signer{"ECDSA": person, "RSA": seal} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			write := func(file string, b []byte, err error) string {
				t.Helper()
				if err != nil {
					t.Fatal(err)
				}
				p := filepath.Join(dir, file)
				if err := os.WriteFile(p, b, 0o600); err != nil {
					t.Fatal(err)
				}
				return p
			}
			root := write("ca.pem", ca.PEM(), nil)
			xml, err := signaturetest.XAdES{Time: at}.Sign([]byte(`<a><b>żółć</b></a>`), s)
			run(t, "xmlsec1", "xmlsec1", "--verify", "--trusted-pem", root, "--id-attr:Id", "SignedProperties", write("a.xml", xml, err))
			cms, err := signaturetest.CMS{Time: at}.Sign([]byte("treść"), s)
			run(t, "openssl", "openssl", "cms", "-verify", "-inform", "DER", "-purpose", "any", "-CAfile", root, "-in", write("a.p7m", cms, err))
			for _, family := range families[name] {
				for _, digest := range signaturetest.Digests(family) {
					if strings.HasPrefix(digest, "SHA3") { // OpenSSL 3.0 does not sign or verify CMS with it
						continue
					}
					alg, err := signaturetest.NewCMSAlgorithm(family, digest)
					if err != nil {
						t.Fatal(err)
					}
					cms, err := signaturetest.CMS{Time: at, Algorithm: alg}.Sign([]byte("treść"), s)
					run(t, "openssl", "openssl", "cms", "-verify", "-inform", "DER", "-purpose", "any", "-CAfile", root, "-in", write("b.p7m", cms, err))
				}
			}
			pdf, err := signaturetest.CMS{}.PDF("tekst", "powod", s)
			if out := run(t, "poppler-utils", "pdfsig", "-nocert", write("a.pdf", pdf, err)); !strings.Contains(out, "Signature is Valid") {
				t.Errorf("pdfsig: %s", out)
			}
		})
	}
}

func run(t *testing.T, pkg, tool string, args ...string) string {
	t.Helper()
	if _, err := exec.LookPath(tool); err != nil {
		t.Fatalf("%s is missing: apt install %s", tool, pkg)
	}
	var out bytes.Buffer
	cmd := exec.Command(tool, args...)
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Run(); err != nil {
		t.Errorf("%s: %v\n%s", tool, err, out.String())
	}
	return out.String()
}
