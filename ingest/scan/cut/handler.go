package cut

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"

	"okienko/ingest/sandbox"
	"okienko/ingest/scan/sheet"
)

// The media types that have pages here.
const (
	mediaPDF  = "application/pdf"
	mediaTIFF = "image/tiff"
	mediaJPEG = "image/jpeg"
	mediaPNG  = "image/png"
)

// Request is what the parent asks about the one body of the call.
type Request struct {
	MediaType string  `json:"media_type"`
	Ranges    []Range `json:"ranges,omitempty"` // for Cut
}

// Range is a run of pages, from 1, both ends inclusive.
type Range struct {
	From int `json:"from"`
	To   int `json:"to"`
}

// Pages is the answer to Look.
type Pages struct {
	Codes []string `json:"codes"` // the code on each page; "" where there is none
}

// Parts is the answer to Cut: the sizes of the parts, which were written one after the other.
type Parts struct {
	Sizes []int64 `json:"sizes"`
}

const (
	maxPages  = 2000
	maxPixels = 100_000_000 // of one page
)

// Reader answers the calls. It is used by one goroutine.
type Reader struct{ pdf engine }

// New returns a Reader that keeps the compiled PDF engine in cacheDir; "" compiles it anew each time, which takes seconds.
func New(cacheDir string) *Reader { return &Reader{engine{cacheDir: cacheDir}} }

// Prepare loads the PDF engine. It is for sandbox.Child.Prepare: afterwards no file is opened any more.
func (r *Reader) Prepare() error { return r.pdf.load(context.Background()) }

// Close frees the PDF engine.
func (r *Reader) Close() error { return r.pdf.close(context.Background()) }

// pages are a batch whose pages can be shown and copied.
type pages interface {
	count() int
	show(n int) (image.Image, error) // from 0
	cut(r Range) ([]byte, error)
	close()
}

func (r *Reader) open(c *sandbox.Call) (pages, Request, error) {
	var req Request
	if err := c.Request(&req); err != nil {
		return nil, req, err
	}
	if len(c.Bodies) != 1 {
		return nil, req, fmt.Errorf("%d bodies where one is due", len(c.Bodies))
	}
	p, err := r.openAs(req.MediaType, c.Bodies[0])
	if err != nil {
		return nil, req, err
	}
	if n := p.count(); n < 1 || n > maxPages {
		p.close()
		return nil, req, fmt.Errorf("%d pages: 1 to %d can be looked at", n, maxPages)
	}
	return p, req, nil
}

func (r *Reader) openAs(media string, data []byte) (pages, error) {
	switch media {
	case mediaPDF:
		return r.pdf.open(data)
	case mediaTIFF:
		return openTIFF(data)
	case mediaJPEG, mediaPNG:
		return picture{media, data}, nil
	}
	return nil, fmt.Errorf("files of the kind %q have no pages", media)
}

// Look is the sandbox handler that tells which separator sheets are where. An error means that some page cannot be shown.
func (r *Reader) Look(ctx context.Context, c *sandbox.Call) (any, error) {
	p, _, err := r.open(c)
	if err != nil {
		return nil, err
	}
	defer p.close()
	var found Pages
	for n := range p.count() {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		c.Note(fmt.Sprint("page ", n+1))
		img, err := p.show(n)
		if err != nil {
			return nil, fmt.Errorf("page %d cannot be shown: %w", n+1, err)
		}
		text := sheet.Find(img)
		if !sheet.IsCode(text) {
			text = "" // whatever other code a letter bears is nobody's business here
		}
		found.Codes = append(found.Codes, text)
	}
	return found, nil
}

// Cut is the sandbox handler that writes the parts named in Request.Ranges, one after the other.
func (r *Reader) Cut(_ context.Context, c *sandbox.Call) (any, error) {
	p, req, err := r.open(c)
	if err != nil {
		return nil, err
	}
	defer p.close()
	var parts Parts
	for _, rng := range req.Ranges {
		if rng.From < 1 || rng.To < rng.From || rng.To > p.count() {
			return nil, fmt.Errorf("no pages %d to %d in a batch of %d", rng.From, rng.To, p.count())
		}
		data, err := p.cut(rng)
		if err != nil {
			return nil, fmt.Errorf("pages %d to %d cannot be taken out: %w", rng.From, rng.To, err)
		}
		if _, err := c.Write(data); err != nil {
			return nil, err
		}
		parts.Sizes = append(parts.Sizes, int64(len(data)))
	}
	return parts, nil
}

// picture is a file of one page.
type picture struct {
	media string
	data  []byte
}

func (picture) count() int { return 1 }
func (picture) close()     {}

func (p picture) show(int) (image.Image, error) {
	config, decode := jpeg.DecodeConfig, jpeg.Decode
	if p.media == mediaPNG {
		config, decode = png.DecodeConfig, png.Decode
	}
	c, err := config(bytes.NewReader(p.data))
	if err != nil {
		return nil, err
	}
	if err := bearable(c.Width, c.Height); err != nil {
		return nil, err
	}
	return decode(bytes.NewReader(p.data))
}

func (p picture) cut(Range) ([]byte, error) { return p.data, nil }

// bearable refuses pictures that unpack to gigabytes.
func bearable(width, height int) error {
	if width < 1 || height < 1 || int64(width)*int64(height) > maxPixels {
		return fmt.Errorf("%d x %d dots: at most %d are shown", width, height, maxPixels)
	}
	return nil
}

var errDamaged = errors.New("the file is damaged")
