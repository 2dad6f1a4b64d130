// Package quality owns the measurement: what a judgement made of labelled cases, held against their labels. It is pure and
// deterministic; reading the cases and judging them is the caller's.
//
// Read next: tally.go for what is counted, print.go for how it is told, baseline.go for what a plain classifier makes of the
// same letters.
package quality

import (
	"slices"

	"okienko/classify"
	"okienko/internal/cases"
	"okienko/schemas"
	"okienko/validate"
	"okienko/workflow"
)

// Result is a case and what became of it.
type Result struct {
	Case      cases.Case
	Judgement workflow.Judgement // with Link and Reply
	Linked    string             // id of the case it was linked to, "" if none
	Proposed  string             // id of the case a clerk is shown as a proposal, "" if none
	Baseline  Guess
}

// Guess is what a classifier without an option to abstain says.
type Guess struct {
	Procedure  schemas.ProcedureID
	Confidence float64
}

func (r Result) submission() bool { return r.Case.Procedure != cases.None }

// acceptable reports whether a clerk would not call an answer wrong.
func (r Result) acceptable(id schemas.ProcedureID) bool {
	return id == r.Case.Procedure || slices.Contains(r.Case.AlsoAcceptable, id)
}

// taken is what the message was taken for: a procedure, "unsure" or a nature that is no submission.
func (r Result) taken() string {
	d := r.Judgement.Decision
	switch {
	case d.Nature != classify.NatureSubmission:
		return string(d.Nature)
	case d.Unsure():
		return unsure
	default:
		return string(d.Procedure)
	}
}

const unsure = "unsure"

// decided reports whether a procedure was decided.
func (r Result) decided() bool {
	d := r.Judgement.Decision
	return d.Nature == classify.NatureSubmission && !d.Unsure()
}

// top is the best guess, decided or not.
func (r Result) top() schemas.ProcedureID {
	d := r.Judgement.Decision
	if d.Unsure() && len(d.Alternatives) > 0 {
		return d.Alternatives[0].ID
	}
	return d.Procedure
}

// missing are the requirements called missing that a letter would ask for: without the signature, which the labels tell
// otherwise, and without what is only shown in person.
func (r Result) missing() []string { return r.found(validate.Missing) }

func (r Result) found(outcomes ...validate.Outcome) []string {
	var ids []string
	for _, f := range r.Judgement.Findings {
		if slices.Contains(outcomes, f.Outcome) && f.Requirement != validate.SignatureRequirement && f.Consequence != schemas.ShownAtDesk {
			ids = append(ids, f.Requirement)
		}
	}
	return ids
}

// answered reports whether anything would be sent.
func (r Result) answered() bool {
	k := r.Judgement.Reply.Kind
	return k != workflow.ReplyNone && k != workflow.ReplyHuman
}

// sameReply compares reply kinds; the labels' "none" covers a receipt of a submission.
func (r Result) sameReply() bool {
	got, want := string(r.Judgement.Reply.Kind), r.Case.Reply
	receipt := func(kind string) bool { return kind == "none" || kind == string(workflow.ReplyReceipt) }
	return got == want || r.submission() && receipt(got) && receipt(want)
}
