package scan

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
	"path/filepath"
	"time"

	"okienko/ingest"
	"okienko/internal/board"
)

// errRestless: the file is not complete after all. It is looked at again later.
var errRestless = errors.New("the file is still being written")

// take makes one file durable and moves it to the done folder, in that order.
func (s *Source) take(ctx context.Context, c candidate, accept ingest.AcceptFunc) error {
	f, err := openSettled(filepath.Join(s.cfg.Folder, c.name), c)
	if err != nil {
		return board.Classed(NotRead, err)
	}
	defer f.Close()
	b, err := identify(f, c)
	if err != nil {
		return board.Classed(NotRead, err)
	}
	if err := s.ledger.Saw(ctx, s.cfg.Name, []string{b.item()}); err != nil {
		return board.Classed(NoLedger, fmt.Errorf("writing down what was seen: %w", err))
	}
	if err := s.offer(ctx, b, accept); err != nil {
		return err
	}
	s.status.Took(1)
	return board.Classed(NotMoved, s.done.move(c, b))
}

// openSettled opens a file if it still is what was looked at and nobody writes to it.
func openSettled(path string, c candidate) (*os.File, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, plain(err)
	}
	info, err := f.Stat()
	if err == nil && (!same(info, c.info) || beingWritten(f)) {
		err = errRestless
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

// batch is one file as it was read.
type batch struct {
	file      *os.File
	name      string
	digest    ingest.Digest
	size      int64
	media     string    // "" if it is no scan
	scannedAt time.Time // when its last byte was written; zero if that cannot be true
}

// identify reads the whole file.
func identify(f *os.File, c candidate) (batch, error) {
	head := make([]byte, headBytes)
	n, err := f.ReadAt(head, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return batch{}, plain(err)
	}
	h := sha256.New()
	size, err := io.Copy(h, io.NewSectionReader(f, 0, c.info.Size()+1))
	if err != nil {
		return batch{}, plain(err)
	}
	if size != c.info.Size() {
		return batch{}, errRestless
	}
	b := batch{file: f, name: c.name, digest: sum(h), size: size, media: mediaType(head[:n])}
	if at := c.info.ModTime(); at.Year() >= 2000 && !at.After(time.Now()) {
		b.scannedAt = at.UTC().Truncate(time.Microsecond) // as times are stored
	}
	return b, nil
}

func sum(h hash.Hash) ingest.Digest { return ingest.Digest(hex.EncodeToString(h.Sum(nil))) }

// item names the file in the ledger: by its bytes and, so that a second copy is seen as one, by a hash of its name.
func (b batch) item() string {
	name := sha256.Sum256([]byte(b.name))
	return string(b.digest[:32]) + "-" + hex.EncodeToString(name[:4])
}

// key is "" where bytes identify a file. Files without bytes are each their own: that they are alike means nothing.
func (b batch) key() string {
	if b.size > 0 {
		return ""
	}
	return b.item() + b.scannedAt.Format("-20060102T150405.000000")
}

// offer hands to accept what the file is: one letter, or a batch of several.
func (s *Source) offer(ctx context.Context, b batch, accept ingest.AcceptFunc) error {
	if s.cfg.Separators && b.problems() == nil {
		return s.offerParts(ctx, b, accept)
	}
	return board.Classed(NotAccepted, s.offerWhole(ctx, b, s.paper(b, ingest.Batch{}), accept))
}

func (s *Source) offerWhole(ctx context.Context, b batch, paper *ingest.Paper, accept ingest.AcceptFunc) error {
	return accept(ctx, ingest.Envelope{
		Source: s.cfg.Name, Channel: ingest.Scan, Item: b.item(), Key: b.key(), ReceivedAt: received(paper),
		Name: b.name, MediaType: b.media, Body: b.body(), Paper: paper,
	})
}

// received is when the office's clock begins: when the envelope was opened, and where nobody wrote that down, when it was scanned.
func received(p *ingest.Paper) time.Time {
	if !p.OpenedAt.IsZero() {
		return p.OpenedAt
	}
	return p.ScannedAt
}

// problems are what is wrong with the file itself.
func (b batch) problems() []ingest.Problem {
	switch {
	case b.size == 0:
		return []ingest.Problem{{Code: ingest.ProblemEmpty, Detail: "the scanner left a file without bytes"}}
	case b.media == "":
		return []ingest.Problem{{Code: ingest.ProblemUnreadable, Detail: "the file in the scan folder is no PDF, TIFF, JPEG or PNG"}}
	}
	return nil
}

// body reads the file again, and ends with an error instead of io.EOF if the bytes are not those that were identified.
func (b batch) body() io.Reader {
	return &checked{r: io.NewSectionReader(b.file, 0, b.size+1), hash: sha256.New(), want: b.digest}
}

type checked struct {
	r    io.Reader
	hash hash.Hash
	want ingest.Digest
}

func (c *checked) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.hash.Write(p[:n])
	if errors.Is(err, io.EOF) && sum(c.hash) != c.want {
		err = errRestless
	}
	return n, err
}
