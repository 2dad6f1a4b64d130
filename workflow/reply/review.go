package reply

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"okienko/classify"
	"okienko/ingest"
	"okienko/schemas"
	"okienko/validate"
	"okienko/workflow"
)

// Review writes every letter the templates can make about the procedures, for a person who does not exist, and lints each: what
// an administrator's change of a template must pass. at is the day of the letters. Faults are sorted and free of repetition.
func (c *Composer) Review(procedures []schemas.Procedure, at time.Time) []Fault {
	var faults []Fault
	for _, p := range procedures {
		for _, s := range specimens(p, at) {
			for _, f := range c.reviewOne(s) {
				f.Letter = fmt.Sprintf("%s %s %s %s", s.kind, p.ID, s.cs.Submission.Channel, s.j.Contents.Letter.Language)
				faults = append(faults, f)
			}
		}
	}
	slices.SortFunc(faults, func(a, b Fault) int { return cmp.Compare(a.String(), b.String()) })
	return slices.Compact(faults)
}

// specimen is a made-up case that gets one kind of letter.
type specimen struct {
	kind workflow.ReplyKind
	cs   workflow.Case
	j    workflow.Judgement
}

func (c *Composer) reviewOne(s specimen) []Fault {
	l, err := c.write(s)
	if err != nil {
		return []Fault{{Rule: "form", Detail: err.Error()}}
	}
	return c.Lint(s.cs, s.j, l)
}

func (c *Composer) write(s specimen) (workflow.Letter, error) {
	clerk := Clerk{User: "ewa", Name: "Ewa Wzór", Position: "inspektor"}
	switch s.kind {
	case workflow.ReplyCall:
		return c.DraftCall(s.cs, s.j, Call{Clerk: clerk, At: s.j.At})
	case workflow.ReplyForward:
		return c.DraftForward(s.cs, s.j, Forward{Clerk: clerk, At: s.j.At, Authority: "Starosta Krakowski", Because: "Działka leży w powiecie krakowskim."})
	case workflow.ReplyPassOn:
		return c.DraftPassOn(s.cs, s.j, Forward{Clerk: clerk, At: s.j.At, Authority: "Starosta Krakowski", Because: "Działka leży w powiecie krakowskim."})
	case workflow.ReplyLetter:
		return c.DraftLetter(s.cs, s.j, clerk, s.j.At)
	}
	return c.Compose(s.cs, s.j)
}

// specimens are the kinds of letter in each language: with everything missing, and with each group of things missing alone.
func specimens(p schemas.Procedure, at time.Time) []specimen {
	var all []specimen
	for _, language := range []string{"pl", "en", "uk"} {
		for _, channel := range ingest.Channels() {
			if language != "pl" && channel != ingest.Email { // the courtesy text does not depend on the channel
				continue
			}
			for _, kind := range []workflow.ReplyKind{workflow.ReplyReceipt, workflow.ReplyChannelIneffective, workflow.ReplyInfo, workflow.ReplyForward, workflow.ReplyPassOn, workflow.ReplyLetter} {
				all = append(all, newSpecimen(kind, p, channel, language, at, everything(p)))
			}
			for _, findings := range lackings(p) {
				all = append(all, newSpecimen(workflow.ReplyIncomplete, p, channel, language, at, findings))
				if slices.ContainsFunc(findings, callable(p)) {
					all = append(all, newSpecimen(workflow.ReplyCall, p, channel, language, at, findings))
				}
			}
		}
	}
	return all
}

func newSpecimen(kind workflow.ReplyKind, p schemas.Procedure, channel ingest.Channel, language string, at time.Time, findings []validate.Finding) specimen {
	sender := ingest.Party{Name: "Anna Przykładowa", Address: "anna@poczta.example"}
	return specimen{
		kind: kind,
		cs: workflow.Case{
			ID: 17, Number: "RPW/17/2026", Sender: sender, RegisteredAt: at,
			Submission: ingest.Submission{Channel: channel, ReceivedAt: at},
		},
		j: workflow.Judgement{
			At: at, Findings: findings, Reply: workflow.Reply{Kind: kind},
			Contents: ingest.Contents{Letter: ingest.Letter{From: sender, MessageID: "1@poczta.example", Language: language}},
			Decision: classify.Decision{Nature: classify.NatureSubmission, Procedure: p.ID},
		},
	}
}

// everything is a submission that lacks all a procedure ever asks for.
func everything(p schemas.Procedure) []validate.Finding {
	var all []validate.Finding
	for _, r := range slices.Concat(p.Fields, p.Attached) {
		all = append(all, validate.Finding{Requirement: r.ID, Label: r.Label, Outcome: validate.Missing, Consequence: r.Consequence})
	}
	signature := validate.Finding{Requirement: validate.SignatureRequirement, Label: schemas.Text{PL: "Podpis"}, Outcome: validate.Missing, Consequence: schemas.Art64p2}
	return append(all, signature)
}

// lackings are everything missing, everything unreadable, and what each consequence asks for alone.
func lackings(p schemas.Procedure) [][]validate.Finding {
	all := everything(p)
	unreadable := slices.Clone(all)
	for i := range unreadable {
		unreadable[i].Outcome = validate.Unreadable
	}
	sets := [][]validate.Finding{all, unreadable}
	for _, c := range askable {
		only := slices.DeleteFunc(slices.Clone(all), func(f validate.Finding) bool {
			return lawful(p.Regime, f.Consequence) != c || requirement(p, f.Requirement).Register
		})
		if len(only) > 0 {
			sets = append(sets, only)
		}
	}
	return sets
}

// callable reports whether a finding may stand in a formal call.
func callable(p schemas.Procedure) func(validate.Finding) bool {
	return func(f validate.Finding) bool {
		c := lawful(p.Regime, f.Consequence)
		return c != schemas.Art64p1 && slices.Contains(askable, c) && !requirement(p, f.Requirement).Register
	}
}
