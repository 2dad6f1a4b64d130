package edelivery_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"okienko/ingest/edelivery"
	"okienko/ingest/edelivery/edeliverytest"
)

func client(t *testing.T, s *edeliverytest.Server, changes ...func(*edelivery.Config)) *edelivery.Client {
	t.Helper()
	c, err := edelivery.NewClient(config(s, changes...))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func outgoing() edelivery.Outgoing {
	return edelivery.Outgoing{To: anna, Subject: "Wezwanie", Text: "Wzywamy.", CaseID: "RPW/1/2026", Files: []edelivery.OutgoingFile{{Name: "pismo.txt", MediaType: "text/plain", Content: []byte("treść")}}}
}

// What the platform and the way to it do with a sending, and whether the letter may be on its way.
func TestSendingLeavesNoDoubtWhereThereIsNone(t *testing.T) {
	t.Parallel()
	type switches = edeliverytest.Switches
	for _, tt := range []struct {
		name     string
		switches switches
		fails    bool
		doubt    bool
		sent     int
	}{
		{"it behaves", switches{}, false, false, 1},
		{"a token that ended early", switches{Storm: 1}, false, false, 1},
		{"the line breaks before", switches{CutBeforeSend: true}, true, true, 0},
		{"the line breaks after", switches{CutAfterSend: true}, true, true, 1},
		{"it refuses the letter", switches{RefuseSend: "bad_address"}, true, false, 0},
		{"429", switches{TooMany: 1, RetryAfter: 7 * time.Second}, true, false, 0},
		{"503", switches{Status: 503}, true, false, 0},
		{"502, as a proxy answers that lost the platform", switches{Status: 502}, true, true, 0},
		{"a redirect", switches{Redirect: true}, true, false, 0},
		{"a page with 200", switches{NotJSON: true}, true, true, 0},
		{"no token", switches{NoToken: true}, true, false, 0},
		{"silence", switches{Slow: time.Minute}, true, true, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := start(t)
			s.AddResident(edeliverytest.Resident{Address: anna, Name: "Anna"})
			s.Set(func(sw *switches) { *sw = tt.switches })
			c := client(t, s, func(c *edelivery.Config) { c.Timeout = 300 * time.Millisecond })
			_, err := c.Send(t.Context(), outgoing())
			var e *edelivery.Error
			if (err != nil) != tt.fails || err != nil && (!errors.As(err, &e) || e.MayHaveArrived != tt.doubt) {
				t.Errorf("Send: %v (%+v), want failure %t, doubt %t", err, e, tt.fails, tt.doubt)
			}
			s.Behave()
			if n := len(s.Sent()); n != tt.sent {
				t.Errorf("%d letters are sent, want %d", n, tt.sent)
			}
			if tt.switches.TooMany > 0 && e.RetryAfter != 7*time.Second {
				t.Errorf("Retry-After %s", e.RetryAfter)
			}
		})
	}
	s := start(t)
	c := s.Config("ade", edeliverytest.Address)
	s.Close()
	down, err := edelivery.NewClient(c)
	if err != nil {
		t.Fatal(err)
	}
	var e *edelivery.Error
	if _, err := down.Send(t.Context(), outgoing()); !errors.As(err, &e) || e.MayHaveArrived || e.Kind != edelivery.Unreachable {
		t.Errorf("a platform that is down: %v", err)
	}
	long := outgoing()
	long.Text = strings.Repeat("ż", edelivery.MaxText+1)
	if _, err := client(t, start(t)).Send(t.Context(), long); !errors.As(err, &e) || e.MayHaveArrived {
		t.Errorf("a text that is too long: %v", err)
	}
}

