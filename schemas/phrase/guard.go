package phrase

import (
	"fmt"
	"unicode/utf8"
)

// manyEntries is how many patterns must begin with the same word before a Set looks for their other words first.
const manyEntries = 64

// guards are elements without which a pattern cannot match: of each variant the one that the fewest others have. Where
// thousands of patterns begin with "wniosek", one pass over the text tells which of them are worth trying.
type guards struct {
	of    map[[2]int]int // pattern, variant: its guard
	exact map[string][]int
	stems map[string][]int
	count int
}

// newGuards chooses the guards; nil where no word begins many patterns.
func (s *Set) newGuards() *guards {
	most := 0
	for _, index := range []map[string][]entry{s.exact, s.stems} {
		for _, entries := range index {
			most = max(most, len(entries))
		}
	}
	if most < manyEntries {
		return nil
	}
	g := &guards{of: map[[2]int]int{}, exact: map[string][]int{}, stems: map[string][]int{}}
	uses, ids := s.elementUses(), map[string]int{}
	for i, p := range s.patterns {
		for j, v := range p.variants {
			if e, ok := v.rarest(uses); ok {
				g.of[[2]int{i, j}] = g.id(e, ids)
			}
		}
	}
	return g
}

func (s *Set) elementUses() map[string]int {
	uses := map[string]int{}
	for _, p := range s.patterns {
		for _, v := range p.variants {
			for _, part := range v {
				for _, e := range part {
					uses[e.key()]++
				}
			}
		}
	}
	return uses
}

// key tells elements apart.
func (e element) key() string { return fmt.Sprint([]alternative(e)) }

// rarest returns the element that the fewest variants have; an element with a number among its alternatives is none.
func (v variant) rarest(uses map[string]int) (best element, ok bool) {
	for _, part := range v {
		for _, e := range part {
			if e.numeric() || ok && uses[e.key()] >= uses[best.key()] {
				continue
			}
			best, ok = e, true
		}
	}
	return best, ok
}

func (e element) numeric() bool {
	for _, a := range e {
		if a.number {
			return true
		}
	}
	return false
}

func (g *guards) id(e element, ids map[string]int) int {
	key := e.key()
	if id, ok := ids[key]; ok {
		return id
	}
	id := g.count
	ids[key] = id
	g.count++
	for _, a := range e {
		if a.stem {
			g.stems[a.text] = append(g.stems[a.text], id)
		} else {
			g.exact[a.text] = append(g.exact[a.text], id)
		}
	}
	return id
}

// present tells which guards stand in a text. nil guards are all there.
func (g *guards) present(t Text, shortest int) []bool {
	if g == nil {
		return nil
	}
	there := make([]bool, g.count)
	for _, w := range t.Words {
		for _, id := range g.exact[w.Text] {
			there[id] = true
		}
		for n := min(shortest, 2); n <= len(w.Text); n++ {
			if n < len(w.Text) && !utf8.RuneStart(w.Text[n]) {
				continue
			}
			for _, id := range g.stems[w.Text[:n]] {
				there[id] = true
			}
		}
	}
	return there
}

// passes reports whether a variant may match a text in which those guards stand.
func (g *guards) passes(e entry, there []bool) bool {
	return there == nil || e.guard < 0 || there[e.guard]
}
