package store

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver"

	"okienko/ingest"
	"okienko/workflow"
)

// FetchCooldown is how often River may look for jobs, and how often a commit may wake the workers. River's own 100 ms would
// cap the throughput. Enqueue and the workers must agree on it, or a job may lie until the next poll.
const FetchCooldown = 10 * time.Millisecond

// Work is the job of a stage: which case, no more. What there is to do is read when it runs.
type Work struct {
	Case  workflow.CaseID `json:"case"`
	Stage workflow.Stage  `json:"stage"`
}

// Kind is the job's name in the database.
func (Work) Kind() string { return "advance" }

// InsertOpts puts each stage in a queue of its own, so that a slow server for letters keeps neither submissions waiting nor the
// letters of other channels. River's limit
// of attempts is far above the one of package workflow/jobs, which has the last word on a case.
func (w Work) InsertOpts() river.InsertOpts {
	return river.InsertOpts{Queue: string(w.Stage), MaxAttempts: 100}
}

// Enqueue makes the stage run at least once after the commit.
func (tx *Tx) Enqueue(ctx context.Context, id workflow.CaseID, stage workflow.Stage) error {
	return tx.enqueue(ctx, id, stage, nil)
}

// EnqueueAt is Enqueue for a time to come.
func (tx *Tx) EnqueueAt(ctx context.Context, id workflow.CaseID, stage workflow.Stage, at time.Time) error {
	return tx.enqueue(ctx, id, stage, &river.InsertOpts{ScheduledAt: at})
}

// enqueue makes one job, or one for each channel by which letters are queued.
func (tx *Tx) enqueue(ctx context.Context, id workflow.CaseID, stage workflow.Stage, opts *river.InsertOpts) error {
	if stage != workflow.StageDeliver {
		return tx.insert(ctx, id, stage, opts)
	}
	stages, err := tx.deliverStages(ctx, id)
	if err != nil {
		return err
	}
	for _, s := range stages {
		if err := tx.insert(ctx, id, s, opts); err != nil {
			return err
		}
	}
	return nil
}

// deliverStages are those of the channels by which letters of a case are queued; StageDeliver if there are none.
func (tx *Tx) deliverStages(ctx context.Context, id workflow.CaseID) (list []workflow.Stage, err error) {
	err = tx.all(ctx, `SELECT DISTINCT channel FROM letters WHERE case_id = $1 AND status = 'queued' ORDER BY channel`, []any{int64(id)}, func(scan scanFunc) error {
		var channel ingest.Channel
		err := scan(&channel)
		list = append(list, workflow.DeliverBy(channel))
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("reading the queued letters of case %d: %w", id, err)
	}
	if len(list) == 0 {
		list = []workflow.Stage{workflow.StageDeliver}
	}
	return list, nil
}

func (tx *Tx) insert(ctx context.Context, id workflow.CaseID, stage workflow.Stage, opts *river.InsertOpts) error {
	if err := tx.dead(); err != nil {
		return err
	}
	if _, err := tx.st.enqueue.InsertTx(ctx, tx, Work{Case: id, Stage: stage}, opts); err != nil {
		return fmt.Errorf("enqueueing stage %s of case %d: %w", stage, id, tx.fail(err))
	}
	return nil
}

func insertOnly() *river.Config {
	return &river.Config{FetchCooldown: FetchCooldown, Logger: slog.New(slog.DiscardHandler)}
}

// The two drivers below are River's own, with *Tx as the type of a transaction: so that one river.Client[*Tx] serves both.

type sqliteDriver struct{ riverdriver.Driver[*sql.Tx] }

func (d sqliteDriver) UnwrapExecutor(tx *Tx) riverdriver.ExecutorTx { return tx.on.executor() }

func (d sqliteDriver) UnwrapTx(e riverdriver.ExecutorTx) *Tx {
	panic("store: River does not hand its own transactions out")
}

type postgresDriver struct{ riverdriver.Driver[pgx.Tx] }

func (d postgresDriver) UnwrapExecutor(tx *Tx) riverdriver.ExecutorTx { return tx.on.executor() }

func (d postgresDriver) UnwrapTx(e riverdriver.ExecutorTx) *Tx {
	panic("store: River does not hand its own transactions out")
}
