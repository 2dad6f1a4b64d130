package keys_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"fmt"
	"testing"

	"okienko/validate/signature/keys"
)

var message = []byte("Prosze o odpis")

// vectors are made with OpenSSL 3 over message: what the Go library has no key for.
var vectors = []struct {
	name     string
	alg      keys.Algorithm
	key, sig string
}{
	{"Brainpool P256r1", keys.Algorithm{Scheme: keys.ECDSA, Hash: crypto.SHA256},
		"305a301406072a8648ce3d020106092b2403030208010107034200048d5c2d1778560287cdd8c129ae9dc1dddd6dd453b78758edd6059308f07fab89a233606255eff2edf55e6d57f963d6d9f2dbad3d713abd7f228289aa5cd73d96",
		"30440220295c9ba88b5cd65aa0103bcbc1ec752ef74e635dbbc1cc160f55771045927fb7022041e8a6718d864ed78c0311bf0dd7704d374aed5e0a21b1f49fe156bc3ec43c97"},
	{"Brainpool P384r1", keys.Algorithm{Scheme: keys.ECDSA, Hash: crypto.SHA384},
		"307a301406072a8648ce3d020106092b240303020801010b036200046313f784194ee215766a8355068efaa5f360edaea774c00faa51a443d1b34c31e8fd8340daabd82af2967c35a421afbc411c4da12518197642f315b3f2c657e6ca126669ec0f0821395c40443cc4f665d135a86d92497f4fc3f0c48fba1c11ba",
		"30640230616759f6d4e9e78c71cc6412151d664cf5a21a5fe574f183b321e539b69a12da76f558763dfa201988070c440f61dc780230199cede538b1c7a382419ab244b14ece801906dd573d99c319c8306cdf7ff5cd1410c6b01d8a7d6df04654c36238cd5b"},
	{"RSA of 512 bits", keys.Algorithm{Scheme: keys.PKCS1, Hash: crypto.SHA256},
		"305c300d06092a864886f70d0101010500034b003048024100af1a99107780e6dbca1603db0a5e82a1ed430cde92658e143c72bc9f5483e5adc1b228e8966dbc4078be5f0551202089e0019b94d4b35153efeb6ddadb863a410203010001",
		"74087c5185fb27dee657f345db2d75fbc9c02d9ad0edc744d78731a2efa2a2cbf7da6e246cbb4aec9bca712f26836ece6e3612e5f8bf688438c352c2d534d43f"},
	{"DSA of 1024 bits", keys.Algorithm{Scheme: keys.DSA, Hash: crypto.SHA1},
		"308201c03082013406072a8648ce3804013082012702818100a195335af1ee812f36c6c1f580b84e185ba48c2213cb577422e5e262f04d5b3b37d96c813551c4da422f1f9ced977e36d9787bd1722e1c379aacbb991c70fd927b3db07017e779c3bd076b41745a54f34b1b1219f5eb69a6965fcd6e77f1ee0057b449b62bb6be8ed090f48f9847cba936cdc36ef2f08b525e6674dea2cf400f021d00e86235c3a19d100e3c645955dff2b786cbe935ea9563f8d0e4250f7d0281810083a42df3fc5de7b03307806efa58217c018e1aba0376b8e35ece55f479d7bec83af353b56c8f28c94fa28a7d7a50408108c6d53c6a6474bdfbd039c2152ef8d7f1800747398643de96c39f98ad8600b6403eb20be52c68c0b31315b5ff5fa312a7b311228466c1086ce07d921609020835b40933b04dc73241ac4f7642c94ae10381850002818100952a4dba963264519264f730a94d512683a4665744227501103261622aa16f1b0d524b4eff5b8f127f5308a0e0ed5e13c36495b0946d78af19e90e5f3c7ea89530ba2dd8dc79bfc63f0c1c13a3737607e3d6a1d4e65fcfdca35c27be3be8c50d0aa7fa8e9ffb4b9e7233483eaaecd40b9684b6d86038a2c642bdeb4e613346cf",
		"303d021d00be9b4f140b8cab008ecf62beb5b9ee2530d7a13bd9942b76d5dba918021c3a1ca6ff38c52fe936a459acf536920b66df73eaf3a695183e442ea2"},
}

