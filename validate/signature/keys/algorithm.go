package keys

import (
	"crypto"
	"errors"
	"fmt"

	"okienko/validate/signature/der"
)

// Scheme is a family of signature algorithms.
type Scheme int

// The schemes.
const (
	PKCS1 Scheme = iota + 1
	PSS
	ECDSA
	DSA
	EdDSA
)

// Algorithm is a signature algorithm with its parameters.
type Algorithm struct {
	Scheme Scheme
	Hash   crypto.Hash // 0: the signature's own digest algorithm counts (rsaEncryption in CMS); EdDSA has none
	MGF    crypto.Hash // PSS
	Salt   int         // PSS, octets
	Plain  bool        // ECDSA as r||s instead of a DER sequence
}

// ErrAlgorithm says that an algorithm is not known here: the signature cannot be verified, which is not "broken".
var ErrAlgorithm = errors.New("signature algorithm not supported")

var signatureOIDs = map[string]Algorithm{
	"1.2.840.113549.1.1.1":  {Scheme: PKCS1},
	"1.2.840.113549.1.1.4":  {Scheme: PKCS1, Hash: crypto.MD5},
	"1.2.840.113549.1.1.5":  {Scheme: PKCS1, Hash: crypto.SHA1},
	"1.3.14.3.2.29":         {Scheme: PKCS1, Hash: crypto.SHA1},
	"1.2.840.113549.1.1.14": {Scheme: PKCS1, Hash: crypto.SHA224}, "1.2.840.113549.1.1.11": {Scheme: PKCS1, Hash: crypto.SHA256},
	"1.2.840.113549.1.1.12": {Scheme: PKCS1, Hash: crypto.SHA384}, "1.2.840.113549.1.1.13": {Scheme: PKCS1, Hash: crypto.SHA512},
	"1.2.840.113549.1.1.15": {Scheme: PKCS1, Hash: crypto.SHA512_224}, "1.2.840.113549.1.1.16": {Scheme: PKCS1, Hash: crypto.SHA512_256},
	"1.3.36.3.3.1.2":          {Scheme: PKCS1, Hash: crypto.RIPEMD160},
	"2.16.840.1.101.3.4.3.13": {Scheme: PKCS1, Hash: crypto.SHA3_224}, "2.16.840.1.101.3.4.3.14": {Scheme: PKCS1, Hash: crypto.SHA3_256},
	"2.16.840.1.101.3.4.3.15": {Scheme: PKCS1, Hash: crypto.SHA3_384}, "2.16.840.1.101.3.4.3.16": {Scheme: PKCS1, Hash: crypto.SHA3_512},
	"1.2.840.10045.2.1": {Scheme: ECDSA},
	"1.2.840.10045.4.1": {Scheme: ECDSA, Hash: crypto.SHA1}, "1.2.840.10045.4.3.1": {Scheme: ECDSA, Hash: crypto.SHA224},
	"1.2.840.10045.4.3.2": {Scheme: ECDSA, Hash: crypto.SHA256}, "1.2.840.10045.4.3.3": {Scheme: ECDSA, Hash: crypto.SHA384},
	"1.2.840.10045.4.3.4":    {Scheme: ECDSA, Hash: crypto.SHA512},
	"2.16.840.1.101.3.4.3.9": {Scheme: ECDSA, Hash: crypto.SHA3_224}, "2.16.840.1.101.3.4.3.10": {Scheme: ECDSA, Hash: crypto.SHA3_256},
	"2.16.840.1.101.3.4.3.11": {Scheme: ECDSA, Hash: crypto.SHA3_384}, "2.16.840.1.101.3.4.3.12": {Scheme: ECDSA, Hash: crypto.SHA3_512},
	// BSI TR-03111 section 5.2.1.1: the plain format.
	"0.4.0.127.0.7.1.1.4.1.1": {Scheme: ECDSA, Hash: crypto.SHA1, Plain: true}, "0.4.0.127.0.7.1.1.4.1.2": {Scheme: ECDSA, Hash: crypto.SHA224, Plain: true},
	"0.4.0.127.0.7.1.1.4.1.3": {Scheme: ECDSA, Hash: crypto.SHA256, Plain: true}, "0.4.0.127.0.7.1.1.4.1.4": {Scheme: ECDSA, Hash: crypto.SHA384, Plain: true},
	"0.4.0.127.0.7.1.1.4.1.5": {Scheme: ECDSA, Hash: crypto.SHA512, Plain: true}, "0.4.0.127.0.7.1.1.4.1.6": {Scheme: ECDSA, Hash: crypto.RIPEMD160, Plain: true},
	"0.4.0.127.0.7.1.1.4.1.8": {Scheme: ECDSA, Hash: crypto.SHA3_224, Plain: true}, "0.4.0.127.0.7.1.1.4.1.9": {Scheme: ECDSA, Hash: crypto.SHA3_256, Plain: true},
	"0.4.0.127.0.7.1.1.4.1.10": {Scheme: ECDSA, Hash: crypto.SHA3_384, Plain: true}, "0.4.0.127.0.7.1.1.4.1.11": {Scheme: ECDSA, Hash: crypto.SHA3_512, Plain: true},
	"1.2.840.10040.4.1": {Scheme: DSA}, "1.2.840.10040.4.3": {Scheme: DSA, Hash: crypto.SHA1}, "1.3.14.3.2.27": {Scheme: DSA, Hash: crypto.SHA1},
	"2.16.840.1.101.3.4.3.1": {Scheme: DSA, Hash: crypto.SHA224}, "2.16.840.1.101.3.4.3.2": {Scheme: DSA, Hash: crypto.SHA256},
	"2.16.840.1.101.3.4.3.3": {Scheme: DSA, Hash: crypto.SHA384}, "2.16.840.1.101.3.4.3.4": {Scheme: DSA, Hash: crypto.SHA512},
	"2.16.840.1.101.3.4.3.5": {Scheme: DSA, Hash: crypto.SHA3_224}, "2.16.840.1.101.3.4.3.6": {Scheme: DSA, Hash: crypto.SHA3_256},
	"2.16.840.1.101.3.4.3.7": {Scheme: DSA, Hash: crypto.SHA3_384}, "2.16.840.1.101.3.4.3.8": {Scheme: DSA, Hash: crypto.SHA3_512},
	"1.3.101.112": {Scheme: EdDSA}, "1.3.101.113": {Scheme: EdDSA},
}

