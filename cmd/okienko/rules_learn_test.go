package main

import (
	"fmt"
	"os/exec"
	"strings"
	"testing"
	"time"

	"okienko/classify"
	"okienko/schemas"
	"okienko/workflow"
)

// TestClerksCorrectionsAreLearntAndTakenBack runs the commands of an office: letters nobody can place come in, a clerk places
// them, the model learns, the next such letter is decided, and `rules unlearn` takes all of it back. The corrections are stored as
// the desk stores them (package desk, TestChangingTheService).
func TestClerksCorrectionsAreLearntAndTakenBack(t *testing.T) {
	t.Parallel()
	o := newOffice(t, databases["SQLite"](t))
	const corrections = 3
	for i := range corrections {
		o.unplaced(t, fmt.Sprintf("poprzedni-%d", i))
	}
	o.workOff(t)
	if got := o.decisions(t); len(got) != corrections || got[0].DecidedBy != classify.ByNone {
		t.Fatalf("before anything was taught: %+v", got)
	}
	if out := o.rules(t, "learn", "--from-corrections"); !strings.Contains(out, "nothing to learn") {
		t.Errorf("learnt without a correction: %s", out)
	}
	o.correctAll(t, "usuniecie_drzewa")

	if out := o.rules(t, "learn", "--from-corrections", "--dry-run"); !strings.Contains(out, "nothing was kept") {
		t.Errorf("dry run: %s", out)
	}
	if out := o.rules(t, "learn", "--from-corrections"); !strings.Contains(out, "version 1 in force") {
		t.Fatalf("learn: %s", out)
	}
	o.unplaced(t, "kolejny")
	o.workOff(t)
	if got := o.decisions(t)[corrections]; got.Procedure != "usuniecie_drzewa" || got.DecidedBy != classify.ByModel {
		t.Errorf("taught, yet the next letter is %s by %s", got.Procedure, got.DecidedBy)
	}

	if out := o.rules(t, "unlearn"); !strings.Contains(out, "version 1 is no longer in force") {
		t.Errorf("unlearn: %s", out)
	}
	o.unplaced(t, "ostatni")
	o.workOff(t)
	if got := o.decisions(t)[corrections+1]; got.DecidedBy != classify.ByNone {
		t.Errorf("taken back, yet the next letter is %s by %s", got.Procedure, got.DecidedBy)
	}
}

// unplaced delivers a letter whose words no rule and no example knows.
func (o *office) unplaced(t *testing.T, id string) {
	t.Helper()
	text := "From: Anna Kos <anna." + id + "@poczta.example>\r\nTo: podania@um-krakow.example\r\nSubject: kwidrant zielony\r\n" +
		"Message-ID: <" + id + "@poczta.example>\r\nDate: Fri, 20 Nov 2026 10:00:00 +0100\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n" +
		"Poproszę o kwidrant zielony na balkon.\r\n"
	if err := o.mailbox.Append("INBOX", []byte(text), time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)); err != nil {
		t.Fatal(err)
	}
}

// rules runs a command of `okienko rules` and returns all it says.
func (o *office) rules(t *testing.T, args ...string) string {
	t.Helper()
	args = append(append([]string{"rules"}, args...), "--config", o.config)
	out, err := exec.Command(program(t), args...).CombinedOutput()
	if err != nil && !strings.Contains(string(out), "nothing to learn") {
		t.Fatalf("%s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return string(out)
}

// decisions returns what was decided of each case, oldest first.
func (o *office) decisions(t *testing.T) []classify.Decision {
	t.Helper()
	s := o.open(t)
	all, err := allCases(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	byID := make([]classify.Decision, len(all))
	for _, c := range all {
		j, err := s.Judgement(t.Context(), c.ID)
		if err != nil {
			t.Fatal(err)
		}
		byID[c.ID-1] = j.Decision
	}
	return byID
}

// correctAll gives every case to a procedure, as a clerk does.
func (o *office) correctAll(t *testing.T, procedure schemas.ProcedureID) {
	t.Helper()
	cfg, err := loadConfig(o.config)
	if err != nil {
		t.Fatal(err)
	}
	s := o.open(t)
	judge, err := judgeInForce(t.Context(), cfg, s)
	if err != nil {
		t.Fatal(err)
	}
	p := workflow.Pipeline{Store: s, Records: s, Judge: judge}
	all, err := allCases(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range all {
		j, err := p.Rejudge(t.Context(), c.ID, procedure)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Tx(t.Context(), func(tx workflow.Tx) error { return tx.Judged(t.Context(), c.ID, j) }); err != nil {
			t.Fatal(err)
		}
	}
}
