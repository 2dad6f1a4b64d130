package keys

import (
	"crypto"
	"crypto/dsa" //nolint:staticcheck // old signatures exist; verification only
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"errors"
	"fmt"
	"math/big"

	"okienko/validate/signature/der"
)

// Public is a public key.
type Public struct {
	Scheme Scheme // PKCS1 for RSA (PSS where the key is restricted to it), ECDSA, DSA, EdDSA
	Bits   int
	n, e   *big.Int
	nist   *ecdsa.PublicKey
	curve  *curve
	qx, qy *big.Int
	ed     ed25519.PublicKey
	dsa    dsa.PublicKey
}

// ErrSignature says that a signature value does not fit.
var ErrSignature = errors.New("the signature value does not fit the signed data and the key")

var nistCurves = map[string]elliptic.Curve{
	"1.3.132.0.33": elliptic.P224(), "1.2.840.10045.3.1.7": elliptic.P256(), "1.3.132.0.34": elliptic.P384(), "1.3.132.0.35": elliptic.P521(),
}

// ParsePublic reads a SubjectPublicKeyInfo.
func ParsePublic(spki []byte) (*Public, error) {
	v, err := der.Parse(spki)
	if err != nil {
		return nil, err
	}
	parts, err := v.Children()
	if err != nil || len(parts) < 2 || parts[1].Bits() == nil {
		return nil, errors.New("a public key that cannot be read")
	}
	alg, err := parts[0].Children()
	if err != nil || len(alg) == 0 {
		return nil, errors.New("a public key without algorithm")
	}
	bits := parts[1].Bits()
	switch oid := alg[0].OID(); oid {
	case "1.2.840.113549.1.1.1":
		return parseRSA(bits, PKCS1)
	case "1.2.840.113549.1.1.10":
		return parseRSA(bits, PSS)
	case "1.2.840.10045.2.1":
		if len(alg) < 2 {
			return nil, errors.New("an elliptic curve key without curve")
		}
		return EllipticKey(alg[1].OID(), bits)
	case "1.3.101.112":
		if len(bits) != ed25519.PublicKeySize {
			return nil, errors.New("an Ed25519 key of the wrong size")
		}
		return &Public{Scheme: EdDSA, Bits: 256, ed: bits}, nil
	case "1.2.840.10040.4.1":
		if len(alg) < 2 {
			return nil, errors.New("a DSA key without parameters")
		}
		return parseDSA(alg[1], bits)
	default:
		return nil, fmt.Errorf("public key algorithm %s: %w", oid, ErrAlgorithm)
	}
}

func parseRSA(bits []byte, scheme Scheme) (*Public, error) {
	v, err := der.Parse(bits)
	if err != nil {
		return nil, err
	}
	parts, err := v.Children()
	if err != nil || len(parts) != 2 {
		return nil, errors.New("an RSA key that cannot be read")
	}
	return RSAKey(parts[0].Int(), parts[1].Int(), scheme)
}

// RSAKey makes a key of modulus and exponent.
func RSAKey(n, e *big.Int, scheme Scheme) (*Public, error) {
	if n == nil || e == nil || n.Sign() <= 0 || e.Sign() <= 0 || n.Bit(0) == 0 || n.BitLen() < 256 || n.BitLen() > 8192 || e.BitLen() > 256 {
		return nil, errors.New("an RSA key out of bounds")
	}
	return &Public{Scheme: scheme, Bits: n.BitLen(), n: n, e: e}, nil
}