// ParseAlgorithm reads an AlgorithmIdentifier of a signature.
func ParseAlgorithm(v der.Value) (Algorithm, error) {
	parts, err := v.Children()
	if err != nil || len(parts) == 0 {
		return Algorithm{}, fmt.Errorf("reading a signature algorithm: %w", errors.Join(err, ErrAlgorithm))
	}
	oid := parts[0].OID()
	if oid == "1.2.840.113549.1.1.10" {
		var params der.Value
		if len(parts) > 1 {
			params = parts[1]
		}
		return parsePSS(params)
	}
	a, ok := signatureOIDs[oid]
	if !ok {
		return a, fmt.Errorf("%w: %s", ErrAlgorithm, oid)
	}
	return a, nil
}

// parsePSS reads RSASSA-PSS-params (RFC 4055 section 3.1); absent fields have their defaults.
func parsePSS(v der.Value) (Algorithm, error) {
	a := Algorithm{Scheme: PSS, Hash: crypto.SHA1, MGF: crypto.SHA1, Salt: 20}
	fields, err := v.Children()
	if err != nil || v.Full != nil && v.Tag != der.Sequence {
		return a, fmt.Errorf("RSASSA-PSS parameters: %w", ErrAlgorithm)
	}
	for _, f := range fields {
		inner, err := der.Parse(f.Content)
		if err != nil {
			return a, fmt.Errorf("RSASSA-PSS parameters: %w", ErrAlgorithm)
		}
		switch f.Tag {
		case der.Explicit(0):
			a.Hash = algorithmHash(inner)
		case der.Explicit(1):
			if mgf, err := inner.Children(); err == nil && len(mgf) == 2 && mgf[0].OID() == "1.2.840.113549.1.1.8" {
				a.MGF = algorithmHash(mgf[1])
			} else {
				a.MGF = 0
			}
		case der.Explicit(2):
			n := inner.Int()
			if n == nil || !n.IsInt64() || n.Int64() < 0 || n.Int64() > 4096 {
				return a, fmt.Errorf("RSASSA-PSS salt length: %w", ErrAlgorithm)
			}
			a.Salt = int(n.Int64())
		}
	}
	if a.Hash == 0 || a.MGF == 0 {
		return a, fmt.Errorf("RSASSA-PSS parameters: %w", ErrAlgorithm)
	}
	return a, nil
}

// algorithmHash reads the AlgorithmIdentifier of a digest, 0 if unknown.
func algorithmHash(v der.Value) crypto.Hash {
	parts, err := v.Children()
	if err != nil || len(parts) == 0 {
		return 0
	}
	return HashByOID(parts[0].OID())
}

// HashByIdentifier reads the AlgorithmIdentifier of a digest, 0 if unknown.
func HashByIdentifier(v der.Value) crypto.Hash { return algorithmHash(v) }

// Name is the algorithm as people write it.
func (a Algorithm) Name() string {
	hash := ""
	if a.Hash != 0 {
		hash = " " + a.Hash.String()
	}
	switch a.Scheme {
	case PKCS1:
		return "RSA" + hash
	case PSS:
		return "RSA-PSS" + hash
	case ECDSA:
		return "ECDSA" + hash
	case DSA:
		return "DSA" + hash
	case EdDSA:
		return "EdDSA"
	}
	return "unknown"
}
