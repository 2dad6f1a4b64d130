package signature_test

import (
	"bytes"
	"fmt"
	"testing"
	"time"

	"okienko/validate"
	"okienko/validate/signature"
	"okienko/validate/signature/signaturetest"
	"okienko/validate/signature/trust"
)

// keysOf are the keys of signaturetest.Keys each family signs with.
var keysOf = map[string][]string{"RSA": {"RSA"}, "RSA-PSS": {"RSA"}, "ECDSA": {"P-256", "P-384", "P-521"}, "Ed25519": {"Ed25519"}}

// TestAlgorithmsOfCMSSignatures: every family with every digest is verified, a changed octet of the content or of the value is
// noticed, and SHA-1 is a matter of policy: intact, but no longer relied on.
func TestAlgorithmsOfCMSSignatures(t *testing.T) {
	t.Parallel()
	ca := must(signaturetest.NewAuthority("TEST"))(t)
	store := must(trust.New(map[string][]byte{"ca.pem": ca.PEM()}))(t)
	pairs := must(signaturetest.Keys())(t)
	trials := 0
	for family, names := range keysOf {
		for _, key := range names {
			signer := must(ca.WithKey("Klucz "+key, pairs[key]))(t)
			for _, digest := range signaturetest.Digests(family) {
				trials++
				name, want := fmt.Sprint(family, " ", key, " ", digest), "TOTAL_PASSED/"
				if digest == "SHA-1" {
					want = "INDETERMINATE/" + trust.CryptoNoPOE
				}
				raw := must(signaturetest.CMS{Time: signedAt, Algorithm: must(signaturetest.NewCMSAlgorithm(family, digest))(t)}.Sign([]byte("Prosze o odpis"), signer))(t)
				judge := func(raw []byte) validate.SignatureReport {
					t.Helper()
					e := signature.Examine(signature.File{Name: "a.p7m", Bytes: raw}, signature.Options{Trust: store, Now: received})
					if len(e.Signatures) != 1 {
						t.Fatalf("%s: %d signatures, %v", name, len(e.Signatures), e.Problems)
					}
					return e.Signatures[0]
				}
				if r := judge(raw); !r.Intact || fmt.Sprintf("%s/%s", r.Indication, r.SubIndication) != want {
					t.Errorf("%s: intact %v, %s/%s, want %s: %s", name, r.Intact, r.Indication, r.SubIndication, want, r.Problem)
				}
				if r := judge(bytes.Replace(raw, []byte("odpis"), []byte("zgode"), 1)); r.Intact || r.SubIndication != trust.HashFailure {
					t.Errorf("%s: after a change intact %v, %s", name, r.Intact, r.SubIndication)
				}
				last := bytes.Clone(raw)
				last[len(last)-1] ^= 1
				if r := judge(last); r.Intact || r.SubIndication != trust.SigCryptoFailure {
					t.Errorf("%s: with another value intact %v, %s", name, r.Intact, r.SubIndication)
				}
			}
		}
	}
	t.Logf("%d combinations", trials)
}

