package keys

import (
	"bytes"
	"crypto/sha256"
	"crypto/x509"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"sync"
	"time"

	"okienko/validate/signature/der"
)

// Certificate is an X.509 certificate, read without schema: crypto/x509 refuses one in thirty of those in use (Brainpool
// keys, critical key identifiers, negative serials). It does not change after ParseCertificate.
type Certificate struct {
	Raw, RawTBS         []byte
	RawIssuer           []byte // Name, DER
	RawSubject          []byte
	RawKey              []byte // SubjectPublicKeyInfo, DER
	Serial              *big.Int
	NotBefore, NotAfter time.Time
	Issuer, Subject     Name
	Key                 *Public // nil where KeyError says why
	KeyError            error
	Extensions          []Extension
	algorithm           der.Value
	signature           []byte
	std                 func() *x509.Certificate
}

// Extension is one extension.
type Extension struct {
	OID      string
	Critical bool
	Value    []byte
}

// ParseCertificate reads one certificate from the front of b (DER or BER); octets after it are ignored.
func ParseCertificate(b []byte) (*Certificate, error) {
	raw, _, err := der.Normalise(b)
	if err != nil {
		return nil, fmt.Errorf("certificate: %w", err)
	}
	outer, err := der.Parse(raw)
	if err != nil {
		return nil, fmt.Errorf("certificate: %w", err)
	}
	parts, err := outer.Children()
	if err != nil || outer.Tag != der.Sequence || len(parts) != 3 {
		return nil, errors.New("not a certificate")
	}
	c := &Certificate{Raw: raw, RawTBS: parts[0].Full, algorithm: parts[1], signature: parts[2].Bits()}
	c.std = sync.OnceValue(func() *x509.Certificate {
		std, err := x509.ParseCertificate(raw)
		if err != nil {
			return nil
		}
		return std
	})
	return c, c.parseTBS(parts[0])
}

func (c *Certificate) parseTBS(tbs der.Value) error {
	f, err := tbs.Children()
	if err != nil {
		return fmt.Errorf("certificate: %w", err)
	}
	if len(f) > 0 && f[0].Tag == der.Explicit(0) {
		f = f[1:]
	}
	if len(f) < 6 || f[0].Int() == nil {
		return errors.New("certificate: fields are missing")
	}
	c.Serial = f[0].Int()
	c.RawIssuer, c.RawSubject, c.RawKey = f[2].Full, f[4].Full, f[5].Full
	c.Issuer, c.Subject = ParseName(f[2]), ParseName(f[4])
	times, err := f[3].Children()
	if err != nil || len(times) != 2 {
		return errors.New("certificate: no validity")
	}
	if c.NotBefore, err = times[0].Time(); err != nil {
		return fmt.Errorf("certificate validity: %w", err)
	}
	if c.NotAfter, err = times[1].Time(); err != nil {
		return fmt.Errorf("certificate validity: %w", err)
	}
	c.Key, c.KeyError = ParsePublic(c.RawKey)
	for _, x := range f[6:] {
		if x.Tag == der.Explicit(3) {
			return c.parseExtensions(x)
		}
	}
	return nil
}

func (c *Certificate) parseExtensions(x der.Value) error {
	list, err := der.Parse(x.Content)
	if err != nil {
		return fmt.Errorf("certificate extensions: %w", err)
	}
	all, err := list.Children()
	if err != nil {
		return fmt.Errorf("certificate extensions: %w", err)
	}
	for _, e := range all {
		p, err := e.Children()
		if err != nil || len(p) < 2 {
			return errors.New("certificate: an extension that cannot be read")
		}
		c.Extensions = append(c.Extensions, Extension{
			OID: p[0].OID(), Critical: len(p) == 3 && p[1].Tag == der.Boolean, Value: p[len(p)-1].Content,
		})
	}
	return nil
}

