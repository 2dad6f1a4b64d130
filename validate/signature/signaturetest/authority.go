// Package signaturetest makes signatures for tests, simulators and the demo: shaped like podpis zaufany, like qualified
// signatures and like broken ones, under a test authority that belongs to no one. Nothing of the product imports it for
// anything else: what the office seals, workflow/seal does.
package signaturetest

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/pem"
	"fmt"
	"math/big"
	"time"

	"okienko/validate/signature/der"
)

// Authority issues test certificates.
type Authority struct {
	Certificate *x509.Certificate
	key         crypto.Signer
	next        int64
}

// Signer is a certificate with its key.
type Signer struct {
	Certificate *x509.Certificate
	Key         crypto.Signer
	// OmitNull leaves the NULL out of DigestInfo, as the real seal of podpis zaufany does (RSA only).
	OmitNull bool
}

// The validity of test certificates.
var (
	From = time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)
	To   = time.Date(2044, 1, 1, 0, 0, 0, 0, time.UTC)
)

// NewAuthority makes a self-signed authority.
func NewAuthority(commonName string) (*Authority, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("making a test authority: %w", err)
	}
	name := pkix.Name{Country: []string{"PL"}, Organization: []string{"TEST"}, CommonName: commonName}
	tmpl := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: name, NotBefore: From, NotAfter: To, IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageCRLSign}
	raw, err := x509.CreateCertificate(rand.Reader, tmpl, tmpl, key.Public(), key)
	if err != nil {
		return nil, fmt.Errorf("making a test authority: %w", err)
	}
	cert, err := x509.ParseCertificate(raw)
	return &Authority{Certificate: cert, key: key, next: 2}, err
}

// LoadAuthority uses an existing authority, so that several programs can trust the same one.
func LoadAuthority(cert *x509.Certificate, key crypto.Signer) *Authority {
	return &Authority{Certificate: cert, key: key, next: time.Now().UnixNano()}
}

// Subordinate makes an authority below a.
func (a *Authority) Subordinate(commonName string, changes ...Change) (*Authority, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("making a test key: %w", err)
	}
	ca := func(c *x509.Certificate) {
		c.IsCA, c.BasicConstraintsValid, c.KeyUsage = true, true, x509.KeyUsageCertSign|x509.KeyUsageCRLSign
	}
	s, err := a.issue(pkix.Name{Country: []string{"PL"}, CommonName: commonName}, key, nil, append([]Change{ca}, changes...))
	if err != nil {
		return nil, err
	}
	return &Authority{Certificate: s.Certificate, key: key, next: 2}, nil
}

// Reissue makes another certificate for the key of s, with another serial number.
func (a *Authority) Reissue(s *Signer, commonName string) (*Signer, error) {
	return a.issue(pkix.Name{Country: []string{"PL"}, CommonName: commonName}, s.Key, nil, nil)
}

// PEM is the authority's certificate for a directory of trust data.
func (a *Authority) PEM() []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: a.Certificate.Raw})
}

// The extensions of ETSI EN 319 412-5.
var (
	qcStatements = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 1, 3}
	compliance   = oid(0, 4, 0, 1862, 1, 1)
	sscd         = oid(0, 4, 0, 1862, 1, 4)
)

func oid(arcs ...int) []byte {
	b, err := asn1.Marshal(asn1.ObjectIdentifier(arcs))
	if err != nil {
		panic(err) // constants only
	}
	return b
}

func qualified(statements ...[]byte) pkix.Extension {
	var seq [][]byte
	for _, s := range statements {
		seq = append(seq, der.Append(nil, der.Sequence, s))
	}
	return pkix.Extension{Id: qcStatements, Value: der.Append(nil, der.Sequence, seq...)}
}

// Change adjusts a certificate before it is issued.
type Change func(*x509.Certificate)

// Valid sets another validity.
func Valid(from, to time.Time) Change {
	return func(c *x509.Certificate) { c.NotBefore, c.NotAfter = from, to }
}

func (a *Authority) issue(name pkix.Name, key crypto.Signer, ext []pkix.Extension, changes []Change) (*Signer, error) {
	a.next++
	tmpl := &x509.Certificate{SerialNumber: big.NewInt(a.next), Subject: name, NotBefore: From, NotAfter: To,
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageContentCommitment, ExtraExtensions: ext}
	for _, c := range changes {
		c(tmpl)
	}
	raw, err := x509.CreateCertificate(rand.Reader, tmpl, a.Certificate, key.Public(), a.key)
	if err != nil {
		return nil, fmt.Errorf("issuing a test certificate: %w", err)
	}
	cert, err := x509.ParseCertificate(raw)
	return &Signer{Certificate: cert, Key: key}, err
}

