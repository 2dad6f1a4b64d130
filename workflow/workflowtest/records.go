package workflowtest

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"okienko/classify"
	"okienko/ingest"
	"okienko/validate"
	"okienko/workflow"
)

var recordTests = map[string]func(*testing.T, Open){
	"events come back oldest first":                               testEvents,
	"a judgement comes back whole and can be replaced":            testJudgement,
	"there is no judgement before the case was judged":            testNoJudgement,
	"examples come back oldest first":                             testExamples,
	"what belongs to no case is refused and ends the transaction": testOrphans,
}

func testEvents(t *testing.T, open Open) {
	b := setup(t, open, fixed(noon))
	c, other := b.create(newCase("a")), b.create(newCase("b"))
	list := []workflow.Event{
		{Case: c.ID, At: noon, Actor: workflow.Machine, Kind: workflow.EventRegistered, Detail: "poczta"},
		{Case: other.ID, At: noon, Actor: workflow.Machine, Kind: workflow.EventRegistered},
		{Case: c.ID, At: noon.Add(-time.Hour), Actor: "ola", Kind: workflow.EventNote, Detail: "zegar cofnięty"},
		{Case: c.ID, Actor: "ola", Kind: workflow.EventClaimed},
	}
	for _, e := range list {
		b.do(func(tx workflow.Tx) error { return tx.Append(b.ctx, e) })
	}
	got := must[[]workflow.Event](t)(b.Events(b.ctx, c.ID))
	list[3].At = noon // without a time of its own: now
	want := []workflow.Event{list[0], list[2], list[3]}
	for i := range want {
		want[i].At = micros(want[i].At)
	}
	for i := range got {
		if got[i].ID == 0 || i > 0 && got[i].ID <= got[i-1].ID {
			t.Errorf("event %d has the ID %d", i, got[i].ID)
		}
		got[i].ID = 0
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("read\n%+v, want\n%+v", got, want)
	}
}

func judgement(text string) workflow.Judgement {
	null := ""
	signed := micros(noon)
	return workflow.Judgement{
		At: micros(noon),
		Contents: ingest.Contents{
			Letter: ingest.Letter{Subject: "Wniosek", ReturnPath: &null, Date: micros(noon), Headers: map[string][]string{"List-Id": {"x"}}},
			Readings: []ingest.Reading{{Document: ingest.Document{ID: "0"}, Text: text, TextFrom: ingest.TextEmbedded,
				Fields: []ingest.Field{{Type: ingest.FieldPESEL, Value: "44051401359", Checked: "ok"}}}},
			Problems: []ingest.Problem{{Code: ingest.ProblemEncrypted, Document: "1"}},
		},
		Signatures: []validate.SignatureReport{{Document: "1", Format: "XAdES", Intact: true, SigningTime: &signed}},
		Decision:   classify.Decision{Nature: classify.NatureSubmission, Procedure: "x", Confidence: 0.75, DecidedBy: classify.ByRule},
		Conditions: map[string]validate.Truth{"if_proxy": validate.Undecided},
		Legal:      validate.Legal{Effective: validate.False, Basis: "KPA art. 63 § 1"},
		Findings:   []validate.Finding{{Requirement: "podpis", Outcome: validate.Missing}},
		Link:       &workflow.Link{Case: 1, Kind: workflow.LinkDuplicate, Score: 0.9, Attached: true},
		Reply:      workflow.Reply{Kind: workflow.ReplyIncomplete, Subject: "s", Text: "t"},
		Route:      workflow.Route{Desk: "KM", Because: "pojazdy"},
	}
}

func testJudgement(t *testing.T, open Open) {
	b := setup(t, open, fixed(noon))
	c := b.create(newCase("a"))
	for _, text := range []string{"pierwsza", strings.Repeat("Zażółć gęślą jaźń\x00. ", 100_000), "trzecia"} {
		want := judgement(text)
		b.do(func(tx workflow.Tx) error { return tx.Judged(b.ctx, c.ID, want) })
		got := must[workflow.Judgement](t)(b.Judgement(b.ctx, c.ID))
		if !reflect.DeepEqual(got, want) {
			t.Errorf("a judgement with %d bytes of text came back different", len(text))
		}
	}
}

func testNoJudgement(t *testing.T, open Open) {
	b := setup(t, open, fixed(noon))
	c := b.create(newCase("a"))
	for _, id := range []workflow.CaseID{c.ID, 99} {
		_, err := b.Judgement(b.ctx, id)
		wantError(t, err, workflow.ErrNotFound)
	}
}

func testExamples(t *testing.T, open Open) {
	b := setup(t, open, fixed(noon))
	c := b.create(newCase("a"))
	want := []workflow.Example{
		{Case: c.ID, At: micros(noon), Actor: "ola", Before: "x", After: "y"},
		{Case: c.ID, At: micros(noon.Add(time.Hour)), Actor: "jan", Before: "", After: "x"},
	}
	for _, e := range want {
		b.do(func(tx workflow.Tx) error { return tx.AddExample(b.ctx, e) })
	}
	if got := must[[]workflow.Example](t)(b.Examples(b.ctx)); !reflect.DeepEqual(got, want) {
		t.Errorf("read %+v, want %+v", got, want)
	}
}

// testOrphans also shows that a transaction is dead after its first error, hidden or not, on every database.
func testOrphans(t *testing.T, open Open) {
	b := setup(t, open, fixed(noon))
	for name, orphan := range map[string]func(workflow.Tx) error{
		"event":     func(tx workflow.Tx) error { return tx.Append(b.ctx, workflow.Event{Case: 9}) },
		"judgement": func(tx workflow.Tx) error { return tx.Judged(b.ctx, 9, workflow.Judgement{}) },
		"letter":    func(tx workflow.Tx) error { return tx.SaveLetter(b.ctx, &workflow.Letter{Case: 9}) },
		"proof":     func(tx workflow.Tx) error { return tx.AddProof(b.ctx, workflow.Proof{Case: 9, Letter: 9}) },
		"key": func(tx workflow.Tx) error {
			return tx.PutKeys(b.ctx, 9, []workflow.Key{{Kind: workflow.KeyCode, Value: "x"}})
		},
	} {
		err := b.Tx(b.ctx, func(tx workflow.Tx) error {
			if orphan(tx) == nil {
				t.Errorf("%s of no case: accepted", name)
			}
			c := newCase("a")
			if created(b.ctx, tx, &c) == nil {
				t.Errorf("%s: the transaction went on after an error", name)
			}
			return nil // hides both
		})
		if err == nil {
			t.Errorf("%s: committed after an error", name)
		}
	}
	assertEmpty(b)
}
