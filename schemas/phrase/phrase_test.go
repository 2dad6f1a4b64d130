package phrase

import (
	"slices"
	"strings"
	"testing"
)

func TestWordsOfResidents(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, text string
		want       []string
	}{
		{"Polish letters are folded", "Zażółć gęślą jaźń", []string{"zazolc", "gesla", "jazn"}},
		{"capitals as well", "ŁÓDŹ", []string{"lodz"}},
		{"a hyphen joins short letters with digits", "IN-1, ZIN-3 i PIT-37", []string{"in1", "zin3", "i", "pit37"}},
		{"but not words", "kupna-sprzedaży e-mail", []string{"kupna", "sprzedazy", "e", "mail"}},
		{"a line break inside a word", "wymel-\ndowanie", []string{"wymeldowanie"}},
		{"a line break after a hyphen between words", "Nowak-\nKowalska", []string{"nowak", "kowalska"}},
		{"abbreviations of single letters", "Alfa sp. z o.o., Beta S.A. i s.c.", []string{"alfa", "sp", "z", "oo", "beta", "sa", "i", "sc"}},
		{"initials before a name stay apart", "J. Kowalski, A.Nowak", []string{"j", "kowalski", "a", "nowak"}},
		{"headings spaced out", "S K A R G A na urząd", []string{"skarga", "na", "urzad"}},
		{"three single letters are no heading", "A B C detal", []string{"a", "b", "c", "detal"}},
		{"square metres", "54,20 m²", []string{"54", "20", "m2"}},
		{"Ukrainian with apostrophes", "Об’єкт ґрунту", []string{"обєкт", "грунту"}},
		{"combining marks", "zo\u0301łw", []string{"zolw"}},
		{"invisible characters inside words", "za\u00admel\u200bdowanie", []string{"zameldowanie"}},
		{"nothing", "", nil},
		{"only punctuation", "?!... --", nil},
		{"broken UTF-8", "abc\xff\xfedef", []string{"abc", "def"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var got []string
			for _, w := range Split(tt.text).Words {
				got = append(got, w.Text)
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestWordsKnowTheirPlace(t *testing.T) {
	t.Parallel()
	const text = "Zażalenie. Proszę o zwrot\n\nDruga sprawa: pilne!"
	words := Split(text).Words
	for _, w := range words {
		if got := Fold(text[w.Start:w.End]); got != w.Text {
			t.Errorf("word %q stands at %q", w.Text, got)
		}
	}
	if words[0].Sentence == words[1].Sentence {
		t.Error("a full stop does not end the sentence")
	}
	if words[3].Paragraph == words[4].Paragraph {
		t.Error("a blank line does not end the paragraph")
	}
}

func TestPatterns(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, pattern, text string
		want                string // "" for no match
	}{
		{"a word", "wyrys", "Proszę o wyrys z planu", "wyrys"},
		{"a word is not a stem", "wyrys", "wyrysy", ""},
		{"a stem takes any ending", "wymeld*", "chcę się wymeldować", "wymeldować"},
		{"also where its consonant changes", "dzialk*", "na mojej działce", "działce"},
		{"or another one", "skarg*", "w skardze", "skardze"},
		{"a stem starts the word", "meld*", "wymeldowanie", ""},
		{"a phrase", "prawo jazdy", "nowe prawo jazdy", "prawo jazdy"},
		{"two other words may stand between", "dodat* mieszkaniow*", "dodatek na cele mieszkaniowe", "dodatek na cele mieszkaniowe"},
		{"three may not", "dodat* mieszkaniow*", "dodatek do różnych celów mieszkaniowych", ""},
		{"the order of a phrase counts", "jazdy prawo", "prawo jazdy", ""},
		{"the order of parts does not", "kupil* ~ auto|samochod*", "samochód, który kupiłem wczoraj", "samochód, który kupiłem"},
		{"parts are near each other", "kupil* ~ auto", "kupiłem wczoraj od pana Jana z Tarnowa na raty stare auto", ""},
		{"a phrase does not cross a blank line", "prawo jazdy", "mam prawo\n\njazdy próbne", ""},
		{"but a line break", "prawo jazdy", "mam prawo\njazdy", "prawo\njazdy"},
		{"alternatives", "zgub*|zagub*", "Zagubiłem dowód", "Zagubiłem"},
		{"a number in digits", "# osob*", "mieszka 49 osób", "49 osób"},
		{"a number in words", "# osob*", "mieszkają cztery osoby", "cztery osoby"},
		{"no number", "# osob*", "mieszkają osoby", ""},
		{"a number after its word", "dzialk* ~ #", "działki ewidencyjnej nr 118/4", "działki ewidencyjnej nr 118"},
		{"a number of many digits", "nip #10", "NIP 9796291999", "NIP 9796291999"},
		{"too few digits", "nip #10", "NIP 979", ""},
		{"short words stand together", "s c", "s.c. Kowalscy i s-ka", ""},
		{"short words apart say nothing", "s c", "s z c", ""},
		{"a company as people write it", "sp z oo", "Alfa Sp. z o.o.", "Sp. z o.o"},
		{"a symbol", "in1", "informacja IN-1", "IN-1"},
		{"brackets hold alternatives of several words", "(za granic*|zagranic*) ~ auto", "auto sprzedane za granicę", "auto sprzedane za granicę"},
		{"each of them", "(za granic*|zagranic*) ~ auto", "auto w zagranicznym salonie", "auto w zagranicznym"},
		{"Ukrainian", "народжен*", "Реєстрація народження дитини", "народження"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			m, err := CompileAll([]string{tt.pattern})
			if err != nil {
				t.Fatal(err)
			}
			text := Split(tt.text)
			got := ""
			if match, ok := m.First(text); ok {
				got = tt.text[text.Words[match.From].Start:text.Words[match.To].End]
			}
			if got != tt.want {
				t.Errorf("found %q, want %q", got, tt.want)
			}
		})
	}
}

func TestBadPatternsAreNamed(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, pattern, want string }{
		{"empty", "", "no words"},
		{"a part without words", "auto ~ ", "no words"},
		{"Polish letters", "zażalenie", `"zazalenie"`},
		{"capitals", "Skarga", `"skarga"`},
		{"two words joined", "kupna-sprzedazy", "not one word"},
		{"a star alone", "*", "not one word"},
		{"a stem of one letter", "a*", "at least two letters"},
		{"only a number", "#", "at least one word"},
		{"a bad number", "#x osob*", "#x"},
		{"an empty alternative", "a|", "not one word"},
		{"an open bracket", "(a b|c", "brackets must be closed"},
		{"a closed one", "a b)", "not opened"},
		{"brackets in brackets", "((a|b)|c)", "not stand in one another"},
		{"too many choices", "(a|b|c|d|e) (a|b|c|d|e) (a|b|c|d|e)", "allowed are 64"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := Compile(tt.pattern)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v, want one with %q", err, tt.want)
			}
		})
	}
}

