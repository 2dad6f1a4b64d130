package workflowtest

import (
	"errors"
	"fmt"
	"reflect"
	"sync/atomic"
	"testing"
	"time"

	"okienko/classify"
	"okienko/ingest"
	"okienko/workflow"
)

var caseTests = map[string]func(*testing.T, Open){
	"a case comes back as it was created":                           testCaseRoundTrip,
	"an update writes everything that may change":                   testUpdate,
	"an update of a stale version is refused and writes nothing":    testConflict,
	"the same submission twice is one case":                         testCreateTwice,
	"the same body from another source or under another key is not": testIdentity,
	"a case that nobody registered is not found":                    testNotFound,
	"what failed in a transaction leaves nothing behind":            testRollback,
	"a transaction that panics leaves nothing behind":               testPanic,
	"a transaction whose caller has gone leaves nothing behind":     testCancelled,
	"who locks a case waits for who locked it before":               testLockWaits,
	"six workers on one case do its work once":                      testSixWorkers,
	"text that is no UTF-8 or holds NUL is kept as far as possible": testGarbage,
	"a time of receipt in no calendar is as good as none":           testImpossibleTime,
	"a submission without originals is refused":                     testNoOriginals,
}

func testCaseRoundTrip(t *testing.T, open Open) {
	b := setup(t, open, fixed(noon))
	warsaw := time.FixedZone("CET", 3600)
	c := newCase("a")
	c.Submission.ReceivedAt = noon.Add(-time.Minute).In(warsaw)
	c.Submission.Key = "ePUAP-7"
	c.Submission.Meta = map[string]string{"adresOdpowiedzi": "/skrytka/x"}
	c.RegisteredAt = noon.In(warsaw)
	c.Sender, c.Subject = ingest.Party{Name: "Zażółć Gęślą", Address: "z@example.pl"}, "Wniosek"
	c = b.create(c)

	if c.ID != 1 || c.Number != "RPW/1/2026" || c.Version != 1 {
		t.Errorf("created as %d, %q, version %d", c.ID, c.Number, c.Version)
	}
	if want := micros(noon); !c.RegisteredAt.Equal(want) || c.RegisteredAt.Location() != time.UTC {
		t.Errorf("registered at %v, want %v", c.RegisteredAt, want)
	}
	got := must[workflow.Case](t)(b.Case(b.ctx, c.ID))
	if !reflect.DeepEqual(got, c) {
		t.Errorf("read\n%+v, created\n%+v", got, c)
	}
	if want := micros(noon.Add(-time.Minute)); !got.Submission.ReceivedAt.Equal(want) {
		t.Errorf("received at %v, want %v", got.Submission.ReceivedAt, want)
	}
}

func testUpdate(t *testing.T, open Open) {
	b := setup(t, open, fixed(noon))
	parent := b.create(newCase("first"))
	c := b.create(newCase("second"))
	want := b.update(c.ID, func(c *workflow.Case) {
		c.Stage, c.Status = workflow.StageDone, workflow.StatusOpen
		c.Sender, c.Subject = ingest.Party{Name: "Jan Żak", Address: "jan@example.pl"}, "Rejestracja pojazdu"
		c.Nature, c.Procedure, c.Confidence, c.DecidedBy = classify.NatureSubmission, "rejestracja_pojazdu", 0.875, classify.ByRule
		c.Route, c.Reply, c.Missing = workflow.Route{Desk: "KM", Because: "pojazdy"}, workflow.ReplyIncomplete, 3
		c.DueAt, c.Owner, c.Parent, c.Reason = micros(noon.Add(time.Hour)), "ola", parent.ID, "niepewne"
	})
	got := must[workflow.Case](t)(b.Case(b.ctx, c.ID))
	if !reflect.DeepEqual(got, want) {
		t.Errorf("read\n%+v, wrote\n%+v", got, want)
	}
	if got.Version != 2 || got.Number != c.Number || !got.RegisteredAt.Equal(c.RegisteredAt) {
		t.Errorf("after one update: version %d, number %s, registered %v", got.Version, got.Number, got.RegisteredAt)
	}
	b.update(c.ID, func(c *workflow.Case) { c.DueAt, c.Parent, c.Owner = time.Time{}, 0, "" })
	got = must[workflow.Case](t)(b.Case(b.ctx, c.ID))
	if !got.DueAt.IsZero() || got.Parent != 0 || got.Owner != "" {
		t.Errorf("not taken back: due %v, parent %d, owner %q", got.DueAt, got.Parent, got.Owner)
	}
}

