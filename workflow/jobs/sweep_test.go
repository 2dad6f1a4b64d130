package jobs_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"testing"
	"time"

	"okienko/workflow"
	"okienko/workflow/jobs"
	"okienko/workflow/store"
)

func TestTheSweepTakesUpWorkWithoutAJob(t *testing.T) {
	each(t, func(t *testing.T, st *store.Store) {
		p := &pipeline{advance: func(ctx context.Context, id workflow.CaseID, _ workflow.Stage, _ int) error {
			return finish(ctx, st, id)
		}}
		first := register(t, st, "before the start", false)
		start(t, st, p, jobs.Config{SweepEvery: 50 * time.Millisecond})
		eventually(t, "the first case is done", func() bool { return done(t, st, first) })
		second := register(t, st, "after the start", false)
		eventually(t, "the second case is done", func() bool { return done(t, st, second) })
	})
}

func TestASweepMayRunTwiceAndAtOnce(t *testing.T) {
	each(t, func(t *testing.T, st *store.Store) {
		const cases = 30
		p := &pipeline{advance: func(ctx context.Context, id workflow.CaseID, _ workflow.Stage, _ int) error {
			return finish(ctx, st, id)
		}}
		r, err := jobs.New(st, p, jobs.Config{})
		if err != nil {
			t.Fatal(err)
		}
		var ids []workflow.CaseID
		for i := range cases {
			ids = append(ids, register(t, st, fmt.Sprint(i), i%3 == 0))
		}
		sweeps := make(chan error)
		for range 4 {
			go func() { sweeps <- r.Sweep(t.Context()) }()
		}
		for range 4 {
			if err := <-sweeps; err != nil {
				t.Error(err)
			}
		}
		if lost, err := st.Unfinished(t.Context(), st.Now().Add(time.Hour), 100); err != nil || len(lost) != 0 {
			t.Errorf("%d still without a job, %v", len(lost), err)
		}
		start(t, st, p, jobs.Config{})
		for _, id := range ids {
			eventually(t, "a case is done", func() bool { return done(t, st, id) })
		}
	})
}

func TestASweepDropsExpiredSessions(t *testing.T) {
	each(t, func(t *testing.T, st *store.Store) {
		r, err := jobs.New(st, &pipeline{}, jobs.Config{})
		if err != nil {
			t.Fatal(err)
		}
		past, future := st.Now().Add(-time.Hour), st.Now().Add(time.Hour)
		if err := errors.Join(st.Sessions().Commit("old", []byte("x"), past), st.Sessions().Commit("new", []byte("y"), future),
			r.Sweep(t.Context())); err != nil {
			t.Fatal(err)
		}
		if all, err := st.Sessions().AllCtx(t.Context()); err != nil || len(all) != 1 {
			t.Errorf("%d sessions, %v", len(all), err)
		}
	})
}

// The process that is killed is this test binary, told by the environment to hang in a job.

const hungIn = "OKIENKO_TEST_HANG_IN"

func hang(url string) {
	st, err := store.Open(context.Background(), url, nil)
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	p := &pipeline{advance: func(context.Context, workflow.CaseID, workflow.Stage, int) error {
		fmt.Println("begun")
		select {}
	}}
	r, err := jobs.New(st, p, jobs.Config{Backoff: atOnce})
	if err == nil {
		err = r.Run(context.Background())
	}
	fmt.Println(err)
	os.Exit(1)
}

// killInJob starts a process that takes the job of the only case, and kills it in the middle.
func killInJob(t *testing.T, url string) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), hungIn+"="+url)
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	timer := time.AfterFunc(time.Minute, func() { cmd.Process.Kill() })
	defer timer.Stop()
	line, _ := bufio.NewReader(out).ReadString('\n')
	cmd.Process.Kill()
	cmd.Wait()
	if line != "begun\n" {
		t.Fatalf("the process said %q", line)
	}
}

func TestWorkOfAKilledProcessGoesOnAtOnce(t *testing.T) {
	eachURL(t, func(t *testing.T, url string) {
		st := opened(t, url)
		id := register(t, st, "a", true)
		killInJob(t, url)
		p := &pipeline{advance: func(ctx context.Context, id workflow.CaseID, _ workflow.Stage, _ int) error {
			return finish(ctx, st, id)
		}}
		begin := time.Now()
		start(t, st, p, jobs.Config{})
		eventually(t, "the case is done", func() bool { return done(t, st, id) })
		if took := time.Since(begin); took > 20*time.Second { // the rescue of River would take 3 minutes
			t.Errorf("took %v", took)
		}
	})
}

func TestACaseThatKillsTheProcessFiveTimesIsNotTriedAgain(t *testing.T) {
	eachURL(t, func(t *testing.T, url string) {
		st := opened(t, url)
		id := register(t, st, "a", true)
		for range 5 {
			killInJob(t, url)
		}
		p := &pipeline{advance: func(context.Context, workflow.CaseID, workflow.Stage, int) error { return nil }}
		start(t, st, p, jobs.Config{})
		eventually(t, "the case is given up", func() bool { _, given := p.count(id, workflow.StageJudge); return given == 1 })
		if tries, _ := p.count(id, workflow.StageJudge); tries != 0 {
			t.Errorf("tried %d times more", tries)
		}
	})
}
