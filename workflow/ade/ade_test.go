package ade_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"okienko/ingest/edelivery/edeliverytest"
	"okienko/workflow"
)

func TestALetterIsFollowedUntilItsDeliveryIsProved(t *testing.T) {
	t.Parallel()
	eachDatabase(t, func(t *testing.T, open func(*testing.T) *world) {
		w := open(t)
		w.platform.Set(func(sw *edeliverytest.Switches) { sw.Pending = 1 })
		id := w.newCase(t, nil)
		if err := w.deliver(t, id); err != nil {
			t.Fatal(err)
		}
		if l := w.letter(t, id); l.Status != workflow.LetterSent {
			t.Fatalf("the letter is %s (%s)", l.Status, l.Detail)
		}
		sent := w.platform.Sent()
		if len(sent) != 1 || sent[0].To != anna || sent[0].ThreadID != "watek-1" || sent[0].Ref != "wiad-1" || sent[0].CaseID != "RPW/1/2026" || !strings.HasPrefix(sent[0].Text, "Termin") {
			t.Fatalf("sent %+v", sent)
		}
		for range 3 { // the task is not finished, then it is; looking more often than due asks nothing
			w.look(t)
			w.look(t)
			w.platform.Advance(11 * time.Minute)
		}
		d := w.delivery(t, id)
		if d.Message != sent[0].ID || d.Status != "Czeka na doręczenie" || !d.Open() || len(d.Proofs) != 3 {
			t.Fatalf("delivery %+v", d)
		}
		w.platform.Advance(48 * time.Hour)
		w.look(t)
		d = w.delivery(t, id)
		if d.Open() || d.Deemed || !d.DeliveredAt.Equal(sent[0].At.Add(48*time.Hour).Truncate(time.Microsecond)) {
			t.Errorf("delivery %+v, want it on the day of the proof", d)
		}
		proofs, err := w.store.CaseProofs(t.Context(), d.Case)
		if err != nil || len(proofs) != 1+len(d.Proofs) || proofs[0].Kind != workflow.ProofDocument {
			t.Fatalf("%+v are kept, want the letter and %d proofs, %v", proofs, len(d.Proofs), err)
		}
		for _, p := range proofs[1:] {
			if p.Letter != d.Letter || p.Digest == "" || p.Bytes == 0 || p.Verdict != workflow.ProofGenuine || p.Because != "pieczęć prawdziwa" {
				t.Errorf("kept proof %+v", p)
			}
		}
		h := w.history(t, id)
		for _, want := range []string{"zadanie zadanie-", "wiadomość " + d.Message, "dowód A.1", "Czeka na doręczenie", "dowód BP.OX", "pieczęć prawdziwa", "doręczono " + d.DeliveredAt.Format(time.RFC3339)} {
			if strings.Count(h, want) == 0 {
				t.Errorf("the history lacks %q:\n%s", want, h)
			}
		}
		if strings.Count(h, "doręczono ") != 1 || strings.Contains(h, "NIE ZGADZA") {
			t.Errorf("history:\n%s", h)
		}
		calls := w.platform.Calls("about one")
		w.platform.Advance(time.Hour)
		w.look(t)
		if w.platform.Calls("about one") != calls {
			t.Error("the platform is asked as often as before about a letter whose delivery is proved")
		}
	})
}

// KPA art. 57 begins with the fiction: a letter nobody opens is delivered on the 14th day, by the platform's proof.
func TestALetterNobodyOpensIsDeemedDelivered(t *testing.T) {
	t.Parallel()
	eachDatabase(t, func(t *testing.T, open func(*testing.T) *world) {
		w := open(t)
		id := w.newCase(t, func(l *workflow.Letter) { l.To = jan })
		if err := w.deliver(t, id); err != nil {
			t.Fatal(err)
		}
		sent := w.platform.Sent()[0]
		if sent.Ref != "" || sent.ThreadID == "watek-1" {
			t.Errorf("a letter to somebody else answers Anna's message: %+v", sent)
		}
		for day := range 15 {
			w.look(t)
			if d := w.delivery(t, id); !d.Open() {
				t.Fatalf("delivered on day %d: %+v", day, d)
			}
			if day < 14 {
				w.platform.Advance(24*time.Hour - 2*time.Second)
			}
		}
		w.platform.Advance(time.Hour)
		w.look(t)
		d := w.delivery(t, id)
		if !d.Deemed || !d.DeliveredAt.Equal(sent.At.Add(14*24*time.Hour).Truncate(time.Microsecond)) || !strings.Contains(w.history(t, id), "z mocy prawa") {
			t.Errorf("delivery %+v\n%s", d, w.history(t, id))
		}
	})
}

