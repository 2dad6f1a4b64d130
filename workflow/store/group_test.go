package store_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"okienko/ingest"
	"okienko/workflow"
	"okienko/workflow/store"
)

// accept registers submission number n with its job, as the pipeline does.
func accept(ctx context.Context, st *store.Store, n int) error {
	c := newCase(fmt.Sprint(n))
	return acceptCase(ctx, st, &c)
}

func newCase(body string) workflow.Case {
	return workflow.Case{Stage: workflow.StageJudge, Status: workflow.StatusProcessing, Submission: ingest.Submission{
		Source: "poczta", Channel: ingest.Email, ReceivedAt: fixedNow(),
		Originals: []ingest.Original{{Digest: ingest.DigestOf([]byte(body))}}}}
}

func acceptCase(ctx context.Context, st *store.Store, c *workflow.Case) error {
	return st.Tx(ctx, func(tx workflow.Tx) error { return create(ctx, tx, c) })
}

func create(ctx context.Context, tx workflow.Tx, c *workflow.Case) error {
	created, err := tx.Create(ctx, c)
	if err != nil || !created {
		return err
	}
	return tx.Enqueue(ctx, c.ID, workflow.StageJudge)
}

func createNumber(ctx context.Context, tx workflow.Tx, n int) error {
	c := newCase(fmt.Sprint(n))
	return create(ctx, tx, &c)
}

func numbers(t *testing.T, st *store.Store) []string {
	t.Helper()
	page, err := st.Queue(t.Context(), workflow.QueueQuery{Limit: 200})
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, c := range page {
		list = append(list, c.Number)
	}
	return list
}

func sqlite(t *testing.T) *store.Store {
	return open(t, filepath.Join(t.TempDir(), "okienko.db"), fixedNow)
}

func fixedNow() time.Time { return time.Date(2026, 11, 24, 11, 0, 0, 0, time.UTC) }

// TestOneThatFailsLeavesTheOthersOfItsCommitAlone holds the writer until many wait for it, so that they share a commit.
func TestOneThatFailsLeavesTheOthersOfItsCommitAlone(t *testing.T) {
	t.Parallel()
	st := sqlite(t)
	told := errors.New("told to fail")
	var wg sync.WaitGroup
	errs := make([]error, 40)
	if err := st.Tx(t.Context(), func(tx workflow.Tx) error {
		for i := range errs {
			wg.Go(func() {
				errs[i] = st.Tx(t.Context(), func(tx workflow.Tx) error {
					switch err := createNumber(t.Context(), tx, i); {
					case err != nil:
						return err
					case i%4 == 1:
						return told
					case i%4 == 2:
						return tx.Append(t.Context(), workflow.Event{Case: 999}) // refused by the database
					}
					return nil
				})
			})
		}
		time.Sleep(50 * time.Millisecond) // lets them queue up; the test holds without it, but shows less
		return createNumber(t.Context(), tx, 100)
	}); err != nil {
		t.Fatal(err)
	}
	wg.Wait()
	for i, err := range errs {
		if failed := i%4 == 1 || i%4 == 2; failed != (err != nil) || i%4 == 1 && !errors.Is(err, told) {
			t.Errorf("transaction %d: %v", i, err)
		}
	}
	got := numbers(t, st)
	for n := range 21 {
		if want := fmt.Sprintf("RPW/%d/2026", n+1); !slices.Contains(got, want) {
			t.Errorf("%s is missing", want)
		}
	}
	if len(got) != 21 {
		t.Errorf("%d cases, want 21", len(got))
	}
}

func TestWhoStopsWaitingForTheWriterLeavesTheOthersAlone(t *testing.T) {
	t.Parallel()
	st := sqlite(t)
	gone, leave := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	errs := make([]error, 30)
	if err := st.Tx(t.Context(), func(tx workflow.Tx) error {
		for i := range errs {
			ctx := t.Context()
			if i%3 == 0 {
				ctx = gone
			}
			wg.Go(func() { errs[i] = accept(ctx, st, i) })
		}
		time.Sleep(50 * time.Millisecond)
		leave()
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	wg.Wait()
	for i, err := range errs {
		if i%3 != 0 && err != nil || i%3 == 0 && !errors.Is(err, context.Canceled) {
			t.Errorf("transaction %d: %v", i, err)
		}
	}
	if got := numbers(t, st); len(got) != 20 {
		t.Errorf("%d cases, want 20", len(got))
	}
}

// TestAFullDiskFailsEveryoneAndNothingIsHalfDone lets SQLite refuse to grow: it then ends the whole transaction by itself, which
// those who shared it must learn. When there is room again, work goes on.
func TestAFullDiskFailsEveryoneAndNothingIsHalfDone(t *testing.T) {
	t.Parallel()
	url := filepath.Join(t.TempDir(), "okienko.db")
	st := open(t, url, fixedNow)
	if err := accept(t.Context(), st, 0); err != nil {
		t.Fatal(err)
	}
	limit := func(pages int) {
		t.Helper()
		if err := store.Pragma(st, fmt.Sprintf("max_page_count = %d", pages)); err != nil {
			t.Fatal(err)
		}
	}
	limit(1) // means: no more than there are
	kept := map[int]bool{0: true}
	var mu sync.Mutex
	var wg sync.WaitGroup
	full := 0
	for i := range 200 {
		wg.Go(func() {
			err := st.Tx(t.Context(), func(tx workflow.Tx) error {
				if err := createNumber(t.Context(), tx, i+1); err != nil {
					return err
				}
				return tx.Append(t.Context(), workflow.Event{Case: 1, Detail: strings.Repeat("x", 2000)})
			})
			mu.Lock()
			defer mu.Unlock()
			if kept[i+1] = err == nil; err != nil {
				full++
			}
		})
	}
	wg.Wait()
	if full == 0 {
		t.Fatal("the disk never got full")
	}
	events, err := st.Events(t.Context(), 1)
	if got := len(numbers(t, st)); err != nil || got != 201-full || len(events) != 200-full {
		t.Errorf("%d transactions succeeded; %d cases, %d events, %v", 201-full, got, len(events), err)
	}
	limit(1 << 30)
	if err := accept(t.Context(), st, 1000); err != nil {
		t.Errorf("with room again: %v", err)
	}
	if got := numbers(t, st); !slices.Contains(got, fmt.Sprintf("RPW/%d/2026", 202-full)) {
		t.Errorf("the series has a gap: %v", got)
	}
}
