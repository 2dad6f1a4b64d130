package main

import (
	"testing"

	"okienko/workflow"
)

// TestKilledAnywhereOneMessageIsOneCaseAndAtMostOneAnswer is promises P1, P2 and P3 for e-Doręczenia, as the test of mail: killed
// before each durable step of the intake of one message with an attachment and proofs, the program ends with one case that has
// all of them, and at most one answer at the platform, where nothing recognises a second one.
func TestKilledAnywhereOneMessageIsOneCaseAndAtMostOneAnswer(t *testing.T) {
	for name, database := range databases {
		crashEverywhere(t, "e-Doręczenia and "+name, sparseStride(), func(t *testing.T) crashable { return newEDeliveryOffice(t, database(t)) })
	}
}

func (o *edeliveryOffice) offer(t *testing.T) { o.deliverEDelivery(t) }
func (o *edeliveryOffice) answers() int       { return len(o.platform.Sent()) }

func (o *edeliveryOffice) taken(t *testing.T, c workflow.CaseSummary, _ *crashTally) {
	t.Helper()
	if c.Number == "" || c.Status == workflow.StatusProcessing || c.Status == workflow.StatusQuarantined {
		t.Errorf("case %s is %s, want it on a desk", c.Number, c.Status)
	}
	whole, err := o.open(t).Case(t.Context(), c.ID)
	if err != nil {
		t.Fatal(err)
	}
	if n := len(whole.Submission.Originals); n != 5 {
		t.Errorf("%d originals, want the message, its attachment and three proofs", n)
	}
}
