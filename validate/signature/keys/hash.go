// Package keys owns the arithmetic of verification: public keys, signature and digest algorithms, and certificates read
// tolerantly enough for what European authorities have issued. It verifies only; it makes no key and no signature, and it
// judges no algorithm: what is weak is named (Weakness), not refused. Read package trust for certificate paths.
package keys

import (
	"crypto"
	_ "crypto/md5"
	_ "crypto/sha1"
	_ "crypto/sha256"
	_ "crypto/sha3"
	_ "crypto/sha512"

	_ "golang.org/x/crypto/ripemd160" //nolint:staticcheck // old signatures use it; it is read, never written
)

// hashOIDs names the digest algorithms by object identifier.
var hashOIDs = map[string]crypto.Hash{
	"1.2.840.113549.2.5":     crypto.MD5,
	"1.3.14.3.2.26":          crypto.SHA1,
	"2.16.840.1.101.3.4.2.4": crypto.SHA224, "2.16.840.1.101.3.4.2.1": crypto.SHA256,
	"2.16.840.1.101.3.4.2.2": crypto.SHA384, "2.16.840.1.101.3.4.2.3": crypto.SHA512,
	"2.16.840.1.101.3.4.2.5": crypto.SHA512_224, "2.16.840.1.101.3.4.2.6": crypto.SHA512_256,
	"2.16.840.1.101.3.4.2.7": crypto.SHA3_224, "2.16.840.1.101.3.4.2.8": crypto.SHA3_256,
	"2.16.840.1.101.3.4.2.9": crypto.SHA3_384, "2.16.840.1.101.3.4.2.10": crypto.SHA3_512,
	"1.3.36.3.2.1": crypto.RIPEMD160,
}

// HashByOID returns the digest algorithm, 0 if it is not known here.
func HashByOID(oid string) crypto.Hash { return hashOIDs[oid] }

// Sum digests parts with h, which must be available.
func Sum(h crypto.Hash, parts ...[]byte) []byte {
	d := h.New()
	for _, p := range parts {
		d.Write(p)
	}
	return d.Sum(nil)
}

// hashPrefix is the DER of AlgorithmIdentifier's OID part for EMSA-PKCS1-v1_5 (RFC 8017 section 9.2).
func hashOIDBytes(h crypto.Hash) []byte {
	switch h {
	case crypto.MD5:
		return []byte{0x06, 8, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 2, 5}
	case crypto.SHA1:
		return []byte{0x06, 5, 0x2B, 0x0E, 3, 2, 0x1A}
	case crypto.RIPEMD160:
		return []byte{0x06, 5, 0x2B, 0x24, 3, 2, 1}
	}
	arc := map[crypto.Hash]byte{crypto.SHA256: 1, crypto.SHA384: 2, crypto.SHA512: 3, crypto.SHA224: 4, crypto.SHA512_224: 5, crypto.SHA512_256: 6,
		crypto.SHA3_224: 7, crypto.SHA3_256: 8, crypto.SHA3_384: 9, crypto.SHA3_512: 10}[h]
	return []byte{0x06, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, arc}
}
