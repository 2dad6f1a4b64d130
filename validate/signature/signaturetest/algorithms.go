package signaturetest

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509/pkix"
	"encoding/asn1"
	"fmt"
	"strings"

	"okienko/validate/signature/keys"
)

// The algorithms beyond the usual ones: other curves, EdDSA, RSASSA-PSS, SHA-3.

// WithKey issues a certificate for a key of another kind, shaped like that of a person.
func (a *Authority) WithKey(commonName string, key crypto.Signer) (*Signer, error) {
	name := pkix.Name{Country: []string{"PL"}, CommonName: commonName,
		ExtraNames: []pkix.AttributeTypeAndValue{{Type: asn1.ObjectIdentifier{2, 5, 4, 42}, Value: commonName}, {Type: asn1.ObjectIdentifier{2, 5, 4, 4}, Value: "Testowa"}}}
	return a.issue(name, key, []pkix.Extension{qualified(compliance, sscd)}, nil)
}

// Keys makes a key of each kind that European certificates have and crypto/x509 can issue for.
func Keys() (map[string]crypto.Signer, error) {
	all := map[string]crypto.Signer{}
	for name, curve := range map[string]elliptic.Curve{"P-256": elliptic.P256(), "P-384": elliptic.P384(), "P-521": elliptic.P521()} {
		k, err := ecdsa.GenerateKey(curve, rand.Reader)
		if err != nil {
			return nil, err
		}
		all[name] = k
	}
	r, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return nil, err
	}
	_, e, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return nil, err
	}
	all["RSA"], all["Ed25519"] = r, e
	return all, nil
}

func (s *Signer) family() string {
	if _, ok := s.Key.(*rsa.PrivateKey); ok {
		return "rsa"
	}
	return "ecdsa"
}

var hashesByName = map[string]crypto.Hash{"sha1": crypto.SHA1, "sha224": crypto.SHA224, "sha256": crypto.SHA256, "sha384": crypto.SHA384, "sha512": crypto.SHA512,
	"sha3-224": crypto.SHA3_224, "sha3-256": crypto.SHA3_256, "sha3-384": crypto.SHA3_384, "sha3-512": crypto.SHA3_512}

// signAs signs as a ds:SignatureMethod element says (RFC 9231 section 2.3).
func (s *Signer) signAs(method string, message []byte) ([]byte, error) {
	_, rest, _ := strings.Cut(method, "#")
	alg, _, _ := strings.Cut(rest, `"`)
	if s.OmitNull {
		return s.sign(message, true)
	}
	hash := func(name string) (crypto.Hash, []byte, error) {
		h := hashesByName[name]
		if h == 0 {
			return 0, nil, fmt.Errorf("signature method %q", alg)
		}
		return h, keys.Sum(h, message), nil
	}
	switch {
	case strings.HasPrefix(alg, "eddsa"):
		return s.Key.Sign(rand.Reader, message, crypto.Hash(0))
	case alg == "rsa-pss": // the parameters of the tests are SHA-384 throughout
		h, sum, err := hash("sha384")
		if err != nil {
			return nil, err
		}
		return s.Key.Sign(rand.Reader, sum, &rsa.PSSOptions{SaltLength: 20, Hash: h})
	case strings.HasSuffix(alg, "-rsa-MGF1"):
		h, sum, err := hash(strings.TrimSuffix(alg, "-rsa-MGF1"))
		if err != nil {
			return nil, err
		}
		return s.Key.Sign(rand.Reader, sum, &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash, Hash: h})
	}
	family, name, _ := strings.Cut(alg, "-")
	h, sum, err := hash(name)
	if err != nil {
		return nil, err
	}
	if family == "ecdsa" {
		k, ok := s.Key.(*ecdsa.PrivateKey)
		if !ok {
			return nil, fmt.Errorf("%s with a key of another kind", alg)
		}
		r, t, err := ecdsa.Sign(rand.Reader, k, sum)
		if err != nil {
			return nil, err
		}
		size := (k.Params().N.BitLen() + 7) / 8
		return append(r.FillBytes(make([]byte, size)), t.FillBytes(make([]byte, size))...), nil
	}
	return s.Key.Sign(rand.Reader, sum, h)
}
