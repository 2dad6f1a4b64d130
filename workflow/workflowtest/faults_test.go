package workflowtest_test

import (
	"context"
	"errors"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"okienko/ingest"
	"okienko/workflow"
	"okienko/workflow/files"
	"okienko/workflow/store"
	"okienko/workflow/workflowtest"
)

// TestWalk is also an example: whatever call fails, in whatever way, an intake that is tried again until it succeeds registers
// the letter once.
func TestWalk(t *testing.T) {
	hits := map[string]bool{}
	workflowtest.Walk(t, func(t *testing.T, f *workflowtest.Faults) {
		st := openSQLite(t)
		evidence, err := files.Open(t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		tries := 1
		for ; accept(t.Context(), f.Store(st), f.Evidence(evidence)) != nil; tries++ {
			if tries > 2 {
				t.Fatal("one failure made three tries fail")
			}
		}
		if f.Hit() != "" {
			hits[f.Hit()] = true
		}
		wantOnce(t, st)
	})
	want := map[string]bool{"Evidence.Put": true, "Saw": true, "begin": true, "Create": true, "Append": true, "Settle": true,
		"Enqueue": true, "commit": true}
	if !reflect.DeepEqual(hits, want) {
		t.Errorf("failed %v, want %v", hits, want)
	}
}

func TestASparseWalkFailsEveryNthCallInBothWays(t *testing.T) {
	const stride, calls = 3, 10
	var hit, want []int
	workflowtest.WalkSparsely(t, stride, func(_ *testing.T, f *workflowtest.Faults) {
		for n := 1; n <= calls; n++ {
			if f.Call("call", func() error { return nil }) != nil {
				hit = append(hit, n)
			}
		}
	})
	for range 2 {
		for n := workflowtest.FirstStep(stride); n <= calls; n += stride {
			want = append(want, n)
		}
	}
	if !reflect.DeepEqual(hit, want) || hit[0] > stride {
		t.Errorf("failed %v, want %v", hit, want)
	}
}

func openSQLite(t *testing.T) *store.Store {
	t.Helper()
	url := filepath.Join(t.TempDir(), "okienko.db")
	if err := store.Migrate(t.Context(), url); err != nil {
		t.Fatal(err)
	}
	st, err := store.Open(t.Context(), url, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	return st
}

func accept(ctx context.Context, st workflowtest.Store, evidence workflow.Evidence) error {
	if err := st.Saw(ctx, "poczta", []string{"1"}); err != nil {
		return err
	}
	digest, size, err := evidence.Put(ctx, strings.NewReader("Proszę o odpis aktu."))
	if err != nil {
		return err
	}
	return st.Tx(ctx, func(tx workflow.Tx) error {
		c := workflow.Case{Stage: workflow.StageJudge, Status: workflow.StatusProcessing, Submission: ingest.Submission{
			Source: "poczta", Originals: []ingest.Original{{Digest: digest, Size: size}}}}
		created, err := tx.Create(ctx, &c)
		if err != nil || !created {
			return err
		}
		return errors.Join(
			tx.Append(ctx, workflow.Event{Case: c.ID, Kind: workflow.EventRegistered}),
			tx.Settle(ctx, "poczta", "1", workflow.ReceiptRegistered, c.ID),
			tx.Enqueue(ctx, c.ID, workflow.StageJudge))
	})
}

func wantOnce(t *testing.T, st *store.Store) {
	t.Helper()
	page, err1 := st.Queue(t.Context(), workflow.QueueQuery{})
	events, err2 := st.Events(t.Context(), 1)
	balance, err3 := st.Balance(t.Context())
	lost, err4 := st.Unfinished(t.Context(), st.Now().AddDate(1, 0, 0), 10)
	if err := errors.Join(err1, err2, err3, err4); err != nil {
		t.Fatal(err)
	}
	if len(page) != 1 || page[0].Number[:6] != "RPW/1/" || len(events) != 1 || balance[0].Registered != 1 || len(lost) != 0 {
		t.Errorf("%d cases, %d events, balance %+v, %d without a job", len(page), len(events), balance, len(lost))
	}
}

func TestAFailedTransactionIsDeadEvenIfTheFailureIsHidden(t *testing.T) {
	st := openSQLite(t)
	f := workflowtest.FailCall(3, workflowtest.Unreported) // begin, Create, Append
	err := f.Store(st).Tx(t.Context(), func(tx workflow.Tx) error {
		c := workflow.Case{Submission: ingest.Submission{Originals: []ingest.Original{{}}}}
		if _, err := tx.Create(t.Context(), &c); err != nil {
			t.Error(err)
		}
		tx.Append(t.Context(), workflow.Event{Case: c.ID})
		if tx.Append(t.Context(), workflow.Event{Case: c.ID}) == nil {
			t.Error("the transaction went on")
		}
		return nil
	})
	if !errors.Is(err, workflowtest.ErrInjected) || f.Hit() != "Append" {
		t.Errorf("error %v in %s", err, f.Hit())
	}
	if page, err := st.Queue(t.Context(), workflow.QueueQuery{}); err != nil || len(page) != 0 {
		t.Errorf("committed %d cases, %v", len(page), err)
	}
}
