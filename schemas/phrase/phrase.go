// Package phrase owns the pattern language of the procedure files: words and stems as residents write them, found in text
// with or without Polish letters. It is a leaf: it knows no service and no submission.
//
// A pattern is a line such as
//
//	wymian* prawa|prawko jazdy
//	# osob*
//	kupil* ~ auto|samochod*
//
// Words are compared after Fold. Brackets hold alternatives of several words: "(za granic*|zagranic*) ~ auto". Stems are written by hand and not computed: on 92 forms of 24 office words the stempel
// stemmer found the stem of 79 % with Polish letters and of 41 % without, and residents leave them out. A trailing "*" stands for any ending ("dzialk*" is "działce", too), "|" separates alternatives, "#" is a number in digits
// or one of the small numerals, "#6" is a number of at least six digits. The words follow each other with at most MaxGap
// others between, or none between two words of one or two letters ("sp z oo"); "~" allows the parts beside it in any order,
// at most MaxNear words apart. A match never crosses a blank line.
//
// Read next: set.go, which finds many patterns in one pass.
package phrase

import (
	"fmt"
	"strconv"
	"strings"
)

// MaxGap is how many other words may stand between two words of a phrase; MaxNear the same for parts joined by "~".
const (
	MaxGap  = 2
	MaxNear = 6
)

// Pattern is a compiled pattern. The zero Pattern matches nothing.
type Pattern struct {
	source   string
	variants []variant // one for each choice of what stands in brackets
}

// variant is a pattern without brackets: parts in any order, elements of a part in order.
type variant [][]element

// element is one position of a phrase: any of its alternatives.
type element []alternative

type alternative struct {
	text   string
	stem   bool // any ending
	number bool
	digits int // with number: at least so many digits
}

// String returns the pattern as written.
func (p Pattern) String() string { return p.source }

// Compile parses a pattern. The error names what is wrong and what is allowed.
func Compile(source string) (Pattern, error) {
	p := Pattern{source: source}
	expanded, err := expand(source)
	if err != nil {
		return Pattern{}, fmt.Errorf("pattern %q: %w", source, err)
	}
	for _, plain := range expanded {
		v, err := compileVariant(plain)
		if err != nil {
			return Pattern{}, fmt.Errorf("pattern %q: %w", source, err)
		}
		p.variants = append(p.variants, v)
	}
	return p, nil
}

// maxVariants is how many choices the brackets of one pattern may make together.
const maxVariants = 64

// expand writes out every choice of what stands in brackets.
func expand(source string) ([]string, error) {
	before, rest, found := strings.Cut(source, "(")
	if !found {
		if strings.Contains(source, ")") {
			return nil, fmt.Errorf("a bracket is closed that was not opened")
		}
		return []string{source}, nil
	}
	inside, after, found := strings.Cut(rest, ")")
	if !found || strings.Contains(inside, "(") || strings.Contains(before, ")") {
		return nil, fmt.Errorf("brackets must be closed and not stand in one another")
	}
	tails, err := expand(after)
	if err != nil {
		return nil, err
	}
	var all []string
	for choice := range strings.SplitSeq(inside, "|") {
		for _, tail := range tails {
			all = append(all, before+choice+tail)
		}
	}
	if len(all) > maxVariants {
		return nil, fmt.Errorf("%d choices; allowed are %d", len(all), maxVariants)
	}
	return all, nil
}

func compileVariant(source string) (variant, error) {
	var v variant
	for part := range strings.SplitSeq(source, "~") {
		elements, err := compilePart(part)
		if err != nil {
			return nil, err
		}
		v = append(v, elements)
	}
	if keyOf(v[0]) < 0 {
		return nil, fmt.Errorf("the first part needs at least one word beside #")
	}
	return v, nil
}

