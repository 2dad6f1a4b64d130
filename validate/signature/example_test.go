package signature_test

import (
	"fmt"
	"time"

	"okienko/validate/signature"
	"okienko/validate/signature/signaturetest"
	"okienko/validate/signature/trust"
)

// A letter sealed for a resident by podpis zaufany, examined on the day the office received it.
func ExampleExamine() {
	authority, err := signaturetest.NewAuthority("TEST Centrum Kwalifikowane")
	if err != nil {
		panic(err)
	}
	seal, err := authority.MinisterSeal()
	if err != nil {
		panic(err)
	}
	signed, err := signaturetest.XAdES{
		Time: time.Date(2026, 3, 2, 10, 15, 0, 0, time.UTC),
		Role: &signaturetest.Role{GivenName: "JAN", FamilyName: "TESTOWY", PESEL: "00000000000"},
	}.Sign([]byte(`<pismo>Proszę o odpis aktu urodzenia.</pismo>`), seal)
	if err != nil {
		panic(err)
	}
	store, err := trust.New(map[string][]byte{"ca.pem": authority.PEM()})
	if err != nil {
		panic(err)
	}
	received := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	for _, s := range signature.Examine(signature.File{Name: "pismo.xml", Bytes: signed}, signature.Options{Trust: store, Now: received}).Signatures {
		fmt.Println(s.Intact, s.Kind, s.Indication)
		fmt.Println(s.Sentence.PL)
	}
	// Output:
	// true trusted TOTAL_PASSED
	// Podpis zaufany (JAN TESTOWY). Obejmuje: pismo.xml. Podpis jest ważny i wystarcza do wniesienia pisma (KPA art. 63 § 3a).
}
