package phrase

import "testing"

func TestSlipsOfTheFingerAreCorrected(t *testing.T) {
	t.Parallel()
	var patterns []Pattern
	for _, source := range []string{"przerejestr*", "zameldowa*", "samochod*", "prawo jazdy", "petycja", "mieszkani*"} {
		p, err := Compile(source)
		if err != nil {
			t.Fatal(err)
		}
		patterns = append(patterns, p)
	}
	sp := NewSpeller(NewSet(patterns))
	tests := []struct{ name, word, want string }{
		{"a letter left out", "przerejstrowanie", "przerejestrowanie"},
		{"a letter doubled", "zammeldowanie", "zameldowanie"},
		{"a wrong letter", "zameldiwanie", "zameldowanie"},
		{"two exchanged", "zamledowanie", "zameldowanie"},
		{"at the end of the stem", "samochdu", "samochodu"},
		{"a whole word", "peytcja", "petycja"},
		{"right words stay", "samochodem", "samochodem"},
		{"another word stays", "wymeldowanie", "wymeldowanie"},
		{"two slips stay", "przrejstrowanie", "przrejstrowanie"},
		{"a wrong first letter stays", "damochod", "damochod"},
		{"short words stay", "prawa", "prawa"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, changed := sp.Correct(Split(tt.word), 10)
			if got.Words[0].Text != tt.want || changed != (tt.word != tt.want) {
				t.Errorf("got %q (changed %v), want %q", got.Words[0].Text, changed, tt.want)
			}
		})
	}
}
