package edelivery_test

import (
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"okienko/ingest"
	"okienko/ingest/edelivery"
	"okienko/ingest/edelivery/edeliverytest"
)

func TestMessagesAreTakenWithAllThePlatformTells(t *testing.T) {
	t.Parallel()
	s, o := start(t), &office{}
	at := time.Date(2026, 11, 20, 9, 15, 30, 0, time.UTC)
	first := letter("pierwsze")
	first.At = at
	ids := deliver(t, s, first)
	second := letter("drugie")
	second.At, second.Ref = at.Add(time.Hour), ids[0]
	ids = append(ids, deliver(t, s, second)...)
	run(t, config(s), o)
	registered(t, o, 2)
	got := o.all()
	e := got[0].envelope
	if e.Item != ids[0] || e.Key != ids[0] || !e.KeyOnly || e.Source != "ade" || e.Channel != "edelivery" || e.MediaType != edelivery.MediaType {
		t.Errorf("envelope %+v", e)
	}
	if !e.ReceivedAt.Equal(at) || e.ReceivedBy != ingest.ByProof {
		t.Errorf("received at %v by %q, want %v by the proof", e.ReceivedAt, e.ReceivedBy, at)
	}
	var m edelivery.Message
	if err := json.Unmarshal([]byte(got[0].body), &m); err != nil || m.Text != "Proszę o pierwsze." || m.Metadata.Subject != "Wniosek pierwsze" {
		t.Errorf("body %s, %v", got[0].body, err)
	}
	meta := maps.Clone(e.Meta)
	if at, err := time.Parse(time.RFC3339, meta["odczytano"]); err != nil || time.Since(at) > time.Minute {
		t.Errorf("odczytano %q", meta["odczytano"])
	}
	delete(meta, "odczytano")
	want := map[string]string{
		"messageId": ids[0], "threadId": "watek-" + ids[0], "nadawca": anna, "adres": edeliverytest.Address,
		"pobrane": "zal-" + ids[0] + "-1", "dowod": meta["dowod"],
	}
	if !maps.Equal(meta, want) || !strings.HasPrefix(meta["dowod"], "BP.OX dowod-") {
		t.Errorf("meta %v,\nwant %v", meta, want)
	}
	var roles []string
	for _, p := range got[0].parts {
		roles = append(roles, p.role+" "+p.name[:4])
	}
	if got := strings.Join(roles, ", "); got != "attachment pier, evidence A.1-, evidence E.1-, evidence BP.O" {
		t.Errorf("parts %s", got)
	}
	if got[0].parts[0].text != "załącznik pierwsze" || !strings.Contains(got[0].parts[3].text, "BP.OX") {
		t.Errorf("parts %+v", got[0].parts)
	}
	if m := got[1].envelope.Meta; m["refToMessageId"] != ids[0] || m["threadId"] != "watek-"+ids[0] {
		t.Errorf("meta of the answer %v", m)
	}
	if n := s.Calls("read"); n != 2 {
		t.Errorf("%d full reads of 2 messages: each is to be read once", n)
	}
}

// The message stays open in the ledger for as long as it is not durable here (promise P1), and is not read again for it.
func TestWhatIsNotAcceptedIsOfferedAgainAndReadOnce(t *testing.T) {
	t.Parallel()
	s, o := start(t), &office{refuse: errors.New("disk full")}
	deliver(t, s, letter("jedno"))
	source, _ := run(t, config(s), o)
	until(t, "it was offered three times", func() bool { _, n := o.count(); return n >= 3 })
	until(t, "the status tells why", func() bool { return source.Status().LastError == edelivery.NotAccepted })
	o.set(func(o *office) { o.refuse = nil })
	registered(t, o, 1)
	until(t, "the source is well again", func() bool { return source.Status().Up() && source.Status().LastError == "" })
	if n := s.Calls("read"); n != 1 {
		t.Errorf("%d full reads", n)
	}
}

func TestNothingIsOfferedBeforeItIsWrittenDown(t *testing.T) {
	t.Parallel()
	s, o := start(t), &office{noSaw: errors.New("no database")}
	deliver(t, s, letter("jedno"))
	source, _ := run(t, config(s), o)
	until(t, "the status tells why", func() bool { return source.Status().LastError == edelivery.NoLedger })
	if _, offers := o.count(); offers != 0 || s.Calls("read") != 0 {
		t.Error("it was read or offered all the same")
	}
	o.set(func(o *office) { o.noSaw = nil })
	registered(t, o, 1)
}

