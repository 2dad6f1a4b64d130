package nadaj_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"okienko/ingest"
	"okienko/ingest/epuap"
	"okienko/ingest/epuap/epuaptest"
	"okienko/workflow"
	"okienko/workflow/nadaj"
)

// called registers a case with a call that is delivered against a proof of receipt, and returns the order the platform has.
func (w *world) called(t *testing.T) (workflow.CaseID, epuaptest.Order) {
	t.Helper()
	w.carrier.Receipts = true
	id := w.newCase(t, func(l *workflow.Letter) { l.Kind, l.Automatic = workflow.ReplyCall, false })
	if err := w.postman().Deliver(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	orders := w.platform.Orders()
	if l := w.letter(t, id); l.Status != workflow.LetterSent || len(orders) != 1 || len(w.platform.Sent()) != 0 {
		t.Fatalf("the call is %s (%s), %d orders, %d sent", l.Status, l.Detail, len(orders), len(w.platform.Sent()))
	}
	return id, orders[0]
}

func (w *world) receipts() nadaj.Receipts {
	return nadaj.Receipts{Store: w.store, Evidence: w.evidence, Trust: w.carrier.Trust, Now: func() time.Time { return w.now }}
}

// TestACallIsProvedToHaveBeenReceived from the order to the proof that comes back through the queue, which is with the letter once,
// however often its document is offered.
func TestACallIsProvedToHaveBeenReceived(t *testing.T) {
	t.Parallel()
	eachDatabase(t, func(t *testing.T, open func(*testing.T) *world) {
		w := open(t)
		id, order := w.called(t)
		c, err := w.store.Case(t.Context(), id)
		if err != nil || order.CaseID != c.Number || order.DocumentID != w.letter(t, id).MessageID || order.Until != "2026-12-08T09:00:00Z" || order.ReplyTo != epuaptest.Address {
			t.Errorf("%v, order %+v", err, order)
		}
		upd, err := w.platform.Collect(order, w.now.Add(time.Hour))
		if err != nil {
			t.Fatal(err)
		}
		w.fetch(t, func(context.Context, ingest.Envelope) error { return nil })
		if err := w.receipts().Accept(nothing)(t.Context(), incoming(upd)); err != nil { // as after a lost confirmation
			t.Fatal(err)
		}
		proofs, err := w.store.CaseProofs(t.Context(), id)
		if err != nil || len(proofs) != 2 {
			t.Fatalf("%d proofs, %v; want the letter and the UPD", len(proofs), err)
		}
		if p := proofs[1]; p.Kind != "UPD" || p.Verdict != workflow.ProofGenuine || p.Digest != ingest.DigestOf(upd) || !strings.Contains(p.Because, "2026-11-24T10:00:00") {
			t.Errorf("%+v", p)
		}
		if h := w.history(t, id); strings.Count(h, "UPD ePUAP-UPD"+order.ID) != 1 || !strings.Contains(h, "doręczenie zlecone") {
			t.Errorf("history:\n%s", h)
		}
	})
}

// fetch runs the connector until the queue is empty.
func (w *world) fetch(t *testing.T, accept ingest.AcceptFunc) {
	t.Helper()
	cfg, err := w.platform.Config("skrytka", t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	source, err := epuap.New(cfg, w.store, nil)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithTimeout(t.Context(), 20*time.Second)
	defer stop()
	go func() {
		for w.platform.Waiting() > 0 && ctx.Err() == nil {
			time.Sleep(time.Millisecond)
		}
		stop()
	}()
	if err := source.Fetch(ctx, w.receipts().Accept(accept)); err != nil || w.platform.Waiting() > 0 {
		t.Fatalf("Fetch = %v, %d waiting", err, w.platform.Waiting())
	}
}

func nothing(context.Context, ingest.Envelope) error { return nil }

func incoming(raw []byte) ingest.Envelope {
	return ingest.Envelope{Source: "skrytka", Channel: ingest.EPUAP, Item: "9", Body: bytes.NewReader(raw)}
}

// TestWhatIsNoProofOfReceipt: nothing is kept of it, and all of it reaches the pipeline. What is one, and forged, says so.
func TestWhatIsNoProofOfReceipt(t *testing.T) {
	t.Parallel()
	w := newWorld(t, t.TempDir()+"/okienko.db")
	id, order := w.called(t)
	upd, err := w.platform.Collect(order, w.now)
	if err != nil {
		t.Fatal(err)
	}
	change := func(old, new string) []byte { return bytes.Replace(upd, []byte(old), []byte(new), 1) }
	mail := incoming(upd)
	mail.Channel = ingest.Email
	for _, tt := range []struct {
		name string
		e    ingest.Envelope
		want workflow.ProofVerdict // "": nothing is kept
	}{
		{"by another channel", mail, ""},
		{"of another case", incoming(change(order.CaseID, "RPW/99/2026")), ""},
		{"of no case", incoming(change(order.CaseID, "")), ""},
		{"with words for a case", incoming(change(order.CaseID, "RPW/ okienko")), ""},
		{"of a letter we did not write", incoming(change(order.DocumentID, "inny@um.example")), ""},
		{"a UPP", incoming(change("<pos:UPD>", "<pos:UPP>")), ""},
		{"a letter", incoming([]byte("<pismo>" + order.DocumentID + "</pismo>")), ""},
		{"no XML", incoming([]byte("\x00\xff")), ""},
		{"nothing", incoming(nil), ""},
		{"a very long one", incoming(append(bytes.Clone(upd), bytes.Repeat([]byte(" "), 300<<10)...)), ""},
		{"a forged day", incoming(change("<pos:DataOdbioru>2026", "<pos:DataOdbioru>2025")), workflow.ProofBroken},
	} {
		before, err := w.store.CaseProofs(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		want, err := io.ReadAll(tt.e.Body)
		if err != nil {
			t.Fatal(err)
		}
		tt.e.Body = bytes.NewReader(want)
		err = w.receipts().Accept(func(_ context.Context, e ingest.Envelope) error {
			if got, err := io.ReadAll(e.Body); err != nil || !bytes.Equal(got, want) {
				t.Errorf("%s: the pipeline gets %d bytes of %d, %v", tt.name, len(got), len(want), err)
			}
			return nil
		})(t.Context(), tt.e)
		after, err2 := w.store.CaseProofs(t.Context(), id)
		if err != nil || err2 != nil || (len(after) > len(before)) != (tt.want != "") || tt.want != "" && after[len(after)-1].Verdict != tt.want {
			t.Errorf("%s: %v, %v, proofs %+v, want %q", tt.name, err, err2, after, tt.want)
		}
	}
	refused := errors.New("disk full")
	w.platform.Behave()
	if err := w.receipts().Accept(func(context.Context, ingest.Envelope) error { return refused })(t.Context(), incoming(upd)); !errors.Is(err, refused) {
		t.Errorf("what the pipeline did not take is taken: %v", err)
	}
	for _, p := range must(w.store.CaseProofs(t.Context(), id)) {
		if p.Verdict == workflow.ProofGenuine {
			t.Error("a proof is kept of a document the pipeline did not take")
		}
	}
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// Only what is formal is served; and what may have been ordered is not ordered again (P3).
func TestWhichLettersAreServed(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name     string
		kind     workflow.ReplyKind
		receipts bool
		switches epuaptest.Switches
		orders   int
		sent     int
		status   workflow.LetterStatus
	}{
		{"a call", workflow.ReplyCall, true, epuaptest.Switches{}, 1, 0, workflow.LetterSent},
		{"a notice of forwarding", workflow.ReplyForward, true, epuaptest.Switches{}, 1, 0, workflow.LetterSent},
		{"a receipt", workflow.ReplyReceipt, true, epuaptest.Switches{}, 0, 1, workflow.LetterSent},
		{"a call of an office that has no qualified seal", workflow.ReplyCall, false, epuaptest.Switches{}, 0, 1, workflow.LetterSent},
		{"a call, the line breaks after it was ordered", workflow.ReplyCall, true, epuaptest.Switches{CutAfterSend: true}, 1, 0, workflow.LetterUnknown},
		{"a call, the line breaks before it was ordered", workflow.ReplyCall, true, epuaptest.Switches{CutBeforeSend: true}, 0, 0, workflow.LetterUnknown},
		{"a call the platform refuses", workflow.ReplyCall, true, epuaptest.Switches{RefuseSend: 9}, 0, 0, workflow.LetterFailed},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			eachDatabase(t, func(t *testing.T, open func(*testing.T) *world) {
				w := open(t)
				w.carrier.Receipts = tt.receipts
				id := w.newCase(t, func(l *workflow.Letter) { l.Kind = tt.kind })
				w.platform.Set(func(s *epuaptest.Switches) { *s = tt.switches })
				for range 2 {
					if err := w.postman().Deliver(t.Context(), id); err != nil {
						t.Errorf("Deliver = %v", err)
					}
					w.platform.Behave()
				}
				if l := w.letter(t, id); l.Status != tt.status || len(w.platform.Orders()) != tt.orders || len(w.platform.Sent()) != tt.sent {
					t.Errorf("%s, %d orders, %d sent", l.Status, len(w.platform.Orders()), len(w.platform.Sent()))
				}
			})
		})
	}
}
