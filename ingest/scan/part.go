package scan

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"okienko/ingest"
	"okienko/ingest/scan/sheet"
	"okienko/internal/board"
)

// Parting is what a Source with separator sheets needs besides.
type Parting struct {
	Evidence Evidence
	Batches  Batches
	Cutter   Cutter
	Key      sheet.Key
}

// Evidence keeps bytes by their digest: see workflow.Evidence. A batch and its parts are kept before anything is offered.
type Evidence interface {
	Put(ctx context.Context, r io.Reader) (ingest.Digest, int64, error)
	Open(ctx context.Context, d ingest.Digest) (io.ReadSeekCloser, error)
}

// Batches remembers how a batch was parted. A batch is parted once: after a crash the same parts must be offered again, and no
// later version of a library may cut it into others.
type Batches interface {
	// Batch returns false if there is none.
	Batch(ctx context.Context, source string, d ingest.Digest) (ingest.Batch, bool, error)
	// SaveBatch keeps b durably. If there is one of the same source and digest, it stays as it is.
	SaveBatch(ctx context.Context, b ingest.Batch) error
}

// Cutter looks at the pages of a batch and cuts it, in a process that may die of it. An error that is ErrUncut is a result:
// the batch is damaged, encrypted or too much for the process. Any other error may be mended by waiting.
type Cutter interface {
	// Codes returns the text of the separator sheet on each page, "" where there is none.
	Codes(ctx context.Context, b Body) ([]string, error)
	// Cut hands each part to keep, in order.
	Cut(ctx context.Context, b Body, parts []ingest.BatchPart, keep func(r io.Reader) error) error
}

// Body is a batch for a Cutter.
type Body struct {
	MediaType string
	Size      int64
	Open      func(ctx context.Context) (io.ReadSeekCloser, error)
}

// ErrUncut is wrapped by the errors of a Cutter that waiting does not mend.
var ErrUncut = errors.New("the pages cannot be shown or taken out")

// maxBatchBytes is the largest batch that is given to a Cutter, which has it all in its memory.
const maxBatchBytes = 256 << 20

// offerParts has the batch parted, if it was not before, and hands each part to accept.
func (s *Source) offerParts(ctx context.Context, b batch, accept ingest.AcceptFunc) error {
	parted, ok, err := s.parting.Batches.Batch(ctx, s.cfg.Name, b.digest)
	if err != nil {
		return board.Classed(NoLedger, fmt.Errorf("reading how a batch was parted: %w", err))
	}
	if !ok {
		if parted, err = s.part(ctx, b); err != nil {
			return err
		}
		if err := s.parting.Batches.SaveBatch(ctx, parted); err != nil {
			return board.Classed(NoLedger, fmt.Errorf("writing down how a batch was parted: %w", err))
		}
	}
	if parted.Reason != ingest.BatchParted {
		return board.Classed(NotAccepted, s.offerUncut(ctx, b, parted, accept))
	}
	if err := s.ledger.Saw(ctx, s.cfg.Name, b.items(parted)); err != nil {
		return board.Classed(NoLedger, fmt.Errorf("writing down what was seen: %w", err))
	}
	for i := range parted.Parts {
		if err := s.offerPart(ctx, b, parted, i, accept); err != nil {
			return board.Classed(NotAccepted, fmt.Errorf("envelope %d: %w", parted.Parts[i].Envelope, err))
		}
	}
	return nil
}

// part decides how to part a batch and makes it and its parts durable.
func (s *Source) part(ctx context.Context, b batch) (ingest.Batch, error) {
	if _, _, err := s.parting.Evidence.Put(ctx, b.body()); err != nil {
		return ingest.Batch{}, board.Classed(NotAccepted, fmt.Errorf("keeping a batch: %w", err))
	}
	parted, err := s.cut(ctx, b)
	if errors.Is(err, ErrUncut) {
		parted = ingest.Batch{Pages: parted.Pages, Reason: ingest.BatchUnshown, Detail: err.Error()}
	} else if err != nil {
		return parted, board.Classed(NotCut, err)
	}
	parted.Source, parted.Digest, parted.Size, parted.MediaType, parted.ScannedAt = s.cfg.Name, b.digest, b.size, b.media, b.scannedAt
	return parted, nil
}