// Std is the certificate as crypto/x509 reads it, nil if it refuses.
func (c *Certificate) Std() *x509.Certificate { return c.std() }

// Extension returns the value of the extension, nil if c has none.
func (c *Certificate) Extension(oid string) []byte {
	for _, e := range c.Extensions {
		if e.OID == oid {
			return e.Value
		}
	}
	return nil
}

// listIn returns the elements of the sequence an extension holds, nil if c has none or it cannot be read.
func (c *Certificate) listIn(oid string) []der.Value {
	v, err := der.Parse(c.Extension(oid))
	if err != nil {
		return nil
	}
	list, err := v.Children()
	if err != nil {
		return nil
	}
	return list
}

// SubjectKeyID is the subject key identifier, nil if c has none.
func (c *Certificate) SubjectKeyID() []byte {
	v, err := der.Parse(c.Extension("2.5.29.14"))
	if err != nil || v.Tag != der.OctetString {
		return nil
	}
	return v.Content
}

// Fingerprint is the SHA-256 of the certificate.
func (c *Certificate) Fingerprint() [32]byte { return sha256.Sum256(c.Raw) }

// Equal reports whether both are the same certificate.
func (c *Certificate) Equal(o *Certificate) bool {
	return c != nil && o != nil && bytes.Equal(c.Raw, o.Raw)
}

// SelfIssued reports whether subject and issuer are one: the end of every chain.
func (c *Certificate) SelfIssued() bool { return bytes.Equal(c.RawSubject, c.RawIssuer) }

// SignedBy verifies c's signature with the issuer's key. Names, validity and permission to issue are not looked at.
func (c *Certificate) SignedBy(issuer *Certificate) error {
	if issuer.Key == nil {
		return issuer.KeyError
	}
	a, err := ParseAlgorithm(c.algorithm)
	if err != nil {
		return err
	}
	return issuer.Key.Verify(a, c.RawTBS, c.signature)
}

// KeyUsage reports whether the key usage extension allows bit n (RFC 5280 section 4.2.1.3), and whether there is one.
func (c *Certificate) KeyUsage(n int) (allowed, stated bool) {
	v, err := der.Parse(c.Extension("2.5.29.15"))
	if err != nil || v.Tag != der.BitString || len(v.Content) < 2 {
		return false, false
	}
	bits := v.Content[1:]
	return n/8 < len(bits) && bits[n/8]&(0x80>>(n%8)) != 0, true
}

// ExtendedUsage reports whether the extended key usage lists oid.
func (c *Certificate) ExtendedUsage(oid string) bool {
	return slices.ContainsFunc(c.listIn("2.5.29.37"), func(v der.Value) bool { return v.OID() == oid })
}

// IsCA reports whether the basic constraints allow c to issue certificates.
func (c *Certificate) IsCA() bool {
	list := c.listIn("2.5.29.19")
	return len(list) > 0 && list[0].Tag == der.Boolean && len(list[0].Content) == 1 && list[0].Content[0] != 0
}

// QCStatements lists the object identifiers of the qualified certificate statements (ETSI EN 319 412-5), and of the types
// under id-etsi-qcs-QcType.
func (c *Certificate) QCStatements() []string {
	var all []string
	for _, s := range c.listIn("1.3.6.1.5.5.7.1.3") {
		p, err := s.Children()
		if err != nil || len(p) == 0 {
			continue
		}
		all = append(all, p[0].OID())
		if p[0].OID() == "0.4.0.1862.1.6" && len(p) > 1 {
			if types, err := p[1].Children(); err == nil {
				for _, t := range types {
					all = append(all, t.OID())
				}
			}
		}
	}
	return all
}

// Policies lists the certificate policies.
func (c *Certificate) Policies() []string {
	var all []string
	for _, p := range c.listIn("2.5.29.32") {
		if f, err := p.Children(); err == nil && len(f) > 0 {
			all = append(all, f[0].OID())
		}
	}
	return all
}
