package ade_test

import (
	"log/slog"
	"strings"
	"testing"
	"time"

	"okienko/ingest/edelivery"
	"okienko/ingest/edelivery/edeliverytest"
	"okienko/workflow"
	"okienko/workflow/ade"
)

// delivered sends a letter to Anna, who opens it, and follows it until that is known.
func (w *world) delivered(t *testing.T) (id workflow.CaseID, message string, at time.Time) {
	t.Helper()
	id = w.newCase(t, nil)
	if err := w.deliver(t, id); err != nil {
		t.Fatal(err)
	}
	w.look(t)
	w.platform.Advance(49 * time.Hour)
	w.look(t)
	d := w.delivery(t, id)
	if d.Open() {
		t.Fatalf("delivery %+v", d)
	}
	return id, d.Message, d.DeliveredAt
}

// Proofs that come after the delivery was known, and after the case was closed, are kept; one that moves the date says so.
func TestALateProofIsNeverSilent(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		later  time.Duration // of the proof's moment, after the one that was known
		closed bool
		moves  bool
	}{
		{"a later moment", 3 * time.Hour, false, false},
		{"a later moment, the case is closed", 3 * time.Hour, true, false},
		{"an earlier moment", -24 * time.Hour, false, true},
		{"an earlier moment, the case is closed", -24 * time.Hour, true, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			eachDatabase(t, func(t *testing.T, open func(*testing.T) *world) {
				w := open(t)
				id, message, at := w.delivered(t)
				if tt.closed {
					w.close(t, id)
				}
				before, version := len(w.proofs(t, id)), w.caseOf(t, id).Version
				if err := w.platform.Prove(message, at.Add(tt.later)); err != nil {
					t.Fatal(err)
				}
				w.platform.Advance(25 * time.Hour)
				w.look(t)
				w.look(t)
				d, c, h := w.delivery(t, id), w.caseOf(t, id), w.history(t, id)
				if n := len(w.proofs(t, id)); n != before+1 {
					t.Errorf("%d proofs more, want one", n-before)
				}
				want, says := at, "data doręczenia się nie zmienia"
				if tt.moves {
					want, says = at.Add(tt.later).Truncate(time.Microsecond), "data doręczenia zmienia się z "+at.Format(time.RFC3339)
				}
				if !d.DeliveredAt.Equal(want) || strings.Count(h, says) != 1 {
					t.Errorf("delivered %v, want %v; history:\n%s", d.DeliveredAt, want, h)
				}
				if opened := c.Status == workflow.StatusOpen; opened != (tt.moves || !tt.closed) || (c.Version != version) != tt.moves || strings.Contains(c.Reason, "Data doręczenia") != tt.moves {
					t.Errorf("the case is %s (%s), version %d after %d", c.Status, c.Reason, c.Version, version)
				}
			})
		})
	}
}

// What the platform said would not be delivered, and was.
func TestAProofAfterAFailure(t *testing.T) {
	t.Parallel()
	eachDatabase(t, func(t *testing.T, open func(*testing.T) *world) {
		w := open(t)
		id := w.newCase(t, func(l *workflow.Letter) { l.To = ola })
		if err := w.deliver(t, id); err != nil {
			t.Fatal(err)
		}
		w.look(t)
		w.platform.Advance(2 * time.Hour)
		w.look(t)
		d := w.delivery(t, id)
		if l := w.letter(t, id); !d.Failed || l.Status != workflow.LetterFailed || !strings.Contains(l.Detail, "Niedoręczona") {
			t.Fatalf("letter %+v, delivery %+v", l, d)
		}
		at := w.platform.Now()
		if err := w.platform.Prove(d.Message, at); err != nil {
			t.Fatal(err)
		}
		w.platform.Advance(25 * time.Hour)
		w.look(t)
		if d, c := w.delivery(t, id), w.caseOf(t, id); d.Failed || !d.DeliveredAt.Equal(at.Truncate(time.Microsecond)) || !strings.Contains(c.Reason, "jednak doręczono") {
			t.Errorf("delivery %+v, the case says %q", d, c.Reason)
		}
	})
}

// The platform is asked once a day for two months, and then no more.
func TestALetterIsNotFollowedForEver(t *testing.T) {
	t.Parallel()
	w := newWorld(t, t.TempDir()+"/okienko.db")
	id, _, _ := w.delivered(t)
	asked := 0
	for range 70 {
		calls := w.platform.Calls("about one")
		w.platform.Advance(25 * time.Hour)
		w.look(t)
		if w.platform.Calls("about one") > calls {
			asked++
		}
	}
	if d := w.delivery(t, id); !d.DueAt.IsZero() || asked < 55 || asked > 60 {
		t.Errorf("asked on %d days, due %v", asked, d.DueAt)
	}
}

// A letter is asked about at the address it went from; an address that does not answer, or is no longer configured, keeps no other
// letter waiting.
func TestEachAddressIsAskedAboutItsOwnLetters(t *testing.T) {
	t.Parallel()
	eachDatabase(t, func(t *testing.T, open func(*testing.T) *world) {
		w := open(t)
		roads := edeliverytest.AddressOf(22222, 33333, "DROGI")
		key, err := edeliverytest.NewKey("TEST zarząd dróg")
		if err != nil {
			t.Fatal(err)
		}
		w.platform.Register(roads, key)
		second, err := edelivery.NewClient(w.platform.Config("drogi", roads))
		if err != nil {
			t.Fatal(err)
		}
		main := w.carrier.Mailboxes[0]
		both := ade.Mailboxes{main, {Client: second, Seal: main.Seal}}
		w.carrier.Mailboxes, w.tracker.Mailboxes = both, both
		one, two := w.caseAt(t, "wiad-1", edeliverytest.Address), w.caseAt(t, "wiad-2", roads)
		for _, id := range []workflow.CaseID{one, two} {
			if err := w.deliver(t, id); err != nil {
				t.Fatal(err)
			}
		}
		w.tracker.Mailboxes = ade.Mailboxes{both[1], both[0]} // the order of the configuration says nothing
		w.look(t)
		if a, b := w.delivery(t, one), w.delivery(t, two); a.Message == "" || b.Message == "" || a.From != edeliverytest.Address || b.From != roads {
			t.Fatalf("deliveries %+v and %+v", a, b)
		}
		w.platform.Advance(49 * time.Hour)
		w.tracker.Mailboxes = both[:1]
		if err := w.tracker.Look(t.Context()); err == nil || !strings.Contains(err.Error(), "not in the configuration") {
			t.Errorf("Look = %v, want to be told of the address that is gone", err)
		}
		if a, b := w.delivery(t, one), w.delivery(t, two); a.Open() || !b.Open() {
			t.Errorf("deliveries %+v and %+v: want the first to be known", a, b)
		}
		w.platform.Forget(roads)
		w.tracker.Mailboxes, w.tracker.Log = both, slog.New(slog.DiscardHandler)
		w.platform.Advance(25 * time.Hour)
		tokens := w.platform.Calls("token")
		if err := w.tracker.Look(t.Context()); err == nil {
			t.Error("a platform that refuses an address is no error")
		}
		if d := w.delivery(t, one); d.DueAt.Sub(w.platform.Now()) < 23*time.Hour || w.platform.Calls("token")-tokens > 3 {
			t.Errorf("the other address was not asked, or this one too often: %+v", d)
		}
	})
}
