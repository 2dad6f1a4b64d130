package sandbox

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"syscall"
	"time"
)

// Program is a foreign program that reads outside bytes from its standard input. On Linux it can open files only for
// reading, reach no network, touch no other process, and dies when it grows or lasts too long; it inherits no environment.
type Program struct {
	Path   string
	Args   []string
	Env    []string
	Memory int64 // bytes of writable memory
	Output int64 // bytes of standard output; more ends it
}

// Run starts the program, has feed write its input, and returns its output. A program that ended otherwise than well is a
// *Death; what feed returns is returned as it is.
func (p Program) Run(ctx context.Context, timeout time.Duration, feed func(io.Writer) error) ([]byte, error) {
	caller := ctx
	ctx, cancel := context.WithTimeoutCause(ctx, timeout, ErrTimeout)
	defer cancel()
	cmd := exec.CommandContext(ctx, p.Path, p.Args...)
	cmd.Env, cmd.Dir, cmd.SysProcAttr, cmd.WaitDelay = append([]string{}, p.Env...), "/", childAttributes(), 5*time.Second
	out, stderr := &capped{left: p.Output, over: cancel}, &tail{}
	cmd.Stdout, cmd.Stderr = out, stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	if err := startConfined(cmd); err != nil {
		return nil, fmt.Errorf("starting %s: %w", p.Path, err)
	}
	err = limitProgram(cmd.Process.Pid, p.Memory, uint64(timeout/time.Second)+1)
	if err == nil {
		err = feed(in)
	}
	if err != nil && !isClosedPipe(err) {
		cancel()
	}
	closeErr := in.Close()
	waitErr := cmd.Wait()
	if err != nil && !isClosedPipe(err) {
		return nil, err
	}
	if caller.Err() != nil {
		return nil, context.Cause(caller)
	}
	if err := errors.Join(err, closeErr, waitErr); err != nil {
		return nil, programDeath(ctx, cmd, stderr)
	}
	return out.buf.Bytes(), nil
}

// programDeath says how a program ended, without a word of what it read.
func programDeath(ctx context.Context, cmd *exec.Cmd, stderr *tail) error {
	cause := ErrDied
	switch {
	case errors.Is(context.Cause(ctx), ErrTimeout):
		cause = ErrTimeout
	case stderr.ranOutOfMemory():
		cause = ErrMemory
	}
	return &Death{Cause: cause, Detail: cmd.ProcessState.String()}
}

// capped keeps output up to a limit and gives up beyond it.
type capped struct {
	buf  bytes.Buffer
	left int64
	over func()
}

func (c *capped) Write(p []byte) (int, error) {
	if c.left -= int64(len(p)); c.left < 0 {
		c.over()
		return 0, errors.New("more output than allowed")
	}
	return c.buf.Write(p)
}

// isClosedPipe reports whether a write failed because the reader is gone: the program ended, which Wait explains better.
func isClosedPipe(err error) bool {
	return errors.Is(err, syscall.EPIPE) || errors.Is(err, os.ErrClosed) || errors.Is(err, io.ErrClosedPipe)
}
