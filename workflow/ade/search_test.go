package ade_test

import (
	"strings"
	"testing"
	"time"

	"okienko/ingest/edelivery/edeliverytest"
	"okienko/workflow"
)

// A sending nobody heard the answer of is looked for among the sent messages, and told; it is never repeated by itself (P3).
func TestALetterThatMayHaveGoneIsLookedForAmongTheSent(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name     string
		switches edeliverytest.Switches
		found    bool
	}{
		{"it went", edeliverytest.Switches{CutAfterSend: true}, true},
		{"it did not go", edeliverytest.Switches{CutBeforeSend: true}, false},
		{"it went, and the list comes in small pages", edeliverytest.Switches{CutAfterSend: true, SmallPages: 1}, true},
		{"it went, and the list has no dates of events", edeliverytest.Switches{CutAfterSend: true, NoEventDates: true}, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			eachDatabase(t, func(t *testing.T, open func(*testing.T) *world) {
				w := open(t)
				id := w.newCase(t, nil)
				w.platform.Set(func(sw *edeliverytest.Switches) { *sw = tt.switches })
				if err := w.deliver(t, id); err != nil {
					t.Fatal(err)
				}
				w.platform.Set(func(sw *edeliverytest.Switches) { sw.CutAfterSend, sw.CutBeforeSend = false, false })
				w.otherLetter(t, id) // to the same person, in the same case
				before := len(w.platform.Sent())
				for range 3 {
					w.platform.Advance(11 * time.Minute)
					w.look(t)
				}
				l, h := w.letter1(t, id), w.history(t, id)
				if l.Status != workflow.LetterUnknown || len(w.platform.Sent()) != before {
					t.Errorf("the letter is %s, %d more were sent", l.Status, len(w.platform.Sent())-before)
				}
				d := w.delivery1(t, id)
				if tt.found {
					sent := w.platform.Sent()[0]
					if d.Message != sent.ID || !strings.Contains(l.Detail, "wiadomość "+sent.ID) || strings.Count(h, "znaleziono wśród wysłanych") != 1 {
						t.Errorf("delivery %+v, letter says %q, history:\n%s", d, l.Detail, h)
					}
					return
				}
				if d.Message != "" || !strings.Contains(l.Detail, "Nie ma go wśród wysłanych") || strings.Count(h, "nie ma wśród wysłanych") != 1 {
					t.Errorf("delivery %+v, letter says %q, history:\n%s", d, l.Detail, h)
				}
				w.platform.Advance(25 * time.Hour)
				w.look(t)
				if l, d := w.letter1(t, id), w.delivery1(t, id); !d.DueAt.IsZero() || !strings.Contains(l.Detail, "już tego nie sprawdza") {
					t.Errorf("after a day: %+v, letter says %q", d, l.Detail)
				}
			})
		})
	}
}

// A letter that was found goes on as any other: its proofs are kept and its date is known.
func TestALetterThatWasFoundIsFollowed(t *testing.T) {
	t.Parallel()
	eachDatabase(t, func(t *testing.T, open func(*testing.T) *world) {
		w := open(t)
		id := w.newCase(t, nil)
		w.platform.Set(func(sw *edeliverytest.Switches) { sw.CutAfterSend = true })
		if err := w.deliver(t, id); err != nil {
			t.Fatal(err)
		}
		w.platform.Behave()
		for range 3 {
			w.platform.Advance(25 * time.Hour)
			w.look(t)
		}
		if d := w.delivery1(t, id); d.DeliveredAt.IsZero() || len(w.proofs(t, id)) != 1+len(d.Proofs) {
			t.Errorf("delivery %+v", d)
		}
	})
}

// Two sendings that cannot be told apart are shown as two.
func TestTwoThatLookAlikeAreBothShown(t *testing.T) {
	t.Parallel()
	w := newWorld(t, t.TempDir()+"/okienko.db")
	id := w.newCase(t, nil)
	w.platform.Set(func(sw *edeliverytest.Switches) { sw.CutAfterSend = true })
	for range 2 { // a clerk sends it again although it went
		if err := w.deliver(t, id); err != nil {
			t.Fatal(err)
		}
		w.requeue(t, id)
	}
	if err := w.deliver(t, id); err != nil {
		t.Fatal(err)
	}
	w.platform.Behave()
	w.platform.Advance(11 * time.Minute)
	w.look(t)
	if l := w.letter1(t, id); !strings.Contains(l.Detail, "kilka takich wiadomości") {
		t.Errorf("the letter says %q", l.Detail)
	}
}
