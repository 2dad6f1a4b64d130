package cut

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"okienko/ingest/pdf"
	"slices"
	"time"

	"github.com/klippa-app/go-pdfium"
	"github.com/klippa-app/go-pdfium/references"
	"github.com/klippa-app/go-pdfium/requests"
)

// pdfMemory bounds the memory of the engine: a batch is large.
const pdfMemory = 1 << 30

// engine gives each document an instance of its own: what it leaves in the engine's memory goes with it.
type engine struct{ pdf.Engine }

// load prepares the engine and compiles it.
func (e *engine) load(ctx context.Context) error {
	if e.Loaded() {
		return nil
	}
	if err := e.Load(ctx); err != nil {
		return err
	}
	i, err := e.Instance(time.Minute)
	if err == nil {
		err = i.Close()
	}
	return err
}

// pdfPages is an open PDF in an instance of its own.
type pdfPages struct {
	pdf pdfium.Pdfium
	ref references.FPDF_DOCUMENT
	n   int
}

func (e *engine) open(data []byte) (pages, error) {
	if err := e.load(context.Background()); err != nil {
		return nil, err
	}
	i, err := e.Instance(time.Minute)
	if err != nil {
		return nil, err
	}
	doc, err := i.OpenDocument(&requests.OpenDocument{File: &data})
	if err != nil {
		return nil, errors.Join(errDamaged, i.Kill())
	}
	p := &pdfPages{pdf: i, ref: doc.Document}
	count, err := i.FPDF_GetPageCount(&requests.FPDF_GetPageCount{Document: p.ref})
	if err != nil {
		return nil, errors.Join(errDamaged, i.Kill())
	}
	p.n = count.PageCount
	return p, nil
}

func (p *pdfPages) count() int { return p.n }

func (p *pdfPages) close() { _ = p.pdf.Kill() } // it is gone either way

// showDots is the longer side of a page as it is shown, in dots: 150 an inch for A4, whatever size a scanner says a page has.
const showDots = 1754

func (p *pdfPages) show(n int) (image.Image, error) {
	r, err := p.pdf.RenderPageInPixels(&requests.RenderPageInPixels{
		Page:  requests.Page{ByIndex: &requests.PageByIndex{Document: p.ref, Index: n}},
		Width: showDots, Height: showDots, ImageFormat: requests.RenderImageFormatGrayscale,
	})
	if err != nil {
		return nil, err
	}
	defer r.Cleanup()
	drawn, ok := r.Result.RenderedImage.(*image.Gray)
	if !ok {
		return nil, errDamaged
	}
	shown := *drawn
	shown.Pix = slices.Clone(drawn.Pix) // theirs lies in the engine's memory
	return &shown, nil
}

// cut copies pages into a document of their own.
func (p *pdfPages) cut(r Range) ([]byte, error) {
	part, err := p.pdf.FPDF_CreateNewDocument(&requests.FPDF_CreateNewDocument{})
	if err != nil {
		return nil, err
	}
	wanted := fmt.Sprintf("%d-%d", r.From, r.To)
	if _, err := p.pdf.FPDF_ImportPages(&requests.FPDF_ImportPages{Source: p.ref, Destination: part.Document, PageRange: &wanted}); err != nil {
		return nil, err
	}
	n, err := p.pdf.FPDF_GetPageCount(&requests.FPDF_GetPageCount{Document: part.Document})
	if err != nil || n.PageCount != r.To-r.From+1 {
		return nil, errors.Join(errDamaged, err)
	}
	var out bytes.Buffer
	if _, err := p.pdf.FPDF_SaveAsCopy(&requests.FPDF_SaveAsCopy{Document: part.Document, FileWriter: &out}); err != nil {
		return nil, err
	}
	_, err = p.pdf.FPDF_CloseDocument(&requests.FPDF_CloseDocument{Document: part.Document})
	return out.Bytes(), err
}
