package main

import (
	"fmt"
	"strings"
	"sync/atomic"
	"testing"

	"okienko/workflow"
)

// TestKilledAnywhereOneDocumentIsOneCaseAndAtMostOneAnswer is promises P1, P2 and P3 for ePUAP, as the test of mail: killed
// before each durable step of the intake of one document with a big attachment, the program ends with one case, the document
// taken off the queue, at most one answer in the resident's box, and the attachment kept or its loss told: the platform gives
// it out once, so what was on the wire when the process died cannot be had again.
func TestKilledAnywhereOneDocumentIsOneCaseAndAtMostOneAnswer(t *testing.T) {
	for name, database := range databases {
		t.Run(name, func(t *testing.T) {
			total := epuapCrashFree(t, database(t))
			var tally epuapTally
			slots := make(chan struct{}, crashParallel)
			t.Run("killed", func(t *testing.T) {
				for n := 1; n <= total; n += epuapStride() {
					t.Run(fmt.Sprint(n), func(t *testing.T) {
						t.Parallel()
						slots <- struct{}{}
						defer func() { <-slots }()
						epuapCrashAt(t, n, database(t), &tally)
					})
				}
			})
			t.Logf("%s: %d durable steps, %d trials, %d of them killed: %d documents lost, %d doubled, %d answered twice; %d answers sent, %d unknown, %d attachments lost on the wire and told",
				name, total, tally.trials.Load(), tally.killed.Load(), tally.lost.Load(), tally.doubled.Load(), tally.twice.Load(), tally.sent.Load(), tally.unknown.Load(), tally.files.Load())
			if tally.killed.Load() == 0 {
				t.Error("nothing was killed: the test shows nothing")
			}
		})
	}
}

// epuapStride is 1 where every step is wanted, and else three times that of mail: the two differ only up to Pipeline.Accept and
// from Carrier.Send.
func epuapStride() int {
	if *crashStride <= 1 {
		return 1
	}
	return 3 * *crashStride
}

type epuapTally struct {
	crashTally
	files atomic.Int64
}

func epuapCrashFree(t *testing.T, database string) int {
	t.Helper()
	o := newEPUAPOffice(t, database)
	o.deliverEPUAP(t)
	steps, killed, err := killAt(o.serveOnce(t), 0)
	if err != nil || killed || steps < 50 {
		t.Fatalf("undisturbed run: %d steps, killed %t, %v", steps, killed, err)
	}
	if cases, _ := o.cases(t); len(cases) != 1 || len(o.platform.Sent()) != 1 {
		t.Fatalf("undisturbed run: %d cases, %d answers, want one of each", len(cases), len(o.platform.Sent()))
	}
	return steps
}

func epuapCrashAt(t *testing.T, n int, database string, tally *epuapTally) {
	o := newEPUAPOffice(t, database)
	o.deliverEPUAP(t)
	_, killed, err := killAt(o.serveOnce(t), n)
	if err != nil {
		t.Fatal(err)
	}
	o.workOff(t)
	tally.trials.Add(1)
	if killed {
		tally.killed.Add(1)
	}
	cases, letters := o.cases(t)
	sent := len(o.platform.Sent())
	tally.sent.Add(int64(sent))
	switch {
	case len(cases) == 0:
		tally.lost.Add(1)
		t.Fatal("the document is lost")
	case len(cases) > 1:
		tally.doubled.Add(1)
		t.Errorf("one document became %d cases", len(cases))
	case cases[0].Number == "" || cases[0].Status == workflow.StatusProcessing || cases[0].Status == workflow.StatusQuarantined:
		t.Errorf("case %s is %s, want it on a desk", cases[0].Number, cases[0].Status)
	}
	if o.platform.Waiting() != 0 || o.platform.Confirmed() != 1 {
		t.Errorf("%d documents in the queue, %d confirmed: want 0 and 1", o.platform.Waiting(), o.platform.Confirmed())
	}
	checkReply(t, letters, sent, &tally.crashTally)
	o.checkFile(t, cases[0].ID, tally)
}

// checkFile wants the big attachment among the originals, or its absence told.
func (o *epuapOffice) checkFile(t *testing.T, id workflow.CaseID, tally *epuapTally) {
	t.Helper()
	c, err := o.store(t).Case(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	there := len(c.Submission.Originals) == 2
	told := strings.TrimSpace(c.Submission.Meta["niepobrane"]) != ""
	if there == told {
		t.Errorf("%d originals, meta %v", len(c.Submission.Originals), c.Submission.Meta)
	}
	if told {
		tally.files.Add(1)
	}
}
