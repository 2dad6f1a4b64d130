package search

import (
	"strings"
	"unicode/utf8"
)

// Segment is a piece of text; Hit says that it is a word that was looked for.
type Segment struct {
	Text string
	Hit  bool
}

// place is a word of a text that answers a word of the query.
type place struct{ start, end, word int }

// mostPlaces bounds how many are weighed in one text.
const mostPlaces = 500

// places finds the words of text that answer the query, in order.
func (q Query) places(text string) []place {
	var list []place
	for start := 0; start < len(text) && len(list) < mostPlaces; {
		r, size := utf8.DecodeRuneInString(text[start:])
		if !inWord(r) {
			start += size
			continue
		}
		end := strings.IndexFunc(text[start:], func(r rune) bool { return !inWord(r) && !isMark(r) })
		if end < 0 {
			end = len(text) - start
		}
		end += start
		if w := q.finds(Fold(text[start:end])); w >= 0 {
			list = append(list, place{start, end, w})
		}
		start = end
	}
	return list
}

// isMark reports whether a character only changes the one before it, which folding takes away.
func isMark(r rune) bool { return Fold(string(r)) == "" }

// Around returns about width bytes of text, cut between words, where most of the query's words stand together; "" if none does.
func (q Query) Around(text string, width int) string {
	list := q.places(text)
	if len(list) == 0 {
		return ""
	}
	best, most := 0, 0
	for i := range list {
		seen := map[int]bool{}
		for j := i; j < len(list) && list[j].end-list[i].start <= width; j++ {
			seen[list[j].word] = true
		}
		if len(seen) > most {
			best, most = i, len(seen)
		}
	}
	from := max(0, list[best].start-width/4)
	return strings.TrimSpace(text[wordStart(text, from):wordEnd(text, min(len(text), max(from+width, list[best].end)))])
}

// wordStart is the first place at or after i, and not far from it, where a word begins.
func wordStart(text string, i int) int {
	if i == 0 {
		return 0
	}
	if blank := strings.IndexAny(text[i:min(len(text), i+longestTerm)], " \n\t\f"); blank >= 0 {
		return i + blank
	}
	return runeStart(text, i)
}

// wordEnd is the last place at or before i, and not far from it, where a word ends.
func wordEnd(text string, i int) int {
	if i == len(text) {
		return i
	}
	low := max(0, i-longestTerm)
	if blank := strings.LastIndexAny(text[low:i], " \n\t\f"); blank >= 0 {
		return low + blank
	}
	return runeStart(text, i)
}

func runeStart(text string, i int) int {
	for i > 0 && !utf8.RuneStart(text[i]) {
		i--
	}
	return i
}

// Mark parts text into what was looked for and the rest, with line ends and other blanks made single blanks.
func (q Query) Mark(text string) []Segment {
	text = strings.Join(strings.Fields(text), " ")
	var list []Segment
	at := 0
	for _, p := range q.places(text) {
		if p.start > at {
			list = append(list, Segment{Text: text[at:p.start]})
		}
		list = append(list, Segment{text[p.start:p.end], true})
		at = p.end
	}
	if at < len(text) {
		list = append(list, Segment{Text: text[at:]})
	}
	return list
}
