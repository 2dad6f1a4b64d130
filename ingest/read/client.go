package read

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"okienko/ingest"
	"okienko/ingest/sandbox"
)

// Client is the server's side: it has submissions read in the child processes of a pool and survives what happens there.
type Client struct{ Pool *sandbox.Pool }

// Opener opens an original by its digest; the Client closes what it returns.
type Opener func(ctx context.Context, d ingest.Digest) (io.ReadSeekCloser, error)

// maxAttempts bounds how often one submission may cost a child.
const maxAttempts = 5

// Examine gives a submission to the handler of verb and unmarshals its answer. A child that dies costs one document, not the
// submission: the task is given once more to a fresh child, then again without the document that was in hand. When even
// that fails, unread is the Contents that list the originals with the problem reader_died, and answer is not touched. An
// error means that nothing could be found out, and the submission may be given again later.
func (c Client) Examine(ctx context.Context, verb string, sub ingest.Submission, open Opener, answer any) (unread *ingest.Contents, err error) {
	req := Request{Submission: sub}
	deaths := 0
	for {
		err := c.Pool.Do(ctx, sandbox.Task{Verb: verb, Request: req, Bodies: Bodies(sub, open), Answer: answer})
		var death *sandbox.Death
		if !errors.As(err, &death) {
			return nil, wrap(verb, err)
		}
		deaths++
		// A hang is sure to hang again; a crash may have come of what an earlier document left behind.
		again := deaths == 1 && !errors.Is(err, sandbox.ErrTimeout)
		if deaths >= maxAttempts || !again && (death.Doing == "" || slices.Contains(req.Avoid, death.Doing)) {
			c := Unread(sub, death.Error())
			return &c, nil
		}
		if !again {
			req.Avoid = append(req.Avoid, death.Doing)
		}
	}
}

// Extract writes the bytes of one document to out. It fails when the document has none of its own.
func (c Client) Extract(ctx context.Context, verb string, sub ingest.Submission, document string, open Opener, out io.Writer) error {
	req := Request{Submission: sub, Document: document}
	return wrap(verb, c.Pool.Do(ctx, sandbox.Task{Verb: verb, Request: req, Bodies: Bodies(sub, open), Out: out}))
}

func wrap(verb string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("reading a submission (%s): %w", verb, err)
}

// Bodies streams the originals to a child. One that no child would read is not sent at all.
func Bodies(sub ingest.Submission, open Opener) []sandbox.Body {
	all := make([]sandbox.Body, len(sub.Originals))
	for i, o := range sub.Originals {
		if o.Size > maxOriginal {
			all[i] = sandbox.Body{Open: func(context.Context) (io.ReadCloser, error) { return nothing{}, nil }}
			continue
		}
		all[i] = sandbox.Body{Size: o.Size, Open: func(ctx context.Context) (io.ReadCloser, error) { return open(ctx, o.Digest) }}
	}
	return all
}

// nothing is an empty body.
type nothing struct{}

func (nothing) Read([]byte) (int, error) { return 0, io.EOF }
func (nothing) Close() error             { return nil }

// Unread is what can be said of a submission nobody could read: its originals, each with the problem.
func Unread(sub ingest.Submission, detail string) ingest.Contents {
	c := ingest.Contents{Problems: []ingest.Problem{{Code: ingest.ProblemReaderDied, Detail: detail}}}
	for i, o := range sub.Originals {
		id := fmt.Sprint(i)
		c.Readings = append(c.Readings, ingest.Reading{
			Document: ingest.Document{
				ID: id, Original: i, Name: cleanName(o.Name), MediaType: sniff(nil, o.Name, o.MediaType), Bytes: o.Size, Digest: o.Digest,
			},
			TextFrom: ingest.TextNone,
			Problems: []ingest.Problem{{Code: ingest.ProblemReaderDied, Document: id}},
		})
	}
	return c
}
