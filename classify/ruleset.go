package classify

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"okienko/ingest"
	"okienko/schemas"
	"okienko/schemas/phrase"
)

// Ruleset is a compiled set of rules. It is immutable and may be used concurrently.
type Ruleset struct {
	version    string
	threshold  float64
	procedures []Procedure
	patterns   []rulePattern // parallel to the patterns in set
	set        *phrase.Set
	speller    *phrase.Speller
	classes    map[string][]int // class of the file plan (JRWA): indexes of patterns
	signals    []compiledSignal
	model      *Model // asked where the rules are unsure; may be nil
}

// role is what a pattern is good for.
type role int

const (
	roleFrame role = iota
	roleStrong
	roleWeak
	roleAlias
	roleAgainst
	roleForm
	roleSymbol
	roleClass // a case number (znak sprawy) of the procedure's class; found by its form, not by a pattern
	roleRequest
	roleNegation
	roleFurther
	roleQuestion
	roleFiling
	roleSupplement
	roleAlarm
	roleSignalSubject
	roleSignalLetter
)

var roleNames = map[role]string{
	roleFrame: "frame", roleStrong: "strong", roleWeak: "weak", roleAlias: "alias", roleAgainst: "against", roleForm: "form", roleSymbol: "symbol",
	roleClass: "class",
}

// rulePattern says what it means when a pattern is found.
type rulePattern struct {
	role  role
	owner int // index of the procedure or signal; -1 for general rules
	nth   int // position among the owner's patterns of that role
	text  string
}

type compiledSignal struct{ Signal }

// Compile prepares rules for deciding. The error joins every bad pattern and signal, each named by its key.
func Compile(rules Rules) (*Ruleset, error) {
	b := builder{rs: &Ruleset{
		version: rules.Version(), threshold: rules.Threshold, procedures: rules.Procedures, classes: map[string][]int{},
	}}
	if rules.Threshold <= 0 || rules.Threshold >= 1 {
		b.problems = append(b.problems, fmt.Errorf("threshold %v: allowed is between 0 and 1", rules.Threshold))
	}
	b.add("requests", roleRequest, -1, rules.Requests)
	b.add("negations", roleNegation, -1, rules.Negations)
	b.add("further", roleFurther, -1, rules.Further)
	b.add("questions", roleQuestion, -1, rules.Questions)
	b.add("filings", roleFiling, -1, rules.Filings)
	b.add("supplements", roleSupplement, -1, rules.Supplement)
	b.add("alarms", roleAlarm, -1, rules.Alarms)
	for i, p := range rules.Procedures {
		b.addProcedure(i, p)
	}
	for i, s := range rules.Signals {
		b.addSignal(i, s)
	}
	b.rs.set = phrase.NewSet(b.compiled)
	b.rs.speller = phrase.NewSpeller(b.rs.set)
	return b.rs, errors.Join(b.problems...)
}

// Default returns the embedded rules compiled for the procedures of the catalogue in force at the time, with the model of the
// embedded examples beside them. An error means a broken build or catalogue.
func Default(catalog schemas.Catalog, at time.Time) (*Ruleset, error) {
	rules, err := DefaultRules(catalog, at)
	if err != nil {
		return nil, err
	}
	rs, err := Compile(rules)
	if err != nil {
		return nil, err
	}
	examples, err := Examples()
	if err != nil {
		return nil, err
	}
	return rs.WithModel(Train(examples)), nil
}

// Version names the rules; every Decision carries it.
func (rs *Ruleset) Version() string { return rs.version }

type builder struct {
	rs       *Ruleset
	compiled []phrase.Pattern
	problems []error
}

func (b *builder) add(key string, r role, owner int, sources []string) {
	for nth, source := range sources {
		p, err := phrase.Compile(source)
		if err != nil {
			b.problems = append(b.problems, fmt.Errorf("key %s: %w", key, err))
			continue
		}
		b.compiled = append(b.compiled, p)
		b.rs.patterns = append(b.rs.patterns, rulePattern{role: r, owner: owner, nth: nth, text: source})
	}
}

func (b *builder) addProcedure(i int, p Procedure) {
	key := "procedures." + string(p.ID)
	b.add(key+".match.frame", roleFrame, i, p.Match.Frame)
	b.add(key+".match.strong", roleStrong, i, p.Match.Strong)
	b.add(key+".match.weak", roleWeak, i, p.Match.Weak)
	b.add(key+".match.against", roleAgainst, i, p.Match.Against)
	b.add(key+".aliases", roleAlias, i, aliasPatterns(p.Aliases))
	b.add(key+".match.forms", roleForm, i, wordPatterns(p.Match.Forms))
	b.add(key+".symbols", roleSymbol, i, wordPatterns(p.Symbols))
	if p.JRWA != "" {
		b.rs.classes[p.JRWA] = append(b.rs.classes[p.JRWA], len(b.rs.patterns))
		b.compiled = append(b.compiled, phrase.Pattern{}) // keeps the two lists parallel; matches nothing
		b.rs.patterns = append(b.rs.patterns, rulePattern{role: roleClass, owner: i, text: p.JRWA})
	}
}

func (b *builder) addSignal(i int, s Signal) {
	if err := s.check(); err != nil {
		b.problems = append(b.problems, err)
	}
	b.add("signals."+s.ID+".subject", roleSignalSubject, i, s.Subject)
	b.add("signals."+s.ID+".letter", roleSignalLetter, i, s.Letter)
	b.rs.signals = append(b.rs.signals, compiledSignal{s})
}

// aliasPatterns makes patterns of what residents say: the words as they stand, with any ending where they are long enough
// to have one. One-word aliases that are everyday words would match everywhere and are left to the match patterns.
func aliasPatterns(aliases []string) []string {
	var patterns []string
	for _, alias := range aliases {
		words := phrase.Split(alias).Words
		if len(words) < 2 {
			continue
		}
		stems := make([]string, len(words))
		for i, w := range words {
			stems[i] = stemOf(w.Text)
		}
		patterns = append(patterns, strings.Join(stems, " "))
	}
	return patterns
}

// stemOf cuts what Polish inflection changes: up to two letters, never below four.
func stemOf(word string) string {
	cut := min(2, len(word)-4)
	if cut <= 0 || len(word) < 5 {
		return word
	}
	return word[:len(word)-cut] + "*"
}

func wordPatterns(symbols []string) []string {
	var patterns []string
	for _, s := range symbols {
		if words := phrase.Split(s).Words; len(words) == 1 {
			patterns = append(patterns, words[0].Text)
		}
	}
	return patterns
}

var symbolForm = regexp.MustCompile(`[A-Z]{2,4}-\d+`)

// symbolsIn returns the card symbols named in a text such as "SA-14 (obywatele RP), SA-12 (cudzoziemcy)".
func symbolsIn(text string) []string { return slices.Compact(symbolForm.FindAllString(text, -1)) }

func (rs *Ruleset) title(i int) string { return rs.procedures[i].Title }

// place returns where a match stands, or nil where the text is no document (subject, quoted letters).
func place(z zone, from, to int) *ingest.Place {
	if z.document == "" {
		return nil
	}
	return &ingest.Place{Document: z.document, Start: z.offset + from, End: z.offset + to}
}