func spki(t *testing.T, pub any) []byte {
	t.Helper()
	b, err := x509.MarshalPKIXPublicKey(pub)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// holds verifies sig, and that any single change of it, of the message or of the algorithm is noticed.
func holds(t *testing.T, name string, rawKey []byte, alg keys.Algorithm, sig []byte) {
	t.Helper()
	k, err := keys.ParsePublic(rawKey)
	if err != nil {
		t.Errorf("%s: %v", name, err)
		return
	}
	if err := k.Verify(alg, message, sig); err != nil {
		t.Errorf("%s: %v", name, err)
	}
	if err := k.Verify(alg, append([]byte("x"), message...), sig); !errors.Is(err, keys.ErrSignature) {
		t.Errorf("%s: another message: %v", name, err)
	}
	for _, i := range []int{0, len(sig) / 2, len(sig) - 1} {
		bad := append([]byte{}, sig...)
		bad[i] ^= 1
		if k.Verify(alg, message, bad) == nil {
			t.Errorf("%s: octet %d of the signature changed and nobody noticed", name, i)
		}
	}
	for _, bad := range [][]byte{nil, sig[1:], append([]byte{0}, sig...), make([]byte, len(sig))} {
		if k.Verify(alg, message, bad) == nil {
			t.Errorf("%s: signature %x accepted", name, bad)
		}
	}
}

func TestSignaturesOfOpenSSL(t *testing.T) {
	t.Parallel()
	for _, v := range vectors {
		key, err := hex.DecodeString(v.key)
		if err != nil {
			t.Fatal(err)
		}
		sig, err := hex.DecodeString(v.sig)
		if err != nil {
			t.Fatal(err)
		}
		holds(t, v.name, key, v.alg, sig)
	}
}

func TestRSA(t *testing.T) {
	t.Parallel()
	for _, bits := range []int{2048, 2049} { // the odd size has another leading octet in PSS
		key, err := rsa.GenerateKey(rand.Reader, bits)
		if err != nil {
			t.Fatal(err)
		}
		for _, h := range []crypto.Hash{crypto.SHA1, crypto.SHA224, crypto.SHA256, crypto.SHA384, crypto.SHA512, crypto.SHA3_256, crypto.SHA512_256} {
			sum := keys.Sum(h, message)
			sig, err := rsa.SignPKCS1v15(nil, key, h, sum)
			if err != nil {
				t.Fatal(err)
			}
			holds(t, fmt.Sprint("PKCS1 ", bits, h), spki(t, key.Public()), keys.Algorithm{Scheme: keys.PKCS1, Hash: h}, sig)
			sig, err = rsa.SignPSS(rand.Reader, key, h, sum, &rsa.PSSOptions{SaltLength: h.Size(), Hash: h})
			if err != nil {
				t.Fatal(err)
			}
			holds(t, fmt.Sprint("PSS ", bits, h), spki(t, key.Public()), keys.Algorithm{Scheme: keys.PSS, Hash: h, MGF: h, Salt: h.Size()}, sig)
		}
	}
}

func TestEllipticCurves(t *testing.T) {
	t.Parallel()
	for _, c := range []elliptic.Curve{elliptic.P224(), elliptic.P256(), elliptic.P384(), elliptic.P521()} {
		key, err := ecdsa.GenerateKey(c, rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		sum := keys.Sum(crypto.SHA512, message)
		asn1, err := ecdsa.SignASN1(rand.Reader, key, sum)
		if err != nil {
			t.Fatal(err)
		}
		r, s, err := ecdsa.Sign(rand.Reader, key, sum)
		if err != nil {
			t.Fatal(err)
		}
		size := (c.Params().N.BitLen() + 7) / 8
		plain := append(r.FillBytes(make([]byte, size)), s.FillBytes(make([]byte, size))...)
		for _, isPlain := range []bool{false, true} { // both encodings occur under either name
			alg := keys.Algorithm{Scheme: keys.ECDSA, Hash: crypto.SHA512, Plain: isPlain}
			holds(t, c.Params().Name+" sequence", spki(t, key.Public()), alg, asn1)
			holds(t, c.Params().Name+" plain", spki(t, key.Public()), alg, plain)
		}
	}
}

func TestEd25519(t *testing.T) {
	t.Parallel()
	pub, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	holds(t, "Ed25519", spki(t, pub), keys.Algorithm{Scheme: keys.EdDSA}, ed25519.Sign(key, message))
}

func TestDigestInfoWithoutNull(t *testing.T) {
	t.Parallel()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	prefix := []byte{0x30, 0x2F, 0x30, 0x0B, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x04, 0x20}
	sum := keys.Sum(crypto.SHA256, message)
	alg := keys.Algorithm{Scheme: keys.PKCS1, Hash: crypto.SHA256}
	for name, info := range map[string][]byte{"podpis zaufany": append(append([]byte{}, prefix...), sum...)} {
		sig, err := rsa.SignPKCS1v15(nil, key, 0, info)
		if err != nil {
			t.Fatal(err)
		}
		holds(t, name, spki(t, key.Public()), alg, sig)
	}
	k, err := keys.ParsePublic(spki(t, key.Public()))
	if err != nil {
		t.Fatal(err)
	}
	for name, info := range map[string][]byte{
		"the bare digest": sum, "octets after the digest": append(append(append([]byte{}, prefix...), sum...), 0),
		"the prefix of another digest": append(append([]byte{}, append(prefix[:14:14], 0x02, 0x04, 0x20)...), sum...),
	} {
		sig, err := rsa.SignPKCS1v15(nil, key, 0, info)
		if err != nil {
			t.Fatal(err)
		}
		if k.Verify(alg, message, sig) == nil {
			t.Errorf("%s accepted", name)
		}
	}
}

func TestKeysOutOfBoundsAreRefused(t *testing.T) {
	t.Parallel()
	for name, raw := range map[string]string{
		"nothing": "", "an even modulus": "3010300d06092a864886f70d0101010500", "a point off its curve": "3059301306072a8648ce3d020106082a8648ce3d03010703420004" + fmt.Sprintf("%0128x", 5),
	} {
		b, err := hex.DecodeString(raw)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := keys.ParsePublic(b); err == nil {
			t.Errorf("%s accepted", name)
		}
	}
}
