package search

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// Query is what somebody typed: every Word must occur. The zero Query asks for nothing and finds everything; what had characters
// but no word in it has Impossible set and finds nothing.
type Query struct {
	Words      []Word
	Impossible bool
}

// Word is one word of a query: any of the terms.
type Word struct{ Any []Term }

// Term is a term of the index, or with Prefix the beginning of some. Text consists of letters and digits.
type Term struct {
	Text   string
	Prefix bool
}

// mostWords bounds a query: what comes after is a pasted page.
const mostWords = 12

// Parse reads what somebody typed. Letters standing alone count only if there is nothing else: "wniosek o dodatek" asks for two
// words.
func Parse(typed string) Query {
	text := strings.TrimSpace(Fold(typed))
	if text == "" {
		return Query{}
	}
	var q Query
	text = q.take(text, registered.FindAllStringSubmatch(text, -1), registeredTerm, false)
	text = q.take(text, longNumber.FindAllStringSubmatch(text, -1), func(m []string) string { return onlyDigits(m[0]) }, true)
	var single []string
	for word := range words(text) {
		if utf8.RuneCountInString(word) == 1 {
			single = append(single, word)
			continue
		}
		q.Words = append(q.Words, wordOf(word))
	}
	if len(q.Words) == 0 {
		for _, word := range single {
			q.Words = append(q.Words, Word{[]Term{{Text: word}}})
		}
	}
	q.Impossible = len(q.Words) == 0
	q.Words = q.Words[:min(len(q.Words), mostWords)]
	return q
}

// take makes a word of each match and returns the text without them.
func (q *Query) take(text string, matches [][]string, term func([]string) string, prefix bool) string {
	for _, m := range matches {
		q.Words = append(q.Words, Word{[]Term{{cut(term(m)), prefix}}})
		text = strings.Replace(text, m[0], " ", 1)
	}
	return text
}

// wordOf is a typed word with its forms. Two letters are a number plate or a short word, and found as they are.
func wordOf(word string) Word {
	word = cut(word)
	if utf8.RuneCountInString(word) < 3 {
		return Word{[]Term{{Text: word}}}
	}
	var w Word
	for _, stem := range stems(word) {
		w.Any = append(w.Any, Term{stem, true})
	}
	return w
}

// endings of Polish nouns, adjectives and names without diacritics, longest first.
var endings = []string{"iego", "iemu", "ego", "emu", "ami", "ymi", "imi", "ach", "owi", "ych", "ich", "iej", "iem", "ej", "em", "om", "ow",
	"ie", "ia", "iu", "a", "e", "i", "o", "u", "y"}

// shortestStem is what an ending must leave.
const shortestStem = 4

// stems returns the beginnings under which the forms of a word are found: without its ending, and with the consonant that changes
// before some endings (działka, działce; droga, drodze).
func stems(word string) []string {
	if s := shifted(word); s != "" {
		return changed(s)
	}
	if strings.ContainsAny(word, "0123456789") {
		return []string{word}
	}
	for _, ending := range endings {
		if stem, ok := strings.CutSuffix(word, ending); ok && len(stem) >= shortestStem {
			return changed(stem)
		}
	}
	return []string{word}
}

func changed(stem string) []string {
	list := []string{stem}
	for _, pair := range [][2]string{{"k", "c"}, {"g", "dz"}} {
		for i, from := range pair {
			if base, ok := strings.CutSuffix(stem, from); ok && len(base) >= shortestStem-1 {
				list = append(list, base+pair[1-i])
			}
		}
	}
	return list
}

// shifted is the stem of a word whose "e" goes away before endings: wniosek, wniosku; mieszkaniec, mieszkańca. "" for others.
func shifted(word string) string {
	for _, pair := range [][2]string{{"iec", "c"}, {"ek", "k"}} {
		if base, ok := strings.CutSuffix(word, pair[0]); ok && len(base) >= shortestStem-1 {
			return base + pair[1]
		}
	}
	return ""
}

// finds reports which word of the query a folded word of a text answers, -1 for none.
func (q Query) finds(word string) int {
	term := cut(word)
	return slices.IndexFunc(q.Words, func(w Word) bool {
		return slices.ContainsFunc(w.Any, func(t Term) bool { return t.matches(term) || t.matches(shifted(term)) })
	})
}

func (t Term) matches(term string) bool {
	return term == t.Text || t.Prefix && strings.HasPrefix(term, t.Text)
}