// TestWhatTheWireDoesToALetter is promise P3 for this channel.
func TestWhatTheWireDoesToALetter(t *testing.T) {
	t.Parallel()
	type switches = edeliverytest.Switches
	for _, tt := range []struct {
		name     string
		switches switches
		status   workflow.LetterStatus
		sent     int
		again    bool // Deliver asks to be called again
	}{
		{"it behaves", switches{}, workflow.LetterSent, 1, false},
		{"the line breaks before", switches{CutBeforeSend: true}, workflow.LetterUnknown, 0, false},
		{"the line breaks after", switches{CutAfterSend: true}, workflow.LetterUnknown, 1, false},
		{"silence", switches{Slow: time.Minute}, workflow.LetterUnknown, 0, false},
		{"502", switches{Status: 502}, workflow.LetterUnknown, 0, false},
		{"429", switches{TooMany: 1}, workflow.LetterQueued, 0, true},
		{"503", switches{Status: 503}, workflow.LetterQueued, 0, true},
		{"no token", switches{NoToken: true}, workflow.LetterQueued, 0, true},
		{"a storm of 401", switches{Storm: 10}, workflow.LetterQueued, 0, true},
		{"refused", switches{RefuseSend: "bad_message"}, workflow.LetterFailed, 0, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			eachDatabase(t, func(t *testing.T, open func(*testing.T) *world) {
				w := open(t)
				id := w.newCase(t, nil)
				w.platform.Set(func(sw *switches) { *sw = tt.switches })
				if err := w.deliver(t, id); (err != nil) != tt.again {
					t.Errorf("Deliver = %v, want to be called again: %t", err, tt.again)
				}
				if l := w.letter(t, id); l.Status != tt.status {
					t.Errorf("the letter is %s (%s), want %s", l.Status, l.Detail, tt.status)
				}
				w.platform.Behave()
				for range 3 { // nothing is ever repeated that may have arrived
					if err := w.deliver(t, id); err != nil {
						t.Error(err)
					}
				}
				want := tt.sent
				if tt.again {
					want = 1
				}
				if n := len(w.platform.Sent()); n != want {
					t.Errorf("%d letters at the platform, want %d", n, want)
				}
			})
		})
	}
}

// What the platform refuses after it had taken it over goes to a person.
func TestALetterRefusedLaterIsHandedToAPerson(t *testing.T) {
	t.Parallel()
	eachDatabase(t, func(t *testing.T, open func(*testing.T) *world) {
		w := open(t)
		id := w.newCase(t, func(l *workflow.Letter) { l.To = "AE:PL-44444-55555-NIKTO-25" })
		if err := w.deliver(t, id); err != nil {
			t.Fatal(err)
		}
		w.look(t)
		if l, d := w.letter(t, id), w.delivery(t, id); l.Status != workflow.LetterFailed || !strings.Contains(l.Detail, "recipient_not_found") || d.Open() || !d.Failed {
			t.Errorf("letter %+v, delivery %+v", l, d)
		}
	})
}

func TestAnAddressThatIsNoneIsRefusedHere(t *testing.T) {
	t.Parallel()
	eachDatabase(t, func(t *testing.T, open func(*testing.T) *world) {
		w := open(t)
		id := w.newCase(t, func(l *workflow.Letter) { l.To = "anna@poczta.example" })
		if err := w.deliver(t, id); err != nil {
			t.Fatal(err)
		}
		if l := w.letter(t, id); l.Status != workflow.LetterFailed || w.platform.Calls("send") != 0 {
			t.Errorf("the letter is %s, %d requests", l.Status, w.platform.Calls("send"))
		}
	})
}

// A platform that lists a proof and does not give its file out delays the date for a day, not for ever.
func TestAProofWithoutItsFile(t *testing.T) {
	t.Parallel()
	eachDatabase(t, func(t *testing.T, open func(*testing.T) *world) {
		w := open(t)
		id := w.newCase(t, nil)
		if err := w.deliver(t, id); err != nil {
			t.Fatal(err)
		}
		w.look(t)
		w.platform.Set(func(sw *edeliverytest.Switches) { sw.NoEvidenceFiles = true })
		w.platform.Advance(49 * time.Hour)
		if err := w.tracker.Look(t.Context()); err == nil {
			t.Error("a file that is missing is no error")
		}
		if d := w.delivery(t, id); !d.Open() || d.LookedAt.IsZero() {
			t.Errorf("delivery %+v", d)
		}
		w.platform.Advance(25 * time.Hour)
		w.look(t)
		if d := w.delivery(t, id); d.Open() || !strings.Contains(w.history(t, id), "nie wydaje jego pliku") {
			t.Errorf("delivery %+v\n%s", d, w.history(t, id))
		}
	})
}

// Several processes follow the same letters: each step is told once.
func TestSeveralTrackersTellOnce(t *testing.T) {
	t.Parallel()
	eachDatabase(t, func(t *testing.T, open func(*testing.T) *world) {
		w := open(t)
		id := w.newCase(t, nil)
		if err := w.deliver(t, id); err != nil {
			t.Fatal(err)
		}
		for range 3 {
			var all sync.WaitGroup
			for range 6 {
				all.Go(func() {
					if err := w.tracker.Look(t.Context()); err != nil {
						t.Error(err)
					}
				})
			}
			all.Wait()
			w.platform.Advance(25 * time.Hour)
		}
		h := w.history(t, id)
		for _, once := range []string{"nadany przez", "dowód A.1", "doręczono "} {
			if n := strings.Count(h, once); n != 1 {
				t.Errorf("%q is told %d times:\n%s", once, n, h)
			}
		}
	})
}
