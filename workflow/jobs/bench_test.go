package jobs_test

import (
	"context"
	"fmt"
	"path/filepath"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"okienko/ingest"
	"okienko/workflow"
	"okienko/workflow/jobs"
	"okienko/workflow/store"
	"okienko/workflow/workflowtest"
)

// BenchmarkChain is the limit that the database sets: go test -run '^$' -bench Chain -benchtime 1x ./workflow/jobs
func BenchmarkChain(b *testing.B) {
	for name, st := range both(b) {
		b.Run(name, func(b *testing.B) {
			const chains = 1000
			for b.Loop() {
				perSecond, err := jobs.BenchChain(b.Context(), st, chains)
				if err != nil {
					b.Fatal(err)
				}
				b.ReportMetric(perSecond, "chains/s")
			}
		})
	}
}

// BenchmarkIntake is the database work of one submission without any reading: saw, accept and judge, with a letter.
func BenchmarkIntake(b *testing.B) {
	for name, st := range both(b) {
		b.Run(name, func(b *testing.B) {
			const cases = 1000
			for b.Loop() {
				before := cpu()
				b.ReportMetric(intake(b, st, cases), "cases/s")
				b.ReportMetric((cpu()-before).Seconds()*1000/cases, "cpu-ms/case") // ours: without the database server's
			}
		})
	}
}

func cpu() time.Duration {
	var u syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func both(tb testing.TB) map[string]*store.Store {
	return map[string]*store.Store{
		"sqlite":   open(tb, filepath.Join(tb.TempDir(), "okienko.db")),
		"postgres": open(tb, durable(tb)),
	}
}

// durable is an address on a server that waits for the disk, as the one of an office does.
func durable(tb testing.TB) string {
	server, err := workflowtest.NewPostgres()
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(server.Close)
	url, err := server.Database()
	if err != nil {
		tb.Fatal(err)
	}
	return url
}

// postgres is a migrated database.
func postgres(tb testing.TB) string {
	return workflowtest.PostgresLike(tb, func(url string) error { return store.Migrate(context.Background(), url) })
}

func open(tb testing.TB, url string) *store.Store {
	tb.Helper()
	if err := store.Migrate(context.Background(), url); err != nil {
		tb.Fatal(err)
	}
	return opened(tb, url)
}

// opened opens a migrated database, and closes it after the test.
func opened(tb testing.TB, url string) *store.Store {
	tb.Helper()
	st, err := store.Open(context.Background(), url, nil)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { st.Close() })
	return st
}

// intake registers n cases, one after the other like a mailbox, while their jobs run; it returns cases a second.
func intake(tb testing.TB, st *store.Store, n int) float64 {
	ctx, cancel := context.WithCancel(tb.Context())
	p := &judge{store: st, done: cancel}
	p.left.Store(int64(n))
	runner, err := jobs.New(st, p, jobs.Config{})
	if err != nil {
		tb.Fatal(err)
	}
	start := time.Now()
	run := make(chan error)
	go func() { run <- runner.Run(ctx) }()
	for i := range n {
		if err := accept(tb.Context(), st, fmt.Sprint(start.UnixNano(), "/", i)); err != nil {
			tb.Fatal(err)
		}
	}
	<-ctx.Done()
	took := time.Since(start)
	if err := <-run; err != nil {
		tb.Fatal(err)
	}
	return float64(n) / took.Seconds()
}

func accept(ctx context.Context, st *store.Store, body string) error {
	return st.Tx(ctx, func(tx workflow.Tx) error {
		c := workflow.Case{Stage: workflow.StageJudge, Status: workflow.StatusProcessing, Submission: ingest.Submission{
			Source: "poczta", Channel: ingest.Email, Item: body, ReceivedAt: time.Now(),
			Originals: []ingest.Original{{Role: "body", Digest: ingest.DigestOf([]byte(body))}}}}
		if _, err := tx.Create(ctx, &c); err != nil {
			return err
		}
		if err := tx.Append(ctx, workflow.Event{Case: c.ID, Kind: workflow.EventRegistered}); err != nil {
			return err
		}
		if err := tx.Settle(ctx, "poczta", body, workflow.ReceiptRegistered, c.ID); err != nil {
			return err
		}
		return tx.Enqueue(ctx, c.ID, workflow.StageJudge)
	})
}

// judge does the writes of a judgement.
type judge struct {
	store *store.Store
	left  atomic.Int64
	done  func()
}

func (j *judge) Advance(ctx context.Context, id workflow.CaseID, stage workflow.Stage) error {
	if stage == workflow.StageDeliver {
		return nil
	}
	if _, err := j.store.Case(ctx, id); err != nil {
		return err
	}
	if err := j.store.Tx(ctx, func(tx workflow.Tx) error { return writeJudgement(ctx, tx, id) }); err != nil {
		return err
	}
	if j.left.Add(-1) == 0 {
		j.done()
	}
	return nil
}

func writeJudgement(ctx context.Context, tx workflow.Tx, id workflow.CaseID) error {
	c, err := tx.Lock(ctx, id)
	if err != nil {
		return err
	}
	keys := []workflow.Key{{Kind: workflow.KeyMessageID, Value: fmt.Sprint(id)}, {Kind: workflow.KeyPerson, Value: fmt.Sprint(id / 2)}}
	if _, err := tx.Related(ctx, id, keys); err != nil {
		return err
	}
	if err := tx.PutKeys(ctx, id, keys); err != nil {
		return err
	}
	if err := tx.Judged(ctx, id, workflow.Judgement{Contents: ingest.Contents{Readings: []ingest.Reading{{Text: text}}}}); err != nil {
		return err
	}
	c.Stage, c.Status, c.Subject = workflow.StageDone, workflow.StatusOpen, "Wniosek"
	if err := tx.Update(ctx, &c); err != nil {
		return err
	}
	if _, _, err := tx.CountLetters(ctx, "a@example.pl", time.Now().Add(-time.Hour)); err != nil {
		return err
	}
	l := workflow.Letter{Case: id, Status: workflow.LetterQueued, Automatic: true, To: "a@example.pl", Text: text}
	if err := tx.SaveLetter(ctx, &l); err != nil {
		return err
	}
	if err := tx.Append(ctx, workflow.Event{Case: id, Kind: workflow.EventJudged}); err != nil {
		return err
	}
	return tx.Enqueue(ctx, id, workflow.StageDeliver)
}

func (j *judge) GiveUp(context.Context, workflow.CaseID, workflow.Stage, error) error { return nil }

var text = fmt.Sprintf("%4000s", "Zażółć gęślą jaźń")
