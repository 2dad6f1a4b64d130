package epuap_test

import (
	"errors"
	"testing"
	"time"

	"okienko/ingest/epuap"
	"okienko/ingest/epuap/epuaptest"
	"okienko/ingest/epuap/soap"
)

func send(t *testing.T, c *epuap.Client, to string) epuap.Sent {
	t.Helper()
	sent, err := c.Send(t.Context(), epuap.Outgoing{To: to, Name: "odpowiedz.xml", Content: []byte("<a/>")})
	if err != nil {
		t.Fatal(err)
	}
	return sent
}

func TestADocumentIsSentAndProved(t *testing.T) {
	t.Parallel()
	s := start(t)
	c, err := epuap.NewClient(config(t, s))
	if err != nil {
		t.Fatal(err)
	}
	sent := send(t, c, "/anna_testowa/domyslna")
	there := s.Sent()
	if len(there) != 1 || there[0].To != "/anna_testowa/domyslna" || there[0].ReplyTo != epuaptest.Address || string(there[0].Content) != "<a/>" {
		t.Fatalf("delivered %+v", there)
	}
	if sent.DocumentID != there[0].ID || sent.ProofID == "" || string(sent.Proof) != string(there[0].Proof) || sent.ProofName != "upp.xml" {
		t.Errorf("told %+v", sent)
	}
	if _, err := c.Send(t.Context(), epuap.Outgoing{To: "/anna_testowa/domyslna", Name: "proba.xml", Content: []byte("<a/>"), Trial: true}); err != nil || len(s.Sent()) != 1 {
		t.Errorf("a trial: %v, %d delivered", err, len(s.Sent()))
	}
}

// TestWhetherADocumentMayHaveArrived: "surely not" must be right every time, or a letter would be sent twice.
func TestWhetherADocumentMayHaveArrived(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name      string
		switches  epuaptest.Switches
		want      string // "refused", "surely not", "perhaps", "done"
		delivered int
	}{
		{"it behaves", epuaptest.Switches{}, "done", 1},
		{"no proof is issued", epuaptest.Switches{NoProof: true}, "done", 1},
		{"MTOM asked for and nothing binary to send", epuaptest.Switches{MTOM: true}, "done", 1},
		{"the line breaks before anything was done", epuaptest.Switches{CutBeforeSend: true}, "perhaps", 0},
		{"the line breaks after it was delivered", epuaptest.Switches{CutAfterSend: true}, "perhaps", 1},
		{"the answer comes too late", epuaptest.Switches{Slow: time.Minute}, "perhaps", 0},
		{"the answer is not the platform's", epuaptest.Switches{Impostor: true}, "perhaps", 1},
		{"a fault", epuaptest.Switches{Fault: 4}, "refused", 0},
		{"a fault with HTTP 200", epuaptest.Switches{Fault: 4, FaultWith200: true}, "refused", 0},
		{"a status that is not done", epuaptest.Switches{RefuseSend: 7}, "refused", 0},
		{"HTTP 500 with a page", epuaptest.Switches{NotSOAP: 500}, "perhaps", 0},
		{"HTTP 504 with a page", epuaptest.Switches{NotSOAP: 504}, "perhaps", 0},
		{"HTTP 503 with a page", epuaptest.Switches{NotSOAP: 503}, "surely not", 0},
		{"HTTP 404 with a page", epuaptest.Switches{NotSOAP: 404}, "surely not", 0},
		{"HTTP 307", epuaptest.Switches{NotSOAP: 307}, "surely not", 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := start(t)
			s.Set(func(sw *epuaptest.Switches) { *sw = tt.switches })
			c, err := epuap.NewClient(config(t, s, func(c *epuap.Config) { c.Timeout = 2 * time.Second }))
			if err != nil {
				t.Fatal(err)
			}
			_, err = c.Send(t.Context(), epuap.Outgoing{To: "/anna/domyslna", Name: "a.xml", Content: []byte("<a/>")})
			if got := verdict(err); got != tt.want {
				t.Errorf("Send = %v (%s), want %s", err, got, tt.want)
			}
			if n := len(s.Sent()); n != tt.delivered {
				t.Errorf("%d delivered, want %d: the switch does something else", n, tt.delivered)
			}
		})
	}
	t.Run("nobody listens", func(t *testing.T) {
		t.Parallel()
		s := start(t)
		c, err := epuap.NewClient(config(t, s))
		if err != nil {
			t.Fatal(err)
		}
		s.Close()
		_, err = c.Send(t.Context(), epuap.Outgoing{To: "/anna/domyslna", Name: "a.xml", Content: []byte("<a/>")})
		if got := verdict(err); got != "surely not" {
			t.Errorf("Send = %v (%s), want surely not", err, got)
		}
	})
}

// TestADeliveryIsOrderedOnce: what may have been ordered is told as surely as with Send.
func TestADeliveryIsOrderedOnce(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name     string
		switches epuaptest.Switches
		content  string
		trial    bool
		want     string
		orders   int
	}{
		{"a signed document", epuaptest.Switches{}, "<ds:Signature />", false, "done", 1},
		{"an unsigned one", epuaptest.Switches{}, "<a/>", false, "refused", 0},
		{"a trial", epuaptest.Switches{}, "<ds:Signature />", true, "done", 0},
		{"a refusal by status", epuaptest.Switches{RefuseSend: 7}, "<ds:Signature />", false, "refused", 0},
		{"the line breaks after it", epuaptest.Switches{CutAfterSend: true}, "<ds:Signature />", false, "perhaps", 1},
		{"the line breaks before it", epuaptest.Switches{CutBeforeSend: true}, "<ds:Signature />", false, "perhaps", 0},
		{"HTTP 503", epuaptest.Switches{NotSOAP: 503}, "<ds:Signature />", false, "surely not", 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := start(t)
			s.Set(func(sw *epuaptest.Switches) { *sw = tt.switches })
			c, err := epuap.NewClient(config(t, s))
			if err != nil {
				t.Fatal(err)
			}
			until := time.Date(2026, 12, 8, 12, 0, 0, 0, time.UTC)
			order, err := c.Deliver(t.Context(), epuap.Delivery{Outgoing: epuap.Outgoing{To: "/anna/domyslna", Name: "a.xml", Content: []byte(tt.content), Trial: tt.trial},
				Until: until, CaseID: "RPW/1/2026", DocumentID: "1@um"})
			there := s.Orders()
			if got := verdict(err); got != tt.want || len(there) != tt.orders || len(s.Sent()) != 0 {
				t.Fatalf("Deliver = %v (%s), %d orders; want %s, %d", err, got, len(there), tt.want, tt.orders)
			}
			if tt.orders == 0 || err != nil {
				return
			}
			if o := there[0]; order.ID != "Z"+o.ID || order.DocumentID != o.ID || o.To != "/anna/domyslna" || o.ReplyTo != epuaptest.Address || o.CaseID != "RPW/1/2026" || o.DocumentID != "1@um" || o.Until != "2026-12-08T12:00:00Z" {
				t.Errorf("ordered %+v, told %+v", o, order)
			}
		})
	}
}

func verdict(err error) string {
	var (
		wire   *soap.Error
		fault  *soap.Fault
		status *epuap.StatusError
	)
	switch {
	case err == nil:
		return "done"
	case errors.As(err, &fault), errors.As(err, &status):
		return "refused"
	case errors.As(err, &wire) && !wire.MayHaveArrived:
		return "surely not"
	}
	return "perhaps"
}
