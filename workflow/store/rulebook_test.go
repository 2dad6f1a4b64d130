package store_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"okienko/classify"
	"okienko/ingest"
	"okienko/validate"
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

// TestAPublicationThatIsCutOffLeavesOldOrNew: whenever it is interrupted, the draft is open and the old version in force, or it is
// published and the new one is.
func TestAPublicationThatIsCutOffLeavesOldOrNew(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, s *store.Store) {
		var version int64
		cut, done := 0, 0
		for i := range 24 {
			d := drafted(t, s, version, "ala", fmt.Sprint("a: ", i))
			ctx, cancel := context.WithCancel(t.Context())
			time.AfterFunc(time.Duration(i)*300*time.Microsecond, cancel)
			_, err := s.PublishDraft(ctx, d.ID, d.Revision, "ewa", now())
			cancel()
			n, err1 := s.InForce(t.Context(), now().Add(time.Second))
			got, err2 := s.Draft(t.Context(), d.ID)
			if err := errors.Join(err1, err2); err != nil {
				t.Fatal(err)
			}
			switch {
			case n == version && got.State == rulebook.DraftOpen:
				if cut++; err == nil {
					t.Error("it said that it was published")
				}
			case n == version+1 && got.State == rulebook.DraftPublished:
				version = n
				done++
			default:
				t.Fatalf("version %d is in force, the draft is %s: half a publication", n, got.State)
			}
		}
		t.Logf("%d publications cut off, %d done", cut, done)
	})
}

// TestWhatTheWorkshopCounts on both databases: past cases, corrections and every number.
func TestWhatTheWorkshopCounts(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		received := now().Add(-time.Hour)
		const cases = 25
		for i := range cases {
			err := s.Tx(ctx, func(tx workflow.Tx) error {
				c := workflow.Case{RegisteredAt: received, Stage: workflow.StageDone, Status: workflow.StatusOpen, Submission: ingest.Submission{Source: "poczta", Channel: ingest.Email, Item: fmt.Sprint(i), Key: fmt.Sprint(i),
					Originals: []ingest.Original{{Role: "body", Digest: ingest.DigestOf([]byte(fmt.Sprint(i)))}}}}
				if _, err := tx.Create(ctx, &c); err != nil {
					return err
				}
				c.Nature, c.Procedure, c.DecidedBy, c.Missing, c.DueAt, c.Route.Desk = classify.NatureSubmission, "odpis_aktu", classify.ByRule, i%2, now().Add(24*time.Hour), "SC"
				if err := tx.Update(ctx, &c); err != nil {
					return err
				}
				j := workflow.Judgement{Findings: []validate.Finding{{Requirement: "podpis", Outcome: validate.Missing}}}
				if i%2 == 0 {
					j.Findings = nil
				}
				return errors.Join(tx.Judged(ctx, c.ID, j), tx.Append(ctx, workflow.Event{Case: c.ID, At: received.Add(3 * time.Second), Actor: workflow.Machine, Kind: workflow.EventJudged}),
					tx.Append(ctx, workflow.Event{Case: c.ID, At: received.Add(time.Minute), Actor: "ala", Kind: workflow.EventAccepted}),
					tx.AddExample(ctx, workflow.Example{Case: c.ID, At: now(), Actor: "ala", Before: "odpis_aktu", After: "skarga_wniosek_petycja"}))
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		seen, last := 0, workflow.CaseID(1<<40)
		for p, err := range s.PastCases(ctx, 23) {
			if err != nil || p.Case.ID >= last {
				t.Fatalf("case %d after %d (%v)", p.Case.ID, last, err)
			}
			seen, last = seen+1, p.Case.ID
		}
		from, until := now().Add(-2*time.Hour), now().Add(time.Hour)
		arrived, err1 := s.Arrivals(ctx, from, until)
		filed, err2 := s.Filed(ctx, from, until)
		sample, err3 := s.Sample(ctx, from, until, 10)
		risks, err4 := s.AtRisk(ctx, now().Add(14*24*time.Hour))
		choices, err5 := s.Decided(ctx, from, until)
		corrections, err6 := s.Corrections(ctx, from, 100)
		if err := errors.Join(err1, err2, err3, err4, err5, err6); err != nil {
			t.Fatal(err)
		}
		got := fmt.Sprint(seen, arrived, filed, len(sample), sample[0].ToDesk, sample[0].ToClosing, sample[1].Missing, risks, choices, len(corrections))
		if want := "23 [{email 25}] [{email odpis_aktu 25 13}] 10 3s 1m0s [podpis] [{SC 0 25 0}] [{odpis_aktu 50 25}] 25"; got != want {
			t.Errorf("counted\n%s, want\n%s", got, want)
		}
	})
}
