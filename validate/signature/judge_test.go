package signature_test

import (
	"bytes"
	"crypto/x509"
	"encoding/base64"
	"strings"
	"testing"
	"time"

	"okienko/validate"
	"okienko/validate/signature"
	"okienko/validate/signature/keys"
	"okienko/validate/signature/signaturetest"
	"okienko/validate/signature/trust"
)

func certificate(t *testing.T, a *signaturetest.Authority) *keys.Certificate {
	t.Helper()
	return must(keys.ParseCertificate(a.Certificate.Raw))(t)
}

// TestPathsEndOnlyWhereTheOfficeTrusts: whatever a signature carries, it must lead to an anchor, for the purpose the anchor
// is trusted for, over certificates that may issue.
func TestPathsEndOnlyWhereTheOfficeTrusts(t *testing.T) {
	t.Parallel()
	root := must(signaturetest.NewAuthority("TEST root"))(t)
	sub := must(root.Subordinate("TEST CA"))(t)
	old := must(root.Subordinate("TEST dawne CA", signaturetest.Valid(signaturetest.From, signaturetest.From.AddDate(1, 0, 0))))(t)
	victim := must(root.Person("Anna", "Przykładowa", "0"))(t)
	impostor := signaturetest.LoadAuthority(victim.Certificate, victim.Key)
	signing := func(c *x509.Certificate) { c.KeyUsage |= x509.KeyUsageCertSign }
	bold := must(root.Person("Anna", "Przykładowa", "0", signing))(t)
	bolder := signaturetest.LoadAuthority(bold.Certificate, bold.Key)
	idCA := must(signaturetest.NewAuthority("TEST podpis osobisty"))(t)
	store := must(trust.New(map[string][]byte{"root.pem": root.PEM(), "personal/id.pem": idCA.PEM()}))(t)
	sealOnly := must(trust.New(map[string][]byte{"trusted/root.pem": root.PEM()}))(t)
	person := func(a *signaturetest.Authority) *signaturetest.Signer {
		return must(a.Person("Jan", "Kowalski", "0"))(t)
	}
	tests := []struct {
		name   string
		signer *signaturetest.Signer
		with   []*keys.Certificate
		store  *trust.Store
		want   string
	}{
		{"over a subordinate authority", person(sub), []*keys.Certificate{certificate(t, sub)}, store, ""},
		{"the subordinate's certificate is missing", person(sub), nil, store, trust.NoChain},
		{"the subordinate has expired", person(old), []*keys.Certificate{certificate(t, old)}, store, trust.NoChain},
		{"issued with a person's certificate", person(impostor), []*keys.Certificate{certificate(t, impostor)}, store, trust.NoChain},
		{"issued with a person's certificate that claims to sign certificates", person(bolder), []*keys.Certificate{certificate(t, bolder)}, store, trust.NoChain},
		{"a qualified signature from the authority for identity cards", person(idCA), nil, store, trust.NoChain},
		{"a minister's seal from the authority for identity cards", must(idCA.MinisterSeal())(t), nil, store, trust.NoChain},
		{"a qualified signature under an anchor for the minister's seal", person(root), nil, sealOnly, trust.NoChain},
		{"the minister's seal under that anchor", must(root.MinisterSeal())(t), nil, sealOnly, ""},
		{"no trust data at all", person(root), nil, nil, trust.NoChain},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			doc := must(signaturetest.XAdES{Time: signedAt}.Sign([]byte(letter), tt.signer))(t)
			e := signature.Examine(signature.File{Name: "a.xml", Bytes: doc}, signature.Options{Trust: tt.store, Certs: tt.with, Now: received})
			r := e.Signatures[0]
			want := validate.TotalPassed
			if tt.want != "" {
				want = validate.Indeterminate
			}
			if !r.Intact || r.Indication != want || r.SubIndication != tt.want {
				t.Errorf("intact %v %s/%s, want %s/%s", r.Intact, r.Indication, r.SubIndication, want, tt.want)
			}
		})
	}
}

// TestAnotherCertificateOfTheSameKeyIsNotTheSigner: the signed properties say which certificate was meant.
func TestAnotherCertificateOfTheSameKeyIsNotTheSigner(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	other := must(o.authority.Reissue(o.person, "Kto Inny"))(t)
	b64 := base64.StdEncoding.EncodeToString
	doc := must(signaturetest.XAdES{Time: signedAt}.Sign([]byte(letter), o.person))(t)
	swapped := bytes.Replace(doc, []byte(b64(o.person.Certificate.Raw)), []byte(b64(other.Certificate.Raw)), 1)
	r := o.examine(signature.File{Name: "a.xml", Bytes: swapped}).Signatures[0]
	if !r.Intact || r.Indication != validate.Indeterminate || r.SubIndication != trust.NoSigner {
		t.Errorf("intact %v %s/%s", r.Intact, r.Indication, r.SubIndication)
	}
}

// TestTimeStampsProveOnlyWhatTheyStamp: an expired certificate is saved only by a time-stamp that is over this signature, by
// an authority for time-stamps the office trusts.
func TestTimeStampsProveOnlyWhatTheyStamp(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	then := time.Date(2025, 6, 1, 0, 0, 0, 0, time.UTC)
	expired := must(o.authority.Person("Anna", "Dawna", "0", signaturetest.Valid(signaturetest.From, then.AddDate(0, 1, 0))))(t)
	stranger := must(must(signaturetest.NewAuthority("TEST obcy"))(t).Stamper())(t)
	forger := &signaturetest.Signer{Certificate: o.stamper.Certificate, Key: stranger.Key}
	sign := func(stamp *signaturetest.Signer) []byte {
		return must(signaturetest.XAdES{Time: then, Stamp: stamp}.Sign([]byte(letter), expired))(t)
	}
	token := func(doc []byte) string {
		_, rest, _ := strings.Cut(string(doc), "<xades:EncapsulatedTimeStamp>")
		tok, _, _ := strings.Cut(rest, "<")
		return tok
	}
	good := sign(o.stamper)
	tests := []struct {
		name string
		doc  []byte
		good bool
		want string
	}{
		{"over this signature", good, true, ""},
		{"taken from another signature", bytes.Replace(good, []byte(token(good)), []byte(token(sign(o.stamper))), 1), false, trust.OutOfBounds},
		{"by an authority nobody trusts", sign(stranger), true, trust.OutOfBounds},
		{"made with a certificate that is not for time-stamps", sign(o.person), false, trust.OutOfBounds},
		{"signed with a key that is not its certificate's", sign(forger), false, trust.OutOfBounds},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := o.examine(signature.File{Name: "a.xml", Bytes: tt.doc}).Signatures[0]
			if !r.Intact || r.SubIndication != tt.want || len(r.Timestamps) != 1 || r.Timestamps[0].Good != tt.good {
				t.Errorf("intact %v %s/%s %+v", r.Intact, r.Indication, r.SubIndication, r.Timestamps)
			}
			if claim := strings.Contains(strings.Join(r.Warnings, " "), "Czas podpisania podał podpisujący"); claim != (tt.want != "") {
				t.Errorf("warnings %q", r.Warnings)
			}
		})
	}
}
