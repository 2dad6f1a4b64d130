package main

import (
	"bytes"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"okienko/workflow"
	"okienko/workflow/workflowtest"
)

// TestADatabaseThatGoesDownDelaysAndLosesNothing: while PostgreSQL is away the program says that it is not ready, lives on, and
// leaves letters in the mailbox; when it is back everything is taken in and answered once.
func TestADatabaseThatGoesDownDelaysAndLosesNothing(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(*workflowtest.PostgresServer){
		"stopped": (*workflowtest.PostgresServer).Stop,
		"killed":  (*workflowtest.PostgresServer).Kill,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, err := workflowtest.NewPostgres()
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(server.Close)
			url, err := server.Database()
			if err != nil {
				t.Fatal(err)
			}
			o := newOffice(t, migrated(t, url))
			s := o.serve(t)
			o.deliver(t, crashStory)
			s.until(t, "the first letter is answered and that is written down", func() bool { return o.sent(t) == 1 })
			end(server)
			s.until(t, "/readyz says 503", func() bool { return s.probe("/readyz") == http.StatusServiceUnavailable })
			if got := s.probe("/healthz"); got != http.StatusOK {
				t.Errorf("/healthz says %d while the database is away: a supervisor would kill the program", got)
			}
			o.deliver(t, "karta-krakowska-bez-upo")
			if err := server.Start(); err != nil {
				t.Fatal(err)
			}
			s.until(t, "/readyz says 200", func() bool { return s.probe("/readyz") == http.StatusOK })
			s.until(t, "the second letter is answered", func() bool { return o.answers() == 2 })
			s.stop(t)
			o.tookOnce(t, 2)
		})
	}
}

// tookOnce wants n cases on desks with an answer each, an empty mailbox and a ledger without difference.
func (o *office) tookOnce(t *testing.T, n int) {
	t.Helper()
	cases, letters := o.cases(t)
	if len(cases) != n || len(letters) != n || o.answers() != n || o.mailbox.Count("INBOX") != 0 {
		t.Errorf("%d cases, %d letters, %d answers, %d left in the mailbox: want %d of each and 0",
			len(cases), len(letters), o.answers(), o.mailbox.Count("INBOX"), n)
	}
	for _, l := range letters {
		if l.Status != workflow.LetterSent {
			t.Errorf("letter %d is %s", l.ID, l.Status)
		}
	}
	if err := balanced(t.Context(), o.open(t)); err != nil {
		t.Error(err)
	}
}

// sent counts the letters that are known to have left.
func (o *office) sent(t *testing.T) int {
	t.Helper()
	_, letters := o.cases(t)
	n := 0
	for _, l := range letters {
		if l.Status == workflow.LetterSent {
			n++
		}
	}
	return n
}

// served is the program at work.
type served struct {
	cmd    *exec.Cmd
	health string
	out    bytes.Buffer
	ended  chan error
}

// serve starts the program, with its health address, until stop.
func (o *office) serve(t *testing.T) *served {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &served{health: l.Addr().String(), ended: make(chan error, 1)}
	l.Close()
	text, err := os.ReadFile(o.config)
	if err != nil {
		t.Fatal(err)
	}
	writeFile(t, o.config, []byte(strings.Replace(string(text), `health: ""`, "health: "+s.health, 1)))
	s.cmd = exec.Command(program(t), "serve", "--config", o.config)
	s.cmd.Stdout, s.cmd.Stderr = &s.out, &s.out
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() { s.ended <- s.cmd.Wait() }()
	t.Cleanup(func() { s.cmd.Process.Kill() })
	s.until(t, "/readyz says 200", func() bool { return s.probe("/readyz") == http.StatusOK })
	return s
}

// probe asks a health address; 0: it does not answer.
func (s *served) probe(path string) int {
	client := http.Client{Timeout: 2 * probeTimeout}
	resp, err := client.Get("http://" + s.health + path)
	if err != nil {
		return 0
	}
	resp.Body.Close()
	return resp.StatusCode
}

func (s *served) until(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(3 * time.Minute); !holds(); time.Sleep(50 * time.Millisecond) {
		select {
		case err := <-s.ended:
			t.Fatalf("the program ended before %s: %v\n%s", what, err, &s.out)
		default:
		}
		if time.Now().After(deadline) {
			s.cmd.Process.Kill()
			t.Fatalf("waited in vain until %s\n%s", what, fmt.Sprint(<-s.ended, "\n", &s.out))
		}
	}
}

// stop ends the program in order.
func (s *served) stop(t *testing.T) {
	t.Helper()
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := <-s.ended; err != nil {
		t.Errorf("the program ended with %v\n%s", err, &s.out)
	}
}
