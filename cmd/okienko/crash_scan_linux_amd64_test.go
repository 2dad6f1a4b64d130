package main

import (
	"testing"

	"okienko/workflow"
)

// TestKilledAnywhereOneScanIsOneCase is promises P1 and P2 for paper, as the test of mail: killed before each durable step of
// the intake of one scan, the program ends with one case, and the file in the done folder with its bytes.
func TestKilledAnywhereOneScanIsOneCase(t *testing.T) {
	for name, database := range databases {
		crashEverywhere(t, "a scan and "+name, sparseStride(), func(t *testing.T) crashable { return newScanOffice(t, database(t)) })
	}
}

func (o *scanOffice) offer(t *testing.T) { o.put(t, "skan0001.pdf", scannedLetter(t)) }
func (o *scanOffice) answered() bool     { return false }

func (o *scanOffice) taken(t *testing.T, c workflow.CaseSummary, _ *crashTally) {
	t.Helper()
	if c.Status != workflow.StatusOpen || c.Number == "" {
		t.Errorf("case %s is %s, want it open on a desk", c.Number, c.Status)
	}
	o.wantMoved(t, "skan0001.pdf", scannedLetter(t))
}
