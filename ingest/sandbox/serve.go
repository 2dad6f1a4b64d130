package sandbox

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"
)

// Handler does one Task in a child. The answer is marshalled to JSON. An error fails the task but not the child; what is
// wrong with a document is no error, it belongs into the answer.
type Handler func(ctx context.Context, c *Call) (answer any, err error)

// Child is the other side of a Pool: the main function of a child process.
type Child struct {
	Handlers map[string]Handler
	// Prepare runs before the child is confined and sees nothing of any task: the place to open files and to compile.
	// It must be quick; what takes long belongs into Warm. nil: nothing to prepare.
	Prepare func() error
	// Warm runs unconfined in a process of its own, once in the life of a Pool, and leaves its result on disk for the
	// Prepare of later children. nil: nothing to warm.
	Warm func() error
}

// Call is a Task as its Handler sees it.
type Call struct {
	Bodies  [][]byte // complete; the handler may keep and change them until it returns
	request rawJSON
	out     *bufio.Writer
}

// Request unmarshals the task's request into v.
func (c *Call) Request(v any) error {
	if err := json.Unmarshal(c.request, v); err != nil {
		return fmt.Errorf("reading the request: %w", err)
	}
	return nil
}

// Note says what the handler takes in hand next, so that the parent knows it if the child dies. s is an id, no contents.
func (c *Call) Note(s string) {
	if writeFrame(c.out, frameNote, []byte(s)) == nil {
		_ = c.out.Flush() // a broken pipe shows at the next read
	}
}

// Write sends p to Task.Out.
func (c *Call) Write(p []byte) (int, error) {
	for done := 0; done < len(p); {
		n := min(len(p)-done, chunk)
		if err := writeFrame(c.out, frameOut, p[done:done+n]); err != nil {
			return done, err
		}
		done += n
	}
	return len(p), nil
}

// Serve answers tasks on standard input until it is closed, which is how a child is told to end, and it ends at once, also
// in the middle of a task: the parent is gone then. Serve must be the first thing the process does.
func (c Child) Serve(ctx context.Context) error {
	in, out := bufio.NewReaderSize(os.Stdin, chunk), bufio.NewWriterSize(os.Stdout, chunk)
	os.Stdout = os.Stderr // whatever a library prints must not mix with the frames

	var lim limits
	if _, b, err := readFrame(in, small); err != nil {
		return fmt.Errorf("reading the start frame (this command is run by the program itself): %w", err)
	} else if err := json.Unmarshal(b, &lim); err != nil {
		return fmt.Errorf("reading the start frame: %w", err)
	}
	debug.SetMemoryLimit(lim.Memory * 3 / 4)
	debug.SetGCPercent(300) // children are small and short-lived: memory is cheaper than time
	if lim.Warm {
		return c.warm(out)
	}
	h := c.prepare(lim)
	if err := writeJSON(out, frameHello, h); err != nil || h.Error != "" {
		return err
	}
	return c.loop(ctx, in, out)
}

func (c Child) warm(out *bufio.Writer) error {
	var h hello
	if c.Warm != nil {
		if err := c.Warm(); err != nil {
			h.Error = err.Error()
		}
	}
	return writeJSON(out, frameHello, h)
}

// prepare does what needs files, then locks the door. A child that cannot prepare works all the same: its handlers say
// ErrUnprepared or do without. A child that could not be confined says so and is as good as the platform allows.
func (c Child) prepare(lim limits) hello {
	if c.Prepare != nil {
		if err := c.Prepare(); err != nil {
			return hello{Error: fmt.Sprintf("preparing: %v", err)}
		}
	}
	return hello{Confinement: confine(lim)}
}

func (c Child) loop(ctx context.Context, in *bufio.Reader, out *bufio.Writer) error {
	type incoming struct {
		head   head
		bodies [][]byte
	}
	calls := make(chan incoming)
	go func() {
		// This goroutine waits for the next frame while a handler works: the end of input means that the parent is gone.
		for {
			h, bodies, err := readTask(in)
			if err != nil {
				os.Exit(0)
			}
			calls <- incoming{h, bodies}
		}
	}()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case t := <-calls:
			if err := c.answer(ctx, t.head, t.bodies, out); err != nil {
				return err
			}
		}
	}
}

func readTask(in *bufio.Reader) (head, [][]byte, error) {
	var h head
	k, b, err := readFrame(in, small)
	if err != nil {
		return h, nil, err
	}
	if k != frameTask {
		return h, nil, fmt.Errorf("frame %q where a task is due", k)
	}
	if err := json.Unmarshal(b, &h); err != nil {
		return h, nil, err
	}
	bodies := make([][]byte, len(h.Sizes))
	for i, size := range h.Sizes {
		if bodies[i], err = readBody(in, size); err != nil {
			return h, nil, err
		}
	}
	return h, bodies, nil
}

func readBody(in *bufio.Reader, size int64) ([]byte, error) {
	body := make([]byte, size)
	for done := int64(0); done < size; {
		k, n, err := readHeader(in)
		if err != nil {
			return nil, err
		}
		if k != frameBody || n > size-done {
			return nil, fmt.Errorf("frame %q of %d bytes where %d of a body are due", k, n, size-done)
		}
		if _, err := io.ReadFull(in, body[done:done+n]); err != nil {
			return nil, err
		}
		done += n
	}
	return body, nil
}

func (c Child) answer(ctx context.Context, h head, bodies [][]byte, out *bufio.Writer) error {
	handler := c.Handlers[h.Verb]
	if handler == nil {
		return writeJSON(out, frameFailure, failure{Text: fmt.Sprintf("no handler for the verb %q", h.Verb)})
	}
	a, err := handler(ctx, &Call{Bodies: bodies, request: h.Request, out: out})
	if err != nil {
		return writeJSON(out, frameFailure, failure{Text: err.Error(), Unprepared: errors.Is(err, ErrUnprepared)})
	}
	return writeJSON(out, frameAnswer, a)
}
