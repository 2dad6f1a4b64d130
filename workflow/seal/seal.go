// Package seal puts the office's electronic seal on what it sends: XAdES on the XML documents of ePUAP, PAdES on the PDF letters
// of e-Doręczenia (KPA art. 14 § 1a: a letter in electronic form bears a qualified signature or the office's seal). Whether the
// certificate is that of a qualified seal is the office's to see to; the package uses the key it is given.
//
// It signs at level B-B: it fetches no time-stamps and no revocation data, because both the register of ePUAP and the proof of
// e-Doręczenia tell when a letter existed. It refuses to know what a letter says. Read next: xml.go, pdf.go.
package seal

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"errors"
	"fmt"
)

// Seal is the key and certificate documents are sealed with. It may be used concurrently if Key may.
type Seal struct {
	Certificate *x509.Certificate
	Key         crypto.Signer // RSA
}

func (s Seal) check() error {
	if s.Certificate == nil || s.Key == nil {
		return errors.New("sealing a document: no key or no certificate")
	}
	if _, ok := s.Key.Public().(*rsa.PublicKey); !ok {
		return fmt.Errorf("sealing a document: an RSA key is needed, this one is %T", s.Key.Public())
	}
	return nil
}

// value is the signature of octets: RSASSA-PKCS1-v1_5 with SHA-256.
func (s Seal) value(octets []byte) ([]byte, error) {
	sum := sha256.Sum256(octets)
	return s.Key.Sign(rand.Reader, sum[:], crypto.SHA256)
}
