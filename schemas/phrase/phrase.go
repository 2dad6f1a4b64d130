// Package phrase owns the pattern language of the procedure files: words and stems as residents write them, found in text
// with or without Polish letters. It is a leaf: it knows no service and no submission.
//
// A pattern is a line such as
//
//	wymian* prawa|prawko jazdy
//	# osob*
//	kupil* ~ auto|samochod*
//
// Words are compared after Fold. A trailing "*" stands for any ending, "|" separates alternatives, "#" is a number in digits
// or one of the small numerals, "#6" is a number of at least six digits. The words follow each other with at most MaxGap
// others between; "~" allows the parts beside it in any order, at most MaxNear words apart. A match never crosses a blank
// line.
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
	source string
	parts  [][]element // parts in any order, elements of a part in order
}

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
	for part := range strings.SplitSeq(source, "~") {
		elements, err := compilePart(part)
		if err != nil {
			return Pattern{}, fmt.Errorf("pattern %q: %w", source, err)
		}
		p.parts = append(p.parts, elements)
	}
	if keyOf(p.parts[0]) < 0 {
		return Pattern{}, fmt.Errorf("pattern %q: the first part needs at least one word beside #", source)
	}
	return p, nil
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
		}
		elements = append(elements, e)
	}
	if len(elements) == 0 {
		return nil, fmt.Errorf("no words; allowed are words, stem*, a|b, # and ~ between parts")
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
