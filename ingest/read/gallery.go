package read

import (
	"bytes"
	"container/list"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"runtime"
	"sync"

	"okienko/ingest"
	"okienko/ingest/read/raster"
	"okienko/ingest/sandbox"
)

// ErrNoPicture means that a page cannot be drawn: there is no such page, or drawing it ran into a limit. Asking again is of no
// use.
var ErrNoPicture = errors.New("the page cannot be drawn")

// Picture names a page, or a part of one, to be shown to people.
type Picture struct {
	Document string
	Sheet    ingest.Sheet // Page is required; Turned and Read as OCR left them
	View     raster.View
}

// Gallery has pictures of pages drawn for people in child processes and keeps the latest: a clerk turns back and forth. What
// it returns was encoded by our own encoder, never taken over from an original. It is safe for concurrent use.
type Gallery struct {
	eyes  Eyes
	most  int64         // bytes kept
	slots chan struct{} // one token for each page drawn at a time: reading letters needs the children, too

	mu    sync.Mutex
	kept  map[[sha256.Size]byte]*list.Element
	order *list.List // of hung, the latest asked for first
	bytes int64
}

type hung struct {
	key [sha256.Size]byte
	png []byte
}

// mostPicture is the largest picture handed out. A page of noise 1000 pixels wide takes 1.5 MB.
const mostPicture = 8 << 20

// NewGallery returns a Gallery that keeps at most so many bytes of pictures.
func NewGallery(eyes Eyes, most int64) *Gallery {
	return &Gallery{
		eyes: eyes, most: most, slots: make(chan struct{}, max(runtime.GOMAXPROCS(0)/2, 1)),
		kept: make(map[[sha256.Size]byte]*list.Element), order: list.New(),
	}
}

// Picture returns a PNG; the caller must not change it. A page that cannot be drawn is ErrNoPicture.
func (g *Gallery) Picture(ctx context.Context, sub ingest.Submission, open Opener, p Picture) ([]byte, error) {
	key, err := pictureKey(sub, p)
	if err != nil {
		return nil, err
	}
	if png, ok := g.recall(key); ok {
		return png, nil
	}
	select {
	case g.slots <- struct{}{}:
		defer func() { <-g.slots }()
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
	if png, ok := g.recall(key); ok { // drawn while this one waited
		return png, nil
	}
	png, err := g.draw(ctx, sub, open, p)
	if err != nil {
		return nil, err
	}
	g.keep(hung{key, png})
	return png, nil
}

// pictureKey tells pictures apart by the bytes they are drawn from, not by the case they belong to.
func pictureKey(sub ingest.Submission, p Picture) (key [sha256.Size]byte, err error) {
	var digests []ingest.Digest
	for _, o := range sub.Originals {
		digests = append(digests, o.Digest)
	}
	name, err := json.Marshal([]any{digests, p.Document, p.Sheet.Page, p.Sheet.Turned, p.Sheet.Read, p.View})
	if err != nil {
		return key, fmt.Errorf("naming a picture: %w", err)
	}
	return sha256.Sum256(name), nil
}

var pngHead = []byte("\x89PNG\r\n\x1a\n")

func (g *Gallery) draw(ctx context.Context, sub ingest.Submission, open Opener, p Picture) ([]byte, error) {
	out := &pngBuffer{}
	err := g.eyes.Show(ctx, sub, open, p.Document, p.Sheet, p.View, out)
	var death *sandbox.Death
	var refused *sandbox.HandlerError
	switch {
	case errors.As(err, &death) || errors.As(err, &refused) || errors.Is(err, errFrame):
		return nil, fmt.Errorf("%w: %w", ErrNoPicture, err)
	case err != nil:
		return nil, err
	case !bytes.HasPrefix(out.Bytes(), pngHead):
		return nil, fmt.Errorf("%w: the child process sent no PNG", ErrNoPicture)
	}
	return bytes.Clone(out.Bytes()), nil
}

var errFrame = fmt.Errorf("a picture of more than %d bytes", mostPicture)

// pngBuffer holds one picture: a child that sends without end is stopped.
type pngBuffer struct{ bytes.Buffer }

// Write implements io.Writer.
func (f *pngBuffer) Write(p []byte) (int, error) {
	if f.Len()+len(p) > mostPicture {
		return 0, errFrame
	}
	return f.Buffer.Write(p)
}

func (g *Gallery) recall(key [sha256.Size]byte) ([]byte, bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	e, ok := g.kept[key]
	if !ok {
		return nil, false
	}
	g.order.MoveToFront(e)
	return e.Value.(hung).png, true
}

func (g *Gallery) keep(h hung) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if _, ok := g.kept[h.key]; ok || int64(len(h.png)) > g.most {
		return
	}
	g.kept[h.key] = g.order.PushFront(h)
	g.bytes += int64(len(h.png))
	for g.bytes > g.most {
		last := g.order.Back()
		old := g.order.Remove(last).(hung)
		delete(g.kept, old.key)
		g.bytes -= int64(len(old.png))
	}
}
