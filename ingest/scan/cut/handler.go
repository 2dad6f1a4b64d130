package cut

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"

	"okienko/ingest/pdf"
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
func New(cacheDir string) *Reader {
	return &Reader{engine{pdf.Engine{CacheDir: cacheDir, Memory: pdfMemory}}}
}

// Prepare loads the PDF engine. It is for sandbox.Child.Prepare: afterwards no file is opened any more.
func (r *Reader) Prepare() error { return r.pdf.load(context.Background()) }

// Close frees the PDF engine.
func (r *Reader) Close() error { return r.pdf.Close(context.Background()) }

// Look is the sandbox handler of Codes.
func (r *Reader) Look(ctx context.Context, c *sandbox.Call) (any, error) {
	req, err := request(c)
	if err != nil {
		return nil, err
	}
	codes, err := r.Codes(ctx, req.MediaType, c.Bodies[0], c.Note)
	return Pages{codes}, err
}

// Cut is the sandbox handler of Parts: it writes them one after the other.
func (r *Reader) Cut(_ context.Context, c *sandbox.Call) (any, error) {
	req, err := request(c)
	if err != nil {
		return nil, err
	}
	var sizes []int64
	err = r.Parts(req.MediaType, c.Bodies[0], req.Ranges, func(part []byte) error {
		sizes = append(sizes, int64(len(part)))
		_, err := c.Write(part)
		return err
	})
	return Parts{sizes}, err
}

func request(c *sandbox.Call) (req Request, err error) {
	if err := c.Request(&req); err != nil {
		return req, err
	}
	if len(c.Bodies) != 1 {
		return req, fmt.Errorf("%d bodies where one is due", len(c.Bodies))
	}
	return req, nil
}

// Codes returns the text of the separator sheet on each page, "" where there is none. An error means that the pages, or one of
// them, cannot be shown. note is told which page comes next. data may be changed meanwhile.
func (r *Reader) Codes(ctx context.Context, media string, data []byte, note func(string)) ([]string, error) {
	p, err := r.open(media, data)
	if err != nil {
		return nil, err
	}
	defer p.close()
	var codes []string
	for n := range p.count() {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		note(fmt.Sprint("page ", n+1))
		img, err := p.show(n)
		if err != nil {
			return nil, fmt.Errorf("page %d cannot be shown: %w", n+1, err)
		}
		text := sheet.Find(img)
		if !sheet.IsCode(text) {
			text = "" // whatever other code a letter bears is nobody's business here
		}
		codes = append(codes, text)
	}
	return codes, nil
}

// Shown returns the pages as they are looked at, in shades of grey or in colour.
func (r *Reader) Shown(media string, data []byte) ([]image.Image, error) {
	p, err := r.open(media, data)
	if err != nil {
		return nil, err
	}
	defer p.close()
	var all []image.Image
	for n := range p.count() {
		img, err := p.show(n)
		if err != nil {
			return nil, fmt.Errorf("page %d cannot be shown: %w", n+1, err)
		}
		all = append(all, img)
	}
	return all, nil
}

// Parts takes runs of pages out, as files of the same kind, and hands each to keep.
func (r *Reader) Parts(media string, data []byte, ranges []Range, keep func([]byte) error) error {
	p, err := r.open(media, data)
	if err != nil {
		return err
	}
	defer p.close()
	for _, rng := range ranges {
		if rng.From < 1 || rng.To < rng.From || rng.To > p.count() {
			return fmt.Errorf("no pages %d to %d in a batch of %d", rng.From, rng.To, p.count())
		}
		part, err := p.cut(rng)
		if err != nil {
			return fmt.Errorf("pages %d to %d cannot be taken out: %w", rng.From, rng.To, err)
		}
		if err := keep(part); err != nil {
			return err
		}
	}
	return nil
}

// pages are a batch whose pages can be shown and copied.
type pages interface {
	count() int
	show(n int) (image.Image, error) // from 0
	cut(r Range) ([]byte, error)
	close()
}

func (r *Reader) open(media string, data []byte) (pages, error) {
	p, err := r.openAs(media, data)
	if err != nil {
		return nil, err
	}
	if n := p.count(); n < 1 || n > maxPages {
		p.close()
		return nil, fmt.Errorf("%d pages: 1 to %d can be looked at", n, maxPages)
	}
	return p, nil
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
