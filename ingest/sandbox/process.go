package sandbox

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// watchEvery is how often the memory of a working child is looked at.
const watchEvery = 50 * time.Millisecond

// process is one child, used by one task at a time.
type process struct {
	cmd         *exec.Cmd
	in          *bufio.Writer
	inPipe      io.Closer
	out         *bufio.Reader
	stderr      *tail
	confinement string
	tasks       int

	killing sync.Once
	killed  atomic.Bool   // kill was called
	cause   error         // why; set before killed
	waited  chan struct{} // closed when the process is gone
}

// spawn starts the program and sends it its limits. The child inherits neither environment nor directory: nothing in them
// is its business, and secrets may be.
func spawn(cfg Config, lim limits) (*process, error) {
	name := cfg.Command[0]
	if name == "" {
		self, err := os.Executable()
		if err != nil {
			return nil, err
		}
		name = self
	}
	cmd := exec.Command(name, cfg.Command[1:]...)
	cmd.Env = []string{"GOMAXPROCS=2", "GOTRACEBACK=single"}
	cmd.Dir = "/"
	cmd.SysProcAttr = childAttributes()
	cmd.WaitDelay = 5 * time.Second
	c := &process{cmd: cmd, stderr: &tail{}, waited: make(chan struct{})}
	cmd.Stderr = c.stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	c.in, c.inPipe, c.out = bufio.NewWriterSize(in, chunk), in, bufio.NewReaderSize(out, chunk)
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	if err := writeJSON(c.in, frameStart, lim); err != nil {
		c.kill(nil)
		return nil, fmt.Errorf("%w (%s)", err, c.exit())
	}
	return c, nil
}

func start(ctx context.Context, cfg Config) (*process, error) {
	c, err := spawn(cfg, limits{Memory: cfg.Memory})
	if err != nil {
		return nil, err
	}
	h, err := c.greet(ctx)
	if err != nil {
		return nil, err
	}
	c.confinement = h.Confinement
	return c, nil
}

// warmUp runs Child.Warm in a process of its own; it gets no task and no limits but its time.
func warmUp(ctx context.Context, cfg Config) error {
	c, err := spawn(cfg, limits{Memory: 2 << 30, Warm: true})
	if err != nil {
		return err
	}
	defer c.kill(nil)
	_, err = c.greet(ctx)
	return err
}

// greet waits for the hello of a new child and kills the child if there is none.
func (c *process) greet(ctx context.Context) (hello, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, 2*time.Minute, ErrTimeout)
	defer cancel()
	defer context.AfterFunc(ctx, func() { c.kill(context.Cause(ctx)) })()
	var h hello
	_, b, err := readFrame(c.out, small)
	if err == nil {
		err = json.Unmarshal(b, &h)
	}
	switch {
	case err != nil:
		c.kill(nil)
		return h, errors.Join(fmt.Errorf("no greeting from %q: %s", c.cmd.Args, c.exit()), context.Cause(ctx))
	case h.Error != "":
		c.kill(nil)
		return h, errors.New(h.Error)
	}
	return h, nil
}

func (c *process) pid() int { return c.cmd.Process.Pid }

// kill ends the process for the given cause and waits for it; only the first call counts.
func (c *process) kill(cause error) {
	c.killing.Do(func() {
		c.cause = cause
		c.killed.Store(true)
		_ = c.cmd.Process.Kill()
		_ = c.inPipe.Close()
		_ = c.cmd.Wait() // its status is in ProcessState
		close(c.waited)
	})
	<-c.waited
}

func (c *process) do(ctx context.Context, t Task, cfg Config) error {
	c.tasks++
	ctx, cancel := context.WithTimeoutCause(ctx, cfg.Timeout, ErrTimeout)
	defer cancel()
	defer c.watch(ctx, cfg.Memory)()

	if err := c.send(ctx, t); err != nil {
		var local *localError
		if errors.As(err, &local) && ctx.Err() == nil {
			c.kill(nil)
			return local.err
		}
		return c.death(ctx, "")
	}
	return c.receive(ctx, t, cfg)
}

// localError is a failure on our side of the pipe.
type localError struct{ err error }

func (e *localError) Error() string { return e.err.Error() }

func (c *process) send(ctx context.Context, t Task) error {
	h := head{Verb: t.Verb}
	for _, b := range t.Bodies {
		h.Sizes = append(h.Sizes, b.Size)
	}
	if t.Request != nil {
		r, err := json.Marshal(t.Request)
		if err != nil {
			return &localError{fmt.Errorf("marshalling the request for %q: %w", t.Verb, err)}
		}
		h.Request = r
	}
	if err := writeJSON(c.in, frameTask, h); err != nil {
		return err
	}
	for i, b := range t.Bodies {
		if err := c.sendBody(ctx, b); err != nil {
			return fmt.Errorf("body %d: %w", i, err)
		}
	}
	return c.in.Flush()
}

