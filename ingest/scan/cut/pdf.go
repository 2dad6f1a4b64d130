package cut

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"image"
	"io"
	"slices"
	"time"

	"github.com/klippa-app/go-pdfium"
	"github.com/klippa-app/go-pdfium/references"
	"github.com/klippa-app/go-pdfium/requests"
	"github.com/klippa-app/go-pdfium/webassembly"
	"github.com/tetratelabs/wazero"
)

// engine is PDFium as WebAssembly: no cgo, and a bug in it reaches no further than its own memory.
type engine struct {
	cacheDir string
	pool     pdfium.Pool
	cache    wazero.CompilationCache
}

// pdfMemoryPages bounds the memory of the engine, in WebAssembly pages of 64 KiB: a batch is large.
const pdfMemoryPages = 1 << 30 >> 16

// load starts the engine; compiled form and source text of it are in the module, the former in the cache directory, too.
func (e *engine) load(ctx context.Context) error {
	if e.pool != nil {
		return nil
	}
	cfg := wazero.NewRuntimeConfigCompiler().WithMemoryLimitPages(pdfMemoryPages)
	if e.cacheDir != "" {
		cache, err := wazero.NewCompilationCacheWithDir(e.cacheDir)
		if err != nil {
			return fmt.Errorf("opening the cache of the PDF engine: %w", err)
		}
		e.cache = cache
		cfg = cfg.WithCompilationCache(cache)
	}
	pool, err := webassembly.Init(webassembly.Config{
		Context: context.WithoutCancel(ctx), MinIdle: 0, MaxIdle: 1, MaxTotal: 1,
		FSConfig: wazero.NewFSConfig(), RuntimeConfig: cfg, // no file system at all
		Stdout: io.Discard, Stderr: io.Discard, RandomSource: rand.Reader,
	})
	if err != nil {
		return fmt.Errorf("starting the PDF engine: %w", err)
	}
	e.pool = pool
	i, err := e.instance() // the first one compiles
	if err == nil {
		err = i.Close()
	}
	return err
}

func (e *engine) instance() (pdfium.Pdfium, error) {
	i, err := e.pool.GetInstance(time.Minute)
	if err != nil {
		return nil, fmt.Errorf("starting the PDF engine: %w", err)
	}
	return i, nil
}

func (e *engine) close(ctx context.Context) error {
	var errs []error
	if e.pool != nil {
		errs = append(errs, e.pool.Close())
	}
	if e.cache != nil {
		errs = append(errs, e.cache.Close(ctx))
	}
	return errors.Join(errs...)
}

// pdfPages is an open PDF in an engine of its own: what a document leaves in the engine's memory goes with it.
type pdfPages struct {
	pdf pdfium.Pdfium
	ref references.FPDF_DOCUMENT
	n   int
}

func (e *engine) open(data []byte) (pages, error) {
	if err := e.load(context.Background()); err != nil {
		return nil, err
	}
	i, err := e.instance()
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
