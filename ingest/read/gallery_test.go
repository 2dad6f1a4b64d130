package read

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"testing"

	"okienko/ingest"
	"okienko/ingest/read/ocr/pagetest"
	"okienko/ingest/read/raster"
	"okienko/ingest/sandbox"
)

func TestAPageThatIsNotThereHasNoPicture(t *testing.T) {
	t.Parallel()
	_, e := newEyes(t, sandbox.Config{Children: 1})
	sub, open := scanOf(pngFile(t, pagetest.Draw("Strona", 100)), "no picture at all")
	g := NewGallery(e, 1<<20)
	for _, tt := range []struct {
		name, document string
		page           int
		ok             bool
	}{
		{"the page", "0", 1, true},
		{"the page once more, from memory", "0", 1, true},
		{"a page behind the last", "0", 2, false},
		{"a page before the first", "0", 0, false},
		{"a text", "1", 1, false},
		{"a document that is not there", "7.3", 1, false},
	} {
		png, err := g.Picture(t.Context(), sub, open, Picture{tt.document, ingest.Sheet{Page: tt.page}, raster.View{Width: 200}})
		if (err == nil) != tt.ok || !tt.ok && !errors.Is(err, ErrNoPicture) {
			t.Errorf("%s: %d bytes, %v", tt.name, len(png), err)
		}
		if len(g.kept) != 1 {
			t.Errorf("%s: %d pictures are kept, want the one", tt.name, len(g.kept))
		}
	}
}

func TestAGalleryKeepsTheLatestUpToItsBytes(t *testing.T) {
	t.Parallel()
	g := NewGallery(Eyes{}, 1000)
	key := func(i int) [sha256.Size]byte { return sha256.Sum256(fmt.Append(nil, i)) }
	for i := range 50 {
		g.keep(hung{key(i), make([]byte, 300)})
		g.recall(key(0)) // the first one is asked for again and again
		if g.bytes > g.most || int64(len(g.kept)*300) != g.bytes || g.order.Len() != len(g.kept) {
			t.Fatalf("%d pictures, %d in order, %d bytes", len(g.kept), g.order.Len(), g.bytes)
		}
	}
	g.keep(hung{key(99), make([]byte, 1001)})
	for i, want := range map[int]bool{0: true, 49: true, 48: true, 47: false, 99: false} {
		if _, ok := g.recall(key(i)); ok != want {
			t.Errorf("picture %d: kept %v, want %v", i, ok, want)
		}
	}
}
