package read

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"io"
	"sync"
	"time"

	"okienko/ingest"
	"okienko/ingest/read/ocr"
	"okienko/ingest/read/raster"
	"okienko/ingest/sandbox"
)

// maxSeen is how many pages of one submission are read by OCR; the rest stays unread, which it says.
const maxSeen = 120

// Seen is what OCR saw on one page.
type Seen struct {
	Document string      `json:"document"`
	Page     int         `json:"page"` // from 1
	Facts    PageFacts   `json:"facts"`
	Size     image.Point `json:"size"` // of the picture, pixels
	Words    []ocr.Word  `json:"words"`
	Failed   string      `json:"failed,omitempty"` // why nothing was seen; free of document contents
}

// mean is the confidence of the words by their length, and letters how many letters they have.
func (s Seen) mean() (mean float64, letters int) {
	for _, w := range s.Words {
		letters += len(w.Text)
		mean += w.Confidence * float64(len(w.Text))
	}
	return mean / float64(max(letters, 1)), letters
}

// Eyes read the pages that are pictures: the child draws a page, OCR reads it, the child makes sense of the words. Nothing of
// a page is held in this process; pixels are piped from one to the other.
type Eyes struct {
	Pool     *sandbox.Pool
	OCR      *ocr.Engine // nil: nothing is read
	Page     string      // the verb of Reader.Page
	Complete string      // the verb of Reader.Complete
	// Patience is how long the pages of one submission may take; those that are not read by then stay unread, which they say.
	// It must leave the rest of a job its time. 0: usualPatience.
	Patience time.Duration
}

// usualPatience is enough for some 80 pages on two processors that have nothing else to do.
const usualPatience = 75 * time.Second

// Read completes the contents of a submission by what is on its pictures. A page that could not be read costs that page. An
// error means that nothing could be found out, and the submission may be given again later.
func (e Eyes) Read(ctx context.Context, sub ingest.Submission, open Opener, c ingest.Contents) (ingest.Contents, error) {
	pages := unread(c)
	if e.OCR == nil || len(pages) == 0 {
		return c, nil
	}
	l := look{Eyes: e, sub: sub, open: open}
	patience := e.Patience
	if patience <= 0 {
		patience = usualPatience
	}
	looking, cancel := context.WithTimeoutCause(ctx, patience, errPatience)
	defer cancel()
	if err := l.all(looking, pages); err != nil && !errors.Is(err, errPatience) {
		return c, err
	}
	if looking.Err() != nil {
		giveUp(pages)
	}
	return e.complete(ctx, sub, c, pages)
}

// errPatience is why looking at pages ended early.
var errPatience = errors.New("over the time a submission may take")

// giveUp marks the pages nobody came to.
func giveUp(pages []Seen) {
	for i := range pages {
		if s := &pages[i]; s.Size == (image.Point{}) && !s.Facts.Blank && s.Failed == "" {
			s.Failed = errPatience.Error()
		}
	}
}

// unread lists the pages of pictures nobody has looked at.
func unread(c ingest.Contents) []Seen {
	var pages []Seen
	for _, r := range c.Readings {
		for _, s := range r.Sheets {
			if !s.Read && len(pages) < maxSeen {
				pages = append(pages, Seen{Document: r.Document.ID, Page: s.Page})
			}
		}
	}
	return pages
}

func (e Eyes) complete(ctx context.Context, sub ingest.Submission, c ingest.Contents, seen []Seen) (ingest.Contents, error) {
	var all []sandbox.Body
	for _, v := range []any{c, seen} {
		data, err := json.Marshal(v)
		if err != nil {
			return c, fmt.Errorf("reading pictures: %w", err)
		}
		all = append(all, sandbox.Body{Size: int64(len(data)), Open: func(context.Context) (io.ReadCloser, error) {
			return io.NopCloser(bytes.NewReader(data)), nil
		}})
	}
	var out ingest.Contents
	err := e.Pool.Do(ctx, sandbox.Task{Verb: e.Complete, Request: Request{Submission: sub}, Bodies: all, Answer: &out})
	var death *sandbox.Death
	switch {
	case errors.As(err, &death): // the words killed a child: the pages stay unread
		return c, nil
	case err != nil:
		return c, fmt.Errorf("reading pictures: %w", err)
	}
	return out, nil
}

