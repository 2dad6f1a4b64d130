package desk

import (
	"slices"

	"okienko/classify"
	"okienko/validate"
	"okienko/workflow"
)

// The actions a page may show as the likeliest; "" shows none.
const (
	doCall    = "call"
	doAccept  = "accept"
	doService = "service"
	doClose   = "close"
)

// step is what a clerk would do now: a sentence, and the action that stands out. The software proposes, the clerk decides.
type step struct {
	say func(*messages) string
	do  string
}

func nextStep(c workflow.Case, m may, j workflow.Judgement) step {
	switch {
	case c.Status == workflow.StatusProcessing:
		return step{func(t *messages) string { return t.Case.Steps.Processing }, ""}
	case c.Status == workflow.StatusClosed:
		return step{func(t *messages) string { return t.Case.Steps.Closed }, ""}
	case c.Status == workflow.StatusQuarantined:
		return step{func(t *messages) string { return t.Case.Steps.Quarantined }, doService}
	case c.Status == workflow.StatusWaiting:
		return step{func(t *messages) string { return t.Case.Steps.Waiting }, ""}
	case c.Status == workflow.StatusAccepted:
		return step{func(t *messages) string { return t.Case.Steps.Accepted }, ""}
	case c.Nature != classify.NatureSubmission && c.Nature != "":
		return step{func(t *messages) string { return t.Case.Steps.NotSubmission }, doClose}
	case c.DecidedBy == classify.ByNone:
		return step{func(t *messages) string { return t.Case.Steps.Unsure }, doService}
	case j.Legal.Effective == validate.False:
		return step{func(t *messages) string { return t.Case.Steps.Ineffective }, doClose}
	}
	return nextByFindings(c, m, j)
}

func nextByFindings(c workflow.Case, m may, j workflow.Judgement) step {
	switch {
	case len(j.Contents.Readings) == 0:
		return step{func(t *messages) string { return t.Case.Unread }, doAccept}
	case m.DraftOpen:
		return step{func(t *messages) string { return t.Case.Steps.Draft }, doCall}
	case c.Missing > 0:
		return step{func(t *messages) string { return t.Missing.N(c.Missing) }, doCall}
	case slices.ContainsFunc(j.Findings, open):
		return step{func(t *messages) string { return t.Case.Steps.Check }, doAccept}
	}
	return step{func(t *messages) string { return t.Case.Steps.Complete }, doAccept}
}

// open reports whether nobody knows yet what became of a requirement.
func open(f validate.Finding) bool {
	return f.Outcome == validate.Unreadable || f.Outcome == validate.Unsure
}