func testConflict(t *testing.T, open Open) {
	b := setup(t, open, fixed(noon))
	stale := b.create(newCase("a"))
	b.update(stale.ID, func(c *workflow.Case) { c.Owner = "ola" })
	stale.Owner = "jan"
	err := b.Tx(b.ctx, func(tx workflow.Tx) error { return tx.Update(b.ctx, &stale) })
	wantError(t, err, workflow.ErrConflict)
	if got := must[workflow.Case](t)(b.Case(b.ctx, stale.ID)); got.Owner != "ola" || got.Version != 2 {
		t.Errorf("owner %q, version %d", got.Owner, got.Version)
	}
	if stale.Version != 1 {
		t.Errorf("the refused update counted the version to %d", stale.Version)
	}
}

func testCreateTwice(t *testing.T, open Open) {
	b := setup(t, open, fixed(noon))
	first := b.create(newCase("a"))
	again := newCase("a")
	again.Submission.Item = "1700:1" // where it lies at the source is no identity
	b.do(func(tx workflow.Tx) error {
		isNew, err := tx.Create(b.ctx, &again)
		if isNew {
			t.Error("the second copy was created")
		}
		return err
	})
	if again.ID != first.ID || again.Number != first.Number {
		t.Errorf("second copy is %d %s, first %d %s", again.ID, again.Number, first.ID, first.Number)
	}
	if next := b.create(newCase("b")); next.Number != "RPW/2/2026" {
		t.Errorf("the second copy used a number up: next is %s", next.Number)
	}
}

func testIdentity(t *testing.T, open Open) {
	b := setup(t, open, fixed(noon))
	b.create(newCase("a"))
	source, key, body := newCase("a"), newCase("a"), newCase("b")
	source.Submission.Source = "epuap"
	key.Submission.Key = "7"
	for i, c := range []workflow.Case{source, key, body} {
		if got := b.create(c); got.Number != fmt.Sprintf("RPW/%d/2026", i+2) {
			t.Errorf("number %s", got.Number)
		}
	}
}

func testNotFound(t *testing.T, open Open) {
	b := setup(t, open, fixed(noon))
	_, err := b.Case(b.ctx, 7)
	wantError(t, err, workflow.ErrNotFound)
	wantError(t, b.Tx(b.ctx, func(tx workflow.Tx) error { _, err := tx.Lock(b.ctx, 7); return err }), workflow.ErrNotFound)
	wantError(t, b.Tx(b.ctx, func(tx workflow.Tx) error { return tx.Update(b.ctx, &workflow.Case{ID: 7}) }), workflow.ErrNotFound)
}

var errTest = errors.New("told to fail")

func testRollback(t *testing.T, open Open) {
	b := setup(t, open, fixed(noon))
	wantError(t, b.Tx(b.ctx, func(tx workflow.Tx) error {
		c := newCase("a")
		if err := errors.Join(created(b.ctx, tx, &c), tx.Enqueue(b.ctx, c.ID, workflow.StageJudge)); err != nil {
			return err
		}
		return errTest
	}), errTest)
	assertEmpty(b)
}

func testPanic(t *testing.T, open Open) {
	b := setup(t, open, fixed(noon))
	func() {
		defer func() { recover() }()
		b.Tx(b.ctx, func(tx workflow.Tx) error {
			c := newCase("a")
			if err := created(b.ctx, tx, &c); err != nil {
				t.Error(err)
			}
			panic("told to panic")
		})
		t.Error("the panic was swallowed")
	}()
	assertEmpty(b)
}

func testCancelled(t *testing.T, open Open) {
	b := setup(t, open, fixed(noon))
	ctx, cancel := contextWithCancel(b)
	err := b.Tx(ctx, func(tx workflow.Tx) error {
		c := newCase("a")
		err := created(ctx, tx, &c)
		cancel()
		return err
	})
	if err == nil {
		t.Error("committed for a caller who had gone")
	}
	assertEmpty(b)
}

// assertEmpty also shows that the store can be written: the next case is the first.
func assertEmpty(b bench) {
	b.t.Helper()
	if page := must[[]workflow.CaseSummary](b.t)(b.Queue(b.ctx, workflow.QueueQuery{})); len(page) != 0 {
		b.t.Errorf("%d cases were left behind", len(page))
	}
	if c := b.create(newCase("next")); c.Number != "RPW/1/2026" {
		b.t.Errorf("a number was used up: the next is %s", c.Number)
	}
}

