package store_test

import (
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"okienko/ingest"
	"okienko/workflow"
	"okienko/workflow/rulebook"
	"okienko/workflow/store"
)

// onBoth runs a test on a new SQLite file and on a new PostgreSQL database.
func onBoth(t *testing.T, test func(t *testing.T, s *store.Store)) {
	t.Run("SQLite", func(t *testing.T) {
		t.Parallel()
		test(t, open(t, filepath.Join(t.TempDir(), "okienko.db"), nil))
	})
	t.Run("PostgreSQL", func(t *testing.T) {
		t.Parallel()
		test(t, opened(t, migrated(t), nil))
	})
}

func bookSaying(text string) rulebook.Book {
	return rulebook.Book{"schemas/procedures/x.yaml": []byte(text)}
}

// drafted is a draft on the store, replayed as it is.
func drafted(t *testing.T, s *store.Store, base int64, by, text string) rulebook.Draft {
	t.Helper()
	d := rulebook.Draft{Base: base, Title: "Zmiana " + text, Book: bookSaying(text)}
	if err := s.SaveDraft(t.Context(), &d, by); err != nil {
		t.Fatal(err)
	}
	replayed(t, s, d)
	return d
}

func replayed(t *testing.T, s *store.Store, d rulebook.Draft) {
	t.Helper()
	if err := s.KeepReplay(t.Context(), d.ID, rulebook.Report{Digest: d.Digest, Base: d.Base, At: time.Now(), By: "ala", Cases: 7}); err != nil {
		t.Fatal(err)
	}
}

func now() time.Time { return time.Now() }

func TestADraftIsPublishedByASecondPerson(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		d := drafted(t, s, 0, "ala", "a: 1")
		if _, err := s.PublishDraft(ctx, d.ID, d.Revision, "ala", now()); !errors.Is(err, rulebook.ErrOwnWork) {
			t.Errorf("its author publishes it: error %v", err)
		}
		d.Book = bookSaying("a: 2")
		if err := s.SaveDraft(ctx, &d, "ola"); err != nil {
			t.Fatal(err)
		}
		if _, err := s.PublishDraft(ctx, d.ID, d.Revision, "ewa", now()); !errors.Is(err, rulebook.ErrNotReplayed) {
			t.Errorf("changed since its replay: error %v", err)
		}
		replayed(t, s, d)
		if _, err := s.PublishDraft(ctx, d.ID, d.Revision, "ola", now()); !errors.Is(err, rulebook.ErrOwnWork) {
			t.Errorf("published by who changed another's draft: error %v", err)
		}
		if _, err := s.PublishDraft(ctx, d.ID, d.Revision-1, "ewa", now()); !errors.Is(err, workflow.ErrConflict) {
			t.Errorf("published as it was before: error %v", err)
		}
		if _, err := s.PublishDraft(ctx, d.ID, d.Revision, "ewa", now().Add(-time.Hour)); !errors.Is(err, rulebook.ErrTooEarly) {
			t.Errorf("in force in the past: error %v", err)
		}
		v, err := s.PublishDraft(ctx, d.ID, d.Revision, "ewa", now())
		if err != nil || v.Number != 1 || v.PublishedBy != "ewa" || len(v.Authors) != 2 {
			t.Fatalf("error %v, version %+v", err, v)
		}
		if err := s.SaveDraft(ctx, &d, "ala"); !errors.Is(err, rulebook.ErrNotOpen) {
			t.Errorf("changed after it was published: error %v", err)
		}
		got, err := s.Version(ctx, 1)
		if err != nil || string(got.Book["schemas/procedures/x.yaml"]) != "a: 2" || got.Digest != d.Digest {
			t.Errorf("error %v, read back %+v", err, got)
		}
	})
}

func TestADraftOfAnOldVersionIsNotPublished(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, s *store.Store) {
		a, b := drafted(t, s, 0, "ala", "a: 1"), drafted(t, s, 0, "ala", "b: 1")
		if _, err := s.PublishDraft(t.Context(), a.ID, a.Revision, "ewa", now()); err != nil {
			t.Fatal(err)
		}
		if _, err := s.PublishDraft(t.Context(), b.ID, b.Revision, "ewa", now()); !errors.Is(err, rulebook.ErrBehind) {
			t.Errorf("error %v", err)
		}
	})
}

// TestTwoPublishersAtOnce: of many publications of several drafts at the same moment exactly one happens.
func TestTwoPublishersAtOnce(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, s *store.Store) {
		const rounds, publishers = 5, 4
		for round := range int64(rounds) {
			drafts := []rulebook.Draft{drafted(t, s, round, "ala", fmt.Sprint("a: ", round)), drafted(t, s, round, "ola", fmt.Sprint("b: ", round))}
			var wg sync.WaitGroup
			errs := make([]error, publishers)
			for i := range errs {
				wg.Go(func() {
					d := drafts[i%2]
					_, errs[i] = s.PublishDraft(t.Context(), d.ID, d.Revision, "ewa", now())
				})
			}
			wg.Wait()
			done := 0
			for _, err := range errs {
				switch {
				case err == nil:
					done++
				case !errors.Is(err, rulebook.ErrBehind) && !errors.Is(err, rulebook.ErrNotOpen) && !errors.Is(err, workflow.ErrConflict):
					t.Errorf("a publisher was told %v", err)
				}
			}
			if n, err := s.InForce(t.Context(), now().Add(time.Second)); done != 1 || err != nil || n != round+1 {
				t.Fatalf("%d of %d publications happened (%v); version %d is in force (%v), want %d", done, publishers, errs, n, err, round+1)
			}
		}
		t.Logf("%d rounds of %d publishers", rounds, publishers)
	})
}

