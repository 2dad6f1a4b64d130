package classify

import (
	"iter"

	"okienko/schemas"
)

// Labeled is a past letter and what a person made of it.
type Labeled struct {
	ID        string // names the letter to people: its register number
	Features  Features
	Procedure schemas.ProcedureID // "" if nobody said
}

// Change is a letter that two rule sets decide differently.
type Change struct {
	ID       string
	Old, New Decision
	Want     schemas.ProcedureID // "" if nobody said
}

// Differs reports whether two decisions about a letter part ways: in nature, in procedure, or in what decided.
func (d Decision) Differs(other Decision) bool {
	return d.Nature != other.Nature || d.Procedure != other.Procedure || d.DecidedBy != other.DecidedBy
}

// Compare replays past letters on two rule sets and returns those that would be decided differently, in their order: what an
// administrator sees before publishing. What Decision.Differs calls a difference counts.
func Compare(before, after *Ruleset, past iter.Seq[Labeled]) []Change {
	var changes []Change
	for l := range past {
		was, is := before.Decide(l.Features), after.Decide(l.Features)
		if was.Differs(is) {
			changes = append(changes, Change{ID: l.ID, Old: was, New: is, Want: l.Procedure})
		}
	}
	return changes
}
