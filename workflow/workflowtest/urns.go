package workflowtest

import (
	"context"
	"errors"
	"testing"
	"time"

	"okienko/ingest"
	"okienko/workflow"
)

// Batches is scan.Batches.
type Batches interface {
	Batch(ctx context.Context, source string, d ingest.Digest) (ingest.Batch, bool, error)
	SaveBatch(ctx context.Context, b ingest.Batch) error
}

var urnTests = map[string]func(*testing.T, Open){
	"a batch is parted once":                          testBatchOnce,
	"scans find their emptying by site and window":    testEmptyings,
	"a difference is settled once, by somebody":       testSettle,
	"a held case is nobody's lost work until its end": testHeld,
}

func testBatchOnce(t *testing.T, open Open) {
	b := setup(t, open, fixed(noon))
	batch := ingest.Batch{Source: "urna", Digest: ingest.DigestOf([]byte("batch")), Pages: 4, DroppedTo: micros(noon),
		Parts: []ingest.BatchPart{{Envelope: 1, PageFrom: 2, PageTo: 2, Digest: ingest.DigestOf([]byte("1")), Size: 1}}}
	if _, ok, err := b.Batch(b.ctx, "urna", batch.Digest); ok || err != nil {
		t.Errorf("a batch before any was saved: %t, %v", ok, err)
	}
	wantError(t, b.SaveBatch(b.ctx, batch), nil)
	other := batch
	other.Parts = nil
	wantError(t, b.SaveBatch(b.ctx, other), nil)
	got, ok, err := b.Batch(b.ctx, "urna", batch.Digest)
	if err != nil || !ok || len(got.Parts) != 1 || got.Parts[0] != batch.Parts[0] || !got.DroppedTo.Equal(batch.DroppedTo) {
		t.Errorf("batch %+v, %t, %v; want the first one", got, ok, err)
	}
	if _, ok, _ := b.Batch(b.ctx, "urna-2", batch.Digest); ok {
		t.Error("another site has the batch")
	}
}

// emptied is the minute an urn was emptied.
var emptied = noon.Truncate(time.Minute)

func (b bench) scan(site string, to time.Time, text string, envelopes int) {
	b.t.Helper()
	batch := ingest.Batch{Source: site, Digest: ingest.DigestOf([]byte(text)), DroppedTo: to, Parts: make([]ingest.BatchPart, envelopes)}
	if envelopes == 0 {
		batch.Reason = ingest.BatchMissing
	}
	if err := b.SaveBatch(b.ctx, batch); err != nil {
		b.t.Fatal(err)
	}
}

func testEmptyings(t *testing.T, open Open) {
	b := setup(t, open, fixed(noon))
	e := workflow.Emptying{Site: "urna", From: emptied.Add(-17 * time.Hour), To: emptied.Add(7 * time.Second), Counted: 5, Bag: "B-17", Witness: "Jan",
		HeldUntil: emptied.Add(24 * time.Hour), EnteredBy: "anna"}
	wantError(t, b.AddEmptying(b.ctx, &e), nil)
	again := e
	wantError(t, b.AddEmptying(b.ctx, &again), workflow.ErrConflict)
	b.scan("urna", emptied, "a", 3)
	b.scan("urna", emptied, "b", 2)
	b.scan("urna", emptied.Add(-24*time.Hour), "c", 0)
	b.scan("urna-2", emptied, "d", 1)
	b.scan("urna", time.Time{}, "e", 0) // no sheet could be read: it belongs to no window
	got := must[workflow.Emptying](t)(b.Emptying(b.ctx, e.ID))
	want := workflow.Emptying{ID: e.ID, Site: "urna", From: e.From, To: emptied, Counted: 5, Bag: "B-17", Witness: "Jan", HeldUntil: e.HeldUntil,
		EnteredBy: "anna", EnteredAt: micros(noon), Scanned: 5}
	if got != want || !got.Balanced() || !got.Settled() {
		t.Errorf("emptying %+v, want %+v", got, want)
	}
	all := must[[]workflow.Emptying](t)(b.Emptyings(b.ctx, 0))
	if len(all) != 3 || all[0] != want || all[1].Site != "urna-2" || all[1].ID != 0 || all[1].Scanned != 1 || all[2].Unparted != 1 || all[2].Settled() {
		t.Errorf("emptyings %+v", all)
	}
	if one := must[[]workflow.Emptying](t)(b.Emptyings(b.ctx, 1)); len(one) != 1 || one[0] != want {
		t.Errorf("the newest: %+v", one)
	}
	_, err := b.Emptying(b.ctx, e.ID+1)
	wantError(t, err, workflow.ErrNotFound)
	_, err = b.Emptying(b.ctx, 0)
	wantError(t, err, workflow.ErrNotFound)
}

func testSettle(t *testing.T, open Open) {
	b := setup(t, open, fixed(noon))
	e := workflow.Emptying{Site: "urna", From: emptied.Add(-time.Hour), To: emptied, Counted: 3, EnteredBy: "anna"}
	wantError(t, b.AddEmptying(b.ctx, &e), nil)
	b.scan("urna", emptied, "a", 2)
	if got := must[workflow.Emptying](t)(b.Emptying(b.ctx, e.ID)); got.Difference() != -1 || got.Settled() {
		t.Errorf("difference %d, settled %t", got.Difference(), got.Settled())
	}
	wantError(t, b.SettleEmptying(b.ctx, e.ID, "ola", "jedna koperta pusta"), nil)
	wantError(t, b.SettleEmptying(b.ctx, e.ID, "jan", "nie"), workflow.ErrConflict)
	got := must[workflow.Emptying](t)(b.Emptying(b.ctx, e.ID))
	if !got.Settled() || got.Balanced() || got.SettledBy != "ola" || got.Note != "jedna koperta pusta" || !got.SettledAt.Equal(micros(noon)) {
		t.Errorf("settled %+v", got)
	}
}

func testHeld(t *testing.T, open Open) {
	b := setup(t, open, fixed(noon))
	c := newCase("held")
	c.HeldUntil = noon.Add(time.Hour)
	c = b.create(c)
	unfinished := func(at time.Time) int { return len(must[[]workflow.Unfinished](t)(b.Unfinished(b.ctx, at, 10))) }
	if n := unfinished(noon.Add(59 * time.Minute)); n != 0 {
		t.Errorf("%d unfinished before the hold is over", n)
	}
	if n := unfinished(noon.Add(61 * time.Minute)); n != 1 {
		t.Errorf("%d unfinished after the hold, without a job", n)
	}
	b.do(func(tx workflow.Tx) error { return tx.EnqueueAt(b.ctx, c.ID, workflow.StageJudge, c.HeldUntil) })
	if n := unfinished(noon.Add(61 * time.Minute)); n != 0 {
		t.Errorf("%d unfinished with a job for the end of the hold", n)
	}
	wantError(t, b.Tx(b.ctx, func(tx workflow.Tx) error {
		return errors.Join(tx.EnqueueAt(b.ctx, c.ID, workflow.StageJudge, c.HeldUntil), errTest)
	}), errTest)
	if got := must[workflow.Case](t)(b.Case(b.ctx, c.ID)); !got.HeldUntil.Equal(micros(c.HeldUntil)) {
		t.Errorf("held until %v, want %v", got.HeldUntil, c.HeldUntil)
	}
	b.update(c.ID, func(c *workflow.Case) { c.HeldUntil = time.Time{} })
	if got := must[workflow.Case](t)(b.Case(b.ctx, c.ID)); !got.HeldUntil.IsZero() {
		t.Errorf("still held until %v", got.HeldUntil)
	}
}
