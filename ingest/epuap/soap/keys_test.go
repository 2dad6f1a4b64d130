package soap_test

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"okienko/ingest/epuap/soap"
)

// newSigner makes a key and a self-signed certificate. Making RSA keys takes long, so two serve all tests.
func newSigner(name string) soap.Signer {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	tmpl := &x509.Certificate{SerialNumber: big.NewInt(7), Subject: pkix.Name{CommonName: name}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, tmpl, tmpl, key.Public(), key)
	if err != nil {
		panic(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		panic(err)
	}
	return soap.Signer{Certificate: cert, Key: key}
}

var (
	office   = sync.OnceValue(func() soap.Signer { return newSigner("TEST urząd") })
	platform = sync.OnceValue(func() soap.Signer { return newSigner("TEST platforma") })
)

// pemFile writes the certificate for another program.
func pemFile(t *testing.T, s soap.Signer) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "cert.pem")
	if err := os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Certificate.Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