// EllipticKey makes a key of a named curve and an encoded point.
func EllipticKey(oid string, pt []byte) (*Public, error) {
	if std := nistCurves[oid]; std != nil {
		if len(pt) > 0 && (pt[0] == 2 || pt[0] == 3) {
			x, y := elliptic.UnmarshalCompressed(std, pt)
			if x == nil {
				return nil, errors.New("a point that is not on its curve")
			}
			size := (std.Params().BitSize + 7) / 8
			pt = append([]byte{4}, append(x.FillBytes(make([]byte, size)), y.FillBytes(make([]byte, size))...)...)
		}
		k, err := ecdsa.ParseUncompressedPublicKey(std, pt)
		if err != nil {
			return nil, fmt.Errorf("elliptic curve key: %w", err)
		}
		return &Public{Scheme: ECDSA, Bits: std.Params().BitSize, nist: k}, nil
	}
	c := curves()[oid]
	if c == nil {
		return nil, fmt.Errorf("elliptic curve %s: %w", oid, ErrAlgorithm)
	}
	if len(pt) != 1+2*((c.p.BitLen()+7)/8) || pt[0] != 4 {
		return nil, errors.New("a point of the wrong size")
	}
	half := 1 + (len(pt)-1)/2
	x, y := new(big.Int).SetBytes(pt[1:half]), new(big.Int).SetBytes(pt[half:])
	if !c.onCurve(x, y) {
		return nil, errors.New("a point that is not on its curve")
	}
	return &Public{Scheme: ECDSA, Bits: c.p.BitLen(), curve: c, qx: x, qy: y}, nil
}

func parseDSA(params der.Value, bits []byte) (*Public, error) {
	parts, err := params.Children()
	y, yerr := der.Parse(bits)
	if err != nil || yerr != nil || len(parts) != 3 {
		return nil, errors.New("a DSA key that cannot be read")
	}
	return DSAKey(parts[0].Int(), parts[1].Int(), parts[2].Int(), y.Int())
}

// DSAKey makes a key of its parameters p, q, g and the public value y.
func DSAKey(p, q, g, y *big.Int) (*Public, error) {
	for _, v := range []*big.Int{p, q, g, y} {
		if v == nil || v.Sign() <= 0 || v.BitLen() > 4096 {
			return nil, errors.New("a DSA key out of bounds")
		}
	}
	if q.BitLen() > 512 { // FIPS 186-4 knows 256; a longer one only costs time
		return nil, errors.New("a DSA key out of bounds")
	}
	return &Public{Scheme: DSA, Bits: p.BitLen(), dsa: dsa.PublicKey{Parameters: dsa.Parameters{P: p, Q: q, G: g}, Y: y}}, nil
}

// Verify checks sig over message. It returns ErrAlgorithm when key and algorithm do not go together or are not known, and
// ErrSignature when the value is wrong.
func (k *Public) Verify(a Algorithm, message, sig []byte) error {
	if a.Scheme == EdDSA && k.Scheme == EdDSA {
		if !ed25519.Verify(k.ed, message, sig) {
			return ErrSignature
		}
		return nil
	}
	if a.Hash == 0 || !a.Hash.Available() {
		return fmt.Errorf("no digest algorithm: %w", ErrAlgorithm)
	}
	return k.VerifyDigest(a, Sum(a.Hash, message), sig)
}

// VerifyDigest is Verify for a message already digested with a.Hash.
func (k *Public) VerifyDigest(a Algorithm, digest, sig []byte) error {
	ok := false
	switch {
	case a.Scheme == PKCS1 && k.Scheme == PKCS1:
		ok = k.verifyPKCS1(a.Hash, digest, sig)
	case a.Scheme == PSS && (k.Scheme == PKCS1 || k.Scheme == PSS):
		ok = k.verifyPSS(a, digest, sig)
	case a.Scheme == ECDSA && k.Scheme == ECDSA:
		ok = k.verifyECDSA(a, digest, sig)
	case a.Scheme == DSA && k.Scheme == DSA:
		ok = k.verifyDSA(digest, sig)
	default:
		return fmt.Errorf("%s with a key of another kind: %w", a.Name(), ErrAlgorithm)
	}
	if !ok {
		return ErrSignature
	}
	return nil
}

// halves reads r and s: of the expected plain size, else a DER sequence. Both forms occur under either name.
func halves(sig []byte, size int, plainFirst bool) (r, s *big.Int) {
	plain := func() (*big.Int, *big.Int) {
		if len(sig) == 0 || len(sig)%2 != 0 || len(sig) > 2*size {
			return nil, nil
		}
		return new(big.Int).SetBytes(sig[:len(sig)/2]), new(big.Int).SetBytes(sig[len(sig)/2:])
	}
	if plainFirst && len(sig) == 2*size {
		return plain()
	}
	if v, err := der.Parse(sig); err == nil && v.Tag == der.Sequence {
		if p, err := v.Children(); err == nil && len(p) == 2 && p[0].Int() != nil && p[1].Int() != nil {
			return p[0].Int(), p[1].Int()
		}
	}
	return plain()
}

