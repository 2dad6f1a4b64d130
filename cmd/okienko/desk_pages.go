package main

import (
	"context"
	"errors"
	"fmt"

	"okienko/ingest/read"
	"okienko/ingest/read/raster"
	"okienko/ingest/sandbox"
	"okienko/workflow"
	"okienko/workflow/desk"
	"okienko/workflow/files"
)

// deskPages draws pages for the desk in the child processes. A page takes some 0.2 seconds; what was drawn is kept in memory.
type deskPages struct {
	evidence *files.Evidence
	gallery  *read.Gallery
}

// galleryBytes is how much of the server's memory pictures of pages may take: some 300 pieces or 60 pages.
const galleryBytes = 32 << 20

func newDeskPages(evidence *files.Evidence, pool *sandbox.Pool) deskPages {
	return deskPages{evidence, read.NewGallery(read.Eyes{Pool: pool, Page: verbPage}, galleryBytes)}
}

// Page implements desk.Pages.
func (p deskPages) Page(ctx context.Context, c workflow.Case, want desk.PagePicture) ([]byte, error) {
	png, err := p.gallery.Picture(ctx, c.Submission, p.evidence.Open, read.Picture{
		Document: want.Document, Sheet: want.Sheet, View: raster.View{Box: want.Box, Width: want.Width, Marks: want.Marks},
	})
	if errors.Is(err, read.ErrNoPicture) {
		return nil, fmt.Errorf("%w: %w", workflow.ErrNotFound, err)
	}
	return png, err
}
