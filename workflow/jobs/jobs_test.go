package jobs_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"okienko/ingest"
	"okienko/workflow"
	"okienko/workflow/jobs"
	"okienko/workflow/store"
	"okienko/workflow/workflowtest"
)

func TestMain(m *testing.M) {
	if url := os.Getenv(hungIn); url != "" {
		hang(url)
	}
	workflowtest.Main(m)
}

// each runs a test on both databases.
func each(t *testing.T, test func(t *testing.T, st *store.Store)) {
	eachURL(t, func(t *testing.T, url string) { test(t, opened(t, url)) })
}

// eachURL is each with the address of a migrated database, for tests in which several processes use it.
func eachURL(t *testing.T, test func(t *testing.T, url string)) {
	t.Helper()
	t.Parallel()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		url := filepath.Join(t.TempDir(), "okienko.db")
		if err := store.Migrate(t.Context(), url); err != nil {
			t.Fatal(err)
		}
		test(t, url)
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		test(t, postgres(t))
	})
}

// pipeline is made of functions; it notes what was called.
type pipeline struct {
	advance func(ctx context.Context, id workflow.CaseID, stage workflow.Stage, try int) error
	giveUp  func(try int) error

	mu    sync.Mutex
	tries map[workflow.Unfinished]int
	given map[workflow.Unfinished][]error
}

func (p *pipeline) Advance(ctx context.Context, id workflow.CaseID, stage workflow.Stage) error {
	p.mu.Lock()
	if p.tries == nil {
		p.tries, p.given = map[workflow.Unfinished]int{}, map[workflow.Unfinished][]error{}
	}
	key := workflow.Unfinished{Case: id, Stage: stage}
	p.tries[key]++
	try := p.tries[key]
	p.mu.Unlock()
	return p.advance(ctx, id, stage, try)
}

func (p *pipeline) GiveUp(ctx context.Context, id workflow.CaseID, stage workflow.Stage, cause error) error {
	p.mu.Lock()
	if ctx.Err() != nil {
		cause = fmt.Errorf("given up without time to do it: %w", ctx.Err())
	}
	key := workflow.Unfinished{Case: id, Stage: stage}
	if p.given == nil {
		p.given = map[workflow.Unfinished][]error{}
	}
	p.given[key] = append(p.given[key], cause)
	try := len(p.given[key])
	p.mu.Unlock()
	if p.giveUp == nil {
		return nil
	}
	return p.giveUp(try)
}

func (p *pipeline) count(id workflow.CaseID, stage workflow.Stage) (tries, given int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	key := workflow.Unfinished{Case: id, Stage: stage}
	return p.tries[key], len(p.given[key])
}

// start runs the pipeline until the returned function or the end of the test stops it.
func start(t *testing.T, st *store.Store, p *pipeline, c jobs.Config) (stop func()) {
	t.Helper()
	if c.Backoff == nil {
		c.Backoff = atOnce
	}
	r, err := jobs.New(st, p, c)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- r.Run(ctx) }()
	stop = sync.OnceFunc(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("Run: %v", err)
		}
	})
	t.Cleanup(stop)
	return stop
}

func atOnce(int) time.Duration { return 0 }

// eventually waits until what holds; it gives up after a time that no healthy machine needs.
func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(30 * time.Second); !holds(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("still not so: %s", what)
		}
	}
}

// register creates a case in stage judge, with or without its job.
func register(t *testing.T, st *store.Store, body string, job bool) workflow.CaseID {
	t.Helper()
	c := workflow.Case{Stage: workflow.StageJudge, Status: workflow.StatusProcessing, Submission: ingest.Submission{
		Source: "poczta", Originals: []ingest.Original{{Digest: ingest.DigestOf([]byte(body))}}}}
	if err := st.Tx(t.Context(), func(tx workflow.Tx) error {
		if _, err := tx.Create(t.Context(), &c); err != nil || !job {
			return err
		}
		return tx.Enqueue(t.Context(), c.ID, workflow.StageJudge)
	}); err != nil {
		t.Fatal(err)
	}
	return c.ID
}

// finish is what a stage does in the end.
func finish(ctx context.Context, st *store.Store, id workflow.CaseID) error {
	return st.Tx(ctx, func(tx workflow.Tx) error {
		c, err := tx.Lock(ctx, id)
		if err != nil {
			return err
		}
		c.Stage = workflow.StageDone
		return tx.Update(ctx, &c)
	})
}

