package phrase

import "unicode/utf8"

// Words shorter than minTypo letters are too near each other to be corrected.
const minTypo = 7

// Speller corrects words that are one slip of the finger away from a word of a Set's patterns: a letter left out, doubled,
// wrong, or two exchanged. The first letter must be right.
type Speller struct {
	set   *Set
	slips map[string]slip // a word of the patterns, whole or with one letter left out
}

type slip struct {
	text string
	stem bool
}

// NewSpeller prepares a speller for the words of a set.
func NewSpeller(s *Set) *Speller {
	sp := &Speller{set: s, slips: map[string]slip{}}
	for _, p := range s.patterns {
		for _, v := range p.variants {
			sp.addVariant(v)
		}
	}
	return sp
}

func (sp *Speller) addVariant(v variant) {
	for _, part := range v {
		for _, e := range part {
			for _, a := range e {
				if !a.number && utf8.RuneCountInString(a.text) >= minTypo {
					sp.add(slip{a.text, a.stem})
				}
			}
		}
	}
}

func (sp *Speller) add(s slip) {
	for key := range shortened(s.text) {
		// Of two words a slip may stand for, the one with the shorter stem says less that is wrong.
		if old, ok := sp.slips[key]; !ok || len(s.text) < len(old.text) {
			sp.slips[key] = s
		}
	}
	sp.slips[s.text] = s
}

// shortened yields s with each one of its letters but the first left out.
func shortened(s string) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for i, r := range s {
			if i > 0 && !yield(s[:i]+s[i+utf8.RuneLen(r):]) {
				return
			}
		}
	}
}

// Correct returns the text with slips corrected in its first words, at most limit of them, and whether there were any. Words
// keep their places in the source.
func (sp *Speller) Correct(t Text, limit int) (Text, bool) {
	var corrected []Word
	for i, w := range t.Words[:min(limit, len(t.Words))] {
		text, ok := sp.correct(w.Text)
		if !ok {
			continue
		}
		if corrected == nil {
			corrected = append(corrected, t.Words...)
		}
		corrected[i].Text = text
	}
	if corrected == nil {
		return t, false
	}
	return Text{Words: corrected}, true
}

// correct tries every beginning of the word against the words of the patterns, the longest first.
func (sp *Speller) correct(word string) (string, bool) {
	if len(word) < minTypo-1 || sp.known(word) {
		return "", false
	}
	for n := len(word); n >= minTypo-1; n-- {
		if n < len(word) && !utf8.RuneStart(word[n]) {
			continue
		}
		if s, ok := sp.slipOf(word[:n]); ok && (s.stem || n == len(word)) {
			return s.text + word[n:], true
		}
	}
	return "", false
}

func (sp *Speller) slipOf(beginning string) (slip, bool) {
	if s, ok := sp.slips[beginning]; ok && near1(beginning, s.text) {
		return s, true
	}
	for key := range shortened(beginning) {
		if s, ok := sp.slips[key]; ok && near1(beginning, s.text) {
			return s, true
		}
	}
	return slip{}, false
}

// known reports whether a pattern has the word as it stands.
func (sp *Speller) known(word string) bool {
	if len(sp.set.exact[word]) > 0 {
		return true
	}
	if s, ok := sp.slips[word]; ok && s.text == word {
		return true
	}
	for n := range word {
		if n == 0 {
			continue
		}
		if s, ok := sp.slips[word[:n]]; ok && s.stem && s.text == word[:n] || len(sp.set.stems[word[:n]]) > 0 {
			return true
		}
	}
	return false
}

// near1 reports whether a and b differ by one letter left out, added or changed, or by two neighbours exchanged.
func near1(a, b string) bool {
	x, y := []rune(a), []rune(b)
	for len(x) > 0 && len(y) > 0 && x[0] == y[0] {
		x, y = x[1:], y[1:]
	}
	for len(x) > 0 && len(y) > 0 && x[len(x)-1] == y[len(y)-1] {
		x, y = x[:len(x)-1], y[:len(y)-1]
	}
	switch {
	case len(x) <= 1 && len(y) <= 1:
		return len(x)+len(y) > 0
	default:
		return len(x) == 2 && len(y) == 2 && x[0] == y[1] && x[1] == y[0]
	}
}