// MinisterSeal issues a certificate shaped like the seal of podpis zaufany: RSA 2048, qualified, and without the NULL in
// DigestInfo.
func (a *Authority) MinisterSeal(changes ...Change) (*Signer, error) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return nil, fmt.Errorf("making a test key: %w", err)
	}
	name := pkix.Name{Country: []string{"PL"}, Organization: []string{"Ministerstwo Cyfryzacji TEST"},
		CommonName: "Minister do spraw informatyzacji - pieczęć podpisu zaufanego TEST",
		ExtraNames: []pkix.AttributeTypeAndValue{{Type: asn1.ObjectIdentifier{2, 5, 4, 97}, Value: "VATPL-0000000000"}}}
	s, err := a.issue(name, key, []pkix.Extension{qualified(compliance)}, changes)
	if err == nil {
		s.OmitNull = true
	}
	return s, err
}

// Person issues a certificate shaped like a qualified certificate of a person, on a P-256 key.
func (a *Authority) Person(given, family, pesel string, changes ...Change) (*Signer, error) {
	return a.person(given, family, pesel, []pkix.Extension{qualified(compliance, sscd)}, changes)
}

// Company issues a certificate shaped like that of a qualified seal of an organisation.
func (a *Authority) Company(name string, changes ...Change) (*Signer, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("making a test key: %w", err)
	}
	subject := pkix.Name{Country: []string{"PL"}, Organization: []string{name}, CommonName: name,
		ExtraNames: []pkix.AttributeTypeAndValue{{Type: asn1.ObjectIdentifier{2, 5, 4, 97}, Value: "VATPL-0000000000"}}}
	return a.issue(subject, key, []pkix.Extension{qualified(compliance, sscd)}, changes)
}

// Citizen issues a certificate shaped like that of podpis osobisty: names and PESEL, not qualified. The authority's name
// must say that it is the one for identity cards.
func (a *Authority) Citizen(given, family, pesel string, changes ...Change) (*Signer, error) {
	return a.person(given, family, pesel, nil, changes)
}

func (a *Authority) person(given, family, pesel string, ext []pkix.Extension, changes []Change) (*Signer, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("making a test key: %w", err)
	}
	name := pkix.Name{Country: []string{"PL"}, CommonName: given + " " + family, SerialNumber: "PNOPL-" + pesel,
		ExtraNames: []pkix.AttributeTypeAndValue{{Type: asn1.ObjectIdentifier{2, 5, 4, 42}, Value: given}, {Type: asn1.ObjectIdentifier{2, 5, 4, 4}, Value: family}}}
	return a.issue(name, key, ext, changes)
}

// Stamper issues a certificate for time-stamps.
func (a *Authority) Stamper(changes ...Change) (*Signer, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("making a test key: %w", err)
	}
	purpose := func(c *x509.Certificate) { c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageTimeStamping} }
	return a.issue(pkix.Name{Country: []string{"PL"}, CommonName: "TEST znacznik czasu"}, key, nil, append(changes, purpose))
}

// sign signs message with SHA-256; plain asks for r||s from an elliptic curve key.
func (s *Signer) sign(message []byte, plain bool) ([]byte, error) {
	h := crypto.SHA256.New()
	h.Write(message)
	sum := h.Sum(nil)
	switch k := s.Key.(type) {
	case *rsa.PrivateKey:
		if !s.OmitNull {
			return rsa.SignPKCS1v15(rand.Reader, k, crypto.SHA256, sum)
		}
		info := append([]byte{0x30, 0x2F, 0x30, 0x0B, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x04, 0x20}, sum...)
		return rsa.SignPKCS1v15(rand.Reader, k, crypto.Hash(0), info)
	case *ecdsa.PrivateKey:
		if !plain {
			return ecdsa.SignASN1(rand.Reader, k, sum)
		}
		r, t, err := ecdsa.Sign(rand.Reader, k, sum)
		if err != nil {
			return nil, err
		}
		size := (k.Params().N.BitLen() + 7) / 8
		return append(r.FillBytes(make([]byte, size)), t.FillBytes(make([]byte, size))...), nil
	}
	return nil, fmt.Errorf("test keys are RSA or ECDSA, not %T", s.Key)
}
