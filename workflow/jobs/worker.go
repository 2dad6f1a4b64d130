package jobs

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"okienko/workflow/store"
)

// attempts is how often a stage is tried before a person gets the case (promise P7).
const attempts = 5

// giveUpWithin bounds giving up, which has a time of its own: the attempt may have used its time up.
const giveUpWithin = 30 * time.Second

type worker struct {
	river.WorkerDefaults[store.Work]
	pipeline Pipeline
}

// Work makes one attempt. River counts an attempt also when the process died in it, so a case that kills the process five times
// is not tried again.
func (w *worker) Work(ctx context.Context, job *river.Job[store.Work]) error {
	if job.Attempt > attempts {
		return w.giveUp(ctx, job, lastError(job.JobRow))
	}
	err := w.pipeline.Advance(ctx, job.Args.Case, job.Args.Stage)
	var later interface{ RetryAfter() time.Duration }
	switch {
	case err == nil:
		return nil
	case errors.As(err, &later):
		return river.JobSnooze(max(0, later.RetryAfter()))
	case errors.Is(ctx.Err(), context.Canceled): // we are stopping: not the case's fault
		return river.JobSnooze(0)
	case job.Attempt < attempts:
		return err
	}
	return w.giveUp(ctx, job, err)
}

func (w *worker) giveUp(ctx context.Context, job *river.Job[store.Work], cause error) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), giveUpWithin)
	defer cancel()
	if err := w.pipeline.GiveUp(ctx, job.Args.Case, job.Args.Stage, cause); err != nil {
		return fmt.Errorf("giving case %d up: %w", job.Args.Case, err)
	}
	return nil
}

func lastError(job *rivertype.JobRow) error {
	if len(job.Errors) == 0 {
		return errors.New("every attempt ended without an answer")
	}
	return errors.New(job.Errors[len(job.Errors)-1].Error)
}

// backoff grows with the fourth power, and differs a little from case to case, so that many that failed at once do not come
// back at once.
func backoff(failures int) time.Duration {
	n := float64(failures)
	return time.Duration(n * n * n * n * (0.9 + 0.2*rand.Float64()) * float64(time.Second))
}

// retryPolicy is a backoff as River asks for it: before the failure is written down.
type retryPolicy func(failures int) time.Duration

func (p retryPolicy) NextRetry(job *rivertype.JobRow) time.Time {
	return time.Now().Add(p(len(job.Errors) + 1))
}
