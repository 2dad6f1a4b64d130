package classify

import (
	"okienko/schemas/phrase"
)

// hit is one pattern found in one zone.
type hit struct {
	pattern  int
	zone     int
	from, to int // words
	weight   float64
}

// What a pattern is worth by its role.
var roleWeights = map[role]float64{
	roleStrong: 3, roleAlias: 2, roleWeak: 1, roleForm: 3, roleSymbol: 3, roleAgainst: 2,
}

// Factors of context.
const (
	afterRequest = 1.3 // "proszę o …"
	afterNot     = 0.4 // "nie mogę zarejestrować": still the subject
	ruledOut     = 0.05
	requestReach = 12 // words a request reaches, within its sentence and the next
	notReach     = 3
)

// found is everything the patterns said about a submission.
type found struct {
	zones []zone
	hits  []hit          // of the procedures
	marks map[role][]hit // of general rules and signals
}

// look finds every pattern in every zone, and weighs the hits by where they stand.
func (rs *Ruleset) look(f Features) found {
	got := found{zones: zonesOf(f), marks: map[role][]hit{}}
	for z := range got.zones {
		rs.set.Find(got.zones[z].text, func(m phrase.Match) {
			h := hit{pattern: m.Pattern, zone: z, from: m.From, to: m.To}
			if r := rs.patterns[m.Pattern].role; r >= roleRequest {
				got.marks[r] = append(got.marks[r], h)
			} else {
				got.hits = append(got.hits, h)
			}
		})
	}
	for i := range got.hits {
		h := &got.hits[i]
		h.weight = roleWeights[rs.patterns[h.pattern].role] * got.zones[h.zone].weight * got.context(*h)
	}
	return got
}

// context weighs a hit by the words before it.
func (g found) context(h hit) float64 {
	words := g.zones[h.zone].text.Words
	if g.follows(roleNegation, h, notReach+2, 0) {
		return ruledOut
	}
	if saysNot(words, h.from) {
		return afterNot
	}
	if g.zones[h.zone].name.own() && g.follows(roleRequest, h, requestReach, 1) {
		return afterRequest
	}
	return 1
}

// follows reports whether a general pattern stands at most reach words before the hit and at most so many sentences away.
func (g found) follows(r role, h hit, reach, sentences int) bool {
	words := g.zones[h.zone].text.Words
	for _, m := range g.marks[r] {
		if m.zone != h.zone || m.from > h.from || h.from-m.to > reach {
			continue
		}
		if words[h.from].Sentence-words[m.to].Sentence <= sentences {
			return true
		}
	}
	return false
}

// saysNot reports whether "nie" stands right before a word, in its sentence.
func saysNot(words []phrase.Word, at int) bool {
	for i := at - 1; i >= 0 && i >= at-notReach && words[i].Sentence == words[at].Sentence; i-- {
		switch words[i].Text {
		case "nie", "not", "don", "не", "bez", "without":
			return true
		}
	}
	return false
}

// excerpt returns the words of a hit as they stand in the letter.
func (g found) excerpt(h hit) (words string, start, end int) {
	z := g.zones[h.zone]
	start, end = z.text.Words[h.from].Start, z.text.Words[h.to].End
	return z.source[start:end], start, end
}
