package read

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime/debug"
	"time"

	"github.com/klippa-app/go-pdfium"
	pdferrors "github.com/klippa-app/go-pdfium/errors"
	"github.com/klippa-app/go-pdfium/references"
	"github.com/klippa-app/go-pdfium/requests"

	"okienko/ingest/pdf"
	"okienko/ingest/sandbox"
)

// pdfEngine keeps an instance of the engine from document to document.
type pdfEngine struct {
	engine   pdf.Engine
	cold     bool // the process may load nothing any more
	instance pdfium.Pdfium
	uses     int
}

const (
	// pdfMemory bounds the memory of the engine.
	pdfMemory = 384 << 20
	// maxPDFUses: the engine's memory never shrinks, so an instance is thrown away after so many documents.
	maxPDFUses = 200
	// largePDF documents throw it away at once.
	largePDF = 8 << 20
)

func newPDFEngine(cacheDir string) pdfEngine {
	return pdfEngine{engine: pdf.Engine{CacheDir: cacheDir, Memory: pdfMemory}}
}

// mark is the file that says the cache holds this version of the engine.
func (e *pdfEngine) mark() string {
	version := "unknown"
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, d := range info.Deps {
			if d.Path == "github.com/klippa-app/go-pdfium" || d.Path == "github.com/tetratelabs/wazero" {
				version += "-" + d.Version
			}
		}
	}
	return filepath.Join(e.engine.CacheDir, "pdf-engine"+version+".ready")
}

// warm compiles the engine into the cache directory, unless it is there.
func (e *pdfEngine) warm(ctx context.Context) error {
	if e.engine.CacheDir == "" {
		return nil
	}
	if _, err := os.Stat(e.mark()); err == nil {
		return nil
	}
	warmer := newPDFEngine(e.engine.CacheDir)
	if err := warmer.load(ctx); err != nil {
		return err
	}
	if err := warmer.close(ctx); err != nil {
		return err
	}
	return os.WriteFile(e.mark(), nil, 0o600)
}

// loadIfWarm loads the engine when that is quick; from then on no file may be needed any more.
func (e *pdfEngine) loadIfWarm(ctx context.Context) error {
	if e.engine.CacheDir != "" {
		if _, err := os.Stat(e.mark()); err != nil {
			e.cold = true
			return nil //nolint:nilerr // no mark is what cold means
		}
	}
	return e.load(ctx)
}

func (e *pdfEngine) load(ctx context.Context) error {
	if e.engine.Loaded() {
		return nil
	}
	if err := e.engine.Load(ctx); err != nil {
		return err
	}
	_, err := e.get()
	return err
}

// get returns an engine ready for one document.
func (e *pdfEngine) get() (pdfium.Pdfium, error) {
	if !e.engine.Loaded() {
		if e.cold {
			return nil, sandbox.ErrUnprepared
		}
		if err := e.load(context.Background()); err != nil {
			return nil, err
		}
	}
	if e.instance == nil {
		i, err := e.engine.Instance(10 * time.Second)
		if err != nil {
			return nil, err
		}
		e.instance, e.uses = i, 0
	}
	e.uses++
	return e.instance, nil
}

// drop throws the instance away: what a document left in its memory is gone.
func (e *pdfEngine) drop() {
	if e.instance != nil {
		_ = e.instance.Kill() // it is gone either way
		e.instance = nil
	}
}

func (e *pdfEngine) close(ctx context.Context) error {
	e.drop()
	return e.engine.Close(ctx)
}

// The reasons a PDF cannot be opened.
var (
	errPDFPassword = errors.New("the PDF asks for a password")
	errPDFDamaged  = errors.New("the PDF is damaged")
)

// open opens a document; done must be called with whether the engine is still in order.
func (e *pdfEngine) open(data []byte) (pdfDocument, error) {
	i, err := e.get()
	if err != nil {
		return pdfDocument{}, err
	}
	doc, err := i.OpenDocument(&requests.OpenDocument{File: &data})
	if err != nil {
		defer e.drop() // the bytes were copied in and are not freed after a failure
		if errors.Is(err, pdferrors.ErrPassword) || errors.Is(err, pdferrors.ErrSecurity) {
			return pdfDocument{}, errPDFPassword
		}
		return pdfDocument{}, errPDFDamaged
	}
	return pdfDocument{e, i, doc.Document, len(data)}, nil
}

// pdfDocument is an open document.
type pdfDocument struct {
	engine *pdfEngine
	pdf    pdfium.Pdfium
	ref    references.FPDF_DOCUMENT
	size   int
}

func (d pdfDocument) close() {
	_, err := d.pdf.FPDF_CloseDocument(&requests.FPDF_CloseDocument{Document: d.ref})
	if err != nil || d.engine.uses >= maxPDFUses || d.size > largePDF {
		d.engine.drop()
	}
}
