// Package sandbox runs untrusting work in child processes of the same binary: document parsers crash, hang and grow, and
// none of that may reach the process that holds the office's letters.
//
// It owns the Pool of children, the frames both sides speak over pipes, and the limits: time, memory, open files, and on
// Linux a seccomp filter after which a child can open no file, reach no network and start no process. It refuses to know
// what the work is: a Task names a verb and brings bytes, a Handler in the child answers.
//
// The parent calls Pool.Do; the child's main function calls Child.Serve. Everything a child answers is untrusted too: sizes
// are capped, and an answer is data, never a path or a command. Read next: package read, which parses documents in here.
package sandbox

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"
)

// How a child can end while it works. They are the cause inside a Death: use errors.Is.
var (
	ErrDied    = errors.New("the child process died")
	ErrTimeout = errors.New("the child process took too long and was stopped")
	ErrMemory  = errors.New("the child process needed too much memory and was stopped")
)

// ErrUnprepared is what a Handler returns when it lacks something that Child.Prepare would find by now, because Child.Warm
// was not finished when this child started. The pool then finishes warming and gives the task to a fresh child.
var ErrUnprepared = errors.New("the child process started before the warm-up was finished")

// ErrClosed is returned by a Pool that was closed.
var ErrClosed = errors.New("the pool of child processes is closed")

// Death tells how a child ended in the middle of a task. The task may be given again: the next child is a fresh one.
type Death struct {
	Cause  error  // ErrDied, ErrTimeout or ErrMemory
	Doing  string // what the child last said it had in hand (Call.Note); "" if nothing
	Detail string // exit status and, for a Go panic, where; free of document contents
}

func (d *Death) Error() string {
	s := d.Cause.Error()
	if d.Doing != "" {
		s += " at " + d.Doing
	}
	if d.Detail != "" {
		s += " (" + d.Detail + ")"
	}
	return s
}

// Unwrap returns the cause.
func (d *Death) Unwrap() error { return d.Cause }

// Task is one piece of work for a child.
type Task struct {
	Verb    string    // which Handler
	Request any       // marshalled to JSON; small. nil: none
	Bodies  []Body    // streamed to the child one after the other
	Answer  any       // pointer the JSON answer is unmarshalled into; nil discards it
	Out     io.Writer // receives what the handler writes besides its answer; nil discards it
}

// Body is one stream of a Task.
type Body struct {
	Size int64 // exactly what Open delivers; anything else fails the task
	// Open is called when the child is ready for the body, again for a second attempt. Do closes what it returns.
	Open func(ctx context.Context) (io.ReadCloser, error)
}

// Config says how a Pool runs its children. The zero value of a field takes the default.
type Config struct {
	// Command is the program and its arguments. Required: "/proc/self/exe" is not enough, the arguments must lead to
	// Child.Serve. An empty program name means this very binary.
	Command  []string
	Children int           // at most so many at a time; default GOMAXPROCS
	Timeout  time.Duration // for one attempt at one task, streaming included; default one minute
	// Memory is how many bytes of memory a child may use; above it, it is killed. Default 512 MiB.
	Memory    int64
	MaxTasks  int   // a child is replaced after so many tasks; default 1000
	MaxAnswer int64 // longest JSON answer in bytes; default 64 MiB
}

func (c Config) withDefaults(procs int) Config {
	if c.Children <= 0 {
		c.Children = procs
	}
	if c.Timeout <= 0 {
		c.Timeout = time.Minute
	}
	if c.Memory <= 0 {
		c.Memory = 512 << 20
	}
	if c.MaxTasks <= 0 {
		c.MaxTasks = 1000
	}
	if c.MaxAnswer <= 0 {
		c.MaxAnswer = 64 << 20
	}
	return c
}

// limits is what the parent tells a child about itself in the start frame.
type limits struct {
	Memory int64 `json:"memory"`
	Warm   bool  `json:"warm"` // run Child.Warm and end
}

// hello is how a child introduces itself once it is confined.
type hello struct {
	Confinement string `json:"confinement"`
	Error       string `json:"error,omitempty"` // why it cannot work at all
}

// head opens a task on the wire; the bodies follow.
type head struct {
	Verb    string  `json:"verb"`
	Request rawJSON `json:"request,omitempty"`
	Sizes   []int64 `json:"sizes,omitempty"`
}

// failure is a Handler's error on the wire.
type failure struct {
	Text       string `json:"text"`
	Unprepared bool   `json:"unprepared,omitempty"`
}

// HandlerError is an error a Handler returned: the child is well, the task could not be done.
type HandlerError struct{ Text string }

func (e *HandlerError) Error() string { return fmt.Sprintf("in the child process: %s", e.Text) }