func TestAVersionIsInForceFromItsDay(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, s *store.Store) {
		from := now().Add(48 * time.Hour)
		d := drafted(t, s, 0, "ala", "a: 1")
		if _, err := s.PublishDraft(t.Context(), d.ID, d.Revision, "ewa", from); err != nil {
			t.Fatal(err)
		}
		for at, want := range map[time.Time]int64{now(): 0, from.Add(-time.Minute): 0, from.Add(time.Minute): 1} {
			if n, err := s.InForce(t.Context(), at); err != nil || n != want {
				t.Errorf("at %v version %d (%v), want %d", at, n, err, want)
			}
		}
		next := drafted(t, s, 1, "ala", "a: 2")
		if _, err := s.PublishDraft(t.Context(), next.ID, next.Revision, "ewa", now()); !errors.Is(err, rulebook.ErrTooEarly) {
			t.Errorf("in force before the version it builds on: error %v", err)
		}
	})
}

func TestStaleChangesOfADraftAreRefused(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, s *store.Store) {
		mine := drafted(t, s, 0, "ala", "a: 1")
		theirs := mine
		theirs.Book = bookSaying("a: 2")
		if err := s.SaveDraft(t.Context(), &theirs, "ola"); err != nil {
			t.Fatal(err)
		}
		if err := s.SaveDraft(t.Context(), &mine, "ala"); !errors.Is(err, workflow.ErrConflict) {
			t.Errorf("overwrote another's change: error %v", err)
		}
		if err := s.KeepReplay(t.Context(), mine.ID, rulebook.Report{Digest: mine.Digest}); !errors.Is(err, workflow.ErrConflict) {
			t.Errorf("kept a replay of other files: error %v", err)
		}
		if err := s.DiscardDraft(t.Context(), theirs.ID, theirs.Revision, "ola"); err != nil {
			t.Fatal(err)
		}
		if _, err := s.PublishDraft(t.Context(), theirs.ID, theirs.Revision+1, "ewa", now()); !errors.Is(err, rulebook.ErrNotOpen) {
			t.Errorf("published what was given up: error %v", err)
		}
		if list, err := s.Drafts(t.Context()); err != nil || len(list) != 0 {
			t.Errorf("%d drafts are open (%v)", len(list), err)
		}
	})
}

// TestTheSwitchHoldsWhatIsQueued also while others queue letters: none is left behind.
func TestTheSwitchHoldsWhatIsQueued(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		const writers, each = 4, 6
		letter := func(n int) error {
			return s.Tx(ctx, func(tx workflow.Tx) error {
				c := workflow.Case{Submission: ingest.Submission{Source: "poczta", Channel: ingest.Email, Item: fmt.Sprint(n), Key: fmt.Sprint(n),
					Originals: []ingest.Original{{Role: "body", Digest: ingest.DigestOf([]byte(fmt.Sprint(n)))}}}, Stage: workflow.StageDone, Status: workflow.StatusOpen}
				if _, err := tx.Create(ctx, &c); err != nil {
					return err
				}
				halted, err := tx.Halted(ctx)
				if err != nil {
					return err
				}
				l := workflow.Letter{Case: c.ID, Kind: workflow.ReplyReceipt, Automatic: true, Status: workflow.LetterQueued, Author: workflow.Machine}
				if halted {
					l.Status = workflow.LetterHeld
				}
				return tx.SaveLetter(ctx, &l)
			})
		}
		var wg sync.WaitGroup
		for w := range writers {
			wg.Go(func() {
				for i := range each {
					if err := letter(w*each + i); err != nil {
						t.Error(err)
					}
				}
			})
		}
		wg.Go(func() {
			if _, err := s.SetHalt(ctx, true, "ala", "Test."); err != nil {
				t.Error(err)
			}
		})
		wg.Wait()
		held, err := s.HeldLetters(ctx, 0, 100)
		if err != nil || len(held) != writers*each {
			t.Errorf("%d letters are held (%v), want all %d", len(held), err, writers*each)
		}
		if h, err := s.Halt(ctx); err != nil || !h.On || h.By != "ala" || h.At.IsZero() {
			t.Errorf("the switch is %+v (%v)", h, err)
		}
		if _, err := s.SetHalt(ctx, false, "ola", ""); err != nil {
			t.Fatal(err)
		}
		if err := letter(1000); err != nil {
			t.Fatal(err)
		}
		if held, err = s.HeldLetters(ctx, 0, 100); err != nil || len(held) != writers*each {
			t.Errorf("after the switch was off %d letters are held (%v)", len(held), err)
		}
		events, err := s.Events(ctx, held[0].Case.ID)
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%d letters of %d writers; the first case has %d events", len(held), writers, len(events))
	})
}