func done(t *testing.T, st *store.Store, id workflow.CaseID) bool {
	t.Helper()
	c, err := st.Case(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return c.Stage == workflow.StageDone
}

func TestAJobRunsAfterTheCommitThatEnqueuedIt(t *testing.T) {
	each(t, func(t *testing.T, st *store.Store) {
		p := &pipeline{advance: func(ctx context.Context, id workflow.CaseID, _ workflow.Stage, _ int) error {
			return finish(ctx, st, id)
		}}
		start(t, st, p, jobs.Config{})
		lost := errors.New("rolled back")
		if err := st.Tx(t.Context(), func(tx workflow.Tx) error {
			return errors.Join(tx.Enqueue(t.Context(), 77, workflow.StageJudge), lost)
		}); !errors.Is(err, lost) {
			t.Fatal(err)
		}
		id := register(t, st, "a", true)
		eventually(t, "the case is done", func() bool { return done(t, st, id) })
		if tries, given := p.count(id, workflow.StageJudge); tries != 1 || given != 0 {
			t.Errorf("%d tries, given up %d times", tries, given)
		}
		if tries, _ := p.count(77, workflow.StageJudge); tries != 0 {
			t.Error("a job that was rolled back ran")
		}
	})
}

func TestAfterFiveAttemptsAPersonGetsTheCase(t *testing.T) {
	for name, fail := range map[string]func(try int) error{
		"errors":   func(try int) error { return fmt.Errorf("failure %d", try) },
		"panics":   func(try int) error { panic(fmt.Sprintf("failure %d", try)) },
		"too slow": nil,
	} {
		t.Run(name, func(t *testing.T) {
			each(t, func(t *testing.T, st *store.Store) {
				p := &pipeline{
					advance: func(ctx context.Context, _ workflow.CaseID, _ workflow.Stage, try int) error {
						if fail == nil {
							<-ctx.Done()
							return fmt.Errorf("failure %d: %w", try, ctx.Err())
						}
						return fail(try)
					},
					giveUp: func(try int) error { // giving up may fail, too
						if try < 3 {
							return errors.New("no database")
						}
						return nil
					},
				}
				id := register(t, st, "a", true)
				start(t, st, p, jobs.Config{Timeout: 200 * time.Millisecond, RescueAfter: time.Minute})
				eventually(t, "the case is given up", func() bool { _, given := p.count(id, workflow.StageJudge); return given == 3 })
				p.mu.Lock()
				defer p.mu.Unlock()
				key := workflow.Unfinished{Case: id, Stage: workflow.StageJudge}
				if p.tries[key] != 5 {
					t.Errorf("tried %d times, want 5", p.tries[key])
				}
				if cause := p.given[key][0]; name != "panics" && !strings.HasPrefix(cause.Error(), "failure 5") {
					t.Errorf("given up because of %v", cause)
				}
			})
		})
	}
}

// wait is an error that says when to try again.
type wait time.Duration

func (w wait) Error() string             { return "the server is away" }
func (w wait) RetryAfter() time.Duration { return time.Duration(w) }

func TestWaitingForAServerIsNoAttempt(t *testing.T) {
	each(t, func(t *testing.T, st *store.Store) {
		p := &pipeline{advance: func(ctx context.Context, id workflow.CaseID, _ workflow.Stage, try int) error {
			if try <= 12 {
				return fmt.Errorf("sending: %w", wait(0))
			}
			return finish(ctx, st, id)
		}}
		id := register(t, st, "a", true)
		start(t, st, p, jobs.Config{})
		eventually(t, "the case is done", func() bool { return done(t, st, id) })
		if tries, given := p.count(id, workflow.StageJudge); tries != 13 || given != 0 {
			t.Errorf("%d tries, given up %d times", tries, given)
		}
	})
}

func TestStoppingInterruptsTheLastAttemptWithoutCountingIt(t *testing.T) {
	each(t, func(t *testing.T, st *store.Store) {
		id := register(t, st, "a", true)
		for restart := range 3 {
			last := make(chan struct{})
			p := &pipeline{advance: func(ctx context.Context, _ workflow.CaseID, _ workflow.Stage, try int) error {
				if restart == 0 && try < 5 {
					return errors.New("not yet the last")
				}
				close(last)
				<-ctx.Done()
				return errors.New("interrupted")
			}}
			stop := start(t, st, p, jobs.Config{StopWithin: time.Millisecond})
			<-last
			stop()
			if _, given := p.count(id, workflow.StageJudge); given != 0 {
				t.Fatal("given up because of a restart")
			}
		}
		p := &pipeline{advance: func(ctx context.Context, id workflow.CaseID, _ workflow.Stage, _ int) error {
			return finish(ctx, st, id)
		}}
		start(t, st, p, jobs.Config{})
		eventually(t, "the case is done", func() bool { return done(t, st, id) })
	})
}

func TestStoppingLetsAnAttemptFinish(t *testing.T) {
	each(t, func(t *testing.T, st *store.Store) {
		id := register(t, st, "a", true)
		begun, let := make(chan struct{}), make(chan struct{})
		p := &pipeline{advance: func(ctx context.Context, id workflow.CaseID, _ workflow.Stage, _ int) error {
			close(begun)
			<-let
			return finish(ctx, st, id)
		}}
		stop := start(t, st, p, jobs.Config{})
		<-begun
		time.AfterFunc(50*time.Millisecond, func() { close(let) })
		stop()
		if !done(t, st, id) {
			t.Error("the attempt was cut off")
		}
	})
}

func TestASlowMailServerDoesNotKeepSubmissionsWaiting(t *testing.T) {
	each(t, func(t *testing.T, st *store.Store) {
		p := &pipeline{advance: func(ctx context.Context, id workflow.CaseID, stage workflow.Stage, _ int) error {
			if stage == workflow.StageDeliver {
				<-ctx.Done()
				return ctx.Err()
			}
			return finish(ctx, st, id)
		}}
		for i := range 10 {
			if err := st.Tx(t.Context(), func(tx workflow.Tx) error {
				return tx.Enqueue(t.Context(), workflow.CaseID(100+i), workflow.StageDeliver)
			}); err != nil {
				t.Fatal(err)
			}
		}
		id := register(t, st, "a", true)
		start(t, st, p, jobs.Config{StopWithin: time.Millisecond})
		eventually(t, "the case is done", func() bool { return done(t, st, id) })
	})
}

// A platform that stands still keeps the letters of no other channel waiting, however many of its own wait for it.
func TestASilentPlatformHoldsNoOtherLettersUp(t *testing.T) {
	each(t, func(t *testing.T, st *store.Store) {
		id, silent := register(t, st, "a", false), []ingest.Channel{ingest.EDelivery, ingest.EPUAP}
		mailed := make(chan struct{})
		p := &pipeline{advance: func(ctx context.Context, _ workflow.CaseID, stage workflow.Stage, _ int) error {
			if channel, _ := stage.Delivers(); slices.Contains(silent, channel) {
				<-ctx.Done()
				return ctx.Err()
			}
			if stage == workflow.DeliverBy(ingest.Email) {
				close(mailed)
			}
			return nil
		}}
		queue := func(channel ingest.Channel) {
			t.Helper()
			if err := st.Tx(t.Context(), func(tx workflow.Tx) error {
				return tx.Enqueue(t.Context(), id, workflow.DeliverBy(channel))
			}); err != nil {
				t.Fatal(err)
			}
		}
		for range 20 {
			queue(ingest.EDelivery)
			queue(ingest.EPUAP)
		}
		start(t, st, p, jobs.Config{StopWithin: time.Millisecond})
		eventually(t, "both platforms hold what works for them", func() bool {
			p.mu.Lock()
			defer p.mu.Unlock()
			return p.tries[workflow.Unfinished{Case: id, Stage: workflow.DeliverBy(ingest.EDelivery)}] == 2 &&
				p.tries[workflow.Unfinished{Case: id, Stage: workflow.DeliverBy(ingest.EPUAP)}] == 2
		})
		queue(ingest.Email)
		select {
		case <-mailed:
		case <-time.After(20 * time.Second):
			t.Error("the mail is held up")
		}
	})
}

// The letters of a case go by as many jobs as they have channels.
func TestEachChannelOfACaseHasItsOwnJob(t *testing.T) {
	each(t, func(t *testing.T, st *store.Store) {
		id := register(t, st, "a", false)
		if err := st.Tx(t.Context(), func(tx workflow.Tx) error {
			for _, channel := range []ingest.Channel{ingest.Email, ingest.EDelivery, ingest.Email} {
				if err := tx.SaveLetter(t.Context(), &workflow.Letter{Case: id, Status: workflow.LetterQueued, Channel: channel, To: "x"}); err != nil {
					return err
				}
			}
			return tx.Enqueue(t.Context(), id, workflow.StageDeliver)
		}); err != nil {
			t.Fatal(err)
		}
		p := &pipeline{advance: func(context.Context, workflow.CaseID, workflow.Stage, int) error { return nil }}
		start(t, st, p, jobs.Config{})
		eventually(t, "both jobs ran", func() bool {
			p.mu.Lock()
			defer p.mu.Unlock()
			return p.tries[workflow.Unfinished{Case: id, Stage: workflow.DeliverBy(ingest.Email)}] == 1 &&
				p.tries[workflow.Unfinished{Case: id, Stage: workflow.DeliverBy(ingest.EDelivery)}] == 1 && p.tries[workflow.Unfinished{Case: id, Stage: workflow.StageDeliver}] == 0
		})
	})
}
