package trust_test

import (
	"testing"
	"time"

	"okienko/validate"
	"okienko/validate/signature/keys"
	"okienko/validate/signature/sig"
	"okienko/validate/signature/signaturetest"
	"okienko/validate/signature/trust"
)

// TestWeakAlgorithmsCountOnlyInTheirTime: what is weak today was good once, for signatures that existed then.
func TestWeakAlgorithmsCountOnlyInTheirTime(t *testing.T) {
	t.Parallel()
	ca, err := signaturetest.NewAuthority("TEST")
	if err != nil {
		t.Fatal(err)
	}
	year := func(y int) time.Time { return time.Date(y, 1, 1, 0, 0, 0, 0, time.UTC) }
	person, err := ca.Person("Anna", "Przykładowa", "0", signaturetest.Valid(year(2000), year(2040)))
	if err != nil {
		t.Fatal(err)
	}
	cert, err := keys.ParseCertificate(person.Certificate.Raw)
	if err != nil {
		t.Fatal(err)
	}
	s := store(t, map[string][]byte{"ca.pem": ca.PEM()})
	for _, tt := range []struct {
		algorithm string
		existed   time.Time
		want      validate.Indication
		sub       string
	}{
		{"ECDSA SHA-256", year(2026), validate.TotalPassed, ""},
		{"ECDSA SHA-1", year(2026), validate.Indeterminate, trust.CryptoNoPOE},
		{"ECDSA SHA-1", year(2010), validate.TotalPassed, ""},
		{"SHA-1", year(2026), validate.Indeterminate, trust.CryptoNoPOE},
		{"RSA MD5", year(2010), validate.Indeterminate, trust.CryptoNoPOE},
		{"RSA SHA3-256", year(2026), validate.TotalPassed, ""},
	} {
		v := s.Judge(&sig.Signature{ValueIntact: true, References: []sig.Reference{{Found: true, Intact: true}}, Certificate: cert, Algorithms: []string{tt.algorithm}}, tt.existed)
		if v.Indication != tt.want || v.SubIndication != tt.sub {
			t.Errorf("%s in %d: %s/%s, want %s/%s", tt.algorithm, tt.existed.Year(), v.Indication, v.SubIndication, tt.want, tt.sub)
		}
	}
}
