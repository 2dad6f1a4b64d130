package main

import (
	"bytes"
	"context"
	"path/filepath"
	"testing"

	"okienko/internal/quality"
)

// TestTheJudgementOfOurOwnCases measures our own cases and holds what must not be lost. On those kept from the model only
// harm fails: nobody tunes a rule until a figure of theirs looks well.
func TestTheJudgementOfOurOwnCases(t *testing.T) {
	t.Parallel()
	tuned := measured(t, "../../classify/examples")
	if p := tuned.Procedure; p.Right*100 < 95*p.Decided || p.Decided*100 < 90*p.All {
		t.Errorf("procedure: %+v", p)
	}
	if m := tuned.Missing; m.Both*100 < 98*m.Found || m.Both*100 < 90*m.There {
		t.Errorf("missing: %s", m)
	}
	if r := tuned.Reply; r.Right*100 < 95*r.All {
		t.Errorf("reply kind: %s", r)
	}
	harmless(t, "examples", tuned)
	harmless(t, "tuning", measured(t, "../../testdata/tuning"))
	harmless(t, "held, read for tuning since", measured(t, "../../testdata/held"))
	// Four things that must not be asked for are called missing on these (testdata/held2/MEASURED.md); nobody has looked which.
	if held := measured(t, "../../testdata/held2"); held.Cases == 0 || held.Lost > 0 || held.Answered > 0 || held.Asked > 4 {
		t.Errorf("held back: %d cases, %d submissions lost, %d automatic mails answered, %d things asked for that must not be",
			held.Cases, held.Lost, held.Answered, held.Asked)
	}
}

func measured(t *testing.T, dir string) quality.Tally {
	t.Helper()
	checker, err := newChecker("", "")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = checker.close() }()
	asLabelled(checker)
	known, err := readKnown("../../testdata/quality-known.yaml")
	if err != nil {
		t.Fatal(err)
	}
	results, err := measurer{checker: checker, known: known}.judgeAll(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	return quality.Measure(results)
}

func harmless(t *testing.T, name string, m quality.Tally) {
	t.Helper()
	if m.Cases == 0 || m.Lost > 0 || m.Answered > 0 || m.Asked > 0 {
		t.Errorf("%s: %d cases, %d submissions lost, %d automatic mails answered, %d things asked for that must not be",
			name, m.Cases, m.Lost, m.Answered, m.Asked)
	}
}

// TestTheMeasurementIsTheSameEveryTime runs the command twice.
func TestTheMeasurementIsTheSameEveryTime(t *testing.T) {
	t.Parallel()
	var first, second bytes.Buffer
	for _, out := range []*bytes.Buffer{&first, &second} {
		q := qualityJudgementCmd{Dirs: []string{filepath.FromSlash("../../testdata/submissions")}, Known: "../../testdata/quality-known.yaml"}
		if err := q.Run(context.Background(), streams{out, out}); err != nil {
			t.Fatal(err)
		}
	}
	if first.Len() == 0 || first.String() != second.String() {
		t.Errorf("two runs differ:\n%s\n%s", &first, &second)
	}
}
