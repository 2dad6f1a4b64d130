package kind

import (
	"fmt"
	"strings"
	"testing"
)

func TestRuns(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		pages []string
		want  string
	}{
		{"one document of three pages", []string{"UMOWA SPRZEDAŻY pojazdu", "§ 5. Strony oświadczają", "podpisy"}, ""},
		{"a form with two enclosures", []string{
			"Anna Przykładowa\nWNIOSEK o rejestrację pojazdu", "UMOWA SPRZEDAŻY POJAZDU\nzawarta dnia", "§ 6. Sądem właściwym jest sąd",
			"PEŁNOMOCNICTWO\nJa, niżej podpisana", "Potwierdzenie wykonania przelewu\nTytułem: opłata",
		}, "wniosek 1+1, umowa_sprzedazy 2+2, pelnomocnictwo 4+1, potwierdzenie_przelewu 5+1"},
		{"an enclosure behind a letter without a heading", []string{"Dzień dobry, przesyłam resztę papierów.", "", "AKT NOTARIALNY\nRepertorium A numer 12/2026"}, "akt_notarialny 3+1"},
		{"a form that lists its enclosures on its second page", []string{
			"WNIOSEK O USTALENIE WARUNKÓW ZABUDOWY", "7. Załączniki\nkopia mapy zasadniczej 1:500\n[x] pełnomocnictwo\npodpis wnioskodawcy", "Mapa zasadnicza 1:500",
		}, "wniosek 1+2, mapa 3+1"},
		{"nothing with a heading", []string{"tekst", "tekst"}, ""},
		{"nothing", nil, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var got []string
			for _, k := range Runs(strings.Join(tt.pages, "\n\f")) {
				got = append(got, fmt.Sprintf("%s %d+%d", k.ID, k.Page, k.Pages))
			}
			if s := strings.Join(got, ", "); s != tt.want {
				t.Errorf("got %s, want %s", s, tt.want)
			}
		})
	}
}
