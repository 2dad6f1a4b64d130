// Package jobs owns how work goes on by itself: River's workers around a Pipeline, what happens after the last attempt, and the
// sweep that finds work whose job was lost. A job carries a case's ID and a stage, no more, and may run twice.
//
// It refuses to know what a stage does. Read next: worker.go for one attempt, sweep.go for what restarts and kills leave behind.
package jobs

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/riverqueue/river"

	"okienko/workflow"
	"okienko/workflow/store"
)

// Pipeline does the work.
type Pipeline interface {
	// Advance runs one stage of a case. Running it twice changes nothing. An error means that it may be tried again; an error
	// with a method RetryAfter() time.Duration says when, and does not count as an attempt.
	Advance(ctx context.Context, id workflow.CaseID, stage workflow.Stage) error
	// GiveUp is called instead of a further attempt, so that the case lands with a person. It is tried until it succeeds.
	GiveUp(ctx context.Context, id workflow.CaseID, stage workflow.Stage, cause error) error
}

// Config sizes a Runner. The zero value is a sensible one.
type Config struct {
	Judges   int           // cases in work at once; 0: 4
	Carriers int           // cases whose letters are sent at once, for each channel; 0: 2
	Timeout  time.Duration // of one attempt; 0: 2 minutes
	// RescueAfter is when an attempt counts as dead though nobody saw its process die; 0: a minute more than Timeout, and
	// never less than Timeout.
	RescueAfter time.Duration
	SweepEvery  time.Duration                    // 0: 1 minute
	StopWithin  time.Duration                    // how long Run lets attempts finish when it ends; 0: 20 seconds
	Backoff     func(failures int) time.Duration // wait after so many failures, from 1; nil: about 1 s, 16 s, 81 s, 4 min
	Logger      *slog.Logger                     // nil: says nothing
}

func (c Config) withDefaults() Config {
	c.Judges, c.Carriers = or(c.Judges, 4), or(c.Carriers, 2)
	c.Timeout = or(c.Timeout, 2*time.Minute)
	c.RescueAfter = max(or(c.RescueAfter, c.Timeout+time.Minute), c.Timeout)
	c.SweepEvery, c.StopWithin = or(c.SweepEvery, time.Minute), or(c.StopWithin, 20*time.Second)
	if c.Backoff == nil {
		c.Backoff = backoff
	}
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	return c
}

// queues are one for judging and one for the letters of each channel.
func (c Config) queues() map[string]river.QueueConfig {
	all := map[string]river.QueueConfig{string(workflow.StageJudge): {MaxWorkers: c.Judges}}
	for _, stage := range workflow.DeliverStages() {
		all[string(stage)] = river.QueueConfig{MaxWorkers: c.Carriers}
	}
	return all
}

func or[T int | time.Duration](v, otherwise T) T {
	if v > 0 {
		return v
	}
	return otherwise
}

// Runner works on the jobs of one database. Several processes may each run one. A process without a Runner still enqueues jobs:
// that is the store's.
type Runner struct {
	store  *store.Store
	client *river.Client[*store.Tx]
	config Config
	self   process
}

// New prepares a Runner; Run starts it.
func New(st *store.Store, p Pipeline, c Config) (*Runner, error) {
	c = c.withDefaults()
	self, err := thisProcess()
	if err != nil {
		return nil, fmt.Errorf("naming this process to the job queue: %w", err)
	}
	workers := river.NewWorkers()
	river.AddWorker(workers, &worker{pipeline: p})
	client, err := river.NewClient(st.Driver(), &river.Config{
		ID:                   self.String() + "/" + rand.Text()[:8],
		FetchCooldown:        store.FetchCooldown,
		FetchPollInterval:    500 * time.Millisecond,
		JobTimeout:           c.Timeout,
		RescueStuckJobsAfter: c.RescueAfter,
		SoftStopTimeout:      c.StopWithin,
		RetryPolicy:          retryPolicy(c.Backoff),
		Logger:               c.Logger,
		Workers:              workers,
		Queues:               c.queues(),
	})
	if err != nil {
		return nil, fmt.Errorf("setting up the job queue: %w", err)
	}
	return &Runner{store: st, client: client, config: c, self: self}, nil
}

// Client is River's, for its administration pages.
func (r *Runner) Client() *river.Client[*store.Tx] { return r.client }

// Run works until ctx ends, then lets attempts finish, and returns nil. It returns an error only if it could not start.
func (r *Runner) Run(ctx context.Context) error {
	if err := r.Sweep(ctx); err != nil {
		return fmt.Errorf("taking up unfinished work: %w", err)
	}
	if err := r.client.Start(context.WithoutCancel(ctx)); err != nil {
		return fmt.Errorf("starting the job queue: %w", err)
	}
	r.sweepUntil(ctx)
	return r.client.Stop(context.WithoutCancel(ctx)) // StopWithin bounds it
}

func (r *Runner) sweepUntil(ctx context.Context) {
	tick := time.NewTicker(r.config.SweepEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			if err := r.Sweep(ctx); err != nil && ctx.Err() == nil {
				r.config.Logger.Error("looking for lost work failed; the next sweep tries again", "error", err)
			}
		}
	}
}

// process is who works on a job, as written beside it: host, process number, and a nonce that tells a restarted container,
// where every process has the number 1, from the one before. A last part tells the Runners of one process apart.
type process struct {
	host  string
	pid   int
	nonce string
}

var nonce = sync.OnceValue(func() string { return rand.Text()[:8] })

func thisProcess() (process, error) {
	host, err := os.Hostname()
	return process{host: host[:min(len(host), 50)], pid: os.Getpid(), nonce: nonce()}, err
}

func (p process) String() string { return fmt.Sprintf("%s/%d/%s", p.host, p.pid, p.nonce) }

// knowsDead reports whether the process of the Runner of that name ran on this machine and has ended.
func (p process) knowsDead(name string) bool {
	part := strings.Split(name, "/")
	if len(part) != 4 || part[0] != p.host || part[2] == p.nonce {
		return false
	}
	pid, err := strconv.Atoi(part[1])
	if err != nil || pid < 1 {
		return false
	}
	return pid == p.pid || !alive(pid)
}

func alive(pid int) bool {
	p, err := os.FindProcess(pid)
	if err != nil {
		return false
	}
	err = p.Signal(syscall.Signal(0))
	return err == nil || !errors.Is(err, os.ErrProcessDone)
}