func (s *Source) cut(ctx context.Context, b batch) (ingest.Batch, error) {
	if b.size > maxBatchBytes {
		return ingest.Batch{Reason: ingest.BatchTooLarge, Detail: fmt.Sprintf("%d bytes: at most %d are parted", b.size, maxBatchBytes)}, nil
	}
	body := Body{MediaType: b.media, Size: b.size, Open: func(ctx context.Context) (io.ReadSeekCloser, error) {
		return s.parting.Evidence.Open(ctx, b.digest)
	}}
	codes, err := s.parting.Cutter.Codes(ctx, body)
	if err != nil {
		return ingest.Batch{}, err
	}
	parted := plan(codes, s.cfg.Name, s.parting.Key)
	if parted.Reason != ingest.BatchParted {
		return parted, nil
	}
	i := 0
	err = s.parting.Cutter.Cut(ctx, body, parted.Parts, func(r io.Reader) (err error) {
		p := &parted.Parts[i]
		p.Digest, p.Size, err = s.parting.Evidence.Put(ctx, r)
		i++
		return err
	})
	return parted, err
}

// items names the parts in the ledger: the first bears the name of the file.
func (b batch) items(parted ingest.Batch) []string {
	items := []string{b.item()}
	for i := range parted.Parts[1:] {
		items = append(items, fmt.Sprintf("%s#%d", b.item(), i+2))
	}
	return items
}

func (s *Source) offerPart(ctx context.Context, b batch, parted ingest.Batch, i int, accept ingest.AcceptFunc) error {
	p := parted.Parts[i]
	body, err := s.parting.Evidence.Open(ctx, p.Digest)
	if err != nil {
		return err
	}
	defer body.Close()
	paper := s.paper(b, parted)
	paper.Batch, paper.Envelope, paper.PageFrom, paper.PageTo = b.digest, p.Envelope, p.PageFrom, p.PageTo
	ext := filepath.Ext(b.name)
	return accept(ctx, ingest.Envelope{
		Source: s.cfg.Name, Channel: ingest.Scan, Item: b.items(parted)[i],
		// Two envelopes with the same bytes, each a blank page, are two letters all the same.
		Key: fmt.Sprintf("%s#%d", b.digest[:32], p.Envelope), ReceivedAt: received(paper),
		Name: fmt.Sprintf("%s-koperta-%d%s", strings.TrimSuffix(b.name, ext), p.Envelope, ext), MediaType: b.media, Body: body, Paper: paper,
	})
}

// offerUncut hands the batch to accept as one letter that a person must part.
func (s *Source) offerUncut(ctx context.Context, b batch, parted ingest.Batch, accept ingest.AcceptFunc) error {
	paper := s.paper(b, parted)
	detail := string(parted.Reason)
	if parted.Sheet > 0 {
		detail += fmt.Sprintf(" %d", parted.Sheet)
	}
	if parted.Detail != "" {
		detail += ": " + parted.Detail
	}
	paper.Problems = append(paper.Problems, ingest.Problem{Code: ingest.ProblemNotSplit, Detail: detail})
	return s.offerWhole(ctx, b, paper, accept)
}

// paper is what is known of every letter in the file.
func (s *Source) paper(b batch, parted ingest.Batch) *ingest.Paper {
	return &ingest.Paper{
		Site: s.cfg.Name, Place: s.cfg.Place, ScannedAt: b.scannedAt, Problems: b.problems(),
		DroppedFrom: parted.DroppedFrom, DroppedTo: parted.DroppedTo, OpenedAt: parted.OpenedAt,
	}
}
