// Package classify owns the Decision: which procedure a letter is about, how sure that is and why. Rules are data (Ruleset), a
// Model learnt from examples is asked where they are unsure, deciding is a pure, deterministic function of Features, and
// "unsure" is an answer.
//
// It refuses to know what is missing (package validate), who works on it and what is written back (package workflow).
//
// Read next: rules.go for what a rule set is made of, decide.go for how it decides, nature.go for what is no submission, model.go
// and ask.go for what was learnt.
package classify

import (
	"okienko/ingest"
	"okienko/schemas"
)

// Nature says whether a message is a submission at all.
type Nature string

// The natures. Only a Submission is ever answered.
const (
	NatureSubmission Nature = "submission"
	NatureAutomatic  Nature = "automatic" // out-of-office and other auto-replies
	NatureBounce     Nature = "bounce"
	NatureNewsletter Nature = "newsletter"
	NatureSpam       Nature = "spam"
	NaturePrivate    Nature = "private"
)

// DecidedBy says what made the decision.
type DecidedBy string

// The deciders. None: nothing was sure enough, or it is no submission; a person assigns it.
const (
	ByRule  DecidedBy = "rule"
	ByModel DecidedBy = "model"
	ByClerk DecidedBy = "clerk"
	ByNone  DecidedBy = "none"
)

// Decision is what a letter is about.
type Decision struct {
	Nature       Nature                `json:"nature"`
	Procedure    schemas.ProcedureID   `json:"procedure"`  // "" when Nature is not a submission; schemas.General when unsure
	Confidence   float64               `json:"confidence"` // 0 to 1; calibrated where decided by a model
	DecidedBy    DecidedBy             `json:"decided_by"`
	Because      []Reason              `json:"because"`
	Alternatives []Alternative         `json:"alternatives"`         // best first, without Procedure
	OtherMatters []schemas.ProcedureID `json:"other_matters"`        // further matters in the same letter
	Supplement   bool                  `json:"supplement,omitempty"` // it says that it completes an earlier letter
	Alarms       []Reason              `json:"alarms,omitempty"`     // why a person has to look at once, whatever it is about
	Question     bool                  `json:"question,omitempty"`   // it only asks how something is done, and files nothing
	Filing       bool                  `json:"filing,omitempty"`     // it says that it files something
	Ruleset      string                `json:"ruleset"`              // version of the rules that decided
}

// Unsure reports whether a person has to choose the procedure.
func (d Decision) Unsure() bool { return d.Nature == NatureSubmission && d.DecidedBy == ByNone }

// Reason is one thing that spoke for a decision, readable by a person.
type Reason struct {
	Rule  string        `json:"rule"`            // id of the rule
	Text  string        `json:"text"`            // Polish, short: what was found
	Words string        `json:"words,omitempty"` // as in the letter
	Place *ingest.Place `json:"place,omitempty"`
}

// Alternative is another procedure the letter might be about.
type Alternative struct {
	ID         schemas.ProcedureID `json:"id"`
	Confidence float64             `json:"confidence"`
}
