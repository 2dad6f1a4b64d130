package main

import (
	"bytes"
	"errors"
	"testing"
	"time"

	"okienko/ingest"
	"okienko/ingest/scan"
	"okienko/workflow"
)

// A letter that is scanned before the hold of its urn is over is a case at once, but nothing is decided about it before.
func TestALetterFromAnUrnIsHeldAndThenJudged(t *testing.T) {
	t.Parallel()
	for name, database := range databases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCounter(t, database(t), newReaders(t))
			c.config.Scan = []scanConfig{{Config: scan.Config{Name: "urna"}, Hold: "24h"}}
			p := c.pipeline(t, noFault())
			p.HeldUntil = c.config.heldUntil
			emptied := c.now().Add(-time.Hour).UTC().Truncate(time.Minute)
			offer := func(site, item string) error {
				return p.Accept(t.Context(), ingest.Envelope{Source: "urna", Channel: ingest.Scan, Item: item, ReceivedAt: emptied, Name: item,
					MediaType: "application/pdf", Body: bytes.NewReader(append(scannedLetter(t), item...)), Paper: &ingest.Paper{Site: site, DroppedTo: emptied}})
			}
			if err := errors.Join(offer("urna", "held.pdf"), offer("okienko", "free.pdf")); err != nil {
				t.Fatal(err)
			}
			cases, err := allCases(t.Context(), c.store)
			if err != nil || len(cases) != 2 {
				t.Fatalf("%d cases, %v", len(cases), err)
			}
			held, free := cases[0], cases[1]
			if want := emptied.Add(24 * time.Hour); !held.HeldUntil.Equal(want) || held.Route.Desk != workflow.DeskRegistry || !free.HeldUntil.IsZero() {
				t.Errorf("held until %v on desk %q, the other until %v; want %v", held.HeldUntil, held.Route.Desk, free.HeldUntil, want)
			}
			if left, err := c.store.Waiting(t.Context()); err != nil || left != 1 {
				t.Errorf("%d things to do now, %v; want the letter without a hold", left, err)
			}
			var later interface{ RetryAfter() time.Duration }
			if err := p.Advance(t.Context(), held.ID, workflow.StageJudge); !errors.As(err, &later) || later.RetryAfter() > 23*time.Hour {
				t.Errorf("too early: %v", err)
			}
			c.later.Add(int64(23*time.Hour + time.Minute))
			if err := errors.Join(p.Advance(t.Context(), held.ID, workflow.StageJudge), p.Advance(t.Context(), free.ID, workflow.StageJudge)); err != nil {
				t.Fatal(err)
			}
			for _, summary := range cases {
				got, err := c.store.Case(t.Context(), summary.ID)
				if err != nil || got.Stage != workflow.StageDone || !got.HeldUntil.IsZero() || got.Reason != "" {
					t.Errorf("after the hold %+v, %v", got, err)
				}
			}
		})
	}
}