// TestMisbehaviour: whatever the platform does, each message ends as exactly one case once it behaves again.
func TestMisbehaviour(t *testing.T) {
	t.Parallel()
	type switches = edeliverytest.Switches
	slow := func(c *edelivery.Config) { c.Timeout = 150 * time.Millisecond }
	tests := []struct {
		name     string
		switches switches
		class    edelivery.Class // what the status must have said; "": the switch is no hindrance
		change   func(*edelivery.Config)
	}{
		{"it behaves", switches{}, "", nil},
		{"attachments as JSON", switches{}, "", func(c *edelivery.Config) { c.Attachments = edelivery.JSON }},
		{"no octet-stream, although we ask for it", switches{NoOctetStream: true}, "", nil},
		{"client_id and x5c sent", switches{}, "", func(c *edelivery.Config) { c.ClientID, c.X5C = true, true }},
		{"slow answers", switches{Slow: 20 * time.Millisecond}, "", nil},
		{"answers slower than our patience", switches{Slow: time.Minute}, edelivery.Silent, slow},
		{"the line is cut", switches{Unreachable: true}, edelivery.Unreachable, nil},
		{"HTTP 500 with a page", switches{Status: 500}, edelivery.BadStatus, nil},
		{"HTTP 503 with a page", switches{Status: 503}, edelivery.BadStatus, nil},
		{"HTTP 200 with a page", switches{NotJSON: true}, edelivery.Garbled, nil},
		{"a redirect to somewhere else", switches{Redirect: true}, edelivery.BadStatus, nil},
		{"429 with Retry-After", switches{TooMany: 3, RetryAfter: time.Second}, edelivery.Limited, nil},
		{"429 without Retry-After", switches{TooMany: 6}, edelivery.Limited, nil},
		{"a storm of 401", switches{Storm: 40}, edelivery.Refused, nil},
		{"one 401, as when a token ends early", switches{Storm: 1}, "", nil},
		{"tokens that end long before they say", switches{TokenLife: 15 * time.Millisecond, Slow: 5 * time.Millisecond}, "", nil},
		{"no token for anybody", switches{NoToken: true}, edelivery.Refused, nil},
		{"202 a few times for each message", switches{NotReady: 7}, "", nil},
		{"each message is listed twice", switches{Twice: true}, "", nil},
		{"pages begin at the beginning, whatever we ask", switches{NoOffset: true}, "", func(c *edelivery.Config) { c.Page = 3 }},
		{"pages are smaller than asked", switches{SmallPages: 1}, "", nil},
		{"no eventDate", switches{NoEventDates: true}, "", nil},
		{"no proof of receipt", switches{NoProof: true}, "", nil},
		{"the files of proofs are not there", switches{NoEvidenceFiles: true}, "", nil},
		{"attachments are not there", switches{NoFiles: true}, "", nil},
		{"the line breaks in each attachment", switches{CutFiles: true}, edelivery.NoFile, nil},
		{"the JSON of each attachment breaks off", switches{CutFiles: true}, edelivery.NoFile, func(c *edelivery.Config) { c.Attachments = edelivery.JSON }},
		{"attachments shorter than told", switches{ShortFiles: true}, "", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s, o := start(t), &office{}
			deliver(t, s, letter("jedno"), letter("drugie"), letter("trzecie"))
			s.Set(func(sw *switches) { *sw = tt.switches })
			change := tt.change
			if change == nil {
				change = func(*edelivery.Config) {}
			}
			source, _ := run(t, config(s, change), o)
			if tt.class != "" {
				until(t, "the status tells "+string(tt.class), func() bool { return source.Status().LastError == tt.class })
				if tt.switches.TooMany == 0 && tt.switches.Storm == 0 {
					s.Behave()
				}
			}
			registered(t, o, 3)
			until(t, "the source is well", func() bool {
				st := source.Status()
				return st.Up() && st.LastError == "" && st.Held == 0 && st.Phase == "idle"
			})
			if cases, _ := o.count(); cases != 3 {
				t.Errorf("%d cases", cases)
			}
		})
	}
}

// What the platform could not give stands in the letter's meta, and only that.
func TestWhatIsMissingIsTold(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name     string
		switches edeliverytest.Switches
		key      string
		parts    int
		by       ingest.ReceivedBy
	}{
		{"attachments", edeliverytest.Switches{NoFiles: true}, edelivery.MetaMissing, 3, ingest.ByProof},
		{"short attachments", edeliverytest.Switches{ShortFiles: true}, edelivery.MetaShort, 4, ingest.ByProof},
		{"files of proofs", edeliverytest.Switches{NoEvidenceFiles: true}, edelivery.MetaNoEvidence, 1, ingest.ByProof},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s, o := start(t), &office{}
			deliver(t, s, letter("jedno"))
			s.Set(func(sw *edeliverytest.Switches) { *sw = tt.switches })
			run(t, config(s), o)
			registered(t, o, 1)
			c := o.all()[0]
			for _, key := range []string{edelivery.MetaMissing, edelivery.MetaShort, edelivery.MetaNoEvidence} {
				if (c.envelope.Meta[key] != "") != (key == tt.key) {
					t.Errorf("meta %s = %q", key, c.envelope.Meta[key])
				}
			}
			if len(c.parts) != tt.parts || c.envelope.ReceivedBy != tt.by {
				t.Errorf("%d parts, received by %s", len(c.parts), c.envelope.ReceivedBy)
			}
		})
	}
}

