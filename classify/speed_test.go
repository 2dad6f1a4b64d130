package classify_test

import (
	"strings"
	"testing"

	"okienko/classify"
	"okienko/ingest"
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
