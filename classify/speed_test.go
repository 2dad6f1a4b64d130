package classify_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"okienko/classify"
	"okienko/ingest"
	"okienko/schemas"
)

// tenKilobytes is a letter of everyday length times ten, about nothing the rules know for sure: the slow way, with spelling.
func tenKilobytes() classify.Features {
	text := strings.Repeat("Szanowni Państwo, w nawiązaniu do rozmowy telefonicznej zwracam się z uprzejmą prośbą o wyjaśnienie sytuacji. "+
		"Mieszkam w Krakowie od wielu lat i nigdy nie miałem podobnych trudności z dokumentami, które przesyłam ponownie.\n", 46)
	return classify.Features{Channel: ingest.Email, Letter: ingest.Letter{Subject: "Prośba o wyjaśnienie"}, Document: "0", Text: text[:10<<10]}
}

func BenchmarkDecide(b *testing.B) {
	rs := defaultRuleset(b)
	f := tenKilobytes()
	b.ReportAllocs()
	for b.Loop() {
		rs.Decide(f)
	}
}

// BenchmarkDecideManyRules is an office with a thousand procedures and ten thousand patterns.
func BenchmarkDecideManyRules(b *testing.B) {
	catalog, err := schemas.Default()
	if err != nil {
		b.Fatal(err)
	}
	rules, err := classify.DefaultRules(catalog, time.Now())
	if err != nil {
		b.Fatal(err)
	}
	for i := range 1000 {
		p := classify.Procedure{ID: schemas.ProcedureID(fmt.Sprintf("procedure_%d", i)), Title: "Usługa"}
		for k := range 5 {
			p.Match.Strong = append(p.Match.Strong, fmt.Sprintf("wniosek* ~ slowo%s%s*", letters(i), letters(k)), fmt.Sprintf("prosb* ~ mieszka* zz%s*", letters(i*7+k)))
		}
		rules.Procedures = append(rules.Procedures, p)
	}
	rs, err := classify.Compile(rules)
	if err != nil {
		b.Fatal(err)
	}
	f := tenKilobytes()
	b.ReportAllocs()
	for b.Loop() {
		rs.Decide(f)
	}
}

// letters writes a number as a word.
func letters(n int) string {
	word := ""
	for ; n > 0 || word == ""; n /= 20 {
		word += string("bcdfghjklmnprstwxyza"[n%20])
	}
	return word
}
