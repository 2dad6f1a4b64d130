package epuap

import (
	"errors"
	"log/slog"
	"sync"
	"time"

	"okienko/ingest/epuap/soap"
)

// Phase is what a source is doing.
type Phase string

// The phases.
const (
	Stopped Phase = "stopped" // Fetch is not running
	Working Phase = "working" // asking, taking, confirming
	Idle    Phase = "idle"    // nothing waits
	Pausing Phase = "pausing" // after a failure, until RetryAt
)

// Class says in one word what is wrong with a source: the same fault is always the same class, so that a screen can explain
// it and an alarm is raised once.
type Class string

// The classes of faults. Those of the wire are the kinds of soap.Error.
const (
	Refused     Class = "refused"     // the platform does not accept who we are
	Faulty      Class = "fault"       // the platform refused an operation
	NotAccepted Class = "accept"      // the document could not be made durable here; it stays at the platform
	NotTaken    Class = "acknowledge" // registered, but the platform does not take it off the queue
	NoFile      Class = "file"        // a big attachment cannot be had
	NoLedger    Class = "ledger"      // what was seen could not be written down; nothing was offered
)

// fault gives an error a class.
type fault struct {
	class Class
	err   error
}

func (f *fault) Error() string { return f.err.Error() }
func (f *fault) Unwrap() error { return f.err }

func classed(class Class, err error) error {
	if err == nil {
		return nil
	}
	return &fault{class, err}
}

func classOf(err error) Class {
	var (
		own    *fault
		wire   *soap.Error
		answer *soap.Fault
	)
	switch {
	case errors.As(err, &own):
		return own.class
	case errors.As(err, &wire):
		return Class(wire.Kind)
	case errors.As(err, &answer) && answer.Security():
		return Refused
	}
	return Faulty
}

// Status is how a source does at one moment. Times are zero where there is nothing to tell.
type Status struct {
	Phase       Phase
	LastContact time.Time // when the platform last answered properly
	LastTaken   time.Time // when a document was last accepted
	LastError   Class     // "" if nothing went wrong since the last success
	LastErrorAt time.Time
	Failures    int // in a row
	RetryAt     time.Time
	Waiting     int    // documents in the queue at the last count
	Taken       uint64 // documents accepted since the program started, repeats included
}

// Up reports whether the source works.
func (s Status) Up() bool { return s.LastError == "" && !s.LastContact.IsZero() }

// board keeps the Status and logs its changes: one line when trouble begins or changes its kind, one when it is over.
type board struct {
	log *slog.Logger
	mu  sync.Mutex
	s   Status
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

func (b *board) phase(p Phase) {
	b.update(func(s *Status) { s.Phase, s.RetryAt = p, time.Time{} })
}

func (b *board) contact(waiting int) {
	b.update(func(s *Status) { s.LastContact, s.Waiting = time.Now(), waiting })
}

func (b *board) took() {
	b.update(func(s *Status) { s.LastTaken, s.Taken = time.Now(), s.Taken+1 })
}

func (b *board) failed(err error, wait time.Duration) {
	class, news := classOf(err), false
	b.update(func(s *Status) {
		news = s.LastError != class
		s.Phase, s.LastError, s.LastErrorAt = Pausing, class, time.Now()
		s.RetryAt, s.Failures = s.LastErrorAt.Add(wait), s.Failures+1
	})
	if news {
		b.log.Warn("ePUAP box in trouble; documents stay at the platform and are tried again", "class", string(class), "error", err.Error())
	}
}

// well records that the queue was emptied.
func (b *board) well() {
	var before Status
	b.update(func(s *Status) {
		before = *s
		s.Phase, s.Waiting, s.LastError, s.Failures, s.LastContact, s.RetryAt = Idle, 0, "", 0, time.Now(), time.Time{}
	})
	switch {
	case before.LastError != "":
		b.log.Info("ePUAP box works again", "was", string(before.LastError), "failures", before.Failures)
	case before.LastContact.IsZero():
		b.log.Info("ePUAP box is open")
	}
}
