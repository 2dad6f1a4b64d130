// Package board is what every connector needs to go on for years: a Board that says how a source does and logs only what
// changes, the classes of faults on the way to a server (fault.go), and pauses that grow (pause.go), in which
// carriers, too, write down what they sent. It is a leaf: what the faults mean, the connectors know.
package board

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
	Connecting Phase = "connecting" // on the way to the letters
	Working    Phase = "working"    // looking, taking, acknowledging
	Idle       Phase = "idle"       // nothing to do; waiting for news
	Pausing    Phase = "pausing"    // after a failure, until RetryAt
)

// Class says in one word what is wrong with a source: the same fault is always the same class, so that a screen can explain
// it and an alarm is raised once. Each connector names its own.
type Class string

// Status is how a source does at one moment. Times are zero where there is nothing to tell.
type Status struct {
	Phase       Phase
	UpSince     time.Time // since when it works without a break; zero while it does not
	LastContact time.Time // when the other side last answered properly
	LastTaken   time.Time // when a letter was last accepted
	LastError   Class     // "" if nothing went wrong since the last success
	LastErrorAt time.Time
	Bounded     bool      // the source itself ends LastError after some tries, and goes on without what it could not have
	Failures    int       // in a row
	RetryAt     time.Time // the end of the pause
	Waiting     int       // letters that are to be taken, at the last look
	Held        int       // of these, letters that failed and wait for another try
	Unmoved     int       // letters that are registered, but could not be acknowledged yet
	Taken       uint64    // letters accepted since the program started, repeats included
}

// Up reports whether the source works.
func (s Status) Up() bool { return !s.UpSince.IsZero() }

// Board keeps the Status and logs its changes: one line when trouble begins or changes its kind, one when it is over. Its
// methods may be called concurrently.
type Board struct {
	Log     *slog.Logger          // not nil
	What    string                // what the log calls the source: "mailbox"
	ClassOf func(err error) Class // not nil

	mu     sync.Mutex
	s      Status
	opened bool // the first success was logged
}

// Read returns the Status of now.
func (b *Board) Read() Status {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.s.Phase == "" {
		b.s.Phase = Stopped
	}
	return b.s
}

// Update changes what f changes, in one step.
func (b *Board) Update(f func(s *Status)) {
	b.mu.Lock()
	defer b.mu.Unlock()
	f(&b.s)
}

// Enter records what the source does now; a pause is over.
func (b *Board) Enter(p Phase) {
	b.Update(func(s *Status) { s.Phase, s.RetryAt = p, time.Time{} })
}

// Connected records that the way to the letters is open.
func (b *Board) Connected() {
	b.Update(func(s *Status) {
		s.UpSince = time.Now()
		s.LastContact, s.Phase = s.UpSince, Working
	})
}

// Stop records that nothing runs any more.
func (b *Board) Stop() {
	b.Update(func(s *Status) { s.Phase, s.UpSince, s.RetryAt = Stopped, time.Time{}, time.Time{} })
}

// Contact records a proper answer.
func (b *Board) Contact() { b.Update(func(s *Status) { s.LastContact = time.Now() }) }

// Took records that n letters were accepted.
func (b *Board) Took(n int) {
	b.Update(func(s *Status) {
		s.LastTaken = time.Now()
		s.Taken += uint64(n)
		s.Waiting -= n
	})
}

// Failed records that the source is down with err and tries again after wait.
func (b *Board) Failed(err error, wait time.Duration) {
	now := time.Now()
	b.Update(func(s *Status) { s.Phase, s.UpSince, s.RetryAt = Pausing, time.Time{}, now.Add(wait) })
	b.Trouble(err)
}

// Trouble records a failure; a kind of failure that is already known is not logged again.
func (b *Board) Trouble(err error) {
	class := b.ClassOf(err)
	var news bool
	b.Update(func(s *Status) {
		news = s.LastError != class
		s.LastError, s.LastErrorAt, s.Bounded = class, time.Now(), bounded(err)
		s.Failures++
	})
	if news {
		b.Log.Warn(b.What+" in trouble; letters stay at the server and are tried again", "class", string(class), "error", err.Error())
	}
}

// Well records that everything works.
func (b *Board) Well() {
	var before Status
	var first bool
	b.Update(func(s *Status) {
		before, first, b.opened = *s, !b.opened, true
		s.LastError, s.Bounded, s.Failures, s.LastContact = "", false, 0, time.Now()
		if s.UpSince.IsZero() {
			s.UpSince = s.LastContact
		}
	})
	switch {
	case before.LastError != "":
		b.Log.Info(b.What+" works again", "was", string(before.LastError), "failures", before.Failures)
	case first:
		b.Log.Info(b.What + " is open")
	}
}
