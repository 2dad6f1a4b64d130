package jobs

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/rivertype"

	"okienko/workflow"
	"okienko/workflow/store"
)

// batch is how much one query or transaction of a sweep takes.
const batch = 500

// Sweep takes up work that nobody works on: jobs whose process on this machine has died (a dead process on another machine is
// found by Config.RescueAfter), and cases that wait for the machine without a job. It also drops expired sessions. It may run
// at any time, and in several processes at once: at worst a stage runs twice, which changes nothing.
func (r *Runner) Sweep(ctx context.Context) error {
	return errors.Join(r.reviveDead(ctx), r.enqueueLost(ctx), r.store.Sessions().Clean(ctx))
}

func (r *Runner) enqueueLost(ctx context.Context) error {
	for {
		lost, err := r.store.Unfinished(ctx, r.store.Now(), batch)
		if err != nil || len(lost) == 0 {
			return err
		}
		if err := r.store.Tx(ctx, func(tx workflow.Tx) error {
			for _, work := range lost {
				if err := tx.Enqueue(ctx, work.Case, work.Stage); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			return err
		}
		r.config.Logger.Warn("took up work that had no job", "cases", len(lost))
	}
}

// reviveDead lets the attempts of dead processes fail now, instead of after RescueAfter. They count: see worker.Work.
func (r *Runner) reviveDead(ctx context.Context) error {
	running, err := r.client.JobList(ctx, river.NewJobListParams().Kinds(store.Work{}.Kind()).
		States(rivertype.JobStateRunning).First(batch))
	if err != nil {
		return fmt.Errorf("listing running jobs: %w", err)
	}
	params := &riverdriver.JobRescueManyParams{StuckHorizon: time.Now()}
	for _, job := range running.Jobs {
		if n := len(job.AttemptedBy); n > 0 && r.self.knowsDead(job.AttemptedBy[n-1]) {
			if err := r.addRescue(params, job); err != nil {
				return err
			}
		}
	}
	if len(params.ID) == 0 {
		return nil
	}
	if _, err := r.store.Driver().GetExecutor().JobRescueMany(ctx, params); err != nil {
		return fmt.Errorf("reviving jobs of dead processes: %w", err)
	}
	r.config.Logger.Warn("took up work whose process had died", "jobs", len(params.ID))
	return nil
}

// addRescue is what River's own rescuer would do later. The first death in a row does not wait; further ones do, so that those
// who died of their neighbour are not in hand again when it is.
func (r *Runner) addRescue(params *riverdriver.JobRescueManyParams, job *rivertype.JobRow) error {
	now := time.Now().UTC()
	text, err := json.Marshal(rivertype.AttemptError{At: now, Attempt: job.Attempt, Error: "the process ended in the middle of it"})
	if err != nil {
		return err
	}
	state, at := rivertype.JobStateAvailable, now
	if job.Attempt > 1 {
		at = now.Add(r.config.Backoff(job.Attempt - 1))
	}
	if at.After(now) {
		state = rivertype.JobStateRetryable
	}
	params.ID = append(params.ID, job.ID)
	params.Error = append(params.Error, text)
	params.FinalizedAt = append(params.FinalizedAt, nil)
	params.ScheduledAt = append(params.ScheduledAt, at)
	params.State = append(params.State, string(state))
	return nil
}
