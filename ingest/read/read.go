// Package read owns what is in an original: it turns the bytes of a submission into ingest.Contents, that is mail parts,
// forms, archives, office documents, PDF text, the fields and kinds recognised in them. Nothing is ever dropped: every part
// becomes a Document, and what could not be read is a Problem with the reason.
//
// Documents are hostile: the parsers of this package run in a child process of package sandbox. Examiner is the side of the
// server, which asks; Reader is the side of the child, which reads and whose Examine is a pure function of the bytes. The
// package refuses to know the law, the services and what a document is worth. Values recognised by their form are in
// read/field, guesses at what a document is in read/kind. Read next: walk.go, which every document passes through.
package read

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"okienko/ingest"
	"okienko/ingest/sandbox"
)

// The limits of one submission. What lies beyond is reported as too_large and still listed.
const (
	maxOriginal  = 150 << 20 // bytes of one original
	maxDocuments = 1000      // documents in one archive, and in a submission
	maxNesting   = 3         // archives and letters inside each other
	maxText      = 2 << 20   // bytes of text kept of one document
	maxAllText   = 16 << 20  // bytes of text kept of a submission
	// patience is how long reading one submission may take before the rest is only listed. It is below the deadline of the
	// sandbox, which kills.
	patience = 40 * time.Second
)

// sizes are the limits in bytes that tests make smaller.
type sizes struct {
	document int64 // one document after decoding
	unpacked int64 // all documents of a submission together
	kept     int64 // documents held in memory; others are decoded again when asked for
}

var defaultSizes = sizes{document: 100 << 20, unpacked: 500 << 20, kept: 128 << 20}

// Original is one original with its bytes.
type Original struct {
	Meta ingest.Original
	Data []byte
}

// Request is what the server asks the child about one submission.
type Request struct {
	Submission ingest.Submission `json:"submission"`
	// Avoid lists documents that killed an earlier child: they are listed with the problem reader_died and not looked into.
	Avoid []string `json:"avoid,omitempty"`
	// Document is the one document whose bytes or page are wanted (Reader.Extract, Reader.Page).
	Document string       `json:"document,omitempty"`
	Page     *PageRequest `json:"page,omitempty"`
}

// Options configure a Reader.
type Options struct {
	// CacheDir keeps the compiled PDF engine, about 30 MB, between starts. "" compiles it anew each time, which takes seconds.
	CacheDir string
}

// Reader reads originals. It belongs into a sandboxed process and is used by one goroutine.
type Reader struct {
	pdf     pdfEngine
	formats map[string]format
	sizes   sizes
}

// New returns a Reader. It starts nothing: Prepare does.
func New(o Options) *Reader {
	return &Reader{pdf: newPDFEngine(o.CacheDir), formats: formats(), sizes: defaultSizes}
}

// Prepare loads the PDF engine if Warm has compiled it, which takes a fifth of a second, and else leaves it: letters without
// PDF need not wait. It is for sandbox.Child.Prepare.
func (r *Reader) Prepare() error { return r.pdf.loadIfWarm(context.Background()) }

// Warm compiles the PDF engine into the cache directory. It is for sandbox.Child.Warm.
func (r *Reader) Warm() error { return r.pdf.warm(context.Background()) }

// Close frees the PDF engine.
func (r *Reader) Close() error { return r.pdf.close(context.Background()) }

// Result is what was found in a submission.
type Result struct {
	Contents ingest.Contents
	files    map[string]file
}

// File returns the bytes of a document; ok is false where it has none of its own or they could not be decoded.
func (r Result) File(document string) (data []byte, ok bool) {
	f, ok := r.files[document]
	if !ok {
		return nil, false
	}
	return f.bytes()
}

// Handler returns the sandbox handler that answers verb "examine" with the Contents alone. A program that does more in the
// child (signatures) calls Examine from a handler of its own.
func (r *Reader) Handler() sandbox.Handler {
	return func(ctx context.Context, c *sandbox.Call) (any, error) {
		res, err := r.ExamineCall(ctx, c)
		return res.Contents, err
	}
}

// ExamineCall examines the submission of a sandbox call: its request is a Request, its bodies are the originals.
func (r *Reader) ExamineCall(ctx context.Context, c *sandbox.Call) (Result, error) {
	req, originals, err := open(c)
	if err != nil {
		return Result{}, err
	}
	return r.examine(ctx, req, originals, c.Note, true)
}

// Extract is the sandbox handler that sends back the bytes of Request.Document. It fails if there is no such document.
func (r *Reader) Extract(ctx context.Context, c *sandbox.Call) (any, error) {
	req, originals, err := open(c)
	if err != nil {
		return nil, err
	}
	res, err := r.examine(ctx, req, originals, c.Note, false)
	if err != nil {
		return nil, err
	}
	data, ok := res.File(req.Document)
	if !ok {
		return nil, fmt.Errorf("document %q has no bytes of its own", req.Document)
	}
	_, err = c.Write(data)
	return nil, err
}

func open(c *sandbox.Call) (Request, []Original, error) {
	var req Request
	if err := c.Request(&req); err != nil {
		return req, nil, err
	}
	if len(c.Bodies) != len(req.Submission.Originals) || len(c.Bodies) == 0 {
		return req, nil, fmt.Errorf("%d bodies for %d originals", len(c.Bodies), len(req.Submission.Originals))
	}
	originals := make([]Original, len(c.Bodies))
	for i, b := range c.Bodies {
		originals[i] = Original{Meta: req.Submission.Originals[i], Data: b}
	}
	return req, originals, nil
}

// Examine reads a submission. Its only error is sandbox.ErrUnprepared: a PDF was met before the engine was warm.
func (r *Reader) Examine(ctx context.Context, sub ingest.Submission, originals []Original) (Result, error) {
	return r.examine(ctx, Request{Submission: sub}, originals, func(string) {}, true)
}

func (r *Reader) examine(ctx context.Context, req Request, originals []Original, note func(string), deep bool) (res Result, err error) {
	w := newWalker(r, req, note, deep)
	w.ctx = ctx
	w.originals(originals)
	if errors.Is(w.err, sandbox.ErrUnprepared) {
		return Result{}, w.err
	}
	w.finish()
	return Result{Contents: w.contents(), files: w.files}, nil
}

// cleanName makes a sender's file name fit for screens and downloads: its last path element, without control characters,
// not longer than 200 bytes. The result is still no path to open.
func cleanName(s string) string {
	s = strings.TrimRight(strings.TrimSpace(s), "/\\")
	if i := strings.LastIndexAny(s, "/\\"); i >= 0 {
		s = s[i+1:]
	}
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7F || isBidiControl(r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "_"))
	return shorten(strings.TrimSpace(s), 200)
}

// isBidiControl: such characters make "fdp.exe" look like "exe.pdf".
func isBidiControl(r rune) bool {
	return r >= 0x202A && r <= 0x202E || r >= 0x2066 && r <= 0x2069 || r == 0x200E || r == 0x200F || r == 0x061C
}

// shorten cuts a file name to n bytes and keeps its extension.
func shorten(s string, n int) string {
	if len(s) <= n {
		return s
	}
	ext := extension(s)
	if len(ext) > 10 {
		ext = ""
	}
	return strings.ToValidUTF8(s[:n-len(ext)-1], "") + "~" + ext[:]
}

// extension returns the lower-case extension of a file name with its dot.
func extension(name string) string {
	i := strings.LastIndexByte(name, '.')
	if i < 0 || strings.ContainsAny(name[i:], " /\\") {
		return ""
	}
	return strings.ToLower(name[i:])
}
