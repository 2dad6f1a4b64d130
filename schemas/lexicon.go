package schemas

import (
	"cmp"
	"slices"

	"okienko/schemas/phrase"
)

// Lexicon finds the patterns of many keys in one pass over a text. It is immutable and may be used concurrently; the zero
// Lexicon finds nothing.
type Lexicon struct {
	set     *phrase.Set
	speller *phrase.Speller
	owner   []string // parallel to the patterns of set
}

// newLexicon compiles patterns that were checked when the catalogue was loaded; a bad one finds nothing.
func newLexicon(patterns map[string][]string) *Lexicon {
	var l Lexicon
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
	l.speller = phrase.NewSpeller(l.set)
	return &l
}

// Said is what was found of each key, earliest first, the longest of several at the same word first.
type Said map[string][]phrase.Match

// Find looks for the patterns of every key.
func (l *Lexicon) Find(t phrase.Text) Said {
	found := Said{}
	if l == nil {
		return found
	}
	l.set.Find(t, func(m phrase.Match) {
		key := l.owner[m.Pattern]
		found[key] = append(found[key], m)
	})
	for _, matches := range found {
		slices.SortFunc(matches, func(a, b phrase.Match) int { return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(b.To, a.To)) })
	}
	return found
}

// Corrected returns the text with slips of the finger corrected towards the words of the patterns, in its first limit words,
// and whether there were any.
func (l *Lexicon) Corrected(t phrase.Text, limit int) (phrase.Text, bool) {
	if l == nil {
		return t, false
	}
	return l.speller.Correct(t, limit)
}

// WordsKey is the key of the words of a requirement.
func (r Requirement) WordsKey() string { return r.ID }

// NearKey is the key of the words that tell which of several values is meant.
func (r Requirement) NearKey() string { return r.ID + "/near" }

// SaysKey is the key of what speaks for a condition.
func (c Condition) SaysKey() string { return c.ID + "/says" }

// DeniesKey is the key of what speaks against it.
func (c Condition) DeniesKey() string { return c.ID + "/denies" }

// lexicons of a procedure, compiled once when the catalogue is loaded.
type lexicons struct{ requirements, conditions *Lexicon }

func compileLexicons(p Procedure) *lexicons {
	words, cues := map[string][]string{}, map[string][]string{}
	for _, r := range slices.Concat(p.Fields, p.Attached) {
		words[r.WordsKey()], words[r.NearKey()] = r.Words, r.Near
	}
	for _, c := range p.Conditions {
		cues[c.SaysKey()], cues[c.DeniesKey()] = c.Says, c.Denies
	}
	return &lexicons{newLexicon(words), newLexicon(cues)}
}

// Requirements finds the words of the procedure's requirements. A procedure that was not loaded compiles them at each call.
func (p Procedure) Requirements() *Lexicon { return p.compiled().requirements }

// Cues finds what settles the conditions the procedure uses.
func (p Procedure) Cues() *Lexicon { return p.compiled().conditions }

func (p Procedure) compiled() *lexicons {
	if p.lexicons != nil {
		return p.lexicons
	}
	return compileLexicons(p)
}
