package store_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"okienko/workflow"
	"okienko/workflow/store"
	"okienko/workflow/workflowtest"
)

// The process that is killed is this test binary, told by the environment to register submissions until it dies.
const registerIn = "OKIENKO_TEST_REGISTER_IN"

func TestMain(m *testing.M) {
	if url := os.Getenv(registerIn); url != "" {
		registerForEver(url, os.Getenv("OKIENKO_TEST_TRIAL"))
	}
	workflowtest.Main(m)
}

func registerForEver(url, trial string) {
	st, err := store.Open(context.Background(), url, fixedNow)
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	for w := range 8 {
		go func() {
			for n := 0; ; n++ {
				c := newCase(fmt.Sprint(trial, "/", w, "/", n))
				if err := acceptCase(context.Background(), st, &c); err != nil {
					fmt.Println(err)
					os.Exit(1)
				}
				fmt.Printf("%s %s\n", c.Submission.Body().Digest, c.Number) // told only after Tx returned
			}
		}()
	}
	select {}
}

// TestWhatWasRegisteredSurvivesAKill kills the process that registers, again and again. What it told of must be there under its
// number, with its job, and the series of numbers must have no gap.
func TestWhatWasRegisteredSurvivesAKill(t *testing.T) {
	const kills = 8
	each(t, func(t *testing.T, url string) {
		st := open(t, url, fixedNow)
		told := map[string]string{} // number -> digest
		for trial := range kills {
			for _, line := range killed(t, url, trial) {
				digest, number, whole := strings.Cut(line, " ")
				if !whole {
					t.Fatalf("the process said %q", line)
				}
				if told[number] != "" {
					t.Errorf("%s was given twice", number)
				}
				told[number] = digest
			}
		}
		total := 0
		for _, c := range everything(t, st) {
			total++
			if full, err := st.Case(t.Context(), c.ID); err != nil || told[c.Number] != "" && string(full.Submission.Body().Digest) != told[c.Number] {
				t.Errorf("%s is another submission, %v", c.Number, err)
			}
			delete(told, c.Number)
		}
		var last int
		if err := raw(t, url).QueryRow(`SELECT last FROM rpw_counters`).Scan(&last); err != nil || last != total {
			t.Errorf("the last number is %d of %d cases, %v", last, total, err)
		}
		if lost, err := st.Unfinished(t.Context(), fixedNow().Add(time.Hour), 10); err != nil || len(lost) > 0 || len(told) > 0 {
			t.Errorf("lost %v, without a job %v, %v", told, lost, err)
		}
		t.Logf("%d kills, %d submissions, %d lost", kills, total, len(told))
	})
}

// killed runs registerForEver, kills it after some lines, and returns all it said, but for a line cut in two.
func killed(t *testing.T, url string, trial int) []string {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), registerIn+"="+url, fmt.Sprint("OKIENKO_TEST_TRIAL=", trial))
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	timer := time.AfterFunc(time.Minute, func() { cmd.Process.Kill() })
	defer timer.Stop()
	var lines []string
	r := bufio.NewReader(out)
	for {
		line, err := r.ReadString('\n')
		if err != nil {
			break
		}
		if lines = append(lines, strings.TrimSuffix(line, "\n")); len(lines) == 10+7*trial {
			cmd.Process.Kill()
		}
	}
	cmd.Wait()
	return lines
}

// everything follows the pages of the queue to the end.
func everything(t *testing.T, st *store.Store) []workflow.CaseSummary {
	t.Helper()
	var all []workflow.CaseSummary
	q := workflow.QueueQuery{Limit: 200}
	for {
		page, err := st.Queue(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		if len(page) == 0 {
			return all
		}
		all = append(all, page...)
		q.After = page[len(page)-1].Cursor
	}
}

// TestWorkGoesOnWhenPostgreSQLWasKilled kills the database server under eight writers that try each submission until they are
// told that it is registered, as sources do.
func TestWorkGoesOnWhenPostgreSQLWasKilled(t *testing.T) {
	t.Parallel()
	const writers, each, kills = 8, 40, 3
	server, err := workflowtest.NewPostgres()
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	url, err := server.Database()
	if err != nil {
		t.Fatal(err)
	}
	st := open(t, url, fixedNow)
	var wg sync.WaitGroup
	for w := range writers {
		wg.Go(func() {
			for n := range each {
				registerPatiently(t, st, fmt.Sprint(w, "/", n))
			}
		})
	}
	for range kills {
		time.Sleep(100 * time.Millisecond) // any moment will do
		server.Kill()
		if err := server.Start(); err != nil {
			t.Fatal(err)
		}
	}
	wg.Wait()
	numbers := map[string]bool{}
	for _, c := range everything(t, st) {
		numbers[c.Number] = true
	}
	for n := range writers * each {
		if number := fmt.Sprintf("RPW/%d/2026", n+1); !numbers[number] {
			t.Errorf("%s is missing", number)
		}
	}
	if len(numbers) != writers*each {
		t.Errorf("%d cases, want %d", len(numbers), writers*each)
	}
}

func registerPatiently(t *testing.T, st *store.Store, body string) {
	for deadline := time.Now().Add(2 * time.Minute); ; time.Sleep(20 * time.Millisecond) {
		c := newCase(body)
		err := acceptCase(t.Context(), st, &c)
		if err == nil || errors.Is(err, context.Canceled) {
			return
		}
		if time.Now().After(deadline) {
			t.Errorf("submission %s was never registered: %v", body, err)
			return
		}
	}
}
