package main

import (
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
)

// TestKilledAnywhereABatchIsACaseAnEnvelope is the test of one scan for a batch of three envelopes: killed between any two steps of
// keeping, parting, registering and moving, it ends as three cases and never as four or as other parts.
func TestKilledAnywhereABatchIsACaseAnEnvelope(t *testing.T) {
	for name, database := range databases {
		t.Run(name, func(t *testing.T) {
			total, _, err := killAt(newBatchOffice(t, database(t)).serveOnce(t), 0)
			if err != nil || total < 50 {
				t.Fatalf("undisturbed run: %d steps, %v", total, err)
			}
			var trials, killed atomic.Int64
			eachStep(t, total, sparseStride(), func(t *testing.T, n int) {
				o := newBatchOffice(t, database(t))
				_, dead, err := killAt(o.serveOnce(t), n)
				if err != nil {
					t.Fatal(err)
				}
				o.workOff(t)
				o.wantThreeLetters(t)
				trials.Add(1)
				if dead {
					killed.Add(1)
				}
			})
			t.Logf("a batch and %s: %d durable steps, %d trials, %d of them killed: each ended as three cases", name, total, trials.Load(), killed.Load())
			if killed.Load() == 0 {
				t.Error("nothing was killed: the test shows nothing")
			}
		})
	}
}

func newBatchOffice(t *testing.T, database string) *scanOffice {
	t.Helper()
	o := newScanOffice(t, database)
	u, key := o.urn(t)
	if err := u.deliver(key); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(u.folder, u.batches()[1].name)); err != nil { // the one with a sheet missing is one case
		t.Fatal(err)
	}
	return o
}

func (o *scanOffice) wantThreeLetters(t *testing.T) {
	t.Helper()
	s := o.open(t)
	cases, _ := o.cases(t)
	seen := map[int]bool{}
	for _, c := range cases {
		whole, err := s.Case(t.Context(), c.ID)
		if err != nil {
			t.Fatal(err)
		}
		seen[whole.Submission.Paper.Envelope] = true
	}
	if len(cases) != 3 || !seen[1] || !seen[2] || !seen[3] {
		t.Errorf("%d cases of the envelopes %v, want 3", len(cases), seen)
	}
	if err := balanced(t.Context(), s); err != nil {
		t.Error(err)
	}
	if left, _ := filepath.Glob(filepath.Join(o.folder, "*.pdf")); len(left) != 0 {
		t.Errorf("left in the folder: %v", left)
	}
	if done, _ := filepath.Glob(filepath.Join(o.folder, "zrobione", "*.pdf")); len(done) != 1 {
		t.Errorf("in the done folder: %v", done)
	}
}