func (c *process) sendBody(ctx context.Context, b Body) error {
	r, err := b.Open(ctx)
	if err != nil {
		return &localError{fmt.Errorf("opening a body: %w", err)}
	}
	defer r.Close()
	buf := make([]byte, min(chunk, b.Size+1))
	var sent int64
	for {
		n, err := r.Read(buf)
		if sent += int64(n); sent > b.Size {
			return &localError{fmt.Errorf("a body is longer than the %d bytes announced", b.Size)}
		}
		if n > 0 {
			if err := writeFrame(c.in, frameBody, buf[:n]); err != nil {
				return err
			}
		}
		if err == io.EOF {
			break
		}
		if err != nil {
			return &localError{fmt.Errorf("reading a body: %w", err)}
		}
	}
	if sent != b.Size {
		return &localError{fmt.Errorf("a body has %d bytes, %d were announced", sent, b.Size)}
	}
	return nil
}

func (c *process) receive(ctx context.Context, t Task, cfg Config) error {
	limit := func(k kind) int64 {
		if k == frameAnswer {
			return cfg.MaxAnswer
		}
		return smallFrame
	}
	doing := ""
	for {
		k, b, err := readFrame(c.out, limit)
		if err != nil {
			return c.death(ctx, doing)
		}
		switch k {
		case frameNote:
			doing = string(b)
		case frameOut:
			if t.Out != nil {
				if _, err := t.Out.Write(b); err != nil {
					c.kill(nil)
					return fmt.Errorf("writing the output of %q: %w", t.Verb, err)
				}
			}
		case frameAnswer:
			return c.unmarshal(b, t)
		case frameFailure:
			return asError(b)
		default:
			return c.death(ctx, doing)
		}
	}
}

func (c *process) unmarshal(b []byte, t Task) error {
	if t.Answer == nil {
		return nil
	}
	if err := json.Unmarshal(b, t.Answer); err != nil {
		c.kill(nil)
		return &Death{Cause: ErrDied, Detail: fmt.Sprintf("its answer to %q is not what was asked for", t.Verb)}
	}
	return nil
}

func asError(b []byte) error {
	var f failure
	if err := json.Unmarshal(b, &f); err != nil {
		return &Death{Cause: ErrDied, Detail: "its failure could not be read"}
	}
	if f.Unprepared {
		return ErrUnprepared
	}
	return &HandlerError{Text: f.Text}
}

// death ends the process and says why it could not go on.
func (c *process) death(ctx context.Context, doing string) error {
	c.kill(nil)
	cause := c.cause
	switch {
	case errors.Is(cause, ErrTimeout), errors.Is(cause, ErrMemory):
	case ctx.Err() != nil && !errors.Is(context.Cause(ctx), ErrTimeout):
		return context.Cause(ctx)
	case c.stderr.ranOutOfMemory():
		cause = ErrMemory
	default:
		cause = ErrDied
	}
	return &Death{Cause: cause, Doing: doing, Detail: c.exit()}
}

// watch kills the process when ctx ends or it grows above limit. The function it returns ends the watch and waits until
// it has ended, so that no late kill hits the next task.
func (c *process) watch(ctx context.Context, limit int64) (end func()) {
	stop, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		tick := time.NewTicker(watchEvery)
		defer tick.Stop()
		for {
			select {
			case <-stop:
				return
			case <-ctx.Done():
				c.kill(context.Cause(ctx))
				return
			case <-tick.C:
				if residentBytes(c.pid()) > limit {
					c.kill(ErrMemory)
					return
				}
			}
		}
	}()
	return func() { close(stop); <-ended }
}

// exit describes the end of a killed process without a word of what it was reading.
func (c *process) exit() string {
	s := "no exit status"
	if st := c.cmd.ProcessState; st != nil {
		s = st.String()
	}
	if where := c.stderr.panicSite(); where != "" {
		s += ", " + where
	}
	return s
}

// tail keeps the beginning of what a child writes to standard error: a Go crash says there what happened.
type tail struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (t *tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if room := 8<<10 - t.buf.Len(); room > 0 {
		t.buf.Write(p[:min(room, len(p))])
	}
	return len(p), nil
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.buf.String()
}

func (t *tail) ranOutOfMemory() bool {
	s := t.String()
	return strings.Contains(s, "out of memory") || strings.Contains(s, "cannot allocate memory")
}

// frameLine matches a function of a Go stack trace; its arguments are left out.
var frameLine = regexp.MustCompile(`(?m)^([\w./\-*()]+\.[\w.*()\[\]]+)\(`)

// panicSite names the function a child crashed in. The text of the panic may quote the document: it is not repeated.
func (t *tail) panicSite() string {
	for _, m := range frameLine.FindAllStringSubmatch(t.String(), -1) {
		if !strings.HasPrefix(m[1], "runtime.") && m[1] != "panic" && !strings.HasPrefix(m[1], "main.") {
			return "in " + m[1]
		}
	}
	return ""
}