// look is one submission being looked at.
type look struct {
	Eyes
	sub  ingest.Submission
	open Opener
}

// all reads pages in runs of several, as many runs at a time as there are processors, then looks again at what made no sense.
func (l look) all(ctx context.Context, pages []Seen) error {
	size := min(max((len(pages)+l.OCR.Runs()-1)/l.OCR.Runs(), 1), ocr.MaxBatch)
	var (
		wg     sync.WaitGroup
		mu     sync.Mutex
		failed error
	)
	for from := 0; from < len(pages); from += size {
		batch := pages[from:min(from+size, len(pages))]
		wg.Go(func() {
			if err := l.batch(ctx, batch); err != nil {
				mu.Lock()
				failed = err
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	return failed
}

// batch reads pages in one run. A run that fails is repeated page by page: only the page that breaks it stays unread.
func (l look) batch(ctx context.Context, pages []Seen) error {
	err := l.run(ctx, pages)
	var death *sandbox.Death
	if errors.As(err, &death) {
		if len(pages) == 1 {
			pages[0].Failed = "OCR: " + death.Error()
			return nil
		}
		for i := range pages {
			if err := l.batch(ctx, pages[i:i+1]); err != nil {
				return err
			}
		}
		return nil
	}
	if err != nil {
		return fmt.Errorf("reading pictures: %w", err)
	}
	for i := range pages {
		if err := l.again(ctx, &pages[i]); err != nil {
			return err
		}
		if err := l.ink(ctx, &pages[i]); err != nil {
			return err
		}
	}
	return nil
}

// run has pages drawn and read, each turned by its Facts.Turned if Facts.Certain is set.
func (l look) run(ctx context.Context, pages []Seen) error {
	read, err := l.OCR.Read(ctx, len(pages), func(ctx context.Context, i int, to *ocr.Canvas) error {
		return l.draw(ctx, &pages[i], PageRequest{Turn: raster.Find}, to)
	})
	if err != nil {
		return err
	}
	for i, p := range read {
		pages[i].Size, pages[i].Words = p.Size, p.Words
	}
	return nil
}

// draw pipes one page from a child to the canvas. What is wrong with the page is noted, not returned.
func (l look) draw(ctx context.Context, s *Seen, req PageRequest, to io.Writer) error {
	req.Number = s.Page
	err := l.ask(ctx, s.Document, req, &s.Facts, to)
	var death *sandbox.Death
	var refused *sandbox.HandlerError
	switch {
	case errors.As(err, &death):
		s.Failed = death.Error()
	case errors.As(err, &refused):
		s.Failed = "the page could not be drawn"
	default:
		return err
	}
	return nil
}

func (l look) ask(ctx context.Context, document string, page PageRequest, facts *PageFacts, out io.Writer) error {
	return l.Pool.Do(ctx, sandbox.Task{
		Verb: l.Page, Request: Request{Submission: l.sub, Document: document, Page: &page}, Bodies: Bodies(l.sub, l.open), Answer: facts, Out: out,
	})
}

// ink has the line to sign on looked at, and a drawing, where the words of the page speak of such.
func (l look) ink(ctx context.Context, s *Seen) error {
	if s.Failed != "" || len(signingSpots(s.Words, image.Rectangle{Max: s.Size})) == 0 && !announcesDrawing(s.Words) {
		return nil
	}
	var facts PageFacts
	err := l.ask(ctx, s.Document, PageRequest{Number: s.Page, Turn: s.Facts.Turned, Look: s.Words}, &facts, nil)
	var death *sandbox.Death
	var refused *sandbox.HandlerError
	if errors.As(err, &death) || errors.As(err, &refused) {
		return nil // nobody could tell
	}
	s.Facts.Signed, s.Facts.Drawn = facts.Signed, facts.Drawn
	return err
}

// Show writes a picture of one page as a PNG: as OCR saw it, so that boxes fit.
func (e Eyes) Show(ctx context.Context, sub ingest.Submission, open Opener, document string, sheet ingest.Sheet, view raster.View, out io.Writer) error {
	l := look{Eyes: e, sub: sub, open: open}
	turn := sheet.Turned
	if !sheet.Read {
		turn = raster.Find
	}
	return wrap(e.Page, l.ask(ctx, document, PageRequest{Number: sheet.Page, Turn: turn, Show: &view}, &PageFacts{}, out))
}