func TestALetterAndItsDelivery(t *testing.T) {
	t.Parallel()
	const jan, nobody = "AE:PL-33333-44444-JANEK-25", "AE:PL-44444-55555-NIKTO-25"
	s := start(t)
	s.AddResident(edeliverytest.Resident{Address: anna, Name: "Anna", Opens: 48 * time.Hour})
	s.AddResident(edeliverytest.Resident{Address: jan, Name: "Jan", Opens: edeliverytest.Never})
	s.Set(func(sw *edeliverytest.Switches) { sw.Pending = 1 })
	c := client(t, s)
	send := func(to string) edelivery.Outcome {
		t.Helper()
		o := outgoing()
		o.To = to
		task, err := c.Send(t.Context(), o)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := c.Task(t.Context(), task); err != nil || got.Done {
			t.Fatalf("the first look at the task: %+v, %v", got, err)
		}
		got, err := c.Task(t.Context(), task)
		if err != nil || !got.Done {
			t.Fatalf("the second look: %+v, %v", got, err)
		}
		return got
	}
	if got := send(nobody); got.Refused != "recipient_not_found" || got.MessageID != "" {
		t.Errorf("to nobody: %+v", got)
	}
	toAnna, toJan := send(anna).MessageID, send(jan).MessageID
	state := func(id string) edelivery.State {
		t.Helper()
		heads, err := c.Heads(t.Context(), id, "nieznana")
		if err != nil || len(heads) != 1 {
			t.Fatalf("%d heads, %v", len(heads), err)
		}
		proofs, err := c.Evidences(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		return edelivery.StateOf(heads[0], proofs)
	}
	sent := s.Sent()[0].At
	if got := state(toAnna); got.Status != "Czeka na doręczenie" || !got.DeliveredAt.IsZero() {
		t.Errorf("at once: %+v", got)
	}
	s.Advance(49 * time.Hour)
	if got := state(toAnna); got.Status != "Doręczona" || got.Deemed || !got.DeliveredAt.Equal(sent.Add(48*time.Hour)) {
		t.Errorf("opened after two days: %+v", got)
	}
	if got := state(toJan); !got.DeliveredAt.IsZero() {
		t.Errorf("not opened: %+v", got)
	}
	s.Advance(13 * 24 * time.Hour)
	if got := state(toJan); !got.Deemed || !got.DeliveredAt.Equal(s.Sent()[1].At.Add(14*24*time.Hour)) {
		t.Errorf("not opened for 14 days: %+v", got)
	}
}

// "Delivered" without a proof is no date.
func TestADeliveryHasNoDateWithoutItsProof(t *testing.T) {
	t.Parallel()
	m := edelivery.Message{Control: edelivery.Control{Status: "Doręczona"}}
	m.Metadata.ReceiptDate = edelivery.Moment{Time: time.Now()}
	if got := edelivery.StateOf(m, []edelivery.Evidence{{EvidenceID: "1", Type: "BP.WX", EventDate: m.Metadata.ReceiptDate}}); !got.DeliveredAt.IsZero() {
		t.Errorf("%+v", got)
	}
	for _, kind := range []string{"BP.OX", "BPOX", "bp.op"} {
		if got := edelivery.StateOf(m, []edelivery.Evidence{{EvidenceID: "1", Type: kind, EventDate: m.Metadata.ReceiptDate}}); got.DeliveredAt.IsZero() {
			t.Errorf("%s: %+v", kind, got)
		}
	}
}

func TestTheRegisterIsAskedOnceAndForgetsNothingThatFailed(t *testing.T) {
	t.Parallel()
	s := start(t)
	const struck = "AE:PL-33333-44444-STARY-32"
	s.AddResident(edeliverytest.Resident{Address: anna, Name: "Anna", PESEL: "80071977207"})
	s.AddResident(edeliverytest.Resident{Address: struck, Name: "Stary", PESEL: "44051401458", NIP: "5260250274", Struck: true})
	r := &edelivery.Register{Client: client(t, s)}
	s.Set(func(sw *edeliverytest.Switches) { sw.Status = 500 })
	if _, _, err := r.ByPESEL(t.Context(), "80071977207"); err == nil {
		t.Error("an unreachable register is no answer")
	}
	s.Behave()
	for range 3 {
		if e, found, err := r.ByPESEL(t.Context(), "80071977207"); err != nil || !found || e.Address != anna || e.Name != "Anna" {
			t.Errorf("ByPESEL = %+v, %t, %v", e, found, err)
		}
		if e, found, err := r.ByAddress(t.Context(), anna); err != nil || !found || e.Address != anna {
			t.Errorf("ByAddress = %+v, %t, %v", e, found, err)
		}
	}
	if n := s.Calls("search bae_search") + s.Calls("search eda-confirmation"); n != 3 {
		t.Errorf("%d questions, want one that failed and two", n)
	}
	for what, ask := range map[string]func() (edelivery.Entry, bool, error){
		"somebody unknown":             func() (edelivery.Entry, bool, error) { return r.ByPESEL(t.Context(), "00000000000") },
		"somebody struck off":          func() (edelivery.Entry, bool, error) { return r.ByPESEL(t.Context(), "44051401458") },
		"a company struck off":         func() (edelivery.Entry, bool, error) { return r.ByNIP(t.Context(), "5260250274") },
		"an address that is not there": func() (edelivery.Entry, bool, error) { return r.ByAddress(t.Context(), edeliverytest.Address) },
		"an address struck off":        func() (edelivery.Entry, bool, error) { return r.ByAddress(t.Context(), struck) },
	} {
		if e, found, err := ask(); err != nil || found {
			t.Errorf("%s: %+v, %t, %v", what, e, found, err)
		}
	}
}
