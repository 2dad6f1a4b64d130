package seal

import (
	"bytes"
	"crypto/sha256"
	"encoding/asn1"
	"fmt"
	"slices"

	"okienko/validate/signature/der"
)

// The object identifiers of a CMS signature (RFC 5652, RFC 5035 for the signing certificate).
var (
	oidData        = oid(1, 2, 840, 113549, 1, 7, 1)
	oidSigned      = oid(1, 2, 840, 113549, 1, 7, 2)
	oidSHA256      = oid(2, 16, 840, 1, 101, 3, 4, 2, 1)
	oidRSA         = oid(1, 2, 840, 113549, 1, 1, 11) // sha256WithRSAEncryption
	oidContentType = oid(1, 2, 840, 113549, 1, 9, 3)
	oidDigest      = oid(1, 2, 840, 113549, 1, 9, 4)
	oidCertificate = oid(1, 2, 840, 113549, 1, 9, 16, 2, 47)
)

func oid(arcs ...int) []byte {
	raw, err := asn1.Marshal(asn1.ObjectIdentifier(arcs))
	if err != nil {
		panic(err) // the constants above are right or nothing works
	}
	return raw
}

func sequence(parts ...[]byte) []byte   { return der.Append(nil, der.Sequence, parts...) }
func set(parts ...[]byte) []byte        { return der.Append(nil, der.Set, parts...) }
func octets(b []byte) []byte            { return der.Append(nil, der.OctetString, b) }
func attribute(id, value []byte) []byte { return sequence(id, set(value)) }

// version is a CMS version number.
func version(n byte) []byte { return []byte{der.Integer, 1, n} }

// detached is a CMS signature over content, which stays outside, as PAdES baseline wants it (ETSI EN 319 142-1 section 6.3): with
// the signing certificate bound, and without a signing time, which stands in the PDF.
func (s Seal) detached(content []byte) ([]byte, error) {
	digest, certificate := sha256.Sum256(content), sha256.Sum256(s.Certificate.Raw)
	signed := [][]byte{
		attribute(oidContentType, oidData),
		attribute(oidDigest, octets(digest[:])),
		attribute(oidCertificate, sequence(sequence(sequence(octets(certificate[:]))))),
	}
	slices.SortFunc(signed, bytes.Compare) // the order of DER
	value, err := s.value(set(signed...))
	if err != nil {
		return nil, fmt.Errorf("sealing a document: %w", err)
	}
	serial, err := asn1.Marshal(s.Certificate.SerialNumber)
	if err != nil {
		return nil, fmt.Errorf("sealing a document: %w", err)
	}
	signer := sequence(version(1), sequence(s.Certificate.RawIssuer, serial), sequence(oidSHA256), der.Append(nil, der.Explicit(0), signed...),
		sequence(oidRSA, []byte{der.Null, 0}), octets(value))
	data := sequence(version(1), set(sequence(oidSHA256)), sequence(oidData), der.Append(nil, der.Explicit(0), s.Certificate.Raw), set(signer))
	return sequence(oidSigned, der.Append(nil, der.Explicit(0), data)), nil
}
