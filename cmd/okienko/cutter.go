package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"okienko/ingest"
	"okienko/ingest/sandbox"
	"okienko/ingest/scan"
	"okienko/ingest/scan/cut"
)

// The verbs asked of the child process that parts batches of scans.
const (
	verbLook = "look"
	verbCut  = "cut"
)

// serveCuts is the child process of a cutter. It is another one than that of the readers: a batch needs more time and memory.
func serveCuts(ctx context.Context, cache string) error {
	r := cut.New(cache)
	defer r.Close()
	return sandbox.Child{
		Handlers: map[string]sandbox.Handler{verbLook: r.Look, verbCut: r.Cut},
		Prepare:  r.Prepare,
	}.Serve(ctx)
}

// cutter is scan.Cutter over child processes.
type cutter struct{ pool *sandbox.Pool }

func newCutter(cache string) (cutter, error) {
	pool, err := sandbox.NewPool(sandbox.Config{
		Command: []string{"", "sandbox", "--scans", "--cache=" + cache}, Children: 1, Timeout: 10 * time.Minute, Memory: 1536 << 20,
	})
	return cutter{pool}, err
}

// Codes implements scan.Cutter.
func (c cutter) Codes(ctx context.Context, b scan.Body) ([]string, error) {
	var answer cut.Pages
	err := c.do(ctx, b, sandbox.Task{Verb: verbLook, Request: cut.Request{MediaType: b.MediaType}, Answer: &answer})
	return answer.Codes, err
}

// Cut implements scan.Cutter. The parts pass through a temporary file that has no name any more.
func (c cutter) Cut(ctx context.Context, b scan.Body, parts []ingest.BatchPart, keep func(io.Reader) error) error {
	tmp, err := os.CreateTemp("", "okienko-batch-*")
	if err != nil {
		return fmt.Errorf("parting a batch: %w", err)
	}
	defer tmp.Close()
	os.Remove(tmp.Name())
	req := cut.Request{MediaType: b.MediaType}
	for _, p := range parts {
		req.Ranges = append(req.Ranges, cut.Range{From: p.PageFrom, To: p.PageTo})
	}
	var answer cut.Parts
	if err := c.do(ctx, b, sandbox.Task{Verb: verbCut, Request: req, Answer: &answer, Out: tmp}); err != nil {
		return err
	}
	return deal(tmp, answer.Sizes, len(parts), keep)
}

// deal hands out the parts that lie one after the other in a file. What a child says is not trusted: the sizes must add up.
func deal(tmp *os.File, sizes []int64, parts int, keep func(io.Reader) error) error {
	info, err := tmp.Stat()
	if err != nil {
		return fmt.Errorf("parting a batch: %w", err)
	}
	at := int64(0)
	for _, size := range sizes {
		if size <= 0 || at+size > info.Size() {
			return fmt.Errorf("%w: the parts do not add up", scan.ErrUncut)
		}
		at += size
	}
	if at != info.Size() || len(sizes) != parts {
		return fmt.Errorf("%w: %d parts of %d bytes where %d of %d are due", scan.ErrUncut, len(sizes), at, parts, info.Size())
	}
	at = 0
	for _, size := range sizes {
		if err := keep(io.NewSectionReader(tmp, at, size)); err != nil {
			return err
		}
		at += size
	}
	return nil
}

// do gives a batch to a child. One that dies of it is no reason to wait: a person parts that batch. A crash may have come of what
// an earlier batch left behind, so it is tried twice.
func (c cutter) do(ctx context.Context, b scan.Body, t sandbox.Task) error {
	t.Bodies = []sandbox.Body{{Size: b.Size, Open: func(ctx context.Context) (io.ReadCloser, error) { return b.Open(ctx) }}}
	err := c.pool.Do(ctx, t)
	var death *sandbox.Death
	if errors.As(err, &death) && !errors.Is(err, sandbox.ErrTimeout) && t.Out == nil {
		err = c.pool.Do(ctx, t)
	}
	var refused *sandbox.HandlerError
	if errors.As(err, &death) || errors.As(err, &refused) {
		return fmt.Errorf("%w: %w", scan.ErrUncut, err)
	}
	return err
}
