package main

import (
	"context"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"okienko/ingest"
	"okienko/ingest/epuap"
	"okienko/ingest/epuap/epuaptest"
	"okienko/validate"
	"okienko/workflow"
	"okienko/workflow/nadaj"
	"okienko/workflow/seal"
	"okienko/workflow/workflowtest"
)

// TestWhateverCallFailsOneDocumentIsOneCaseAndAtMostOneAnswer is the walk through every call of TestWhateverCallFails… with the
// real connector and the real carrier of ePUAP: the calls of the ledger, the store, the evidence and the carrier fail, each before
// and after it did everything.
func TestWhateverCallFailsOneDocumentIsOneCaseAndAtMostOneAnswer(t *testing.T) {
	t.Parallel()
	for name, database := range databases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			pool := newReaders(t)
			trials, sent, unknown := 0, 0, 0
			workflowtest.Walk(t, func(t *testing.T, f *workflowtest.Faults) {
				c := newCounter(t, database(t), pool)
				c.config.Policy.EPUAP = validate.True
				p, platform := c.throughEPUAP(t, f)
				c.takeAll(t, p, platform)
				c.work(t, p)
				trials++
				was := c.wantOneAnswer(t, platform)
				sent += len(platform.Sent())
				if was == workflow.LetterUnknown {
					unknown++
				}
			})
			t.Logf("%s: %d trials of one document each; %d answers sent, %d unknown", name, trials, sent, unknown)
		})
	}
}

// throughEPUAP adds the carrier of a simulated platform, in whose queue one document waits, to a pipeline with faults.
func (c *counter) throughEPUAP(t *testing.T, f *workflowtest.Faults) (*workflow.Pipeline, *epuaptest.Server) {
	t.Helper()
	platform, err := epuaptest.Start()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { platform.Close() })
	client, err := epuap.NewClient(c.boxOf(t, platform))
	if err != nil {
		t.Fatal(err)
	}
	p := c.pipeline(t, f)
	box := &nadaj.Carrier{Client: client, Seal: seal.Seal{Certificate: platform.Office.Certificate, Key: platform.Office.Key}, Office: "Urząd",
		Evidence: p.Evidence, Store: p.Store, Log: slog.New(slog.DiscardHandler), Now: c.now}
	p.Postman.(postman).Carriers[ingest.EPUAP] = faultyCarrier{nadaj.Boxes{Store: p.Store, Of: []nadaj.Box{{Source: "skrytka", Carrier: box}}}, f}
	l := demoLetters(platform)[2]
	l.unsigned = true
	d, err := l.document(nil, time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	platform.Deliver(d)
	return p, platform
}

func (c *counter) boxOf(t *testing.T, platform *epuaptest.Server) epuap.Config {
	t.Helper()
	cfg, err := platform.Config("skrytka", t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	cfg.Poll, cfg.RetryMin, cfg.RetryMax = 10*time.Millisecond, time.Millisecond, 5*time.Millisecond
	return cfg
}

// takeAll runs the connector until the queue is empty.
func (c *counter) takeAll(t *testing.T, p *workflow.Pipeline, platform *epuaptest.Server) {
	t.Helper()
	source, err := epuap.New(c.boxOf(t, platform), p.Store.(workflowtest.Store), nil)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithTimeout(t.Context(), 20*time.Second)
	defer stop()
	ended := make(chan error, 1)
	go func() { ended <- source.Fetch(ctx, p.Accept) }()
	for platform.Waiting() > 0 && ctx.Err() == nil {
		time.Sleep(time.Millisecond)
	}
	stop()
	if err := <-ended; err != nil || platform.Waiting() > 0 {
		t.Fatalf("Fetch = %v, %d still in the queue", err, platform.Waiting())
	}
}

// wantOneAnswer wants one case with one letter, whose status is true, its proofs where it was sent, and nothing left to do.
func (c *counter) wantOneAnswer(t *testing.T, platform *epuaptest.Server) workflow.LetterStatus {
	t.Helper()
	id := c.onlyCase(t)
	letters, err1 := c.store.CaseLetters(t.Context(), id)
	proofs, err2 := c.store.CaseProofs(t.Context(), id)
	left, err3 := c.store.Waiting(t.Context())
	if err1 != nil || err2 != nil || err3 != nil || len(letters) != 1 || left != 0 {
		t.Fatalf("%d letters, %d things left to do, %v", len(letters), left, fmt.Sprint(err1, err2, err3))
	}
	status, arrived := letters[0].Status, len(platform.Sent())
	if !(status == workflow.LetterSent && arrived == 1 || status == workflow.LetterUnknown && arrived <= 1) {
		t.Errorf("the letter is %s (%s), the platform has it %d times", status, letters[0].Detail, arrived)
	}
	if arrived == 1 && len(proofs) != 2 {
		t.Errorf("%d proofs of a letter that was sent, want the document and the UPP", len(proofs))
	}
	if err := balanced(t.Context(), c.store); err != nil {
		t.Error(err)
	}
	return status
}
