package workflow

import (
	"fmt"
	"slices"
	"time"

	"okienko/classify"
	"okienko/ingest"
	"okienko/schemas"
	"okienko/validate"
	"okienko/workflow/deadline"
)

// Judge holds what a judgement depends on besides the submission. Judging is pure: the same submission, the same rules and
// the same catalogue give the same judgement on any day.
type Judge struct {
	Rules   *classify.Ruleset
	Catalog schemas.Catalog
	Policy  validate.Policy
	// Calendar holds the free days beside the statutory ones, by which the office's terms are counted.
	Calendar deadline.Calendar
}

// Judge says what a submission is about and what it is worth, by the law of the day of receipt. It sets neither Link, Reply
// nor Route: those depend on the other cases of the office; Decide adds the latter two.
func (g Judge) Judge(sub ingest.Submission, contents ingest.Contents, sigs []validate.SignatureReport) Judgement {
	j := Judgement{Contents: contents, Signatures: sigs}
	j.Decision = g.Rules.Decide(classify.FeaturesOf(sub, contents))
	if sub.Channel == ingest.Page { // whoever had the code of a letter completes a case, whatever it looks like
		j.Decision.Nature, j.Decision.Supplement = classify.NatureSubmission, true
	}
	g.assess(sub, &j)
	return j
}

// assess holds the submission against the procedure it was decided to be about.
func (g Judge) assess(sub ingest.Submission, j *Judgement) {
	proc, ok := g.Catalog.Procedure(j.Decision.Procedure, sub.ReceivedAt)
	if !ok {
		return
	}
	if proc.Regime == schemas.UDIP || proc.Regime == schemas.Petition {
		j.Decision.Question = false // to ask is to file
	}
	j.Legal = validate.Effectiveness(proc, sub.Channel, sub.ReceivedAt, g.Policy)
	j.Conditions, j.Findings = validate.Assess(sub, j.Contents, j.Signatures, proc)
	j.Findings = Rule(j.Findings, j.Rulings)
}

// as judges again with the procedure a clerk chose.
func (g Judge) as(c Case, old Judgement, procedure schemas.ProcedureID) (Judgement, error) {
	proc, ok := g.Catalog.Procedure(procedure, c.Submission.ReceivedAt)
	if !ok {
		return old, fmt.Errorf("procedure %q: %w", procedure, ErrNotFound)
	}
	j := old
	j.Decision.Nature = classify.NatureSubmission
	j.Decision.Procedure, j.Decision.Confidence, j.Decision.DecidedBy = procedure, 1, classify.ByClerk
	j.Decision.Because = []classify.Reason{{Rule: "clerk", Text: "Wskazane przez pracownika: " + proc.Title.PL}}
	g.assess(c.Submission, &j)
	j.Route = routeTo(c.Submission, j, proc, true)
	return j, nil
}

// Decide adds the letter's kind and the desk to a judgement. composer may be nil: then every sender may be answered.
func (g Judge) Decide(sub ingest.Submission, j *Judgement, composer Composer) {
	g.adopt(sub, j)
	proc, known := g.Catalog.Procedure(j.Decision.Procedure, sub.ReceivedAt)
	j.Findings = Rule(j.Findings, nil)
	j.Findings = Rule(inContext(*j, proc), j.Rulings)
	j.Route = routeTo(sub, *j, proc, known)
	j.Reply = replyTo(sub, *j, proc, composer)
}

// adopt gives a letter that says too little itself to the procedure of the case it is attached to: "przesyłam brakujący dokument,
// znak sprawy …" names a case, not a service.
func (g Judge) adopt(sub ingest.Submission, j *Judgement) {
	if j.Link == nil || !j.Link.Attached || !j.Decision.Unsure() {
		return
	}
	proc, ok := g.Catalog.Procedure(j.Link.Procedure, sub.ReceivedAt)
	if !ok || proc.ID == schemas.General {
		return
	}
	j.Decision.Procedure, j.Decision.Confidence, j.Decision.DecidedBy = proc.ID, j.Link.Score, classify.ByRule
	j.Decision.Because = []classify.Reason{{Rule: "link", Text: "Należy do wcześniejszej sprawy (" + j.Link.Because + "): " + proc.Title.PL + "."}}
	g.assess(sub, j)
}

// inContext takes back what is missing only when the letter is read by itself and as a whole: a question files nothing, and what
// completes an earlier letter, or answers one, brings only what was asked for.
func inContext(j Judgement, proc schemas.Procedure) []validate.Finding {
	switch {
	case partial(j.Contents), notSplit(j.Contents):
		return validate.ForPart(j.Findings)
	case j.Decision.Unsure():
		return validate.ForUnsure(j.Findings)
	case proc.Regime == schemas.Programme && j.Legal.Effective == validate.False:
		return validate.ForProgramme(j.Findings)
	case j.Decision.Question:
		return validate.ForQuestion(j.Findings)
	case completes(j):
		return validate.ForSupplement(j.Findings)
	default:
		return j.Findings
	}
}

// completes reports whether a letter completes another one: it says so, belongs to a case, or answers a letter and files nothing
// itself. People answer an old letter to begin a new matter, too.
func completes(j Judgement) bool {
	attached := j.Link != nil && j.Link.Attached && j.Link.Kind == LinkSupplement
	return attached || j.Decision.Supplement || len(j.Contents.Letter.InReplyTo) > 0 && !j.Decision.Filing
}

// partial reports whether a submission as a whole, not one document in it, is not here or could not be read.
func partial(c ingest.Contents) bool {
	return slices.ContainsFunc(c.Problems, func(p ingest.Problem) bool {
		return p.Document == "" && slices.Contains([]ingest.ProblemCode{
			ingest.ProblemTooLarge, ingest.ProblemUnreadable, ingest.ProblemReaderDied}, p.Code)
	})
}

// decide fills in a case from its judgement.
func (g Judge) decide(c *Case, j *Judgement, composer Composer) {
	g.Decide(c.Submission, j, composer)
	c.Stage = StageDone
	c.Sender, c.Subject = j.Contents.Letter.From, j.Contents.Letter.Subject
	c.Nature, c.Procedure = j.Decision.Nature, j.Decision.Procedure
	c.Confidence, c.DecidedBy = j.Decision.Confidence, j.Decision.DecidedBy
	c.Route, c.Reply, c.Missing = j.Route, j.Reply.Kind, Missing(j.Findings)
	c.Status = StatusOpen
	if c.Nature != classify.NatureSubmission {
		c.Status = StatusClosed
	}
	if j.Reply.Kind == ReplyHuman {
		c.Reason = j.Reply.Because
	}
	if due := g.dueAt(*c, *j); !due.IsZero() {
		c.DueAt = due
	}
}

// dueAt is the end of the office's term; zero where none runs: for what has no effect by its channel, and for a test.
func (g Judge) dueAt(c Case, j Judgement) time.Time {
	proc, ok := g.Catalog.Procedure(c.Procedure, c.Submission.ReceivedAt)
	if !ok || j.Legal.Effective == validate.False || c.Submission.Test() {
		return time.Time{}
	}
	return g.Calendar.End(c.Submission.ReceivedAt, proc.Deadline.Value, proc.Deadline.Unit).UTC()
}

// Missing counts the findings with outcome missing.
func Missing(findings []validate.Finding) int {
	n := 0
	for _, f := range findings {
		if f.Outcome == validate.Missing {
			n++
		}
	}
	return n
}
