package jobs

import (
	"context"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/riverqueue/river"

	"okienko/workflow"
	"okienko/workflow/store"
)

// BenchChain measures what the database and River can do without any work in between, for comparison with a pipeline: n chains
// of two jobs, of which the first writes a row and enqueues the second in one transaction and the second updates the row. It
// returns chains a second. Run it on a database of its own: it leaves a source cursor for each chain.
func BenchChain(ctx context.Context, st *store.Store, n int) (perSecond float64, err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	chain := &chain{store: st, left: new(atomic.Int64), done: cancel}
	chain.left.Store(int64(n))
	workers := river.NewWorkers()
	river.AddWorker(workers, &firstLink{chain: chain})
	river.AddWorker(workers, &lastLink{chain: chain})
	chain.client, err = river.NewClient(st.Driver(), &river.Config{
		FetchCooldown: store.FetchCooldown, FetchPollInterval: 500 * time.Millisecond, Workers: workers,
		Logger: slog.New(slog.DiscardHandler), Queues: map[string]river.QueueConfig{"bench": {MaxWorkers: 50}},
	})
	if err != nil {
		return 0, fmt.Errorf("setting up the bench: %w", err)
	}
	if err := chain.fill(ctx, n); err != nil {
		return 0, err
	}
	start := time.Now()
	if err := chain.client.Start(context.WithoutCancel(ctx)); err != nil {
		return 0, fmt.Errorf("starting the bench: %w", err)
	}
	<-ctx.Done()
	took := time.Since(start)
	if err := chain.client.StopAndCancel(context.WithoutCancel(ctx)); err != nil {
		return 0, fmt.Errorf("stopping the bench: %w", err)
	}
	if chain.left.Load() > 0 {
		return 0, fmt.Errorf("the bench was interrupted: %w", context.Cause(ctx))
	}
	return float64(n) / took.Seconds(), nil
}

type chain struct {
	store  *store.Store
	client *river.Client[*store.Tx]
	left   *atomic.Int64
	done   func()
}

type firstArgs struct{ N int }

func (firstArgs) Kind() string                 { return "bench_first" }
func (firstArgs) InsertOpts() river.InsertOpts { return river.InsertOpts{Queue: "bench"} }

type lastArgs struct{ N int }

func (lastArgs) Kind() string                 { return "bench_last" }
func (lastArgs) InsertOpts() river.InsertOpts { return river.InsertOpts{Queue: "bench"} }

func (c *chain) fill(ctx context.Context, n int) error {
	return c.store.Tx(ctx, func(tx workflow.Tx) error {
		for i := range n {
			if _, err := c.client.InsertTx(ctx, tx.(*store.Tx), firstArgs{i}, nil); err != nil {
				return fmt.Errorf("filling the bench: %w", err)
			}
		}
		return nil
	})
}

func (c *chain) row(ctx context.Context, n int, value string, then func(*store.Tx) error) error {
	return c.store.Tx(ctx, func(tx workflow.Tx) error {
		own := tx.(*store.Tx)
		if err := own.SetCursor(ctx, fmt.Sprintf("bench/%d", n), value); err != nil {
			return err
		}
		return then(own)
	})
}

type firstLink struct {
	river.WorkerDefaults[firstArgs]
	*chain
}

func (l *firstLink) Work(ctx context.Context, job *river.Job[firstArgs]) error {
	return l.row(ctx, job.Args.N, "first", func(tx *store.Tx) error {
		_, err := l.client.InsertTx(ctx, tx, lastArgs(job.Args), nil)
		return err
	})
}

type lastLink struct {
	river.WorkerDefaults[lastArgs]
	*chain
}

func (l *lastLink) Work(ctx context.Context, job *river.Job[lastArgs]) error {
	err := l.row(ctx, job.Args.N, "last", func(*store.Tx) error { return nil })
	if err == nil && l.left.Add(-1) == 0 {
		l.done()
	}
	return err
}
