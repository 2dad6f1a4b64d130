// Package search owns how words are found in letters: which terms a text is indexed under (Terms), what somebody typed asks for
// (Parse), and where in a text it stands (Query.Around, Query.Mark). Case and diacritics do not count, a word finds its Polish
// forms, three letters find what begins with them. All of it happens here and not in a database, so that every database gives the
// same answers.
//
// It is pure and refuses to know what a case is and how an index is kept. Read next: parse.go, then workflow/store/search.go.
package search

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// What a text is indexed under is bounded: a term to longestTerm characters (more of a word tells nothing), a text to mostTerms
// different ones, which is more than any book has.
const (
	longestTerm = 40
	mostTerms   = 20_000
)

// Terms returns the terms of texts, each once. A term consists of letters and digits only.
func Terms(texts ...string) []string {
	t := terms{seen: map[string]bool{}}
	for _, text := range texts {
		folded := Fold(text)
		for _, m := range registered.FindAllStringSubmatch(folded, -1) {
			t.add(registeredTerm(m))
		}
		for _, m := range longNumber.FindAllString(folded, -1) {
			t.add(onlyDigits(m))
		}
		for word := range words(folded) {
			t.add(word)
			t.add(shifted(word))
		}
	}
	return t.list
}

type terms struct {
	list []string
	seen map[string]bool
}

func (t *terms) add(term string) {
	term = cut(term)
	if term == "" || t.seen[term] || len(t.list) >= mostTerms {
		return
	}
	t.seen[term] = true
	t.list = append(t.list, term)
}

// Fold removes case and diacritics: "Żółć" and "zolc" are one word.
func Fold(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	for _, r := range norm.NFD.String(strings.ToLower(s)) {
		switch {
		case r == 'ł':
			b.WriteByte('l')
		case !unicode.Is(unicode.Mn, r):
			b.WriteRune(r)
		}
	}
	return b.String()
}

var (
	// registered is a number of the register of incoming letters, one term whatever stands around it.
	registered = regexp.MustCompile(`(?:^|[^\pL\pN])(rpw|test)[ /]*(\d+)/(\d{4})(?:$|[^\pL\pN])`)
	// longNumber is a number people write in groups: a telephone number, a NIP, a PESEL, an account.
	longNumber = regexp.MustCompile(`(?:^|[^\pL\pN])\d(?:[ \x{a0}-]?\d){8,25}(?:$|[^\pL\pN])`)
)

// registeredTerm is no word anybody types by another route: it is found as a whole or not at all.
func registeredTerm(m []string) string { return m[1] + m[2] + "x" + m[3] }

func onlyDigits(s string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s)
}

// inWord reports whether a character belongs to a word.
func inWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) }

func words(folded string) func(func(string) bool) {
	return strings.FieldsFuncSeq(folded, func(r rune) bool { return !inWord(r) })
}

func cut(term string) string {
	if len(term) <= longestTerm || utf8.RuneCountInString(term) <= longestTerm {
		return term
	}
	return string([]rune(term)[:longestTerm])
}