func compilePart(part string) ([]element, error) {
	var elements []element
	for field := range strings.FieldsSeq(part) {
		var e element
		for option := range strings.SplitSeq(field, "|") {
			a, err := compileAlternative(option)
			if err != nil {
				return nil, err
			}
			e = append(e, a)
			if locative := locativeOf(a); locative != "" {
				e = append(e, alternative{text: locative})
			}
		}
		elements = append(elements, e)
	}
	if len(elements) == 0 {
		return nil, fmt.Errorf("no words; allowed are words, stem*, a|b, (a b|c), # and ~ between parts")
	}
	return elements, nil
}

func compileAlternative(option string) (alternative, error) {
	if rest, ok := strings.CutPrefix(option, "#"); ok {
		return compileNumber(rest)
	}
	text, stem := strings.CutSuffix(option, "*")
	words := Split(text).Words
	if len(words) != 1 {
		return alternative{}, fmt.Errorf("%q is not one word; allowed are letters and digits, a hyphen before digits, and * at the end", option)
	}
	if folded := words[0].Text; folded != strings.ReplaceAll(text, "-", "") {
		return alternative{}, fmt.Errorf("%q must be written in lower case without Polish letters: %q", option, folded)
	}
	if stem && len(words[0].Text) < 2 {
		return alternative{}, fmt.Errorf("%q: a stem needs at least two letters", option)
	}
	return alternative{text: words[0].Text, stem: stem}, nil
}

// locativeOf returns the form in which the last consonant of a stem changes before the ending -e: "działka, na działce",
// "opłata, o opłacie", "skarga, w skardze", "zgoda, po zgodzie". It returns "" where none does.
func locativeOf(a alternative) string {
	if !a.stem || len(a.text) < 4 {
		return ""
	}
	root, last := a.text[:len(a.text)-1], a.text[len(a.text)-1]
	switch last {
	case 'k':
		return root + "ce"
	case 't':
		return root + "cie"
	case 'g':
		return root + "dze"
	case 'd':
		return root + "dzie"
	}
	return ""
}

func compileNumber(digits string) (alternative, error) {
	if digits == "" {
		return alternative{number: true, digits: 1}, nil
	}
	n, err := strconv.Atoi(digits)
	if err != nil || n < 1 {
		return alternative{}, fmt.Errorf("#%s: allowed are # and # with a count of digits (#6)", digits)
	}
	return alternative{number: true, digits: n}, nil
}

// keyOf returns the element of a part that is best looked up first: the one whose shortest word is longest, never a number.
// It returns -1 if there is none.
func keyOf(elements []element) int {
	best, length := -1, 0
	for i, e := range elements {
		if n := e.shortest(); n > length {
			best, length = i, n
		}
	}
	return best
}

// shortest is the length of the shortest alternative, 0 if one of them is a number.
func (e element) shortest() int {
	n := 1 << 10
	for _, a := range e {
		if a.number {
			return 0
		}
		n = min(n, len(a.text))
	}
	return n
}

// short reports whether all alternatives are words of one or two letters, which mean nothing apart from each other.
func (e element) short() bool {
	for _, a := range e {
		if a.number || a.stem || len(a.text) > 2 {
			return false
		}
	}
	return true
}

func (e element) matches(word string) bool {
	for _, a := range e {
		if a.matches(word) {
			return true
		}
	}
	return false
}

func (a alternative) matches(word string) bool {
	switch {
	case a.number:
		return isNumber(word, a.digits)
	case a.stem:
		return strings.HasPrefix(word, a.text)
	default:
		return word == a.text
	}
}

func isNumber(word string, digits int) bool {
	if digits <= 1 && numerals[word] {
		return true
	}
	for _, r := range word {
		if r < '0' || r > '9' {
			return false
		}
	}
	return len(word) >= digits
}

// numerals are the small numbers people write as words, in the forms that count people and things.
var numerals = map[string]bool{
	"jeden": true, "jedna": true, "jedno": true, "dwa": true, "dwie": true, "dwoje": true, "trzy": true, "troje": true,
	"cztery": true, "czworo": true, "piec": true, "piecioro": true, "szesc": true, "siedem": true, "osiem": true,
	"dziewiec": true, "dziesiec": true, "one": true, "two": true, "three": true, "four": true, "five": true, "six": true,
}
