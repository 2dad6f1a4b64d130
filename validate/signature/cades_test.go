package signature_test

import (
	"bytes"
	"encoding/base64"
	"encoding/pem"
	"slices"
	"strings"
	"testing"

	"okienko/validate"
	"okienko/validate/signature"
	"okienko/validate/signature/der"
	"okienko/validate/signature/signaturetest"
	"okienko/validate/signature/trust"
)

func TestCMSSignatures(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	text := []byte("Proszę o odpis")
	sign := func(c signaturetest.CMS) []byte { return must(c.Sign(text, o.person))(t) }
	good := sign(signaturetest.CMS{Time: signedAt})
	passed := verdict{true, validate.Qualified, validate.TotalPassed, "", "Anna Przykładowa", "jest ważny"}
	broken := func(sub, says string) verdict {
		return verdict{false, validate.Qualified, validate.TotalFailed, sub, "Anna Przykładowa", says}
	}
	reversed := func(a [][]byte) [][]byte {
		slices.Reverse(a)
		slices.SortFunc(a, func(x, y []byte) int { return bytes.Compare(y, x) })
		return a
	}
	without := func(i int) func([][]byte) [][]byte {
		return func(a [][]byte) [][]byte { return append(a[:i:i], a[i+1:]...) }
	}
	twice := func(i int) func([][]byte) [][]byte { return func(a [][]byte) [][]byte { return append(a, a[i]) } }
	tests := []struct {
		name string
		raw  []byte
		want verdict
	}{
		{"attached", good, passed},
		{"in PEM", pem.EncodeToMemory(&pem.Block{Type: "PKCS7", Bytes: good}), passed},
		{"in bare base64", []byte(base64.StdEncoding.EncodeToString(good)), passed},
		{"followed by zero octets", append(bytes.Clone(good), 0, 0, 0), passed},
		{"under the minister's seal without NULL", must(signaturetest.CMS{}.Sign(text, o.minister))(t),
			verdict{true, validate.Trusted, validate.TotalPassed, "", "Minister do spraw informatyzacji - pieczęć podpisu zaufanego TEST", "Podpis zaufany"}},
		{"the content changed", bytes.Replace(good, text, []byte("Proszę o zgodę")[:len(text)], 1), broken(trust.HashFailure, "treść zmieniono")},
		{"attributes signed in another order than DER", sign(signaturetest.CMS{Time: signedAt, Attrs: reversed, Unsorted: true}), broken(trust.SigCryptoFailure, "nie pasuje do certyfikatu")},
		{"no content type", sign(signaturetest.CMS{Attrs: without(0)}), broken(trust.FormatFailure, "NIE jest ważny")},
		{"no message digest", sign(signaturetest.CMS{Attrs: without(1)}), broken(trust.FormatFailure, "NIE jest ważny")},
		{"two message digests", sign(signaturetest.CMS{Attrs: twice(1)}), broken(trust.FormatFailure, "NIE jest ważny")},
		{"two signing times", sign(signaturetest.CMS{Time: signedAt, Attrs: twice(3)}), broken(trust.FormatFailure, "NIE jest ważny")},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			check(t, o.examine(signature.File{Name: "wniosek.txt.p7m", Bytes: tt.raw}), tt.want)
		})
	}
}

// TestATimeStampTokenIsNoSignature: its authority signed a digest, it never saw the document and says nothing about it.
func TestATimeStampTokenIsNoSignature(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	token := must(o.stamper.Token([]byte("Proszę o odpis"), signedAt))(t)
	for name, raw := range map[string][]byte{"a.p7m": token, "a.asice": zipped(t, [2]string{"mimetype", asicE}, [2]string{"a.txt", "Proszę o odpis"}, [2]string{"META-INF/signature001.p7s", string(token)})} {
		got := o.examine(signature.File{Name: name, Bytes: raw}, signature.Content{Name: "a.txt", Bytes: []byte("Proszę o odpis")})
		if len(got.Signatures) != 0 || len(got.Problems) != 1 || !strings.Contains(got.Problems[0], "it is a time-stamp token") {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

func TestACounterSignatureIsASignatureOfItsOwn(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	raw := must(signaturetest.CMS{Time: signedAt, Counter: o.citizen}.Sign([]byte("Proszę o odpis"), o.person))(t)
	got := o.examine(signature.File{Name: "a.p7m", Bytes: raw}).Signatures
	if len(got) != 2 || got[0].Counter || !got[1].Counter || !got[0].Intact || !got[1].Intact || got[1].Kind != validate.Personal {
		t.Fatalf("%+v", got)
	}
	// The counter-signature covers the signature value: over another value it is worth nothing.
	for range 200 { // until both happen to have one length, so that nothing else of the encoding changes
		other := must(signaturetest.CMS{Time: signedAt, Counter: o.citizen}.Sign([]byte("Co innego"), o.person))(t)
		a, b := signerInfos(t, raw), signerInfos(t, other)
		if len(a) != len(b) {
			continue
		}
		moved := o.examine(signature.File{Name: "a.p7m", Bytes: bytes.Replace(raw, a, b, 1)}).Signatures
		if len(moved) != 2 || !moved[0].Intact || moved[1].Intact {
			t.Errorf("a counter-signature moved from another signature: %+v", moved)
		}
		return
	}
	t.Fatal("no two counter-signatures of one length")
}

// signerInfos returns the counter-signature attribute of a message made by signaturetest.
func signerInfos(t *testing.T, raw []byte) []byte {
	t.Helper()
	marker := []byte{0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x09, 0x06}
	at := bytes.Index(raw, marker) + len(marker)
	v, _, err := der.Next(raw[at:])
	if err != nil {
		t.Fatal(err)
	}
	return v.Full
}
