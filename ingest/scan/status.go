package scan

import (
	"errors"
	"log/slog"
	"sync"
	"time"
)

// Phase is what a source is doing.
type Phase string

// The phases.
const (
	Stopped Phase = "stopped" // Fetch is not running
	Working Phase = "working" // files are taken or come to rest
	Idle    Phase = "idle"    // nothing is ready
	Pausing Phase = "pausing" // after a failure, until RetryAt
)

// Class says in one word what is wrong with a source: the same fault is always the same class, so that a screen can explain
// it and an alarm is raised once.
type Class string

// The classes of faults.
const (
	NoFolder    Class = "folder"  // the folder cannot be read
	NotRead     Class = "read"    // a file cannot be read; it stays where it is
	NoLedger    Class = "ledger"  // what was seen could not be written down; nothing was offered
	NotCut      Class = "cut"     // the process that parts batches does not work; the file stays in the folder
	NotAccepted Class = "accept"  // a file could not be made durable; it stays in the folder
	NotMoved    Class = "move"    // registered, but the file cannot be moved to the done folder
	Faulty      Class = "unknown" // anything else
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
	if f := (*fault)(nil); errors.As(err, &f) {
		return f.class
	}
	return Faulty
}

// Status is how a source does at one moment. Times are zero where there is nothing to tell.
type Status struct {
	Phase           Phase
	LastContact     time.Time // when the folder could last be read
	LastTaken       time.Time // when a file was last accepted
	LastError       Class     // "" if nothing went wrong since the last success
	LastErrorAt     time.Time
	Failures        int // in a row
	RetryAt         time.Time
	Waiting         int       // files to be taken, at the last look
	Unfinished      int       // files under a writer's name for what is not finished, or without bytes
	UnfinishedSince time.Time // since when the longest-waiting of these looks as it does
	Taken           uint64    // files accepted since the program started, repeats included
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

func (b *board) looked(v view) {
	b.update(func(s *Status) {
		s.Phase, s.LastContact, s.RetryAt = Working, time.Now(), time.Time{}
		s.Waiting, s.Unfinished, s.UnfinishedSince = len(v.ready)+v.settling, v.unfinished, v.oldest
	})
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
		b.log.Warn("scan folder in trouble; files stay there and are tried again", "class", string(class), "error", err.Error())
	}
}

// well records a look at which nothing was ready and nothing failed.
func (b *board) well(v view) {
	var before Status
	b.update(func(s *Status) {
		before = *s
		s.Phase, s.LastError, s.Failures = Idle, "", 0
		if v.settling > 0 {
			s.Phase = Working
		}
	})
	if before.LastError != "" {
		b.log.Info("scan folder works again", "was", string(before.LastError), "failures", before.Failures)
	}
}
