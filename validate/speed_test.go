package validate_test

import (
	"strings"
	"testing"

	"okienko/validate"
)

// BenchmarkJudgement runs conditions and completeness of the largest procedure on a letter of 10 KB with three documents.
func BenchmarkJudgement(b *testing.B) {
	text := strings.Repeat("Proszę o rejestrację samochodu Toyota kupionego 2.11.2026, tablice chcę zostawić. ", 120)
	contract := strings.Repeat("UMOWA KUPNA-SPRZEDAŻY POJAZDU zawarta dnia 2.11.2026 w Krakowie. ", 60)
	sub, c := mail("rejestracja", text, doc("a.pdf", contract, "umowa_sprzedazy"), doc("b.pdf", contract), doc("c.pdf", contract))
	p := procedure(b, "rejestracja_pojazdu")
	b.ReportAllocs()
	for b.Loop() {
		validate.Completeness(sub, c, nil, p, validate.Conditions(sub, c, p))
	}
}