func (k *Public) verifyECDSA(a Algorithm, digest, sig []byte) bool {
	if k.curve != nil {
		r, s := halves(sig, (k.curve.n.BitLen()+7)/8, a.Plain)
		return r != nil && k.curve.verify(k.qx, k.qy, digest, r, s)
	}
	r, s := halves(sig, (k.nist.Params().N.BitLen()+7)/8, a.Plain)
	return r != nil && ecdsa.Verify(k.nist, digest, r, s)
}

func (k *Public) verifyDSA(digest, sig []byte) bool {
	size := (k.dsa.Q.BitLen() + 7) / 8
	r, s := halves(sig, size, true)
	if r == nil {
		return false
	}
	// FIPS 186-4 section 4.6: the leftmost bits of the digest.
	return dsa.Verify(&k.dsa, digest[:min(len(digest), size)], r, s)
}

// opened is sig^e mod n as many octets as the modulus has, nil if sig is out of range. It is done with big integers for
// every key: crypto/rsa refuses keys below 1024 bits, exponents above 2³¹ and the DigestInfo of podpis zaufany, all of
// which occur in real signatures, and nothing here is secret.
func (k *Public) opened(sig []byte) []byte {
	size := (k.Bits + 7) / 8
	s := new(big.Int).SetBytes(sig)
	if len(sig) != size || s.Cmp(k.n) >= 0 {
		return nil
	}
	return s.Exp(s, k.e, k.n).FillBytes(make([]byte, size))
}

// verifyPKCS1 compares with the expected encoding (RFC 8017 section 8.2.2), once with the NULL parameters in DigestInfo
// and once without them, as appendix A.2.4 allows and the seal of podpis zaufany does.
func (k *Public) verifyPKCS1(h crypto.Hash, digest, sig []byte) bool {
	em := k.opened(sig)
	if em == nil || len(digest) != h.Size() {
		return false
	}
	oid := hashOIDBytes(h)
	for _, params := range [][]byte{{0x05, 0x00}, nil} {
		info := der.Append(nil, der.Sequence, der.Append(nil, der.Sequence, oid, params), der.Append(nil, der.OctetString, digest))
		if len(em) < len(info)+11 {
			return false
		}
		want := make([]byte, len(em))
		want[1] = 1
		pad := want[2 : len(em)-len(info)-1]
		for i := range pad {
			pad[i] = 0xFF
		}
		copy(want[len(em)-len(info):], info)
		if string(want) == string(em) {
			return true
		}
	}
	return false
}

// verifyPSS follows RFC 8017 section 9.1.2.
func (k *Public) verifyPSS(a Algorithm, digest, sig []byte) bool {
	em := k.opened(sig)
	bits := k.Bits - 1
	if em == nil || !a.MGF.Available() || len(digest) != a.Hash.Size() {
		return false
	}
	if bits%8 == 0 {
		if em[0] != 0 {
			return false
		}
		em = em[1:]
	}
	hLen := len(digest)
	if len(em) < hLen+a.Salt+2 || em[len(em)-1] != 0xBC {
		return false
	}
	db, h := em[:len(em)-hLen-1], em[len(em)-hLen-1:len(em)-1]
	top := byte(0xFF >> (8*len(em) - bits))
	if db[0]&^top != 0 {
		return false
	}
	mask(db, a.MGF, h)
	db[0] &= top
	zeros := len(db) - a.Salt - 1
	for _, b := range db[:zeros] {
		if b != 0 {
			return false
		}
	}
	return db[zeros] == 1 && string(Sum(a.Hash, make([]byte, 8), digest, db[zeros+1:])) == string(h)
}

// mask applies MGF1 (RFC 8017 appendix B.2.1) to b.
func mask(b []byte, hash crypto.Hash, seed []byte) {
	for counter := uint32(0); len(b) > 0; counter++ {
		block := Sum(hash, seed, []byte{byte(counter >> 24), byte(counter >> 16), byte(counter >> 8), byte(counter)})
		for i := 0; i < len(block) && i < len(b); i++ {
			b[i] ^= block[i]
		}
		b = b[min(len(block), len(b)):]
	}
}
