package imap

import (
	"log/slog"
	"sync"
	"time"
)

// Phase is what a source is doing.
type Phase string

// The phases.
const (
	Stopped    Phase = "stopped"    // Fetch is not running
	Connecting Phase = "connecting" // on the way to the folder
	Working    Phase = "working"    // looking, taking, moving
	Idle       Phase = "idle"       // nothing to do; waiting for news
	Pausing    Phase = "pausing"    // after a failure, until RetryAt
)

// Status is how a source does at one moment. Times are zero where there is nothing to tell.
type Status struct {
	Phase          Phase
	ConnectedSince time.Time // zero while there is no connection
	LastContact    time.Time // when the server last answered properly
	LastTaken      time.Time // when a letter was last accepted
	LastError      Class     // "" if nothing went wrong since the last success
	LastErrorAt    time.Time
	Failures       int       // in a row
	RetryAt        time.Time // the end of the pause
	Waiting        int       // letters in the folder that are to be taken, at the last look
	Held           int       // of these, letters that failed and wait for another try
	Unmoved        int       // letters that are registered, but could not be moved out of the folder yet
	Taken          uint64    // letters accepted since the program started, repeats included
}

// board keeps the Status and logs its changes: one line when trouble begins or changes its kind, one when it is over.
type board struct {
	log    *slog.Logger
	mu     sync.Mutex
	s      Status
	opened bool // the first success was logged
}

func (b *board) read() Status {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.s.Phase == "" {
		b.s.Phase = Stopped
	}
	return b.s
}

func (b *board) update(f func(s *Status)) {
	b.mu.Lock()
	defer b.mu.Unlock()
	f(&b.s)
}

func (b *board) connecting() {
	b.update(func(s *Status) { s.Phase, s.RetryAt = Connecting, time.Time{} })
}

func (b *board) connected() {
	b.update(func(s *Status) {
		s.ConnectedSince = time.Now()
		s.LastContact, s.Phase = s.ConnectedSince, Working
	})
}

func (b *board) stopped() {
	b.update(func(s *Status) { s.Phase, s.ConnectedSince, s.RetryAt = Stopped, time.Time{}, time.Time{} })
}

func (b *board) contact() { b.update(func(s *Status) { s.LastContact = time.Now() }) }

func (b *board) phase(p Phase) { b.update(func(s *Status) { s.Phase = p }) }

func (b *board) took(n int) {
	b.update(func(s *Status) {
		s.LastTaken = time.Now()
		s.Taken += uint64(n)
		s.Waiting -= n
	})
}

func (b *board) waiting(n int) { b.update(func(s *Status) { s.Waiting = n }) }

func (b *board) pending(held, unmoved int) {
	b.update(func(s *Status) { s.Held, s.Unmoved = held, unmoved })
}

// failed records that the connection ended with err.
func (b *board) failed(err error, wait time.Duration) {
	now := time.Now()
	b.update(func(s *Status) { s.Phase, s.ConnectedSince, s.RetryAt = Pausing, time.Time{}, now.Add(wait) })
	b.trouble(err)
}

// trouble records a failure; a kind of failure that is already known is not logged again.
func (b *board) trouble(err error) {
	class := classOf(err)
	var news bool
	b.update(func(s *Status) {
		news = s.LastError != class
		s.LastError, s.LastErrorAt = class, time.Now()
		s.Failures++
	})
	if news {
		b.log.Warn("mailbox in trouble; letters stay at the server and are tried again", "class", string(class), "error", err.Error())
	}
}

// well records that everything works.
func (b *board) well() {
	var before Status
	var first bool
	b.update(func(s *Status) {
		before, first, b.opened = *s, !b.opened, true
		s.LastError, s.Failures, s.LastContact = "", 0, time.Now()
	})
	switch {
	case before.LastError != "":
		b.log.Info("mailbox works again", "was", string(before.LastError), "failures", before.Failures)
	case first:
		b.log.Info("mailbox is open")
	}
}
