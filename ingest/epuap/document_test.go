package epuap

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/pem"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"software.sslmate.com/src/go-pkcs12"

	"okienko/validate/signature/xmldoc"
)

func TestTheIdentifierOfADocumentIsTheLastOne(t *testing.T) {
	t.Parallel()
	for xml, want := range map[string]string{
		`<Dane><IdentyfikatorDokumentu>1</IdentyfikatorDokumentu><x><IdentyfikatorDokumentu> 2 </IdentyfikatorDokumentu></x></Dane>`: "2",
		`<Dane/>`: "", ``: "", `<!DOCTYPE x [<!ENTITY a "b">]><Dane><IdentyfikatorDokumentu>1</IdentyfikatorDokumentu></Dane>`: "",
		`<IdentyfikatorDokumentu>` + strings.Repeat("9", 201) + `</IdentyfikatorDokumentu>`: "",
	} {
		if got := documentID(base64.StdEncoding.EncodeToString([]byte(xml))); got != want {
			t.Errorf("%.60s: %q, want %q", xml, got, want)
		}
	}
}

func TestTheTimeOfSending(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"2026-11-20T10:15:30.123+01:00": "2026-11-20T09:15:30Z", "2026-07-01T10:00:00Z": "2026-07-01T10:00:00Z",
		"2026-11-20T10:15:30": "2026-11-20T09:15:30Z", "2026-07-01T10:00:00.5": "2026-07-01T08:00:00Z",
		"": "0001-01-01T00:00:00Z", "jutro": "0001-01-01T00:00:00Z",
	} {
		if got := moment(text).UTC().Format(time.RFC3339); got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
}

// FuzzReadDocument: a document is whole or an error; its item is a fit name for a ledger.
func FuzzReadDocument(f *testing.F) {
	f.Add([]byte(`<a><daneDodatkowe>PGEvPg==</daneDodatkowe><dokument><zawartosc>QUJD</zawartosc></dokument></a>`))
	f.Add([]byte(`<a><dokument/></a>`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		doc, err := xmldoc.Parse(raw, xmldoc.Limits{Bytes: 1 << 16, Depth: 64, Nodes: 1000, Attrs: 50, Scope: 50})
		if err != nil {
			return
		}
		d, err := readDocument(doc.Element())
		if err != nil {
			return
		}
		if item := d.item(); item == "" || len(item) > 200 || item != d.item() {
			t.Errorf("item %q", item)
		}
		for k, v := range d.meta(collected{}) {
			if v == "" {
				t.Errorf("an empty %s", k)
			}
		}
	})
}

func TestKeysInBothForms(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	curve, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	write := func(name string, b []byte) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	certify := func(public any) *x509.Certificate {
		tmpl := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "TEST"}, NotBefore: time.Now(), NotAfter: time.Now().Add(time.Hour)}
		der, err := x509.CreateCertificate(rand.Reader, tmpl, tmpl, public, key)
		if err != nil {
			t.Fatal(err)
		}
		cert, err := x509.ParseCertificate(der)
		if err != nil {
			t.Fatal(err)
		}
		return cert
	}
	cert := certify(key.Public())
	p12, err := pkcs12.Modern.Encode(key, cert, nil, "hasło")
	if err != nil {
		t.Fatal(err)
	}
	curveP12, err := pkcs12.Modern.Encode(curve, certify(curve.Public()), nil, "hasło")
	if err != nil {
		t.Fatal(err)
	}
	certFile := write("c.pem", pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cert.Raw}))
	keyFile := write("k.pem", pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)}))
	p12File, password, wrong := write("k.p12", p12), write("p", []byte("hasło\n")), write("q", []byte("nie to"))
	for _, tt := range []struct {
		name string
		load func() (*x509.Certificate, error)
		want string // part of the error; "": none
	}{
		{"PEM", func() (*x509.Certificate, error) { s, err := LoadPEM(keyFile, certFile); return s.Certificate, err }, ""},
		{"PKCS#12", func() (*x509.Certificate, error) { s, err := LoadPKCS12(p12File, password); return s.Certificate, err }, ""},
		{"a wrong password", func() (*x509.Certificate, error) { s, err := LoadPKCS12(p12File, wrong); return s.Certificate, err }, "k.p12"},
		{"no such file", func() (*x509.Certificate, error) {
			s, err := LoadPKCS12(p12File+"x", password)
			return s.Certificate, err
		}, "pkcs12_file"},
		{"no password file", func() (*x509.Certificate, error) {
			s, err := LoadPKCS12(p12File, password+"x")
			return s.Certificate, err
		}, "password_file"},
		{"a key on a curve", func() (*x509.Certificate, error) {
			s, err := LoadPKCS12(write("e.p12", curveP12), password)
			return s.Certificate, err
		}, "RSA key is needed"},
		{"a certificate for a key", func() (*x509.Certificate, error) { s, err := LoadPEM(certFile, certFile); return s.Certificate, err }, "cert_file"},
	} {
		got, err := tt.load()
		if (err == nil) != (tt.want == "") || err != nil && !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v, want %q", tt.name, err, tt.want)
		}
		if err == nil && !got.Equal(cert) {
			t.Errorf("%s: another certificate", tt.name)
		}
	}
}
