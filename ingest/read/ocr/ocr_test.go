package ocr

import (
	"context"
	"image"
	"io"
	"strings"
	"testing"

	"okienko/ingest/read/ocr/pagetest"
)

func find(t testing.TB) *Engine {
	t.Helper()
	e, err := Find()
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// drawn writes a picture to a canvas.
func drawn(g *image.Gray) func(io.Writer) error {
	return func(to io.Writer) error {
		if _, err := to.Write(Head(g.Rect.Dx(), g.Rect.Dy(), 200)); err != nil {
			return err
		}
		_, err := to.Write(g.Pix)
		return err
	}
}

func textOf(p Page) string {
	var words []string
	for _, w := range p.Words {
		words = append(words, w.Text)
	}
	return strings.Join(words, " ")
}

func TestPagesOfOneRunKeepTheirPlace(t *testing.T) {
	t.Parallel()
	first, third := pagetest.Draw("Pierwsza strona wniosku", 150), pagetest.Draw("\n\n\nTrzecia strona żółta", 150)
	pages, err := find(t).Read(t.Context(), 4, func(_ context.Context, i int, to *Canvas) error {
		switch i {
		case 0:
			return drawn(first)(to)
		case 2:
			return drawn(third)(to)
		case 3: // a child that died in the middle of its page
			_, err := to.Write(append(Head(1200, 1700, 150), make([]byte, 1000)...))
			return err
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{"Pierwsza strona wniosku", "", "Trzecia strona żółta"} {
		if got := textOf(pages[i]); got != want {
			t.Errorf("page %d: got %q, want %q", i, got, want)
		}
	}
	for _, p := range pages {
		for _, w := range p.Words {
			if w.Confidence < 0 || w.Confidence > 1 || !w.Box.In(image.Rectangle{Max: p.Size}) {
				t.Errorf("word %+v on a page of %v", w, p.Size)
			}
		}
	}
	if a, b := pages[0].Words[0].Box, pages[2].Words[0].Box; a.Min.Y >= b.Min.Y {
		t.Errorf("the words stand at %v and %v", a, b)
	}
}

func TestACanvasRefusesWhatDoesNotFit(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		data []byte
		ok   bool
	}{
		{"a small picture", append(Head(2, 3, 200), 1, 2, 3, 4, 5, 6), true},
		{"more pixels than announced", append(Head(2, 3, 200), 1, 2, 3, 4, 5, 6, 7), false},
		{"a picture without size", Head(0, 3, 200), false},
		{"a picture of gigabytes", Head(1<<15, 1<<15, 200), false},
		{"a picture whose size overflows", Head(1<<16, 1<<16, 200), false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := &Canvas{tiff: newTIFF(io.Discard, 1)}
			var err error
			for _, b := range tt.data { // byte by byte, as pipes may deliver
				if _, err = c.Write([]byte{b}); err != nil {
					break
				}
			}
			if (err == nil) != tt.ok {
				t.Errorf("got %v", err)
			}
		})
	}
}

func FuzzTSV(f *testing.F) {
	f.Add("5\t1\t1\t1\t1\t1\t10\t10\t30\t12\t91.5\tWniosek\n")
	f.Add("5\t1\t1\t1\t1\t1\t10\t10\t30\t12\tnan\tx\n")
	f.Add("5\t9\t1\t1\t1\t1\t-1\t99999\t3\t1\tnan\tx\n")
	f.Fuzz(func(t *testing.T, table string) {
		pages := []Page{{Size: image.Pt(100, 100)}, {}}
		readTSV([]byte(table), pages)
		for _, p := range pages {
			for _, w := range p.Words {
				if w.Text == "" || w.Box.Empty() || !w.Box.In(image.Rectangle{Max: p.Size}) || !(w.Confidence >= 0 && w.Confidence <= 1) {
					t.Errorf("word %+v", w)
				}
			}
		}
	})
}
