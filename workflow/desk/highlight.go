package desk

import (
	"cmp"
	"fmt"
	"slices"
	"unicode/utf8"

	"okienko/ingest"
)

// The kinds of highlighted text.
const (
	markWhy   = "why"   // said which service it is
	markFound = "found" // met a requirement
)

// highlight is a piece of a document's text that something was concluded from.
type highlight struct {
	place ingest.Place
	kind  string
	title string // what was concluded
}

// segment is a piece of text as shown; Kind is "" where nothing is highlighted. ID is unique on the page.
type segment struct {
	Text, Kind, Title, ID string
}

// segments splits the first limit bytes of a document's text at its highlights; limit 0: all of it. Of highlights that overlap
// the earlier one is shown, of those that begin together the longer. cut tells that there is more text.
func segments(document, text string, marks []highlight, limit int, hide bool) (list []segment, cut bool) {
	show := func(s string) string { return s }
	if hide {
		show = mask
	}
	if limit > 0 && len(text) > limit {
		text, cut = text[:runeStart(text, limit)], true
	}
	at := 0
	for _, m := range inOrder(document, text, marks) {
		if m.place.Start < at {
			continue
		}
		if m.place.Start > at {
			list = append(list, segment{Text: show(text[at:m.place.Start])})
		}
		list = append(list, segment{Text: show(text[m.place.Start:m.place.End]), Kind: m.kind, Title: m.title, ID: anchor(m.place)})
		at = m.place.End
	}
	if at < len(text) {
		list = append(list, segment{Text: show(text[at:])})
	}
	return list, cut
}

// inOrder returns the highlights that lie in the text of the document. Places come from the sandboxed reader and from rules:
// one that does not fit the text is left out rather than trusted.
func inOrder(document, text string, marks []highlight) []highlight {
	var list []highlight
	for _, m := range marks {
		p := m.place
		if p.Document == document && 0 <= p.Start && p.Start < p.End && p.End <= len(text) &&
			runeStart(text, p.Start) == p.Start && runeStart(text, p.End) == p.End {
			list = append(list, m)
		}
	}
	slices.SortStableFunc(list, func(a, b highlight) int {
		return cmp.Or(cmp.Compare(a.place.Start, b.place.Start), cmp.Compare(b.place.End, a.place.End))
	})
	return list
}

// runeStart is the last position at or before i where a character begins.
func runeStart(s string, i int) int {
	if i >= len(s) {
		return len(s)
	}
	for i > 0 && !utf8.RuneStart(s[i]) {
		i--
	}
	return i
}

// anchor names a place on the page.
func anchor(p ingest.Place) string { return fmt.Sprintf("m%s-%d", p.Document, p.Start) }

// quote returns the text of a place, with a little of what stands around it, in one line.
func quote(text string, p ingest.Place, around int) string {
	if p.Start < 0 || p.End > len(text) || p.Start >= p.End {
		return ""
	}
	start, end := runeStart(text, max(0, p.Start-around)), runeStart(text, min(len(text), p.End+around))
	s := oneLine(text[start:end])
	if start > 0 {
		s = "…" + s
	}
	if end < len(text) {
		s += "…"
	}
	return s
}