func TestSetTellsPatternsApart(t *testing.T) {
	t.Parallel()
	var patterns []Pattern
	for _, source := range []string{"wyrejestr*", "rejestr*", "prawo jazdy", "dowod*"} {
		p, err := Compile(source)
		if err != nil {
			t.Fatal(err)
		}
		patterns = append(patterns, p)
	}
	var got []int
	NewSet(patterns).Find(Split("Wyrejestrowanie, dowód i prawo jazdy"), func(m Match) { got = append(got, m.Pattern) })
	if want := []int{0, 3, 2}; !slices.Equal(got, want) {
		t.Errorf("got patterns %v, want %v", got, want)
	}
}

// FuzzSplit holds that every word can be found again where it says it stands, and that words do not overlap.
func FuzzSplit(f *testing.F) {
	for _, seed := range []string{"Zażółć IN-1", "S K A R G A", "wymel-\ndowanie s.c.", "a.b.c.d", "\xff-1", "об’єкт", "x-\n"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		end := 0
		for _, w := range Split(s).Words {
			if w.Start < end || w.End <= w.Start || w.End > len(s) || w.Text == "" {
				t.Fatalf("word %+v after %d in %q", w, end, s)
			}
			end = w.End
		}
	})
}

// FuzzCompile holds that what compiles can be searched for, and that a plain word finds itself.
func FuzzCompile(f *testing.F) {
	for _, seed := range []string{"wymeld*", "# osob*", "a|b ~ c*", "sp z oo", "#3 x"} {
		f.Add(seed, "Wymeldowanie 3 osób, sp. z o.o.")
	}
	f.Fuzz(func(t *testing.T, pattern, text string) {
		p, err := Compile(pattern)
		if err != nil {
			return
		}
		split := Split(text)
		NewSet([]Pattern{p}).Find(split, func(m Match) {
			if m.From < 0 || m.To < m.From || m.To >= len(split.Words) {
				t.Fatalf("match %+v of %q in %d words", m, pattern, len(split.Words))
			}
		})
	})
}

func BenchmarkSplit(b *testing.B) {
	text := strings.Repeat("Zwracam się z prośbą o zameldowanie na pobyt czasowy przy ul. Długiej 17/5. ", 130)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		Split(text)
	}
}
