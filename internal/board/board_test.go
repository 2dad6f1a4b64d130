package board_test

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"okienko/internal/board"
)

func newBoard(w *bytes.Buffer) *board.Board {
	return &board.Board{
		Log: slog.New(slog.NewTextHandler(w, nil)), What: "mailbox", ClassOf: func(err error) board.Class { return board.Class(err.Error()) },
	}
}

// One alarm, not thousands (promise P6).
func TestTroubleIsToldOnceAndSoIsItsEnd(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	b := newBoard(&log)
	b.Well()
	for range 1000 {
		b.Failed(errors.New("timeout"), time.Minute)
	}
	b.Trouble(errors.New("refused"))
	b.Well()
	b.Well()
	want := []string{"mailbox is open", "mailbox in trouble", "mailbox in trouble", "mailbox works again"}
	lines := strings.Split(strings.TrimSpace(log.String()), "\n")
	if len(lines) != len(want) {
		t.Fatalf("%d lines, want %d:\n%s", len(lines), len(want), log.String())
	}
	for i, line := range lines {
		if !strings.Contains(line, want[i]) {
			t.Errorf("line %d: %s, want %q", i, line, want[i])
		}
	}
	if !strings.Contains(lines[3], "failures=1001") {
		t.Errorf("%s: want how often it failed", lines[3])
	}
}

func TestTheStatusFollowsWhatHappens(t *testing.T) {
	t.Parallel()
	b := newBoard(&bytes.Buffer{})
	if s := b.Read(); s.Phase != board.Stopped || s.Up() {
		t.Errorf("before anything: %+v", s)
	}
	b.Enter(board.Connecting)
	b.Connected()
	b.Update(func(s *board.Status) { s.Waiting = 3 })
	b.Took(2)
	if s := b.Read(); s.Phase != board.Working || !s.Up() || s.Waiting != 1 || s.Taken != 2 || s.LastTaken.IsZero() {
		t.Errorf("after two were taken: %+v", s)
	}
	b.Failed(errors.New("timeout"), time.Hour)
	if s := b.Read(); s.Phase != board.Pausing || s.Up() || s.LastError != "timeout" || s.Failures != 1 || time.Until(s.RetryAt) < 59*time.Minute {
		t.Errorf("after a failure: %+v", s)
	}
	b.Enter(board.Working)
	b.Well()
	if s := b.Read(); !s.Up() || s.LastError != "" || s.Failures != 0 || !s.RetryAt.IsZero() {
		t.Errorf("after it works again: %+v", s)
	}
	b.Stop()
	if s := b.Read(); s.Phase != board.Stopped || s.Up() {
		t.Errorf("stopped: %+v", s)
	}
}

func TestWhatASourceGoesOnWithoutIsToldFromWhatItWaitsFor(t *testing.T) {
	t.Parallel()
	b := newBoard(&bytes.Buffer{})
	for _, tt := range []struct {
		name string
		err  error
		want bool
	}{
		{"a few tries, then without", fmt.Errorf("a document: %w", board.Bounded("file", errors.New("refused"))), true},
		{"waited for", board.Classed("file", errors.New("disk full")), false},
		{"without a class", errors.New("timeout"), false},
	} {
		b.Trouble(tt.err)
		if got := b.Read().Bounded; got != tt.want {
			t.Errorf("%s: bounded %t, want %t", tt.name, got, tt.want)
		}
	}
	b.Trouble(board.Bounded("file", errors.New("refused")))
	b.Well()
	if b.Read().Bounded {
		t.Error("still bounded when all is well")
	}
	if board.Bounded("file", nil) != nil {
		t.Error("no error became one")
	}
}

func TestABoardMayBeUsedFromEverywhere(t *testing.T) {
	t.Parallel()
	b := newBoard(&bytes.Buffer{})
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 200 {
				b.Took(1)
				b.Trouble(errors.New("x"))
				b.Read()
			}
		})
	}
	all.Wait()
	if s := b.Read(); s.Taken != 1600 || s.Failures != 1600 {
		t.Errorf("%+v, want 1600 taken and 1600 failures", s)
	}
}

func TestPausesGrowUpToTheirLimitAndAreNeverInStep(t *testing.T) {
	t.Parallel()
	p := board.Pause{Min: time.Second, Max: time.Minute}
	full, seen := time.Second, map[time.Duration]bool{}
	for i := range 50 {
		d := p.Next()
		seen[d] = true
		if d < full/2 || d > full {
			t.Fatalf("pause %d: %s, want between %s and %s", i, d, full/2, full)
		}
		full = min(2*full, time.Minute)
	}
	if len(seen) < 25 {
		t.Errorf("only %d different pauses of 50", len(seen))
	}
	p.Reset()
	if d := p.Next(); d > time.Second {
		t.Errorf("after a reset: %s", d)
	}
}
