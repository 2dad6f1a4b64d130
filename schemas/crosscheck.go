package schemas

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"okienko/schemas/phrase"
)

// crossCheck runs the checks a schema of one file cannot make: what one file says must exist in the others.
func crossCheck(procedures []named, conditions []Condition) error {
	known := map[string]bool{}
	for _, c := range conditions {
		known[c.ID] = true
	}
	ids := map[ProcedureID]bool{}
	for _, p := range procedures {
		ids[p.ID] = true
	}
	var problems []error
	for _, p := range procedures {
		for _, problem := range slices.Concat(
			checkReferences(p.Procedure, known, ids), checkIDs(p.Procedure), checkChannels(p.Procedure), checkPatterns(p.Procedure),
		) {
			problems = append(problems, fmt.Errorf("%s: %w", p.file, problem))
		}
	}
	if !ids[General] {
		problems = append(problems, fmt.Errorf("procedures: %s.yaml is missing; it is where unsure letters go", General))
	}
	return errors.Join(append(problems, checkVersions(procedures)...)...)
}

func checkReferences(p Procedure, conditions map[string]bool, ids map[ProcedureID]bool) []error {
	var problems []error
	if p.Redirect != "" && (!ids[p.Redirect] || p.Redirect == p.ID) {
		problems = append(problems, fmt.Errorf("key redirect: %q is no other procedure of the catalogue", p.Redirect))
	}
	used := p.ConditionsUsed()
	for id := range maps.Keys(p.Conditions) {
		used = append(used, id)
	}
	slices.Sort(used)
	for _, id := range slices.Compact(used) {
		if !conditions[id] {
			problems = append(problems, fmt.Errorf("condition %q is not in conditions.yaml; allowed are %s", id, strings.Join(slices.Sorted(maps.Keys(conditions)), ", ")))
		}
	}
	return problems
}

func checkIDs(p Procedure) []error {
	var problems []error
	seen := map[string]bool{}
	for _, r := range slices.Concat(p.Fields, p.Attached) {
		if _, ok := p.Requirement(r.Follows); r.Follows != "" && (!ok || r.Follows == r.ID) {
			problems = append(problems, fmt.Errorf("requirement %q: follows %q, which is no other requirement of the procedure", r.ID, r.Follows))
		}
		if seen[r.ID] {
			problems = append(problems, fmt.Errorf("requirement %q stands there twice; ids of fields and attachments must differ", r.ID))
		}
		seen[r.ID] = true
		for _, kind := range r.Kinds {
			for part := range strings.SplitSeq(kind, "+") {
				if !KnownKind(part) {
					problems = append(problems, fmt.Errorf("requirement %q: kind %q is unknown; see kinds.go for what a reader recognises", r.ID, part))
				}
			}
		}
	}
	return problems
}

// ChannelNames are the ways the catalogue knows; every procedure says something about each.
func ChannelNames() []string {
	return []string{"osobiscie", "poczta", "e_doreczenia", "epuap", "gov_pl", "email", "urna"}
}

func checkChannels(p Procedure) []error {
	var problems []error
	for _, name := range ChannelNames() {
		if p.Channels[name] == "" {
			problems = append(problems, fmt.Errorf("key channels: %q is missing; allowed are yes, no, partial, required, office_decision", name))
		}
	}
	return problems
}

func checkPatterns(p Procedure) []error {
	var problems []error
	try := func(key string, patterns []string) {
		for _, source := range patterns {
			if _, err := phrase.Compile(source); err != nil {
				problems = append(problems, fmt.Errorf("key %s: %w", key, err))
			}
		}
	}
	try("match.frame", p.Match.Frame)
	try("match.strong", p.Match.Strong)
	try("match.weak", p.Match.Weak)
	try("match.against", p.Match.Against)
	for _, r := range slices.Concat(p.Fields, p.Attached) {
		try(r.ID+".words", r.Words)
		try(r.ID+".near", r.Near)
	}
	for _, id := range slices.Sorted(maps.Keys(p.Conditions)) {
		try("conditions."+id+".says", p.Conditions[id].Says)
		try("conditions."+id+".denies", p.Conditions[id].Denies)
	}
	return problems
}

func checkConditions(conditions []Condition) error {
	var problems []error
	seen := map[string]bool{}
	for _, c := range conditions {
		if seen[c.ID] {
			problems = append(problems, fmt.Errorf("conditions.yaml: condition %q stands there twice", c.ID))
		}
		seen[c.ID] = true
		for _, source := range slices.Concat(c.Says, c.Denies) {
			if _, err := phrase.Compile(source); err != nil {
				problems = append(problems, fmt.Errorf("conditions.yaml: condition %q: %w", c.ID, err))
			}
		}
	}
	if !seen[Always] {
		problems = append(problems, fmt.Errorf("conditions.yaml: condition %q is missing", Always))
	}
	return errors.Join(problems...)
}

// checkVersions refuses two versions of a procedure that apply on the same day.
func checkVersions(procedures []named) []error {
	var problems []error
	for i, a := range procedures {
		for _, b := range procedures[:i] {
			if a.ID == b.ID && overlap(a.Procedure, b.Procedure) {
				problems = append(problems, fmt.Errorf("%s and %s: both versions of %q apply on the same day; valid_from and valid_to must not overlap", b.file, a.file, a.ID))
			}
		}
	}
	return problems
}

func overlap(a, b Procedure) bool {
	endsBefore := func(x, y Procedure) bool {
		return !x.ValidTo.IsZero() && !y.ValidFrom.IsZero() && x.ValidTo.Before(y.ValidFrom.Time)
	}
	return !endsBefore(a, b) && !endsBefore(b, a)
}