func testLockWaits(t *testing.T, open Open) {
	b := setup(t, open, fixed(noon))
	id := b.create(newCase("a")).ID
	inTurn(b, func(tx workflow.Tx) (string, error) {
		c, err := tx.Lock(b.ctx, id)
		return c.Owner, err
	}, func(tx workflow.Tx) error {
		c, err := tx.Lock(b.ctx, id)
		if err != nil {
			return err
		}
		c.Owner = "written"
		return tx.Update(b.ctx, &c)
	})
}

// inTurn locks in one transaction and lets a second one try the same before the first has written: the second must see
// "written". A store without locks has time enough to see something older.
func inTurn(b bench, lock func(workflow.Tx) (string, error), write func(workflow.Tx) error) {
	b.t.Helper()
	saw, failed := "", make(chan error, 1)
	b.do(func(tx workflow.Tx) error {
		if _, err := lock(tx); err != nil {
			return err
		}
		read := make(chan struct{})
		go func() {
			failed <- b.Tx(b.ctx, func(tx workflow.Tx) (err error) {
				saw, err = lock(tx)
				close(read)
				return err
			})
		}()
		select {
		case <-read:
			b.t.Error("the second one did not wait")
		case <-time.After(300 * time.Millisecond):
		}
		return write(tx)
	})
	if err := <-failed; err != nil {
		b.t.Error(err)
	}
	if saw != "written" {
		b.t.Errorf("the second one saw %q", saw)
	}
}

// testSixWorkers runs the habit of every stage: read, work, then lock, compare the stage, write.
func testSixWorkers(t *testing.T, open Open) {
	b := setup(t, open, fixed(noon))
	c := b.create(newCase("a"))
	var done atomic.Int32
	for _, err := range atOnce(6, func(int) error {
		won := false
		err := b.Tx(b.ctx, func(tx workflow.Tx) error {
			c, err := tx.Lock(b.ctx, c.ID)
			if won = err == nil && c.Stage == workflow.StageJudge; !won {
				return err
			}
			c.Stage = workflow.StageDone
			return errors.Join(tx.Update(b.ctx, &c),
				tx.Append(b.ctx, workflow.Event{Case: c.ID, Actor: workflow.Machine, Kind: workflow.EventJudged}))
		})
		if err == nil && won {
			done.Add(1)
		}
		return err
	}) {
		if err != nil {
			t.Error(err)
		}
	}
	events := must[[]workflow.Event](t)(b.Events(b.ctx, c.ID))
	if done.Load() != 1 || len(events) != 1 {
		t.Errorf("%d workers did it, %d events", done.Load(), len(events))
	}
}

func testGarbage(t *testing.T, open Open) {
	b := setup(t, open, fixed(noon))
	c := newCase("a")
	c.Subject = "Wniosek\x00 o \xff\xfe dopłatę"
	c.Submission.Item, c.Submission.Key = "a\x00b", "k\x00"
	c.Submission.Originals[0].Name = "\xffskan\x00.pdf"
	c = b.create(c)
	got := must[workflow.Case](t)(b.Case(b.ctx, c.ID))
	if want := "Wniosek\uFFFD o \uFFFD dopłatę"; got.Subject != want {
		t.Errorf("subject %q, want %q", got.Subject, want)
	}
	again := newCase("a")
	again.Submission.Key = "k\x00"
	b.do(func(tx workflow.Tx) error {
		isNew, err := tx.Create(b.ctx, &again)
		if isNew {
			t.Error("the second copy was created")
		}
		return err
	})
}

func testImpossibleTime(t *testing.T, open Open) {
	b := setup(t, open, fixed(noon))
	for _, year := range []int{-44, 0, 10_000, 292_277_026} {
		c := newCase(fmt.Sprint(year))
		c.Submission.ReceivedAt = time.Date(year, 3, 15, 12, 0, 0, 0, time.UTC)
		c = b.create(c)
		if got := must[workflow.Case](t)(b.Case(b.ctx, c.ID)).Submission.ReceivedAt; !got.IsZero() {
			t.Errorf("received in the year %d: stored as %v", year, got)
		}
	}
}

func testNoOriginals(t *testing.T, open Open) {
	b := setup(t, open, fixed(noon))
	if err := b.Tx(b.ctx, func(tx workflow.Tx) error {
		_, err := tx.Create(b.ctx, &workflow.Case{})
		return err
	}); err == nil {
		t.Error("registered")
	}
	assertEmpty(b)
}