// A message waits for its proof of receipt, while others pass it, and is taken without when that takes too long.
func TestTheDateIsThatOfTheProofAndElseIsCalledWhatItIs(t *testing.T) {
	t.Parallel()
	s, o := start(t), &office{}
	sent, arrived := time.Date(2026, 11, 20, 23, 59, 0, 0, time.UTC), time.Date(2026, 11, 23, 7, 0, 0, 0, time.UTC)
	late := letter("dowód przyjdzie później")
	late.At, late.Unproved = sent, true
	ids := deliver(t, s, late, letter("z dowodem"))
	run(t, config(s, func(c *edelivery.Config) { c.ProofPatience = time.Hour }), o)
	registered(t, o, 1)
	if e := o.all()[0].envelope; e.Key != ids[1] {
		t.Fatal("the message without proof did not wait")
	}
	if err := s.Prove(ids[0], arrived); err != nil {
		t.Fatal(err)
	}
	registered(t, o, 2)
	if e := o.all()[1].envelope; !e.ReceivedAt.Equal(arrived) || e.ReceivedBy != ingest.ByProof {
		t.Errorf("received at %v by %s", e.ReceivedAt, e.ReceivedBy)
	}
	never := letter("bez dowodu")
	never.At, never.Unproved = sent, true
	s2, o2 := start(t), &office{}
	deliver(t, s2, never)
	run(t, config(s2), o2)
	registered(t, o2, 1)
	if e := o2.all()[0].envelope; !e.ReceivedAt.Equal(sent) || e.ReceivedBy != ingest.ByHandover {
		t.Errorf("without proof: received at %v by %s", e.ReceivedAt, e.ReceivedBy)
	}
}

func TestAMailboxOthersReadToo(t *testing.T) {
	t.Parallel()
	s, o := start(t), &office{}
	ids := deliver(t, s, letter("otwarta przez kogoś"), letter("usunięta przed nami"), letter("zwykła"))
	s.Open(ids[0])
	source, stop := run(t, config(s), o)
	registered(t, o, 3)
	stop()
	if m := o.all()[0].envelope.Meta; m[edelivery.MetaOpened] != "true" {
		t.Errorf("meta %v", m)
	}
	// One that was seen, and removed before it could be taken, is settled as gone.
	s2, o2 := start(t), &office{refuse: errors.New("disk full")}
	ids = deliver(t, s2, letter("usunięta przed nami"))
	_, stop = run(t, config(s2), o2)
	until(t, "it was seen", func() bool { open, _ := o2.Open(t.Context(), "ade"); return len(open) == 1 })
	stop()
	s2.Remove(ids[0])
	o2.set(func(o *office) { o.refuse = nil })
	source, _ = run(t, config(s2), o2)
	until(t, "it is settled as gone", func() bool {
		o2.mu.Lock()
		defer o2.mu.Unlock()
		return o2.status[ids[0]] == "gone"
	})
	until(t, "the source is well", func() bool { st := source.Status(); return st.LastError == "" && st.Phase == "idle" })
}

// The cursor saves work and nothing else.
func TestALostOrWrongCursorLosesAndDoublesNothing(t *testing.T) {
	t.Parallel()
	for _, cursor := range []string{"", "bzdura", "2999-01-01T00:00:00Z 2999-01-01T00:00:00Z", "2026-11-24T00:00:00Z 2026-11-24T00:00:00Z"} {
		t.Run(cursor, func(t *testing.T) {
			t.Parallel()
			s, o := start(t), &office{}
			old := letter("sprzed miesiąca")
			old.At = time.Now().Add(-30 * 24 * time.Hour)
			deliver(t, s, old, letter("jedno"), letter("drugie"))
			_, stop := run(t, config(s), o)
			registered(t, o, 3)
			stop()
			reads := s.Calls("read")
			deliver(t, s, letter("trzecie"))
			o.set(func(o *office) { o.cursor = cursor })
			run(t, config(s, func(c *edelivery.Config) { c.Rescan = time.Second }), o)
			registered(t, o, 4)
			if _, offers := o.count(); offers != 4 || s.Calls("read") != reads+1 {
				t.Errorf("%d offers, %d more reads; want 4 and 1", offers, s.Calls("read")-reads)
			}
		})
	}
}

