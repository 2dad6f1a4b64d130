package ade_test

import (
	"context"
	"errors"
	"flag"
	"testing"
	"time"

	"okienko/ingest"
	"okienko/ingest/edelivery"
	"okienko/ingest/edelivery/edeliverytest"
	"okienko/workflow"
	"okienko/workflow/ade"
	"okienko/workflow/reply"
	"okienko/workflow/workflowtest"
)

// walkStride of 1 lets every single call fail; `make crash` does so. The default keeps the whole suite short.
var walkStride = flag.Int("walk-stride", 5, "let every n-th call fail")

// TestWhateverCallFailsOneMessageIsOneCaseAndAtMostOneLetter lets calls of the way through e-Doręczenia fail, first before it
// does anything, then after it did everything: of the ledger, the store, the evidence and the carrier, from the mailbox to the case,
// from the letter to the platform, and from there to the proof of its delivery. What failed is tried again as the connector, the job
// queue and the tracker do. How the case is judged in between is walked for mail.
func TestWhateverCallFailsOneMessageIsOneCaseAndAtMostOneLetter(t *testing.T) {
	t.Parallel()
	eachDatabase(t, func(t *testing.T, open func(*testing.T) *world) {
		trials, sent, unknown, found := 0, 0, 0, 0
		workflowtest.WalkSparsely(t, *walkStride, func(t *testing.T, f *workflowtest.Faults) {
			w := open(t)
			w.fail(f)
			id := w.intake(t, f)
			w.queue(t, id)
			w.deliverAgain(t, f, id)
			w.follow(t)
			trials++
			sent += len(w.platform.Sent())
			if w.wantOneLetter(t, id) == workflow.LetterUnknown {
				unknown++
				found += len(w.platform.Sent())
			}
		})
		t.Logf("%d trials of one message each: 0 lost, 0 doubled; %d letters sent, %d unknown, of these %d found among the sent", trials, sent, unknown, found)
	})
}

// fail puts the faults between the parts and their store.
func (w *world) fail(f *workflowtest.Faults) {
	s, e := f.Store(w.store), f.Evidence(w.evidence)
	w.carrier.Store, w.carrier.Evidence = s, e
	w.tracker.Store, w.tracker.Evidence = s, e
}

// intake runs the connector until the message is settled, as one case.
func (w *world) intake(t *testing.T, f *workflowtest.Faults) workflow.CaseID {
	t.Helper()
	if _, err := w.platform.Deliver(edeliverytest.Letter{From: anna, Name: "Anna", Subject: "Wniosek", Text: "Wnoszę.",
		Files: []edeliverytest.File{{Name: "mapa.txt", MediaType: "text/plain", Content: []byte("mapa")}}}); err != nil {
		t.Fatal(err)
	}
	cfg := w.platform.Config("ade", edeliverytest.Address)
	cfg.Poll, cfg.RetryMin, cfg.RetryMax = time.Hour, time.Millisecond, 5*time.Millisecond
	s := f.Store(w.store)
	source, err := edelivery.New(cfg, s, nil)
	if err != nil {
		t.Fatal(err)
	}
	p := &workflow.Pipeline{Store: s, Evidence: f.Evidence(w.evidence), Now: w.platform.Now}
	ctx, stop := context.WithTimeout(t.Context(), 2*time.Minute)
	defer stop()
	ended := make(chan error, 1)
	go func() { ended <- source.Fetch(ctx, p.Accept) }()
	settled := func() bool { // one that was taken, and reported as not taken, is settled without being offered again
		rows, err := w.store.Balance(ctx)
		return err == nil && len(rows) == 1 && rows[0].Registered == 1 && source.Status().Phase == "idle"
	}
	for !settled() && ctx.Err() == nil {
		time.Sleep(5 * time.Millisecond)
	}
	late := ctx.Err()
	stop()
	if err := <-ended; err != nil || late != nil {
		t.Fatalf("Fetch = %v, %v", err, late)
	}
	rows, err := w.store.Balance(t.Context())
	if err != nil || len(rows) != 1 || rows[0].Seen != 1 || rows[0].Registered != 1 {
		t.Fatalf("the ledger says %+v, %v", rows, err)
	}
	page, err := w.store.Queue(t.Context(), workflow.QueueQuery{})
	if err != nil || len(page) != 1 {
		t.Fatalf("%d cases, %v", len(page), err)
	}
	return page[0].ID
}

// queue puts a call beside the case.
func (w *world) queue(t *testing.T, id workflow.CaseID) {
	t.Helper()
	w.tx(t, func(tx workflow.Tx) error {
		return tx.SaveLetter(t.Context(), &workflow.Letter{Case: id, Kind: workflow.ReplyCall, Status: workflow.LetterQueued, Channel: ingest.EDelivery, To: anna,
			Subject: "Wezwanie", Text: "Termin: 7 dni od dnia doręczenia tego wezwania.", MessageID: "okienko.1@um.example", CreatedAt: w.platform.Now()})
	})
}

// faultyCarrier is a carrier that may fail before or after it did everything.
type faultyCarrier struct {
	*ade.Carrier
	f *workflowtest.Faults
}

func (c faultyCarrier) Send(ctx context.Context, l workflow.Letter) error {
	return c.f.Call("Send", func() error { return c.Carrier.Send(ctx, l) })
}

// deliverAgain tries as River does; a letter in a dead hand is let go meanwhile.
func (w *world) deliverAgain(t *testing.T, f *workflowtest.Faults, id workflow.CaseID) {
	t.Helper()
	const lease = time.Minute
	p := reply.Postman{Store: f.Store(w.store), Now: w.platform.Now, Lease: lease,
		Carriers: map[ingest.Channel]workflow.Carrier{ingest.EDelivery: faultyCarrier{w.carrier, f}}}
	for tries := 1; ; tries++ {
		err := p.Deliver(t.Context(), id)
		if err == nil {
			return
		}
		if tries == 3 {
			t.Fatalf("Deliver still fails: %v", err)
		}
		w.platform.Advance(lease + time.Second)
	}
}

// follow looks until the delivery can be proved; a look that failed is made again.
func (w *world) follow(t *testing.T) {
	t.Helper()
	failed := 0
	for range 5 {
		w.platform.Advance(12 * time.Hour)
		if err := w.tracker.Look(t.Context()); err != nil {
			if failed++; failed > 1 || !errors.Is(err, workflowtest.ErrInjected) {
				t.Fatalf("Look = %v", err)
			}
		}
	}
}

// wantOneLetter wants a status that is true, and of a letter that was sent its document and all proofs, whatever was known of the
// sending.
func (w *world) wantOneLetter(t *testing.T, id workflow.CaseID) workflow.LetterStatus {
	t.Helper()
	status, arrived := w.letter(t, id).Status, len(w.platform.Sent())
	if !(status == workflow.LetterSent && arrived == 1 || status == workflow.LetterUnknown && arrived <= 1) {
		t.Errorf("the letter is %s (%s), the platform has it %d times", status, w.letter(t, id).Detail, arrived)
	}
	if arrived == 0 {
		return status
	}
	if d := w.delivery(t, id); d.DeliveredAt.IsZero() || len(d.Proofs) == 0 || len(w.proofs(t, id)) != 1+len(d.Proofs) {
		t.Errorf("delivery %+v with %d files kept: want the document and every proof", d, len(w.proofs(t, id)))
	}
	return status
}
