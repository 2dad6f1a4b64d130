package classify

import (
	"slices"

	"okienko/schemas/phrase"
)

// hit is one pattern found in one zone.
type hit struct {
	pattern  int
	zone     int
	from, to int     // words
	share    float64 // of the weight of its role; 0 for all of it
	weight   float64
}

// What a pattern is worth by its role.
var roleWeights = map[role]float64{
	roleFrame: 4, roleStrong: 3, roleAlias: 2, roleWeak: 1, roleForm: 3, roleSymbol: 3, roleClass: 3, roleAgainst: 3,
}

// Factors of context.
const (
	afterRequest = 1.3  // "proszę o …"
	insideFrame  = 0.25 // the topic of what another procedure frames: "informacja publiczna o wycince drzew"
	afterNot     = 0.4  // "nie mogę zarejestrować": still the subject
	ruledOut     = 0.05
	requestReach = 12 // words a request reaches, within its sentence and the next
	notReach     = 5
)

// found is everything the patterns said about a submission.
type found struct {
	zones []zone
	hits  []hit          // of the procedures
	marks map[role][]hit // of general rules and signals
}

// look finds every pattern in every zone, and weighs the hits by where they stand.
func (rs *Ruleset) look(zones []zone) found {
	got := found{zones: zones, marks: map[role][]hit{}}
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
	rs.lookForCaseNumbers(&got)
	frames := rs.frames(got)
	for i := range got.hits {
		h := &got.hits[i]
		h.weight = roleWeights[rs.patterns[h.pattern].role] * got.zones[h.zone].weight * got.context(*h)
		if h.share > 0 {
			h.weight *= h.share
		}
		if rs.framed(got, frames, *h) {
			h.weight *= insideFrame
		}
	}
	return got
}

// frames are the hits that frame others, such as "informacja publiczna o …".
func (rs *Ruleset) frames(g found) []hit {
	var frames []hit
	for _, h := range g.hits {
		if rs.patterns[h.pattern].role == roleFrame && g.zones[h.zone].name.own() {
			frames = append(frames, h)
		}
	}
	return frames
}

// framed reports whether another procedure frames the sentence of a hit, or the whole letter by its subject.
func (rs *Ruleset) framed(g found, frames []hit, h hit) bool {
	words := g.zones[h.zone].text.Words
	return slices.ContainsFunc(frames, func(f hit) bool {
		if rs.patterns[f.pattern].owner == rs.patterns[h.pattern].owner {
			return false
		}
		return g.zones[f.zone].name == zoneSubject || f.zone == h.zone && near(words[f.from].Sentence, words[h.from].Sentence)
	})
}

// near reports whether a sentence is the framing one or the one after it.
func near(frame, sentence int) bool { return sentence == frame || sentence == frame+1 }

// context weighs a hit by the words before it.
func (g found) context(h hit) float64 {
	words := g.zones[h.zone].text.Words
	if g.follows(roleNegation, h, notReach, 0) {
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

// saysNot reports whether "nie" stands shortly before a word, in its clause.
func saysNot(words []phrase.Word, at int) bool {
	for i := at - 1; i >= 0 && i >= at-notReach && words[i].Clause == words[at].Clause; i-- {
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
