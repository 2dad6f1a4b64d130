package validate

import (
	"cmp"
	"slices"

	"okienko/schemas"
	"okienko/schemas/phrase"
)

// lexicon finds the patterns of many keys in one pass over a text.
type lexicon struct {
	set   *phrase.Set
	owner []string // parallel to the patterns of set
}

// newLexicon compiles patterns that were checked when the catalogue was loaded; a bad one finds nothing.
func newLexicon(patterns map[string][]string) lexicon {
	var l lexicon
	var compiled []phrase.Pattern
	for key, sources := range patterns {
		for _, source := range sources {
			p, err := phrase.Compile(source)
			if err != nil {
				continue
			}
			compiled = append(compiled, p)
			l.owner = append(l.owner, key)
		}
	}
	l.set = phrase.NewSet(compiled)
	return l
}

// said is what was found of each key, earliest first, the longest of several at the same word first.
type said map[string][]phrase.Match

func (l lexicon) find(t phrase.Text) said {
	found := said{}
	l.set.Find(t, func(m phrase.Match) {
		key := l.owner[m.Pattern]
		found[key] = append(found[key], m)
	})
	for _, matches := range found {
		slices.SortFunc(matches, func(a, b phrase.Match) int { return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(b.To, a.To)) })
	}
	return found
}

// The keys of a requirement's patterns.
func wordsKey(r schemas.Requirement) string { return r.ID }
func nearKey(r schemas.Requirement) string  { return r.ID + "/near" }

// requirementWords are the patterns of all requirements of a procedure.
func requirementWords(p schemas.Procedure) lexicon {
	patterns := map[string][]string{}
	for _, r := range slices.Concat(p.Fields, p.Attached) {
		patterns[wordsKey(r)], patterns[nearKey(r)] = r.Words, r.Near
	}
	return newLexicon(patterns)
}

// conditionCues are the patterns of all conditions of a procedure.
func conditionCues(p schemas.Procedure) lexicon {
	patterns := map[string][]string{}
	for id, c := range p.Conditions {
		patterns[id+saysKey], patterns[id+deniesKey] = c.Says, c.Denies
	}
	return newLexicon(patterns)
}

const (
	saysKey   = "/says"
	deniesKey = "/denies"
)
