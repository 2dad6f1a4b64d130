package search

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// finds says what an index would: every word of the query is met by one of the text's terms.
func finds(text, typed string) bool {
	q, terms := Parse(typed), Terms(text)
	return !q.Impossible && !slices.ContainsFunc(q.Words, func(w Word) bool {
		return !slices.ContainsFunc(terms, func(term string) bool {
			return slices.ContainsFunc(w.Any, func(t Term) bool { return t.matches(term) })
		})
	})
}

func TestWordsFindTheirForms(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		text, typed string
		want        bool
	}{
		{"Wniosek o dopłatę", "WNIOSEK", true},
		{"Wniosek o dopłatę", "wniosku o doplaty", true},
		{"we wnioskach mieszkańców", "wniosek mieszkaniec", true},
		{"Żaneta Łąkowska-Śliż", "sliz lakowska", true},
		{"Żaneta Łąkowska-Śliż", "Łąkowskiej", true},
		{"Jana Kowalskiego", "Kowalski", true},
		{"na działce nr 214/3", "działka", true},
		{"działka nr 214/3", "działce 214", true},
		{"przy drodze gminnej", "droga", true},
		{"w Wieliczce", "Wieliczka", true},
		{"rejestrację pojazdu", "rej", true},
		{"rejestrację pojazdu", "re", false},
		{"rejestrację pojazdu", "jestracja", false},
		{"nr rejestracyjny KR 7TW41", "kr 7tw41", true},
		{"nr rejestracyjny KR 7TW41", "wa 7tw41", false},
		{"tel. 601 234 567", "601234567", true},
		{"tel. 601234567", "601-234-567", true},
		{"NIP 676-248-10-18", "6762481018", true},
		{"PESEL 82051404583", "82051404583", true},
		{"PESEL 82051404583", "82051404584", false},
		{"w nawiązaniu do RPW/17/2026", "rpw/17/2026", true},
		{"w nawiązaniu do RPW/17/2026", "RPW 17/2026", true},
		{"w nawiązaniu do RPW/17/2026", "rpw/1/2026", false},
		{"w nawiązaniu do RPW/117/2026", "rpw/17/2026", false},
		{"у нас народилася дитина", "ДИТИНА", true},
		{"Łucja Żółć", "lucja skarga", false},
		{"anything", "", true},
		{"anything", `\ % _ '`, false},
		{"pies o imieniu Azor", "o", true},
		{"pies Azor", "o azor", true},
	} {
		if got := finds(tt.text, tt.typed); got != tt.want {
			t.Errorf("%q in %q: %t, want %t (%v)", tt.typed, tt.text, got, tt.want, Parse(tt.typed))
		}
	}
}

func TestTheBestPieceOfTheTextIsShown(t *testing.T) {
	t.Parallel()
	text := "Jan pisze o psie. " + strings.Repeat("Słowa bez znaczenia, zażółć gęślą jaźń. ", 40) + "Pies Jana Nowaka biega po działce. " +
		strings.Repeat("I dalej to samo. ", 40)
	q := Parse("nowak działka jan")
	piece := q.Around(text, 120)
	for _, want := range []string{"Pies Jana Nowaka biega po działce"} {
		if !strings.Contains(piece, want) || len(piece) > 200 || !utf8.ValidString(piece) {
			t.Errorf("the piece is %q, want %q in it", piece, want)
		}
	}
	var hits []string
	for _, s := range q.Mark("Pies  Jana\nNowaka biega po działce") {
		if s.Hit {
			hits = append(hits, s.Text)
		}
	}
	if !slices.Equal(hits, []string{"Jana", "Nowaka", "działce"}) {
		t.Errorf("marked %q", hits)
	}
	if got := q.Around("nothing of it", 100); got != "" {
		t.Errorf("a piece of a text without the words: %q", got)
	}
}

// FuzzSearch: terms are letters and digits of bounded length, marking loses nothing, a text is found by its own words.
func FuzzSearch(f *testing.F) {
	f.Add("Wniosek Łucji Żółć, RPW/17/2026, tel. 601 234 567", "łucja")
	f.Add("e\u0301 \xff a", "\u0301")
	f.Fuzz(func(t *testing.T, text, typed string) {
		for _, term := range Terms(text) {
			if utf8.RuneCountInString(term) > longestTerm || strings.ContainsFunc(term, func(r rune) bool { return !inWord(r) }) {
				t.Errorf("term %q of %q", term, text)
			}
		}
		q := Parse(typed)
		for _, w := range q.Words {
			if len(w.Any) == 0 || slices.ContainsFunc(w.Any, func(t Term) bool { return t.Text == "" }) {
				t.Errorf("%q asks for nothing: %v", typed, q)
			}
		}
		var whole strings.Builder
		for _, s := range q.Mark(text) {
			whole.WriteString(s.Text)
		}
		if whole.String() != strings.Join(strings.Fields(text), " ") {
			t.Errorf("marking %q made %q", text, whole.String())
		}
		_ = q.Around(text, 50)
		if utf8.RuneCountInString(text) < 30 && len(Terms(text)) > 0 && !finds(text, text) && len(Parse(text).Words) > 0 {
			t.Errorf("%q is not found by itself: %v in %q", text, Parse(text), Terms(text))
		}
	})
}
