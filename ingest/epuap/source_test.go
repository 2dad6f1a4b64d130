package epuap_test

import (
	"errors"
	"maps"
	"strings"
	"testing"
	"time"

	"okienko/ingest/epuap"
	"okienko/ingest/epuap/epuaptest"
	"okienko/internal/board"
)

func TestDocumentsAreTakenInOrderWithAllThePlatformTells(t *testing.T) {
	t.Parallel()
	s, o := start(t), &office{}
	first := document("pierwsze")
	first.Content = []byte("\xEF\xBB\xBF<?xml version=\"1.0\"?>\r\n<pismo>pierwsze</pismo>")
	first.MediaType, first.ID = "XML", "12345678"
	second := document("drugie")
	second.ReplyBox, second.Test = "", true
	s.Deliver(first, second)
	run(t, config(t, s), o)
	emptied(t, s)
	got := o.all()
	if len(got) != 2 {
		t.Fatalf("%d documents, want 2", len(got))
	}
	e := got[0].envelope
	if got[0].body != string(first.Content) {
		t.Errorf("the bytes changed: %q", got[0].body)
	}
	if e.Item != "12345678" || e.Key != "12345678" || e.Source != "skrytka" || e.Channel != "epuap" || e.MediaType != "application/xml" || e.Name != "pismo.xml" {
		t.Errorf("envelope %+v", e)
	}
	if !e.ReceivedAt.Equal(first.SentAt) {
		t.Errorf("received at %v, want %v", e.ReceivedAt, first.SentAt)
	}
	want := map[string]string{
		"adresOdpowiedzi": "/anna_testowa/domyslna", "adresSkrytki": "/urzadtest/skrytka", "identyfikatorDokumentu": "12345678",
		"podmiot": "anna_testowa", "typOsoby": "F", "podmiotNazwa": "Anna Przykładowa", "uzytkownik": "anna_testowa", "zgoda": "true",
	}
	if !maps.Equal(e.Meta, want) {
		t.Errorf("meta %v,\nwant %v", e.Meta, want)
	}
	m := got[1].envelope.Meta
	if _, ok := m["adresOdpowiedzi"]; ok || m["czyTestowe"] != "true" {
		t.Errorf("a test without a box for answers: %v", m)
	}
}

// The document stays at the platform for as long as it is not durable here (promise P1).
func TestNothingIsConfirmedBeforeItIsAccepted(t *testing.T) {
	t.Parallel()
	s, o := start(t), &office{refuse: errors.New("disk full")}
	s.Deliver(document("jedno"))
	source, _ := run(t, config(t, s), o)
	until(t, "it was offered three times", func() bool { return o.offered() >= 3 })
	if s.Waiting() != 1 || s.Confirmed() != 0 {
		t.Fatal("confirmed although it was refused here")
	}
	if st := source.Status(); st.LastError != epuap.NotAccepted {
		t.Errorf("status %+v, want class accept", st)
	}
	o.set(nil)
	emptied(t, s)
	until(t, "the source is well again", func() bool { return source.Status().Up() })
}

