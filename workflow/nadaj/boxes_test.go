package nadaj_test

import (
	"testing"

	"okienko/ingest"
	"okienko/ingest/epuap"
	"okienko/ingest/epuap/epuaptest"
	"okienko/workflow"
	"okienko/workflow/nadaj"
)

// TestALetterGoesThroughTheBoxItsCaseCameBy also holds P3 where a choice could break it: what may have gone through one box is
// not sent again through another.
func TestALetterGoesThroughTheBoxItsCaseCameBy(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, source, sentTo string // sentTo: address the resident's document was sent to; "": not told
		switches             epuaptest.Switches
		from                 string // address the answer comes from; "": none goes
		status               workflow.LetterStatus
	}{
		{"the first box", "skrytka", "", epuaptest.Switches{}, "/urzadtest/skrytka", workflow.LetterSent},
		{"the second box", "podatki", "", epuaptest.Switches{}, "/urzadtest/podatki", workflow.LetterSent},
		{"a source that got another name", "dawna", "/urzadtest/podatki", epuaptest.Switches{}, "/urzadtest/podatki", workflow.LetterSent},
		{"the name counts before the address", "podatki", "/urzadtest/skrytka", epuaptest.Switches{}, "/urzadtest/podatki", workflow.LetterSent},
		{"a box that is no longer there", "dawna", "/urzadtest/dawna", epuaptest.Switches{}, "", workflow.LetterFailed},
		{"another channel's source", "podania", "", epuaptest.Switches{}, "", workflow.LetterFailed},
		{"the line breaks after it was delivered", "podatki", "", epuaptest.Switches{CutAfterSend: true}, "/urzadtest/podatki", workflow.LetterUnknown},
		{"the line breaks before it was delivered", "podatki", "", epuaptest.Switches{CutBeforeSend: true}, "", workflow.LetterUnknown},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			eachDatabase(t, func(t *testing.T, open func(*testing.T) *world) {
				w := open(t)
				boxes := nadaj.Boxes{Store: w.store, Of: []nadaj.Box{{Source: "skrytka", Carrier: w.carrier}, {Source: "podatki", Carrier: w.carrierOf(t, "podatki")}}}
				var meta map[string]string
				if tt.sentTo != "" {
					meta = map[string]string{epuap.MetaBox: tt.sentTo}
				}
				id := w.newCaseBy(t, tt.source, meta, nil)
				w.platform.Set(func(s *epuaptest.Switches) { *s = tt.switches })
				p := w.postman()
				p.Carriers[ingest.EPUAP] = boxes
				for range 2 {
					if err := p.Deliver(t.Context(), id); err != nil {
						t.Errorf("Deliver = %v", err)
					}
					w.platform.Behave()
				}
				from := ""
				if sent := w.platform.Sent(); len(sent) == 1 {
					from = sent[0].ReplyTo
				} else if len(sent) > 1 {
					t.Errorf("%d delivered", len(sent))
				}
				if l := w.letter(t, id); l.Status != tt.status || from != tt.from {
					t.Errorf("%s from %q, want %s from %q", l.Status, from, tt.status, tt.from)
				}
			})
		})
	}
}
