package reply_test

import (
	"testing"
	"time"
	_ "time/tzdata" // the tests must not depend on the zone data of the machine

	"okienko/classify"
	"okienko/ingest"
	"okienko/schemas"
	"okienko/validate"
	"okienko/workflow"
	"okienko/workflow/reply"
)

// monday is a working day with no holiday in the two weeks after it.
var monday = time.Date(2026, 11, 23, 13, 5, 0, 0, time.UTC)

func catalog(tb testing.TB) schemas.Catalog {
	tb.Helper()
	c, err := schemas.Default()
	if err != nil {
		tb.Fatal(err)
	}
	return c
}

func composer(tb testing.TB, change ...func(*reply.Config)) *reply.Composer {
	tb.Helper()
	codes, err := reply.NewCodes([]byte("a secret for tests only"))
	if err != nil {
		tb.Fatal(err)
	}
	office := reply.Kraków()
	office.Mailboxes = []string{"kancelaria@um.krakow.example"}
	config := reply.Config{Office: office, Procedures: catalog(tb), Codes: codes}
	for _, c := range change {
		c(&config)
	}
	comp, err := reply.New(config)
	if err != nil {
		tb.Fatal(err)
	}
	return comp
}

// story is a case and its judgement, as small as a test needs them.
type story struct {
	kind      workflow.ReplyKind
	procedure schemas.ProcedureID
	channel   ingest.Channel
	language  string
	findings  []validate.Finding
}

func (s story) build() (workflow.Case, workflow.Judgement) {
	channel := s.channel
	if channel == "" {
		channel = ingest.Email
	}
	sender := ingest.Party{Name: "Anna Przykładowa", Address: "anna@poczta.example"}
	c := workflow.Case{
		ID: 17, Number: "RPW/17/2026", Sender: sender, RegisteredAt: monday,
		Submission: ingest.Submission{Channel: channel, ReceivedAt: monday, Originals: []ingest.Original{{}}},
	}
	j := workflow.Judgement{
		At: monday, Decision: classify.Decision{Nature: classify.NatureSubmission, Procedure: s.procedure},
		Contents: ingest.Contents{Letter: ingest.Letter{
			From: sender, Subject: "PESEL 90010112345", MessageID: "q1@poczta.example", Language: s.language,
		}},
		Findings: s.findings, Reply: workflow.Reply{Kind: s.kind},
	}
	return c, j
}

// lacking makes everything a procedure asks for missing.
func lacking(p schemas.Procedure, outcome validate.Outcome) []validate.Finding {
	var all []validate.Finding
	for _, r := range append(append([]schemas.Requirement{}, p.Fields...), p.Attached...) {
		all = append(all, validate.Finding{Requirement: r.ID, Label: r.Label, Outcome: outcome, Consequence: r.Consequence})
	}
	if p.Signature.Required {
		all = append(all, validate.Finding{Requirement: validate.SignatureRequirement, Label: schemas.Text{PL: "Podpis"}, Outcome: outcome, Consequence: schemas.Art64p2})
	}
	return all
}
