package workflowtest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"okienko/ingest"
	"okienko/workflow"
)

// Store is every port that one store serves.
type Store interface {
	workflow.Store
	workflow.Records
	workflow.DeliveryRecords
	workflow.Accounts
	workflow.Overview
	workflow.Urns
	workflow.QueueReader
	workflow.Views
	workflow.Contacts
	workflow.Subscriptions
	workflow.Tokens
	Batches
	Audit
	ingest.Ledger
	Open(ctx context.Context, source string) ([]string, error)     // as ingest.Reconciler asks for it
	Gone(ctx context.Context, source string, items []string) error // likewise
	Examples(ctx context.Context) ([]workflow.Example, error)
	IndexPending(ctx context.Context) error // makes cases of older programs findable
}

// Open opens a new, empty store that is closed after the test. now is its clock.
type Open func(t *testing.T, now func() time.Time) Store

// TestStore holds a store against the contract in workflow/store.go.
func TestStore(t *testing.T, open Open) {
	for _, group := range []map[string]func(*testing.T, Open){
		caseTests, numberTests, queueTests, recordTests, letterTests, deliveryTests, linkTests, ledgerTests, accountTests, overviewTests, urnTests, auditTests,
		searchTests, viewTests, caseworkTests, feedTests, tokenTests,
	} {
		for name, test := range group {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				test(t, open)
			})
		}
	}
}

// noon is when most tests happen: 2026-11-24 12:00 in Warsaw, with more precision than is stored.
var noon = time.Date(2026, 11, 24, 11, 0, 0, 123456789, time.UTC)

// micros is a time as a store returns it.
func micros(t time.Time) time.Time { return t.UTC().Truncate(time.Microsecond) }

// clock is a clock that tests set.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func newClock(now time.Time) *clock { return &clock{now: now} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) set(now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = now
}

// newCase is a case as the pipeline registers it; body tells submissions apart.
func newCase(body string) workflow.Case {
	return workflow.Case{
		Submission: ingest.Submission{
			Source: "poczta", Channel: ingest.Email, Item: "1699:" + body, ReceivedAt: noon,
			Originals: []ingest.Original{{Role: "body", Name: "message.eml", MediaType: "message/rfc822",
				Digest: ingest.DigestOf([]byte(body)), Size: int64(len(body))}},
		},
		Stage: workflow.StageJudge, Status: workflow.StatusProcessing,
	}
}

// bench is a store under test with short ways to use it.
type bench struct {
	Store
	t   *testing.T
	ctx context.Context
}

func setup(t *testing.T, open Open, now func() time.Time) bench {
	return bench{Store: open(t, now), t: t, ctx: t.Context()}
}

func fixed(t time.Time) func() time.Time { return func() time.Time { return t } }

// do runs fn in a transaction that must succeed.
func (b bench) do(fn func(tx workflow.Tx) error) {
	b.t.Helper()
	if err := b.Tx(b.ctx, fn); err != nil {
		b.t.Fatal(err)
	}
}

// create registers a case.
func (b bench) create(c workflow.Case) workflow.Case {
	b.t.Helper()
	b.do(func(tx workflow.Tx) error { return created(b.ctx, tx, &c) })
	return c
}

// created registers a case that must be new.
func created(ctx context.Context, tx workflow.Tx, c *workflow.Case) error {
	isNew, err := tx.Create(ctx, c)
	if err == nil && !isNew {
		err = fmt.Errorf("the submission exists already, as case %d", c.ID)
	}
	return err
}

// update changes a case.
func (b bench) update(id workflow.CaseID, change func(*workflow.Case)) workflow.Case {
	b.t.Helper()
	var c workflow.Case
	b.do(func(tx workflow.Tx) error {
		var err error
		if c, err = tx.Lock(b.ctx, id); err != nil {
			return err
		}
		change(&c)
		return tx.Update(b.ctx, &c)
	})
	return c
}

// must returns what a call returned, if without error.
func must[T any](t *testing.T) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// wantError compares in both directions: want nil means that there must be no error.
func wantError(t *testing.T, got, want error) {
	t.Helper()
	if !errors.Is(got, want) || (want == nil && got != nil) {
		t.Errorf("error %v, want %v", got, want)
	}
}

// atOnce runs fn n times at once and returns the errors.
func atOnce(n int, fn func(i int) error) []error {
	errs := make([]error, n)
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() { errs[i] = fn(i) })
	}
	wg.Wait()
	return errs
}