// TestMisbehaviour: whatever the platform does, each document ends as exactly one case once it behaves again.
func TestMisbehaviour(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name     string
		switches epuaptest.Switches
		class    board.Class // what the status must have said; "": the switch is no hindrance
		change   func(*epuap.Config)
	}{
		{"it behaves", epuaptest.Switches{}, "", nil},
		{"MTOM answers", epuaptest.Switches{MTOM: true}, "", nil},
		{"a byte order mark before the answer", epuaptest.Switches{UTF8Mark: true}, "", nil},
		{"slow answers", epuaptest.Switches{Slow: 30 * time.Millisecond}, "", nil},
		{"answers slower than our patience", epuaptest.Switches{Slow: time.Minute}, "timeout", func(c *epuap.Config) { c.Timeout = 150 * time.Millisecond }},
		{"SHA-256 wanted and configured", epuaptest.Switches{SHA256: true}, "", func(c *epuap.Config) { c.ConfirmHash = epuap.SHA256 }},
		{"SHA-256 wanted and not configured", epuaptest.Switches{SHA256: true}, "acknowledge", nil},
		{"a fault with HTTP 500", epuaptest.Switches{Fault: 17}, "fault", nil},
		{"a fault with HTTP 200", epuaptest.Switches{Fault: 17, FaultWith200: true}, "fault", nil},
		{"HTTP 500 with a page", epuaptest.Switches{NotSOAP: 500}, "http", nil},
		{"HTTP 200 with a page", epuaptest.Switches{NotSOAP: 200}, "http", nil},
		{"HTTP 503 with a page", epuaptest.Switches{NotSOAP: 503}, "http", nil},
		{"HTTP 302", epuaptest.Switches{NotSOAP: 302}, "http", nil},
		{"unsigned answers", epuaptest.Switches{Unsigned: true}, "signature", nil},
		{"answers signed by somebody else", epuaptest.Switches{Impostor: true}, "signature", nil},
		{"answers changed after signing", epuaptest.Switches{ChangedLater: true}, "signature", nil},
		{"unsigned answers, and nobody asked for signatures", epuaptest.Switches{Unsigned: true}, "", func(c *epuap.Config) { c.PlatformCertFile = "" }},
		{"the line breaks before the confirmation", epuaptest.Switches{CutBeforeConfirm: true}, "acknowledge", nil},
		{"the line breaks after the confirmation", epuaptest.Switches{CutAfterConfirm: true}, "acknowledge", nil},
		{"a confirmation without effect", epuaptest.Switches{ConfirmWithout: true}, "acknowledge", nil},
		{"a document that is no base64", epuaptest.Switches{DamagedDocument: true}, "protocol", nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s, o := start(t), &office{}
			s.Deliver(document("jedno"), document("drugie"), document("trzecie"))
			s.Set(func(sw *epuaptest.Switches) { *sw = tt.switches })
			change := tt.change
			if change == nil {
				change = func(*epuap.Config) {}
			}
			source, _ := run(t, config(t, s, change), o)
			if tt.class != "" {
				until(t, "the status tells "+string(tt.class), func() bool { return source.Status().LastError == tt.class })
				s.Behave()
			}
			emptied(t, s)
			until(t, "the source is well", func() bool { return source.Status().Up() })
			if n := len(o.all()); n != 3 || s.Confirmed() != 3 {
				t.Errorf("%d cases, %d confirmed, want 3 and 3", n, s.Confirmed())
			}
		})
	}
}

// A platform that does not know our certificate may come to know it while we wait.
func TestAnUnknownCertificateIsWaitedOut(t *testing.T) {
	t.Parallel()
	s, o := start(t), &office{}
	s.Deliver(document("jedno"))
	stranger, err := epuaptest.NewSigner("TEST obcy")
	if err != nil {
		t.Fatal(err)
	}
	source, stop := run(t, config(t, s, func(c *epuap.Config) { c.Signer = &stranger }), o)
	until(t, "the status tells refused", func() bool { return source.Status().LastError == epuap.Refused })
	stop()
	if o.offered() != 0 || s.Waiting() != 1 {
		t.Error("a document was given to a stranger")
	}
}

// The very same bytes without an identifier of the platform: names must differ, or the ledger could not balance.
func TestTwoDocumentsWithEqualBytes(t *testing.T) {
	t.Parallel()
	s, o := start(t), &office{}
	a, b := document("to samo"), document("to samo")
	a.ID, b.ID = "-", "-"
	b.SentAt = b.SentAt.Add(time.Minute)
	s.Deliver(a, b)
	run(t, config(t, s), o)
	emptied(t, s)
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(o.seen) != 2 || len(o.cases) != 1 || o.offers != 2 {
		t.Errorf("%d items, %d cases, %d offers; want 2, 1, 2", len(o.seen), len(o.cases), o.offers)
	}
}

func TestAPlatformThatIsDownIsTriedAgain(t *testing.T) {
	t.Parallel()
	s, o := start(t), &office{}
	c := config(t, s)
	s.Close()
	source, _ := run(t, c, o)
	until(t, "it pauses until a known time, and tells why", func() bool {
		st := source.Status()
		return st.LastError == "unreachable" && st.Phase == board.Pausing && !st.RetryAt.IsZero() && !st.Up()
	})
}

func TestCheckTakesNothing(t *testing.T) {
	t.Parallel()
	s, o := start(t), &office{}
	s.Deliver(document("jedno"), document("drugie"))
	source, err := epuap.New(config(t, s), o, nil)
	if err != nil {
		t.Fatal(err)
	}
	r, err := source.Check(t.Context())
	if err != nil || r.Waiting != 2 || !r.Verified || !strings.Contains(r.Certificate, "TEST system urzędu") {
		t.Errorf("Check = %+v, %v", r, err)
	}
	if s.Waiting() != 2 {
		t.Error("it took something")
	}
	s.Set(func(sw *epuaptest.Switches) { sw.Fault = 9 })
	if _, err := source.Check(t.Context()); err == nil || !strings.Contains(err.Error(), "code 9") {
		t.Errorf("Check = %v, want the fault's code", err)
	}
}
