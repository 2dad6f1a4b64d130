// Package pdf owns the PDF engine: PDFium as WebAssembly, so no cgo, and a bug in it reaches no further than its own memory. It
// knows no document; ingest/read and ingest/scan/cut open theirs with it, in their child processes.
package pdf

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/klippa-app/go-pdfium"
	"github.com/klippa-app/go-pdfium/webassembly"
	"github.com/tetratelabs/wazero"
)

// Engine gives out instances of PDFium, one at a time. Compiling it takes seconds, loading the compiled form from CacheDir a
// fifth of one. It must not be used concurrently.
type Engine struct {
	CacheDir string // "": compiled anew by each process
	Memory   int    // bytes an instance may have, a multiple of 64 KiB

	pool  pdfium.Pool
	cache wazero.CompilationCache
}

// Loaded reports whether Load was successful: from then on no file is needed any more.
func (e *Engine) Loaded() bool { return e.pool != nil }

// Load prepares the engine, once. It has no file system at all.
func (e *Engine) Load(ctx context.Context) error {
	if e.pool != nil {
		return nil
	}
	const page = 64 << 10 // of WebAssembly
	cfg := wazero.NewRuntimeConfigCompiler().WithMemoryLimitPages(uint32(e.Memory / page))
	if e.CacheDir != "" {
		cache, err := wazero.NewCompilationCacheWithDir(e.CacheDir)
		if err != nil {
			return fmt.Errorf("opening the cache of the PDF engine: %w", err)
		}
		e.cache = cache
		cfg = cfg.WithCompilationCache(cache)
	}
	pool, err := webassembly.Init(webassembly.Config{
		Context: context.WithoutCancel(ctx), MinIdle: 0, MaxIdle: 1, MaxTotal: 1,
		FSConfig: wazero.NewFSConfig(), RuntimeConfig: cfg,
		Stdout: io.Discard, Stderr: io.Discard, RandomSource: rand.Reader,
	})
	if err != nil {
		return fmt.Errorf("starting the PDF engine: %w", err)
	}
	e.pool = pool
	return nil
}

// Instance returns PDFium ready for documents, after at most wait. What documents leave in its memory goes with its Kill. The
// first one compiles.
func (e *Engine) Instance(wait time.Duration) (pdfium.Pdfium, error) {
	i, err := e.pool.GetInstance(wait)
	if err != nil {
		return nil, fmt.Errorf("starting the PDF engine: %w", err)
	}
	return i, nil
}

// Close gives everything back.
func (e *Engine) Close(ctx context.Context) error {
	var errs []error
	if e.pool != nil {
		errs = append(errs, e.pool.Close())
		e.pool = nil
	}
	if e.cache != nil {
		errs = append(errs, e.cache.Close(ctx))
		e.cache = nil
	}
	return errors.Join(errs...)
}
