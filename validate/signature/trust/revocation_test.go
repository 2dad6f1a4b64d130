package trust_test

import (
	"testing"
	"time"

	"okienko/validate"
	"okienko/validate/signature"
	"okienko/validate/signature/signaturetest"
	"okienko/validate/signature/trust"
)

// TestWhoMayAnswerForAnAuthority: an OCSP answer counts when the authority signed it or a responder it named; anybody else with a
// certificate of the same authority could call a revoked certificate good.
func TestWhoMayAnswerForAnAuthority(t *testing.T) {
	t.Parallel()
	must := func(v *signaturetest.Signer, err error) *signaturetest.Signer {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	ca, err := signaturetest.NewAuthority("TEST")
	if err != nil {
		t.Fatal(err)
	}
	other, err := signaturetest.NewAuthority("TEST inny")
	if err != nil {
		t.Fatal(err)
	}
	anna := must(ca.Person("Anna", "Przykładowa", "0", signaturetest.WithOCSP("http://ocsp.example/")))
	neighbour := must(ca.Person("Adam", "Sąsiad", "0"))
	named, stranger := must(ca.Responder()), must(other.Responder())
	expired := must(ca.Responder(signaturetest.Valid(signaturetest.From, signaturetest.From.AddDate(1, 0, 0))))
	received := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	doc, err := signaturetest.XAdES{Time: received.Add(-time.Hour)}.Sign([]byte("<a>Proszę</a>"), anna)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		about   *signaturetest.Signer
		by      *signaturetest.Signer
		at      time.Time
		revoked bool
		want    validate.Indication
		sub     string
	}{
		"the authority itself":                          {anna, nil, received.Add(time.Hour), false, validate.TotalPassed, ""},
		"the authority says revoked":                    {anna, nil, received.Add(-time.Hour), true, validate.TotalFailed, trust.Revoked},
		"a responder it named":                          {anna, named, received.Add(time.Hour), false, validate.TotalPassed, ""},
		"somebody else with a certificate of its":       {anna, neighbour, received.Add(time.Hour), false, validate.Indeterminate, trust.TryLater},
		"a responder of another authority":              {anna, stranger, received.Add(time.Hour), false, validate.Indeterminate, trust.TryLater},
		"an answer about another certificate":           {neighbour, named, received.Add(time.Hour), false, validate.Indeterminate, trust.TryLater},
		"an answer that had expired before the receipt": {anna, named, received.AddDate(0, 0, -2), false, validate.Indeterminate, trust.TryLater},
		"a responder whose certificate has expired":     {anna, expired, received.Add(time.Hour), false, validate.Indeterminate, trust.TryLater},
	} {
		answer, err := ca.Answer(c.at, c.about, c.revoked, c.by)
		if err != nil {
			t.Fatal(err)
		}
		s, err := trust.New(map[string][]byte{"ca.pem": ca.PEM(), "ocsp/a.ocsp": answer})
		if err != nil {
			t.Fatal(err)
		}
		got := signature.Examine(signature.File{Name: "a.xml", Bytes: doc}, signature.Options{Trust: s, Now: received})
		if r := got.Signatures[0]; r.Indication != c.want || r.SubIndication != c.sub {
			t.Errorf("%s: %s/%s, want %s/%s", name, r.Indication, r.SubIndication, c.want, c.sub)
		}
	}
}
