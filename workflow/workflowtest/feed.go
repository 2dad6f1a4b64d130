package workflowtest

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"okienko/workflow"
)

var feedTests = map[string]func(*testing.T, Open){
	"whoever follows the feed misses no event and gets none twice": testFeed,
	"the feed tells of desks and kinds asked for":                  testFeedFilter,
	"a webhook starts at now and belongs to one process at a time": testSubscription,
}

var tokenTests = map[string]func(*testing.T, Open){"tokens are found by their hash": testTokens}

// testFeed has writers whose transactions overlap and end in another order than they began.
func testFeed(t *testing.T, open Open) {
	const writers, each = 6, 15
	b := setup(t, open, fixed(noon))
	c := b.create(newCase("a"))
	var running sync.WaitGroup
	for w := range writers {
		running.Go(func() {
			for i := range each {
				err := b.Tx(b.ctx, func(tx workflow.Tx) error {
					if err := tx.Append(b.ctx, workflow.Event{Case: c.ID, Kind: workflow.EventNote, Detail: fmt.Sprint(w, "/", i)}); err != nil {
						return err
					}
					time.Sleep(time.Duration(rand.IntN(3000)) * time.Microsecond)
					return nil
				})
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	seen, cursor := map[string]int{}, ""
	for end := time.Now().Add(time.Minute); len(seen) < writers*each && time.Now().Before(end); {
		events, err := b.EventsAfter(b.ctx, workflow.FeedQuery{After: cursor, Kinds: []workflow.EventKind{workflow.EventNote}, Limit: 7})
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range events {
			seen[e.Detail]++
			cursor = e.Cursor
		}
	}
	running.Wait()
	if len(seen) != writers*each {
		t.Errorf("%d events followed, want %d", len(seen), writers*each)
	}
	for detail, n := range seen {
		if n != 1 {
			t.Errorf("event %s came %d times", detail, n)
		}
	}
}

// feed waits until the feed has n events: another database of the same server may hold it back for a moment.
func (b bench) feed(q workflow.FeedQuery, n int) []workflow.FeedEvent {
	b.t.Helper()
	for end := time.Now().Add(time.Minute); ; time.Sleep(5 * time.Millisecond) {
		events := must[[]workflow.FeedEvent](b.t)(b.EventsAfter(b.ctx, q))
		if len(events) >= n || time.Now().After(end) {
			return events
		}
	}
}

func testFeedFilter(t *testing.T, open Open) {
	b := setup(t, open, fixed(noon))
	c := b.create(newCase("a"))
	b.do(func(tx workflow.Tx) error {
		locked, err := tx.Lock(b.ctx, c.ID)
		if err != nil {
			return err
		}
		locked.Route.Desk, locked.Status = "KM", workflow.StatusOpen
		for _, k := range []workflow.EventKind{workflow.EventJudged, workflow.EventViewed, workflow.EventDownloaded, workflow.EventClaimed} {
			if err := tx.Append(b.ctx, workflow.Event{Case: c.ID, Kind: k, Actor: "anna"}); err != nil {
				return err
			}
		}
		return tx.Update(b.ctx, &locked)
	})
	for _, tc := range []struct {
		name string
		q    workflow.FeedQuery
		want []workflow.EventKind
	}{
		{"everything but who looked", workflow.FeedQuery{}, []workflow.EventKind{workflow.EventJudged, workflow.EventClaimed}},
		{"the kinds asked for", workflow.FeedQuery{Kinds: []workflow.EventKind{workflow.EventViewed}}, []workflow.EventKind{workflow.EventViewed}},
		{"the desk asked for", workflow.FeedQuery{Desks: []string{"SA"}}, nil},
		{"no desk at all", workflow.FeedQuery{Desks: []string{}}, nil},
		{"one of more", workflow.FeedQuery{Desks: []string{"KM"}, Limit: 1}, []workflow.EventKind{workflow.EventJudged}},
	} {
		var got []workflow.EventKind
		for _, e := range b.feed(tc.q, len(tc.want)) {
			got = append(got, e.Kind)
			if e.Number != c.Number || e.Desk != "KM" || e.Status != workflow.StatusOpen || !e.At.Equal(micros(noon)) {
				t.Errorf("%s: event %+v", tc.name, e)
			}
		}
		if !slices.Equal(got, tc.want) {
			t.Errorf("%s: %v, want %v", tc.name, got, tc.want)
		}
	}
	for _, cursor := range []string{"x", "1", "1-2-3", "-"} {
		_, err := b.EventsAfter(b.ctx, workflow.FeedQuery{After: cursor})
		wantError(t, err, workflow.ErrCursor)
	}
}

func testSubscription(t *testing.T, open Open) {
	b := setup(t, open, fixed(noon))
	c := b.create(newCase("a"))
	note := func() {
		b.do(func(tx workflow.Tx) error {
			return tx.Append(b.ctx, workflow.Event{Case: c.ID, Kind: workflow.EventNote})
		})
	}
	note()
	b.feed(workflow.FeedQuery{}, 1)
	sub, err := b.Subscription(b.ctx, "ezd")
	if err != nil {
		t.Fatal(err)
	}
	note()
	if again, err := b.Subscription(b.ctx, "ezd"); err != nil || again.Cursor != sub.Cursor {
		t.Errorf("asked again it starts at %q, %v; want %q", again.Cursor, err, sub.Cursor)
	}
	if events := b.feed(workflow.FeedQuery{After: sub.Cursor}, 1); len(events) != 1 {
		t.Errorf("%d events since, want the one that came later", len(events))
	}
	sub, ok, err := b.Lease(b.ctx, "ezd", noon, noon.Add(time.Minute))
	if err != nil || !ok {
		t.Fatalf("lease: %t, %v", ok, err)
	}
	if _, ok, err := b.Lease(b.ctx, "ezd", noon.Add(time.Second), noon.Add(time.Minute)); err != nil || ok {
		t.Errorf("a second process has it as well: %t, %v", ok, err)
	}
	sub.Cursor, sub.NotBefore, sub.Failures, sub.Detail, sub.TakenAt = "0-99", noon.Add(time.Hour), 3, "503", micros(noon)
	wantError(t, b.SaveSubscription(b.ctx, sub), nil)
	got, err := b.Subscription(b.ctx, "ezd")
	sub.NotBefore = micros(sub.NotBefore)
	if err != nil || got != sub {
		t.Errorf("subscription %+v, %v; want %+v", got, err, sub)
	}
	_, _, err = b.Lease(b.ctx, "nobody", noon, noon)
	wantError(t, err, workflow.ErrNotFound)
}

func testTokens(t *testing.T, open Open) {
	b := setup(t, open, fixed(noon))
	token := workflow.Token{Name: "ezd", Hash: "aa", Scopes: []workflow.Scope{workflow.ScopeRead}, Desks: []string{"KM"}, CreatedAt: micros(noon), CreatedBy: "root"}
	wantError(t, b.SaveToken(b.ctx, token), nil)
	wantError(t, b.SaveToken(b.ctx, workflow.Token{Name: "bip", Hash: "bb", CreatedAt: micros(noon)}), nil)
	token.RevokedAt = micros(noon.Add(time.Hour))
	wantError(t, b.SaveToken(b.ctx, token), nil)
	got, err := b.TokenByHash(b.ctx, "aa")
	if err != nil || fmt.Sprint(got) != fmt.Sprint(token) {
		t.Errorf("token %+v, %v; want %+v", got, err, token)
	}
	_, err = b.TokenByHash(b.ctx, "cc")
	wantError(t, err, workflow.ErrNotFound)
	all, err := b.AllTokens(b.ctx)
	if err != nil || len(all) != 2 || all[0].Name != "bip" || all[0].Desks != nil || all[0].May(workflow.ScopeRead) {
		t.Errorf("tokens %+v, %v", all, err)
	}
	if err := b.SaveToken(b.ctx, workflow.Token{Name: "other", Hash: "aa", CreatedAt: micros(noon)}); err == nil {
		t.Error("two tokens have one hash")
	}
}
