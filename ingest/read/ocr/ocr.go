// Package ocr has letters on pages recognised by the program tesseract. It owns how that program is run: one thread a run,
// several pages a run (loading its model takes a third of a second), as many runs as there are processors, each confined by
// package sandbox. It refuses to know where pages come from and what words mean: pixels go in, words with their place come out.
//
// The server process starts the program and pipes pixels through; it never looks at them. Read next: tiff.go, the form in
// which pages go in, and tsv.go, the form in which words come out.
package ocr

import (
	"context"
	"errors"
	"fmt"
	"image"
	"io"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"time"

	"okienko/ingest/sandbox"
)

// ErrNotInstalled means that there is no OCR on this machine: pages that are pictures stay unread.
var ErrNotInstalled = errors.New("tesseract is not installed (Debian packages tesseract-ocr and tesseract-ocr-pol)")

// Engine runs tesseract. It is safe for concurrent use.
type Engine struct {
	path      string
	languages string
	cyrillic  bool          // Ukrainian is installed, too
	slots     chan struct{} // one token for each run that may be under way
}

// The limits of one run.
const (
	startPatience = 20 * time.Second // for loading, on a busy machine
	pagePatience  = 60 * time.Second // for each page, on a busy machine
	pageTime      = 20 * time.Second // of a processor, for each page; a page full of print takes 3
	memory        = 1 << 30          // bytes; an A4 page of 300 dots an inch takes 150 MB
	outputBytes   = 4 << 20          // a page; a page of a newspaper has 400 KB
)

// MaxBatch is how many pages are worth putting into one run.
const MaxBatch = 8

// The languages by tesseract's names; Polish must be there.
const (
	polish    = "pol"
	ukrainian = "ukr"
)

// Find looks for tesseract and the Polish language in PATH. It returns ErrNotInstalled, wrapped with what is missing.
func Find() (*Engine, error) {
	path, err := exec.LookPath("tesseract")
	if err != nil {
		return nil, ErrNotInstalled
	}
	ctx, cancel := context.WithTimeout(context.Background(), startPatience)
	defer cancel()
	out, err := exec.CommandContext(ctx, path, "--list-langs").Output()
	if err != nil {
		return nil, fmt.Errorf("asking %s for its languages: %w", path, err)
	}
	have := strings.Fields(string(out))
	if !slices.Contains(have, polish) {
		return nil, fmt.Errorf("%w: the language %q is missing", ErrNotInstalled, polish)
	}
	return &Engine{path: path, languages: polish, cyrillic: slices.Contains(have, ukrainian), slots: make(chan struct{}, runtime.GOMAXPROCS(0))}, nil
}

// Cyrillic returns an engine that reads Ukrainian beside Polish, which takes half as long again; nil where Ukrainian is not
// installed. The runs of both count together.
func (e *Engine) Cyrillic() *Engine {
	if !e.cyrillic {
		return nil
	}
	return &Engine{path: e.path, languages: polish + "+" + ukrainian, slots: e.slots}
}

// Runs is how many runs go on at a time.
func (e *Engine) Runs() int { return cap(e.slots) }

// Page is what was read on one page.
type Page struct {
	Size  image.Point // pixels
	Words []Word
}

// Word is one word with its place.
type Word struct {
	Text       string          `json:"t"`
	Box        image.Rectangle `json:"b"` // pixels
	Confidence float64         `json:"c"` // 0 to 1
}

// Read recognises n pages in one run. draw writes the picture of page i, from 0, to the canvas; a page it leaves empty has no
// words. A program that failed is a *sandbox.Death; it may have been any of the pages.
func (e *Engine) Read(ctx context.Context, n int, draw func(ctx context.Context, i int, to *Canvas) error) ([]Page, error) {
	select {
	case e.slots <- struct{}{}:
		defer func() { <-e.slots }()
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
	pages := make([]Page, n)
	p := sandbox.Program{
		Path: e.path, Args: []string{"-", "-", "-l", e.languages, "tsv"}, Env: []string{"OMP_THREAD_LIMIT=1", "LC_ALL=C"},
		Memory: memory, CPU: time.Duration(n+1) * pageTime, Output: int64(n) * outputBytes,
	}
	out, err := p.Run(ctx, startPatience+time.Duration(n)*pagePatience, func(in io.Writer) error {
		t := newTIFF(in, n)
		for i := range n {
			c := &Canvas{tiff: t}
			if err := draw(ctx, i, c); err != nil {
				return err
			}
			if err := c.finish(); err != nil {
				return err
			}
			pages[i].Size = c.size
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	readTSV(out, pages)
	return pages, nil
}
