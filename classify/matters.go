package classify

import (
	"cmp"
	"slices"
)

// secondMatter is how many points a further matter needs, and its share of the points of the first.
const (
	secondMatter = 3.0
	secondShare  = 0.45
)

// matters splits the ranking into the matter of the letter and the further matters in it. nil means that nothing was found.
// Of several matters the one named first is the main one.
func (rs *Ruleset) matters(g found, ranked []score) (*score, []score) {
	if len(ranked) == 0 {
		return nil, nil
	}
	top := ranked[0]
	separate := []score{top}
	for _, s := range ranked[1:] {
		if s.points < secondMatter || s.points < secondShare*top.points || len(separate) == 3 {
			continue
		}
		if !slices.ContainsFunc(separate, func(o score) bool { return !rs.apart(g, o, s) }) {
			separate = append(separate, s)
		}
	}
	if len(separate) == 1 {
		return &top, nil
	}
	slices.SortStableFunc(separate, func(a, b score) int { return cmp.Compare(firstWord(g, a), firstWord(g, b)) })
	return &separate[0], separate[1:]
}

// apart reports whether two procedures are named in different places of the letter, each as a matter of its own: in
// different items of a list, or in different sentences that each ask for something.
func (rs *Ruleset) apart(g found, a, b score) bool {
	return g.listed(a, b) || g.requested(a, b) && g.requested(b, a)
}

// listed reports whether two procedures are named in different items of a list.
func (g found) listed(a, b score) bool {
	items := func(s score) map[int]bool {
		in := map[int]bool{}
		for _, h := range s.ownSolid {
			if z := g.zones[h.zone]; z.name == zoneLetter {
				in[g.item(h)] = true
			}
		}
		return in
	}
	inA, inB := items(a), items(b)
	for i := range inA {
		for j := range inB {
			if i > 0 && j > 0 && i != j && !inA[j] && !inB[i] {
				return true
			}
		}
	}
	return false
}

// requested reports whether a solid hit of s follows a request or a word for a further matter, in a sentence that does not
// name the other one.
func (g found) requested(s, other score) bool {
	for _, h := range s.ownSolid {
		if g.zones[h.zone].name != zoneLetter || g.sharesSentence(h, other) {
			continue
		}
		if g.follows(roleRequest, h, requestReach, 0) || g.follows(roleFurther, h, requestReach, 1) {
			return true
		}
	}
	return false
}

// sharesSentence reports whether the other procedure is named in the sentence of a hit, with nothing between that begins a further
// matter ("po drugie").
func (g found) sharesSentence(h hit, other score) bool {
	return slices.ContainsFunc(other.ownSolid, func(o hit) bool {
		return o.zone == h.zone && g.sameSentence(o, h) && !g.parted(o, h)
	})
}

func (g found) parted(a, b hit) bool {
	first, second := a, b
	if b.from < a.from {
		first, second = b, a
	}
	return slices.ContainsFunc(g.marks[roleFurther], func(m hit) bool {
		return m.zone == a.zone && first.to < m.from && m.from <= second.from
	})
}

// firstWord tells where the letter first names a procedure.
func firstWord(g found, s score) int {
	first := 1 << 30
	for _, h := range s.ownSolid {
		if g.zones[h.zone].name == zoneLetter {
			first = min(first, h.from)
		}
	}
	return first
}
