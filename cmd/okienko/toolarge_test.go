package main

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"okienko/ingest"
	"okienko/validate"
	"okienko/workflow"
)

// TestAMailTooLargeToTakeIsACaseThatSaysSo holds that a letter of which only the head could be taken is never judged by its
// subject: it is registered, a person learns why, nothing is called missing, and nothing is answered.
func TestAMailTooLargeToTakeIsACaseThatSaysSo(t *testing.T) {
	t.Parallel()
	for name, database := range databases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := newOffice(t, database(t))
			o.set(t, "max_message_bytes: 20000")
			mail := append(story(t, "karta-krakowska-komplet"), bytes.Repeat([]byte("x\r\n"), 20000)...)
			if err := o.mailbox.Append("INBOX", mail, time.Now()); err != nil {
				t.Fatal(err)
			}
			o.workOff(t)
			cases, letters := o.cases(t)
			if len(cases) != 1 || len(letters) != 0 {
				t.Fatalf("%d cases, %d letters, want one case and no letter", len(cases), len(letters))
			}
			c := cases[0]
			if c.Status != workflow.StatusOpen || c.Reply != workflow.ReplyHuman || c.Reason == "" || c.Missing != 0 {
				t.Errorf("case is %s, reply %s, reason %q, %d missing", c.Status, c.Reply, c.Reason, c.Missing)
			}
			o.wantProblem(t, c.ID)
			if n := o.mailbox.Count("Okienko-do-sprawdzenia"); n != 1 {
				t.Errorf("%d mails in the folder for people, want 1", n)
			}
		})
	}
}

func (o *office) wantProblem(t *testing.T, id workflow.CaseID) {
	t.Helper()
	j, err := o.open(t).Judgement(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	found := false
	for _, p := range j.Contents.Problems {
		found = found || p.Code == ingest.ProblemTooLarge && p.Document == "" && strings.Contains(p.Detail, "Okienko-do-sprawdzenia")
	}
	if !found {
		t.Errorf("problems %+v do not say that the mail is too large and where it lies", j.Contents.Problems)
	}
	for _, f := range j.Findings {
		if f.Outcome == validate.Missing {
			t.Errorf("%s is called missing in a letter nobody has read", f.Requirement)
		}
	}
}
