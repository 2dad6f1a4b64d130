package field

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	maxLabelBytes = 80
	maxLabelWords = 6
)

// label returns the words right before a value that may name it: those on its line back to the last comma, bracket or end of
// a sentence; where it begins a line, the line above if that ends in a colon.
// It does not reach back beyond from.
func (s *scan) label(from, at int) string {
	line := s.text[max(from, at-4*maxLabelBytes):at]
	if i := strings.LastIndexAny(line, "\n\f"); i >= 0 {
		above := line[:i]
		line = line[i+1:]
		if strings.TrimSpace(line) == "" {
			above = strings.TrimRight(above, " \t\n\f")
			above = above[strings.LastIndexAny(above, "\n\f")+1:]
			if !strings.HasSuffix(above, ":") {
				return ""
			}
			line = above
		}
	}
	return lastWords(line)
}

// relabel gives every value its label, now that it is known which words before it belong to another value.
func (s *scan) relabel() {
	from := 0
	for i := range s.found {
		f := &s.found[i]
		f.Label = s.label(from, f.Place.Start)
		from = f.Place.End
	}
}

// lastWords trims a line to the words that belong to what follows it.
func lastWords(line string) string {
	line = strings.TrimRightFunc(line, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(":-–—=.|*_", r) })
	if cell := strings.LastIndexByte(line, '\t'); cell >= 0 {
		line = line[cell+1:]
	}
	start, words, inWord := len(line), 0, false
	for start > 0 {
		r, n := utf8.DecodeLastRuneInString(line[:start])
		if strings.ContainsRune(",;()[]!?•|„”\"", r) || endsSentence(line, start, r) || len(line)-start > maxLabelBytes {
			break
		}
		if unicode.IsSpace(r) {
			inWord = false
		} else if !inWord {
			if words == maxLabelWords {
				break
			}
			inWord = true
			words++
		}
		start -= n
	}
	return strings.TrimSpace(strings.ToValidUTF8(strings.TrimLeft(line[start:], " \t.:-–"), ""))
}

// endsSentence reports whether the full stop or colon before start closes a sentence: behind an abbreviation ("z dn.", "nr",
// "ul.") it does not.
func endsSentence(line string, start int, r rune) bool {
	if r == ':' {
		return strings.TrimSpace(line[start:]) != ""
	}
	if r != '.' || start == len(line) {
		return false
	}
	before := line[:start-1]
	word := before[strings.LastIndexFunc(before, unicode.IsSpace)+1:]
	return utf8.RuneCountInString(word) > 4 && strings.HasPrefix(line[start:], " ")
}
