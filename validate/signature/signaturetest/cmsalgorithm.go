package signaturetest

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"encoding/asn1"
	"fmt"
	"maps"
	"slices"

	"okienko/validate/signature/der"
	"okienko/validate/signature/keys"
)

// CMSAlgorithm is how a CMS message says it is signed, and how it really is.
type CMSAlgorithm struct {
	Hash      crypto.Hash
	Digest    []byte // AlgorithmIdentifier
	Signature []byte // AlgorithmIdentifier
	Options   crypto.SignerOpts
}

func identifier(arcs []int, params ...[]byte) []byte {
	return seq(append([][]byte{oid(arcs...)}, params...)...)
}

var cmsDigests = map[string]struct {
	hash crypto.Hash
	arcs []int
}{
	"SHA-1":    {crypto.SHA1, []int{1, 3, 14, 3, 2, 26}},
	"SHA-256":  {crypto.SHA256, []int{2, 16, 840, 1, 101, 3, 4, 2, 1}},
	"SHA-384":  {crypto.SHA384, []int{2, 16, 840, 1, 101, 3, 4, 2, 2}},
	"SHA-512":  {crypto.SHA512, []int{2, 16, 840, 1, 101, 3, 4, 2, 3}},
	"SHA3-256": {crypto.SHA3_256, []int{2, 16, 840, 1, 101, 3, 4, 2, 8}},
}

// The identifiers of RFC 5754, RFC 8419 and the NIST registry; of one family by digest.
var cmsSignatures = map[string]map[string][]int{
	"RSA": {"SHA-1": {1, 2, 840, 113549, 1, 1, 5}, "SHA-256": {1, 2, 840, 113549, 1, 1, 11}, "SHA-384": {1, 2, 840, 113549, 1, 1, 12},
		"SHA-512": {1, 2, 840, 113549, 1, 1, 13}, "SHA3-256": {2, 16, 840, 1, 101, 3, 4, 3, 14}},
	"RSA-PSS": {"SHA-256": {1, 2, 840, 113549, 1, 1, 10}, "SHA-384": {1, 2, 840, 113549, 1, 1, 10}, "SHA-512": {1, 2, 840, 113549, 1, 1, 10}},
	"ECDSA": {"SHA-1": {1, 2, 840, 10045, 4, 1}, "SHA-256": {1, 2, 840, 10045, 4, 3, 2}, "SHA-384": {1, 2, 840, 10045, 4, 3, 3},
		"SHA-512": {1, 2, 840, 10045, 4, 3, 4}, "SHA3-256": {2, 16, 840, 1, 101, 3, 4, 3, 10}},
	"Ed25519": {"SHA-512": {1, 3, 101, 112}},
}

// Digests lists the digests a family (RSA, RSA-PSS, ECDSA, Ed25519) is made with here.
func Digests(family string) []string { return slices.Sorted(maps.Keys(cmsSignatures[family])) }

// NewCMSAlgorithm makes the algorithm of a family with a digest.
func NewCMSAlgorithm(family, digest string) (*CMSAlgorithm, error) {
	arcs, d := cmsSignatures[family][digest], cmsDigests[digest]
	if arcs == nil || d.arcs == nil {
		return nil, fmt.Errorf("no %s with %s", family, digest)
	}
	a := &CMSAlgorithm{Hash: d.hash, Digest: identifier(d.arcs), Signature: identifier(arcs), Options: d.hash}
	switch family {
	case "RSA":
		a.Signature = identifier(arcs, []byte{der.Null, 0})
	case "RSA-PSS":
		a.Signature = identifier(arcs, pssParams(a.Digest, d.hash))
		a.Options = &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash, Hash: d.hash}
	case "Ed25519":
		a.Options = crypto.Hash(0)
	}
	return a, nil
}

// pssParams is RSASSA-PSS-params with MGF1 over the same digest and a salt of its size (RFC 4055 section 3.1).
func pssParams(digest []byte, h crypto.Hash) []byte {
	mgf := identifier([]int{1, 2, 840, 113549, 1, 1, 8}, digest)
	salt, err := asn1.Marshal(h.Size())
	if err != nil {
		panic(err) // a number
	}
	return seq(der.Append(nil, der.Explicit(0), digest), der.Append(nil, der.Explicit(1), mgf), der.Append(nil, der.Explicit(2), salt))
}

// algorithm is the one asked for, else what fits the key.
func (c CMS) algorithm(s *Signer) CMSAlgorithm {
	if c.Algorithm != nil {
		return *c.Algorithm
	}
	a := CMSAlgorithm{Hash: crypto.SHA256, Digest: seq(oidSHA256), Signature: seq(oidECDSA)}
	if _, ok := s.Key.(*rsa.PrivateKey); ok {
		a.Signature = seq(oidRSA, []byte{der.Null, 0})
	}
	return a
}

// value signs the attributes.
func (c CMS) value(s *Signer, attrs []byte) ([]byte, error) {
	if c.Algorithm == nil {
		return s.sign(attrs, false)
	}
	if c.Algorithm.Options == crypto.Hash(0) {
		return s.Key.Sign(rand.Reader, attrs, crypto.Hash(0))
	}
	return s.Key.Sign(rand.Reader, keys.Sum(c.Algorithm.Hash, attrs), c.Algorithm.Options)
}