// TestCMSAlgorithmsThatDoNotFit: what is not known here is undecided, not broken and no error; what contradicts itself is broken.
func TestCMSAlgorithmsThatDoNotFit(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	alg := func(family, digest string) *signaturetest.CMSAlgorithm {
		return must(signaturetest.NewCMSAlgorithm(family, digest))(t)
	}
	unknown := []byte{0x30, 0x05, 0x06, 0x03, 0x2A, 0x03, 0x04} // 1.2.3.4
	mixed := func(f func(a *signaturetest.CMSAlgorithm)) *signaturetest.CMSAlgorithm {
		a := alg("ECDSA", "SHA-256")
		f(a)
		return a
	}
	pss := func(f func(a *signaturetest.CMSAlgorithm)) *signaturetest.CMSAlgorithm {
		a := alg("RSA-PSS", "SHA-384")
		f(a)
		return a
	}
	for _, tt := range []struct {
		name    string
		alg     *signaturetest.CMSAlgorithm
		signer  *signaturetest.Signer
		verdict string
	}{
		{"a signature algorithm nobody knows", mixed(func(a *signaturetest.CMSAlgorithm) { a.Signature = unknown }), o.person, "INDETERMINATE/CRYPTO_CONSTRAINTS_FAILURE"},
		{"a digest nobody knows", mixed(func(a *signaturetest.CMSAlgorithm) { a.Digest = unknown }), o.person, "INDETERMINATE/CRYPTO_CONSTRAINTS_FAILURE"},
		{"a digest that is not the one signed with", mixed(func(a *signaturetest.CMSAlgorithm) { a.Digest = alg("ECDSA", "SHA3-256").Digest }), o.person, "TOTAL_FAILED/HASH_FAILURE"},
		{"RSA for an elliptic key", mixed(func(a *signaturetest.CMSAlgorithm) { a.Signature = alg("RSA", "SHA-256").Signature }), o.person, "INDETERMINATE/CRYPTO_CONSTRAINTS_FAILURE"},
		{"PSS said to be PKCS #1", pss(func(a *signaturetest.CMSAlgorithm) { a.Signature = alg("RSA", "SHA-384").Signature }), o.minister, "TOTAL_FAILED/SIG_CRYPTO_FAILURE"},
		{"PSS without parameters, which means SHA-1", pss(func(a *signaturetest.CMSAlgorithm) {
			a.Signature = []byte("\x30\x0B\x06\x09\x2A\x86\x48\x86\xF7\x0D\x01\x01\x0A")
		}), o.minister, "TOTAL_FAILED/SIG_CRYPTO_FAILURE"},
		{"PSS with a salt of another length", pss(func(a *signaturetest.CMSAlgorithm) {
			a.Signature = bytes.Replace(a.Signature, []byte{0xA2, 0x03, 0x02, 0x01, 48}, []byte{0xA2, 0x03, 0x02, 0x01, 32}, 1)
		}), o.minister, "TOTAL_FAILED/SIG_CRYPTO_FAILURE"},
		{"PSS with parameters that are none", pss(func(a *signaturetest.CMSAlgorithm) {
			a.Signature = []byte("\x30\x0D\x06\x09\x2A\x86\x48\x86\xF7\x0D\x01\x01\x0A\x05\x00")
		}), o.minister, "INDETERMINATE/CRYPTO_CONSTRAINTS_FAILURE"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			raw := must(signaturetest.CMS{Time: signedAt, Algorithm: tt.alg}.Sign([]byte("Proszę o odpis"), tt.signer))(t)
			e := o.examine(signature.File{Name: "a.p7m", Bytes: raw})
			if len(e.Signatures) != 1 || len(e.Problems) != 0 {
				t.Fatalf("%d signatures, %v", len(e.Signatures), e.Problems)
			}
			r := e.Signatures[0]
			if v := fmt.Sprintf("%s/%s", r.Indication, r.SubIndication); r.Intact || r.Problem == "" || r.Indication == validate.TotalPassed || v != tt.verdict {
				t.Errorf("intact %v, %s, want %q: %q", r.Intact, v, tt.verdict, r.Problem)
			}
		})
	}
}

// TestTimeStampsInCMSProveOnlyWhatTheyStamp is what TestTimeStampsProveOnlyWhatTheyStamp is for XML.
func TestTimeStampsInCMSProveOnlyWhatTheyStamp(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	then := time.Date(2025, 6, 1, 0, 0, 0, 0, time.UTC)
	expired := must(o.authority.Person("Anna", "Dawna", "0", signaturetest.Valid(signaturetest.From, then.AddDate(0, 1, 0))))(t)
	stranger := must(must(signaturetest.NewAuthority("TEST obcy"))(t).Stamper())(t)
	forger := &signaturetest.Signer{Certificate: o.stamper.Certificate, Key: stranger.Key}
	for _, tt := range []struct {
		name string
		cms  signaturetest.CMS
		good bool
		want string
	}{
		{"over this signature", signaturetest.CMS{Stamp: o.stamper}, true, ""},
		{"over something else", signaturetest.CMS{Stamp: o.stamper, StampOver: []byte("inny podpis")}, false, trust.OutOfBounds},
		{"by an authority nobody trusts", signaturetest.CMS{Stamp: stranger}, true, trust.OutOfBounds},
		{"made with a certificate that is not for time-stamps", signaturetest.CMS{Stamp: o.person}, false, trust.OutOfBounds},
		{"signed with a key that is not its certificate's", signaturetest.CMS{Stamp: forger}, false, trust.OutOfBounds},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			tt.cms.Time = then
			r := o.examine(signature.File{Name: "a.p7m", Bytes: must(tt.cms.Sign([]byte("Proszę"), expired))(t)}).Signatures[0]
			if !r.Intact || r.SubIndication != tt.want || len(r.Timestamps) != 1 || r.Timestamps[0].Good != tt.good {
				t.Errorf("intact %v %s/%s %+v", r.Intact, r.Indication, r.SubIndication, r.Timestamps)
			}
		})
	}
}
