package classify

import (
	"sort"
	"strings"

	"okienko/schemas/phrase"
)

// itemsOf returns the bytes at which the items of a list begin: a number or a letter from a to e with a full stop, bracket or
// slash ("1.", "2)", "b/"), after a line break, colon, comma or semicolon. One item alone is no list.
func itemsOf(source string, t phrase.Text) []int {
	var items []int
	for _, w := range t.Words {
		if isMark(w.Text) && w.End < len(source) && strings.IndexByte(".)/", source[w.End]) >= 0 && startsItem(source[:w.Start]) {
			items = append(items, w.Start)
		}
	}
	if len(items) < 2 {
		return nil
	}
	return items
}

func isMark(word string) bool {
	switch len(word) {
	case 1:
		return 'a' <= word[0] && word[0] <= 'e' || '0' <= word[0] && word[0] <= '9'
	case 2:
		return '0' <= word[0] && word[0] <= '9' && '0' <= word[1] && word[1] <= '9'
	}
	return false
}

func startsItem(before string) bool {
	before = strings.TrimRight(before, " \t")
	return before == "" || strings.IndexByte("\n:,;", before[len(before)-1]) >= 0
}

// item tells in which item of a list a hit stands, from 1; 0 before the first and where there is no list.
func (g found) item(h hit) int {
	z := g.zones[h.zone]
	start := z.text.Words[h.from].Start
	return sort.Search(len(z.items), func(i int) bool { return z.items[i] > start })
}
