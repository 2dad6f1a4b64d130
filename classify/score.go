package classify

import (
	"cmp"
	"slices"
)

// score is what speaks for one procedure.
type score struct {
	procedure int
	points    float64
	solid     bool  // something hardly ever said of anything else, not only weak words
	ownSolid  []hit // everything of that kind in subject and letter, also where it is said again
	hits      []hit // best first
}

// Later evidence of the same kind counts less and less: saying it five times does not make it five times as sure.
const (
	fade     = 0.55
	sameSaid = 0.35 // of a pattern on words another pattern of the procedure has: the same words count once
	maxWeak  = 2.0  // weak words alone never decide
	maxHurt  = 6.0
	twoZones = 0.25 // share of a second zone that says the same
)

// scores ranks the procedures, best first; those without a point are left out.
func (rs *Ruleset) scores(g found) []score {
	byProcedure := make(map[int][]hit)
	for _, h := range g.hits {
		owner := rs.patterns[h.pattern].owner
		byProcedure[owner] = append(byProcedure[owner], h)
	}
	var all []score
	for owner, hits := range byProcedure {
		if s := rs.score(g, owner, hits); s.points > 0 {
			all = append(all, s)
		}
	}
	slices.SortFunc(all, func(a, b score) int {
		return cmp.Or(cmp.Compare(b.points, a.points), cmp.Compare(a.procedure, b.procedure))
	})
	return all
}

func (rs *Ruleset) score(g found, owner int, hits []hit) score {
	s := score{procedure: owner}
	var strong, weak, against []float64
	for _, h := range rs.best(g, hits) {
		switch rs.patterns[h.pattern].role {
		case roleAgainst:
			if g.zones[h.zone].name.own() && !rs.elsewhere(g, h, hits) {
				against = append(against, h.weight)
			}
			continue
		case roleWeak:
			weak = append(weak, h.weight)
		default:
			strong = append(strong, h.weight)
			s.solid = true
		}
		s.hits = append(s.hits, h)
	}
	s.ownSolid = slices.DeleteFunc(slices.Clone(hits), func(h hit) bool {
		r := rs.patterns[h.pattern].role
		return r == roleWeak || r == roleAgainst || !g.zones[h.zone].name.own() || h.weight < 1
	})
	s.points = faded(strong) + min(maxWeak, faded(weak)) - min(maxHurt, faded(against))
	return s
}

// best keeps the heaviest hit of each pattern, a little heavier if a second zone says the same, heaviest first.
func (rs *Ruleset) best(g found, hits []hit) []hit {
	byPattern := make(map[int]hit)
	zones := make(map[int]int) // pattern: bits of the zone names
	for _, h := range hits {
		zones[h.pattern] |= 1 << g.zones[h.zone].name
		if b, ok := byPattern[h.pattern]; !ok || h.weight > b.weight {
			byPattern[h.pattern] = h
		}
	}
	var best []hit
	for pattern, h := range byPattern {
		if zones[pattern]&(zones[pattern]-1) != 0 {
			h.weight *= 1 + twoZones
		}
		best = append(best, h)
	}
	byWeight := func(a, b hit) int { return cmp.Or(cmp.Compare(b.weight, a.weight), cmp.Compare(a.pattern, b.pattern)) }
	slices.SortFunc(best, byWeight)
	for i, h := range best {
		if slices.ContainsFunc(best[:i], func(o hit) bool { return overlaps(o, h) && rs.sameSide(o, h) }) {
			best[i].weight *= sameSaid
		}
	}
	slices.SortFunc(best, byWeight)
	return best
}

func overlaps(a, b hit) bool { return a.zone == b.zone && a.from <= b.to && b.from <= a.to }

// sameSide reports whether two hits both speak for their procedure, or both against it.
func (rs *Ruleset) sameSide(a, b hit) bool {
	return (rs.patterns[a.pattern].role == roleAgainst) == (rs.patterns[b.pattern].role == roleAgainst)
}

func faded(weights []float64) float64 {
	sum, factor := 0.0, 1.0
	for _, w := range weights {
		sum += w * factor
		factor *= fade
	}
	return sum
}

// elsewhere reports whether a hit stands in another item of a list than all that speaks for its procedure: then it is about
// another matter and speaks against nothing.
func (rs *Ruleset) elsewhere(g found, against hit, hits []hit) bool {
	item := g.item(against)
	if item == 0 {
		return false
	}
	return !slices.ContainsFunc(hits, func(h hit) bool {
		r := rs.patterns[h.pattern].role
		return r != roleAgainst && r != roleWeak && g.zones[h.zone].name == zoneLetter && g.item(h) == item
	})
}
