package xades

import (
	"crypto"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"okienko/validate/signature/der"
	"okienko/validate/signature/keys"
	"okienko/validate/signature/xmldoc"
)

// The namespaces of XMLDSig and of the algorithm registries that grew around it (RFC 9231).
const (
	dsNS   = "http://www.w3.org/2000/09/xmldsig#"
	ds11NS = "http://www.w3.org/2009/xmldsig11#"
	more01 = "http://www.w3.org/2001/04/xmldsig-more#"
	more07 = "http://www.w3.org/2007/05/xmldsig-more#"
	more21 = "http://www.w3.org/2021/04/xmldsig-more#"
	encNS  = "http://www.w3.org/2001/04/xmlenc#"
)

var digests = map[string]crypto.Hash{
	more01 + "md5": crypto.MD5, dsNS + "sha1": crypto.SHA1, more01 + "sha224": crypto.SHA224, encNS + "sha256": crypto.SHA256,
	more01 + "sha384": crypto.SHA384, encNS + "sha512": crypto.SHA512, encNS + "ripemd160": crypto.RIPEMD160,
	more07 + "sha3-224": crypto.SHA3_224, more07 + "sha3-256": crypto.SHA3_256, more07 + "sha3-384": crypto.SHA3_384, more07 + "sha3-512": crypto.SHA3_512,
}

var hashNames = map[string]crypto.Hash{
	"md5": crypto.MD5, "sha1": crypto.SHA1, "sha224": crypto.SHA224, "sha256": crypto.SHA256, "sha384": crypto.SHA384, "sha512": crypto.SHA512,
	"ripemd160": crypto.RIPEMD160, "sha3-224": crypto.SHA3_224, "sha3-256": crypto.SHA3_256, "sha3-384": crypto.SHA3_384, "sha3-512": crypto.SHA3_512,
}

// digestMethod reads a ds:DigestMethod.
func digestMethod(el *xmldoc.Node) (crypto.Hash, error) {
	uri := el.Value("Algorithm")
	h, ok := digests[uri]
	if !ok {
		return 0, fmt.Errorf("%w: digest %q", keys.ErrAlgorithm, uri)
	}
	return h, nil
}

// signatureMethod reads a ds:SignatureMethod. MACs are refused: they prove nothing about a person.
func signatureMethod(el *xmldoc.Node) (keys.Algorithm, error) {
	uri := el.Value("Algorithm")
	_, name, _ := strings.Cut(uri, "#")
	space := strings.TrimSuffix(uri, name)
	if space != dsNS && space != ds11NS && space != more01 && space != more07 && space != more21 {
		return keys.Algorithm{}, fmt.Errorf("signature algorithm %q: %w", uri, keys.ErrAlgorithm)
	}
	if name == "rsa-pss" {
		return pssMethod(el)
	}
	if name == "eddsa-ed25519" || name == "eddsa-ed448" {
		return keys.Algorithm{Scheme: keys.EdDSA}, nil
	}
	if hash, ok := strings.CutSuffix(name, "-rsa-MGF1"); ok && hashNames[hash] != 0 {
		h := hashNames[hash]
		return keys.Algorithm{Scheme: keys.PSS, Hash: h, MGF: h, Salt: h.Size()}, nil
	}
	family, hash, _ := strings.Cut(name, "-")
	h := hashNames[hash]
	scheme := map[string]keys.Scheme{"rsa": keys.PKCS1, "ecdsa": keys.ECDSA, "dsa": keys.DSA}[family]
	if h == 0 || scheme == 0 {
		return keys.Algorithm{}, fmt.Errorf("signature algorithm %q: %w", uri, keys.ErrAlgorithm)
	}
	return keys.Algorithm{Scheme: scheme, Hash: h, Plain: true}, nil
}

// pssMethod reads the parameters of RFC 9231 section 2.3.9; what is absent has the default.
func pssMethod(el *xmldoc.Node) (keys.Algorithm, error) {
	a := keys.Algorithm{Scheme: keys.PSS, Hash: crypto.SHA256}
	params := el.Child(more07, "RSAPSSParams")
	if d := params.Child(dsNS, "DigestMethod"); d != nil {
		h, err := digestMethod(d)
		if err != nil {
			return a, err
		}
		a.Hash = h
	}
	a.MGF, a.Salt = a.Hash, a.Hash.Size()
	if m := params.Child(more07, "MaskGenerationFunction").Child(dsNS, "DigestMethod"); m != nil {
		h, err := digestMethod(m)
		if err != nil {
			return a, err
		}
		a.MGF = h
	}
	if s := params.Child(more07, "SaltLength"); s != nil {
		if _, err := fmt.Sscanf(strings.TrimSpace(s.Text()), "%d", &a.Salt); err != nil || a.Salt < 0 || a.Salt > 4096 {
			return a, errors.New("salt length of RSASSA-PSS cannot be read")
		}
	}
	return a, nil
}

// decode64 reads base64; only XML white space is skipped, anything else is refused.
func decode64(s string) ([]byte, error) {
	if strings.ContainsAny(s, " \t\r\n") {
		s = strings.Map(func(r rune) rune {
			if r == ' ' || r == '\t' || r == '\r' || r == '\n' {
				return -1
			}
			return r
		}, s)
	}
	b, err := base64.StdEncoding.DecodeString(s)
	if err != nil {
		return nil, errors.New("base64 that cannot be read")
	}
	return b, nil
}

// keyValue reads a ds:KeyValue or a ds11:DEREncodedKeyValue inside KeyInfo, nil if there is none that can be used.
func keyValue(info *xmldoc.Node) *keys.Public {
	kv := info.Child(dsNS, "KeyValue")
	if rsa := kv.Child(dsNS, "RSAKeyValue"); rsa != nil {
		n, e := integer(rsa.Child(dsNS, "Modulus")), integer(rsa.Child(dsNS, "Exponent"))
		return orNil(keys.RSAKey(n, e, keys.PKCS1))
	}
	if dsa := kv.Child(dsNS, "DSAKeyValue"); dsa != nil {
		return orNil(keys.DSAKey(integer(dsa.Child(dsNS, "P")), integer(dsa.Child(dsNS, "Q")), integer(dsa.Child(dsNS, "G")), integer(dsa.Child(dsNS, "Y"))))
	}
	if ec := kv.Child(ds11NS, "ECKeyValue"); ec != nil {
		point, err := decode64(ec.Child(ds11NS, "PublicKey").Text())
		if err != nil {
			return nil
		}
		return orNil(keys.EllipticKey(strings.TrimPrefix(ec.Child(ds11NS, "NamedCurve").Value("URI"), "urn:oid:"), point))
	}
	if enc := info.Child(ds11NS, "DEREncodedKeyValue"); enc != nil {
		raw, err := decode64(enc.Text())
		if err != nil {
			return nil
		}
		if _, err := der.Parse(raw); err != nil {
			return nil
		}
		return orNil(keys.ParsePublic(raw))
	}
	return nil
}

func orNil(k *keys.Public, err error) *keys.Public {
	if err != nil {
		return nil
	}
	return k
}

// Digest reads the ds:DigestMethod and ds:DigestValue inside el.
func Digest(el *xmldoc.Node) (crypto.Hash, []byte, error) {
	h, err := digestMethod(el.Child(dsNS, "DigestMethod"))
	if err != nil {
		return 0, nil, err
	}
	want, err := decode64(el.Child(dsNS, "DigestValue").Text())
	return h, want, err
}
