package validate

import (
	"fmt"

	"okienko/ingest"
	"okienko/schemas"
)

// Completeness holds a submission against the procedure in force on its day: the fields, then the attachments, each in the
// order of the procedure, then the signature. conds are the truths of Conditions. What the reader could not read is never
// called missing, and what an undecided condition hangs on is undecided.
func Completeness(sub ingest.Submission, c ingest.Contents, sigs []SignatureReport, proc schemas.Procedure, conds map[string]Truth) []Finding {
	return look(sub, c).completeness(sigs, proc, conds)
}

// Assess is Conditions and Completeness in one: the letter is split into words once.
func Assess(sub ingest.Submission, c ingest.Contents, sigs []SignatureReport, proc schemas.Procedure) (map[string]Truth, []Finding) {
	v := look(sub, c)
	conds := v.conditions(proc)
	return conds, v.completeness(sigs, proc, conds)
}

func (v view) completeness(sigs []SignatureReport, proc schemas.Procedure, conds map[string]Truth) []Finding {
	e := examination{view: v, proc: proc, conds: conds, sigs: sigs}
	e.words = proc.Requirements()
	e.note(e.words)
	e.settle(e.words)
	e.title = e.words.Find(e.subject)
	var findings []Finding
	for _, r := range proc.Fields {
		findings = append(findings, e.examine(r, e.field))
	}
	for _, r := range proc.Attached {
		findings = append(findings, e.examine(r, e.attachment))
	}
	return append(findings, e.signature())
}

// examination is one run of Completeness.
type examination struct {
	view
	proc  schemas.Procedure
	conds map[string]Truth
	sigs  []SignatureReport
	words *schemas.Lexicon
	title schemas.Said // of the requirements' words in the subject
}

// presence is what became of the search for one requirement.
type presence struct {
	state   state
	because string // Polish, one sentence
	place   *ingest.Place
}

type state int

const (
	absent state = iota // looked for and not there
	there
	perhaps // something is there that may be it: a person has to look
	sealed  // a document that may be it could not be read
)

func found(because string, place *ingest.Place) presence { return presence{there, because, place} }
func maybe(because string, place *ingest.Place) presence { return presence{perhaps, because, place} }
func nowhere(because string) presence                    { return presence{absent, because, nil} }

// examine decides whether a requirement applies before it asks whether it is met.
func (e examination) examine(r schemas.Requirement, search func(schemas.Requirement) presence) Finding {
	f := Finding{Requirement: r.ID, Label: r.Label, Consequence: r.Consequence}
	p := search(r)
	if p.state == there {
		f.Outcome, f.Because, f.Place = Met, p.because, p.place
		return f
	}
	if because, ok := e.notAsked(r); ok {
		f.Outcome, f.Because = NotRequired, because
		return f
	}
	if e.truth(r.When) == Undecided {
		f.Outcome, f.Because = Unsure, fmt.Sprintf("Z pisma nie wynika, czy to potrzebne (%s).", e.conditionLabel(r.When))
		return f
	}
	f.Outcome, f.Because, f.Place = outcomeOf(p.state), p.because, p.place
	return f
}

func outcomeOf(s state) Outcome {
	switch s {
	case there:
		return Met
	case perhaps:
		return Unsure
	case sealed:
		return Unreadable
	default:
		return Missing
	}
}

// truth of a condition; one that Conditions did not decide is open.
func (e examination) truth(condition string) Truth {
	if condition == schemas.Always {
		return True
	}
	if t, ok := e.conds[condition]; ok {
		return t
	}
	return Undecided
}

// conditionLabel names a condition to a clerk.
func (e examination) conditionLabel(id string) string {
	if label := e.proc.Conditions[id].Label; label.PL != "" {
		return label.PL
	}
	return id
}
