package desk

import (
	"context"
	"strings"
	"time"

	"okienko/validate"
	"okienko/workflow"
)

// A finding of the machine that a clerk corrects: met, missing, or as the machine says after all.

// rulingView is what a person said of a requirement.
type rulingView struct {
	By      string // full name
	At      time.Time
	Machine validate.Outcome // what the machine had found
	Because string           // and why
}

// rulingErrors is a correction that could not be taken; zero: none.
type rulingErrors struct{ Requirement, Wrong, Text string }

// rulingAs is how the form names taking a correction back.
const rulingAs = "machine"

// overrule takes a correction. A reason is asked for, but not for taking one's word back.
func (d *desk) overrule(v *visit) error {
	r := workflow.Ruling{Requirement: v.PostFormValue("requirement"), By: v.user.Name, At: v.now.UTC()}
	switch outcome := v.PostFormValue("outcome"); outcome {
	case string(validate.Met), string(validate.Missing), string(validate.NotRequired):
		r.Outcome = validate.Outcome(outcome)
	case rulingAs:
	default:
		return errBadRequest
	}
	text, wrong := v.remark("text")
	if wrong != "" && (r.Outcome != "" || text != "") {
		return d.renderCase(v, caseErrors{Ruling: rulingErrors{r.Requirement, wrong, text}})
	}
	r.Because = text
	return d.done(v, func(ctx context.Context, of deed) error { return d.Casework.Overrule(ctx, of.of(), r) }, v.t.Work.Ruled)
}

// rulingViews puts beside the findings who ruled on them.
func rulingViews(view findingsView, j workflow.Judgement, names fullNames, wrong rulingErrors) findingsView {
	for _, list := range [][]findingView{view.Open, view.Met, view.NotRequired} {
		for i := range list {
			if list[i].Requirement == wrong.Requirement {
				list[i].Wrong, list[i].Typed = wrong.Wrong, wrong.Text
			}
			for _, r := range j.Rulings {
				if f := list[i]; r.Requirement == f.Requirement && f.Overruled != nil {
					list[i].Ruling = &rulingView{By: names.of(r.By), At: r.At, Machine: f.Overruled.Outcome, Because: mask(f.Overruled.Because)}
				}
			}
		}
	}
	return view
}

// stale reports whether what a case lacks was corrected after a draft was last saved.
func stale(events []workflow.Event, draft workflow.LetterID) bool {
	name, is := "Pismo "+itoa(int64(draft))+" (", false
	for _, e := range events {
		switch {
		case e.Kind == workflow.EventRuled || e.Kind == workflow.EventReassigned:
			is = true
		case e.Kind == workflow.EventLetter && strings.HasPrefix(e.Detail, name):
			is = false
		}
	}
	return is && draft != 0
}