func TestSeveralAddressesAreSeveralSources(t *testing.T) {
	t.Parallel()
	s, o := start(t), &office{}
	key, err := edeliverytest.NewKey("TEST zarząd dróg")
	if err != nil {
		t.Fatal(err)
	}
	roads := edeliverytest.AddressOf(22222, 33333, "DROGI")
	s.Register(roads, key)
	l := letter("pas drogowy")
	l.To = roads
	deliver(t, s, l, letter("urząd"))
	c := config(s)
	c2 := s.Config("drogi", roads)
	c2.Poll = c.Poll
	run(t, c, o)
	o2 := &office{}
	run(t, c2, o2)
	registered(t, o, 1)
	registered(t, o2, 1)
	if o2.all()[0].envelope.Meta["adres"] != roads {
		t.Errorf("meta %v", o2.all()[0].envelope.Meta)
	}
	// A system that is registered at one address only gets no token for the other.
	c3 := config(s)
	c3.Key = &key
	source, _ := run(t, c3, &office{})
	until(t, "it is refused", func() bool { return source.Status().LastError == edelivery.Refused })
}

// A storm of calls is one look, and a call for somebody else none; without any call polling finds all.
func TestWebhooksAreAHint(t *testing.T) {
	t.Parallel()
	s, o := start(t), &office{}
	var source atomic.Pointer[edelivery.Source]
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { source.Load().Webhook().ServeHTTP(w, r) }))
	t.Cleanup(server.Close)
	began, _ := run(t, config(s, func(c *edelivery.Config) {
		c.Poll, c.WebhookURL, c.WebhookListen = time.Hour, server.URL, "127.0.0.1:0"
	}), o)
	source.Store(began)
	until(t, "it listed once", func() bool { return began.Status().Phase == "idle" })
	before := s.Calls("list")
	for _, body := range []string{`{"eDeliveryAddress":"` + anna + `"}`, `{}`, `[`, ``} {
		resp, err := http.Post(server.URL, "application/json", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		if resp.Body.Close(); resp.StatusCode != http.StatusBadRequest {
			t.Errorf("a call with %q: %d", body, resp.StatusCode)
		}
	}
	if n := s.Calls("list"); n != before {
		t.Errorf("%d listings for calls that mean nothing", n-before)
	}
	s.Set(func(sw *edeliverytest.Switches) { sw.HookStorm = 1999 })
	deliver(t, s, letter("jedno"))
	registered(t, o, 1)
	until(t, "the storm is over", func() bool { return s.Calls("hook 200") == 2000 })
	if n := s.Calls("list") - before; n > 5 {
		t.Errorf("%d listings after 2000 calls", n)
	}
	if s.Calls("subscribe") != 1 {
		t.Errorf("%d subscriptions", s.Calls("subscribe"))
	}
}

// One message the platform cannot give out does not keep the others.
func TestAMessageThatNeverComesHoldsNobodyUp(t *testing.T) {
	t.Parallel()
	s, o := start(t), &office{}
	deliver(t, s, letter("jedno"))
	s.Set(func(sw *edeliverytest.Switches) { sw.NotReady = -1 })
	source, _ := run(t, config(s), o)
	until(t, "it is held", func() bool { return source.Status().Held == 1 })
	if st := source.Status(); st.LastError != "" || st.Waiting != 1 {
		t.Errorf("status %+v: waiting for the platform is no trouble, but it is not done", st)
	}
	s.Behave()
	registered(t, o, 1)
}

func TestCheckOpensNothing(t *testing.T) {
	t.Parallel()
	s := start(t)
	deliver(t, s, letter("jedno"), letter("drugie"))
	source, err := edelivery.New(config(s), &office{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		r, err := source.Check(t.Context())
		if err != nil || r.Unread != 2 || r.Token != 5*time.Minute || !strings.Contains(r.Certificate, "TEST system urzędu") || len(r.Warnings) != 0 {
			t.Errorf("Check = %+v, %v", r, err)
		}
	}
	if s.Calls("read") != 0 {
		t.Error("it opened something")
	}
	s.Set(func(sw *edeliverytest.Switches) { sw.NoToken = true })
	if _, err := source.Check(t.Context()); err == nil || !strings.Contains(err.Error(), "invalid_client") {
		t.Errorf("Check = %v, want the platform's code", err)
	}
}
