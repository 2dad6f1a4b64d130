package phrase_test

import (
	"fmt"
	"testing"

	"okienko/schemas/phrase"
)

// TestManyPatternsFindWhatEachFindsAlone: looking for the rarer words first must not change what is found.
func TestManyPatternsFindWhatEachFindsAlone(t *testing.T) {
	t.Parallel()
	var patterns []phrase.Pattern
	for i := range 300 {
		source := fmt.Sprintf("wniosek|wniosku ~ slowo%c%c*|inne%c", 'a'+i%20, 'a'+i/20, 'a'+i%7)
		switch i % 3 {
		case 1:
			source = fmt.Sprintf("wniosek # dni%c*", 'a'+i%20)
		case 2:
			source = fmt.Sprintf("wniosek o (nowe slowo%c%c|stare)", 'a'+i%20, 'a'+i/20)
		}
		p, err := phrase.Compile(source)
		if err != nil {
			t.Fatal(err)
		}
		patterns = append(patterns, p)
	}
	all := phrase.NewSet(patterns)
	matched := 0
	for _, source := range []string{
		"", "Wniosek o slowoabc i inneb", "inne c, a potem wniosek 5 dnia", "Wniosek o stare. wniosku slowobbx", "proszę o wniosek o nowe słowocc",
		"wniosek wniosek 3 dnif slowodd", "Wniosek, nowe dzieje: słowoee", "nic takiego",
	} {
		text := phrase.Split(source)
		together := map[int][]phrase.Match{}
		all.Find(text, func(m phrase.Match) { together[m.Pattern] = append(together[m.Pattern], m) })
		for i, p := range patterns {
			var alone []phrase.Match
			phrase.NewSet([]phrase.Pattern{p}).Find(text, func(m phrase.Match) { alone = append(alone, m) })
			if len(alone) != len(together[i]) {
				t.Errorf("%q in %q: alone %v, among many %v", p, source, alone, together[i])
			}
			matched += len(alone)
		}
	}
	if matched < 50 {
		t.Errorf("only %d matches: the texts prove little", matched)
	}
}
