package main

import (
	"strings"
	"testing"

	"okienko/workflow"
)

// TestKilledAnywhereOneDocumentIsOneCaseAndAtMostOneAnswer is promises P1, P2 and P3 for ePUAP, as the test of mail: killed
// before each durable step of the intake of one document with a big attachment, the program ends with one case, the document
// taken off the queue, at most one answer in the resident's box, and the attachment kept or its loss told: the platform gives
// it out once, so what was on the wire when the process died cannot be had again.
func TestKilledAnywhereOneDocumentIsOneCaseAndAtMostOneAnswer(t *testing.T) {
	for name, database := range databases {
		crashEverywhere(t, "ePUAP and "+name, sparseStride(), func(t *testing.T) crashable { return newEPUAPOffice(t, database(t)) })
	}
}

func (o *epuapOffice) offer(t *testing.T) { o.deliverEPUAP(t) }
func (o *epuapOffice) answers() int       { return len(o.platform.Sent()) }
func (o *epuapOffice) answered() bool     { return true }

func (o *epuapOffice) taken(t *testing.T, c workflow.CaseSummary, tally *crashTally) {
	t.Helper()
	if c.Number == "" || c.Status == workflow.StatusProcessing || c.Status == workflow.StatusQuarantined {
		t.Errorf("case %s is %s, want it on a desk", c.Number, c.Status)
	}
	if o.platform.Waiting() != 0 || o.platform.Confirmed() != 1 {
		t.Errorf("%d documents in the queue, %d confirmed: want 0 and 1", o.platform.Waiting(), o.platform.Confirmed())
	}
	o.checkFile(t, c.ID, tally)
}

// checkFile wants the big attachment among the originals, or its absence told.
func (o *epuapOffice) checkFile(t *testing.T, id workflow.CaseID, tally *crashTally) {
	t.Helper()
	c, err := o.open(t).Case(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	there := len(c.Submission.Originals) == 2
	told := strings.TrimSpace(c.Submission.Meta["niepobrane"]) != ""
	if there == told {
		t.Errorf("%d originals, meta %v", len(c.Submission.Originals), c.Submission.Meta)
	}
	if told {
		tally.told.Add(1)
	}
}
