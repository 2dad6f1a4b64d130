package read

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"okienko/ingest"
	"okienko/ingest/read/ocr"
	"okienko/ingest/read/raster"
	"okienko/ingest/sandbox"
)

// PageRequest is what is wanted of one page of Request.Document.
type PageRequest struct {
	Number int `json:"number"` // from 1
	// Turn is by how many degrees clockwise the page is to be turned; raster.Find finds out.
	Turn int `json:"turn"`
	// Look asks what is on the line to sign on, which these words mark, and what is drawn beside them; no pixels are sent then.
	Look []ocr.Word `json:"look,omitempty"`
	// Show asks for a picture for people instead of pixels for OCR; nil: pixels.
	Show *raster.View `json:"show,omitempty"`
}

// PageFacts is the answer of Reader.Page.
type PageFacts struct {
	Turned    int            `json:"turned"`
	Certain   bool           `json:"certain"` // the lines lie level for sure; they may still stand on their head
	Blank     bool           `json:"blank"`
	Sharpness float64        `json:"sharpness"`
	Signed    *ingest.Signed `json:"signed,omitempty"`
	Drawn     *ingest.Box    `json:"drawn,omitempty"`
}

// Page is the sandbox handler that draws one page: its pixels for OCR (ocr.Head, then a byte a pixel), or a PNG for people.
func (r *Reader) Page(ctx context.Context, c *sandbox.Call) (any, error) {
	req, originals, err := open(c)
	if err != nil {
		return nil, err
	}
	if req.Page == nil {
		return nil, errors.New("no page is named")
	}
	res, err := r.examine(ctx, req, originals, c.Note, false)
	if err != nil {
		return nil, err
	}
	data, ok := res.File(req.Document)
	if !ok {
		return nil, fmt.Errorf("document %q has no bytes of its own", req.Document)
	}
	p, err := r.draw(data, res.mediaType(req.Document), req.Page.Number)
	if err != nil {
		return nil, fmt.Errorf("page %d of document %q: %w", req.Page.Number, req.Document, err)
	}
	ready := raster.Prepare(p, req.Page.Turn)
	facts := PageFacts{Turned: ready.Turned, Certain: ready.Certain, Blank: ready.Blank, Sharpness: ready.Sharpness}
	switch {
	case req.Page.Show != nil:
		err = raster.WritePNG(c, ready.Gray, *req.Page.Show)
	case len(req.Page.Look) > 0:
		facts.Signed = signedLine(ready.Gray, req.Page.Look)
		if announcesDrawing(req.Page.Look) {
			facts.Drawn = drawingOn(ready.Gray, req.Page.Look)
		}
	case !ready.Blank:
		err = sendPixels(c, ready.Page)
	}
	return facts, err
}

func sendPixels(c *sandbox.Call, p raster.Page) error {
	w, h := p.Rect.Dx(), p.Rect.Dy()
	if _, err := c.Write(ocr.Head(w, h, p.DPI)); err != nil {
		return err
	}
	if p.Stride == w {
		_, err := c.Write(p.Pix[:w*h])
		return err
	}
	for y := range h {
		if _, err := c.Write(p.Pix[y*p.Stride:][:w]); err != nil {
			return err
		}
	}
	return nil
}

// draw returns one page, from 1, of a PDF or picture.
func (r *Reader) draw(data []byte, mediaType string, page int) (raster.Page, error) {
	if page < 1 {
		return raster.Page{}, errors.New("pages are counted from 1")
	}
	if strings.HasPrefix(mediaType, "image/") {
		return raster.Decode(data, mediaType, page-1)
	}
	if mediaType != "application/pdf" {
		return raster.Page{}, fmt.Errorf("%s has no pages to show", mediaType)
	}
	doc, err := r.pdf.open(data)
	if err != nil {
		return raster.Page{}, err
	}
	defer doc.close()
	return doc.render(page - 1)
}

// mediaType returns the media type of a document, "" if there is no such document.
func (r Result) mediaType(document string) string {
	for _, rd := range r.Contents.Readings {
		if rd.Document.ID == document {
			return rd.Document.MediaType
		}
	}
	return ""
}
