package scan

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"image"
	"image/jpeg"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	"codeberg.org/go-pdf/fpdf"

	"okienko/ingest"
	"okienko/ingest/scan/cut"
	"okienko/ingest/scan/sheet"
)

// trials of 30 or more are a measurement; the default shows that the test works.
var trials = flag.Int("batches", 1, "degraded batches a level")

// defect is what is wrong with the sheets of a batch.
type defect string

const (
	whole   defect = "whole"
	missing defect = "a sheet missing"
	swapped defect = "two sheets swapped"
	blotted defect = "a sheet blotted"
)

// TestDegradedBatchesAreNeverPartedWrongly prints sheets, lays letters between them, scans it all badly and counts: parted as it
// should be, one case with a reason, parted wrongly. The last must not happen, whatever the level.
func TestDegradedBatchesAreNeverPartedWrongly(t *testing.T) {
	t.Parallel()
	r := newReader(t)
	studio := newStudio(t, r)
	for level := 1; level <= 3; level++ {
		for _, what := range []defect{whole, missing, swapped, blotted} {
			n := *trials
			if what != whole {
				n = max(1, n/3)
			}
			right, one, wrong := 0, 0, 0
			for i := range n {
				rnd := rand.New(rand.NewPCG(uint64(level), uint64(i)))
				pages, truth := studio.batch(what, damages[level], rnd)
				media, file := mediaPDF, pdfOf(t, pages)
				codes, err := r.Codes(context.Background(), media, file, func(string) {})
				if err != nil {
					t.Fatal(err)
				}
				switch b := plan(codes, "urna", studio.key); {
				case b.Reason != ingest.BatchParted:
					one++
				case fmt.Sprint(b.Parts) == fmt.Sprint(truth) && what == whole:
					right++
				default:
					wrong++
					t.Errorf("level %d, %s, batch %d: parted into %v, want %v", level, what, i, b.Parts, truth)
				}
			}
			t.Logf("level %d, %s: %d batches: %d parted right, %d one case with a reason, %d parted wrongly", level, what, n, right, one, wrong)
			if level == 1 && what == whole && right != n {
				t.Errorf("level 1: only %d of %d good batches were parted", right, n)
			}
		}
	}
}

func newReader(t testing.TB) *cut.Reader {
	t.Helper()
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	r := cut.New(filepath.Join(cache, "okienko"))
	t.Cleanup(func() { r.Close() })
	if err := r.Prepare(); err != nil {
		t.Fatal(err)
	}
	return r
}

// studio makes pages as a scanner sees them.
type studio struct {
	t       testing.TB
	key     sheet.Key
	sheets  []*image.Gray // of a set of three
	letters []*image.Gray
}

func newStudio(t testing.TB, r *cut.Reader) *studio {
	t.Helper()
	s := &studio{t: t, key: keyOf(t, "k")}
	var pdf bytes.Buffer
	if err := s.key.Print(&pdf, sheet.Printing{Set: setOf(3), Place: "al. Powstania Warszawskiego 10", Zone: time.UTC}); err != nil {
		t.Fatal(err)
	}
	s.sheets = s.shown(r, pdf.Bytes())
	doc := fpdf.New("P", "mm", "A4", "")
	for i := range 5 {
		doc.AddPage()
		doc.SetFont("Helvetica", "", 11)
		for line := range 30 {
			doc.Text(20, 25+8*float64(line), fmt.Sprintf("List %d, wiersz %d: prosze o wydanie zaswiadczenia o zameldowaniu na pobyt staly.", i, line))
		}
	}
	pdf.Reset()
	if err := doc.Output(&pdf); err != nil {
		t.Fatal(err)
	}
	s.letters = s.shown(r, pdf.Bytes())
	return s
}

func (s *studio) shown(r *cut.Reader, pdf []byte) []*image.Gray {
	s.t.Helper()
	pages, err := r.Shown(mediaPDF, pdf)
	if err != nil {
		s.t.Fatal(err)
	}
	var all []*image.Gray
	for _, p := range pages {
		all = append(all, p.(*image.Gray))
	}
	return all
}

// batch is a scanned set of three envelopes of one to three pages, and how it must be parted.
func (s *studio) batch(what defect, d damage, r *rand.Rand) (pages []*image.Gray, truth []ingest.BatchPart) {
	order, bad := []int{0, 1, 2}, r.IntN(3)
	if what == swapped {
		order[bad], order[(bad+1)%3] = order[(bad+1)%3], order[bad]
	}
	for i, n := range order {
		if what != missing || i != bad {
			page := degrade(clone(s.sheets[n]), d, r)
			if what == blotted && i == bad {
				blot(page)
			}
			pages = append(pages, page)
		}
		part := ingest.BatchPart{Envelope: i + 1, PageFrom: len(pages) + 1}
		for range 1 + r.IntN(3) {
			pages = append(pages, degrade(clone(s.letters[r.IntN(len(s.letters))]), d, r))
		}
		part.PageTo = len(pages)
		truth = append(truth, part)
	}
	return pages, truth
}

func clone(g *image.Gray) *image.Gray {
	c := *g
	c.Pix = bytes.Clone(g.Pix)
	return &c
}

// blot covers the middle of a page, as a hand or a second sheet would.
func blot(g *image.Gray) {
	for y := g.Rect.Dy() / 4; y < g.Rect.Dy()*3/4; y++ {
		for x := g.Rect.Dx() / 3; x < g.Rect.Dx()*2/3; x++ {
			g.Pix[y*g.Stride+x] = 60
		}
	}
}

// pdfOf is a PDF of pictures, as scanners write.
func pdfOf(t testing.TB, pages []*image.Gray) []byte {
	t.Helper()
	doc := fpdf.NewCustom(&fpdf.InitType{UnitStr: "pt"})
	for i, p := range pages {
		var b bytes.Buffer
		if err := jpeg.Encode(&b, p, &jpeg.Options{Quality: 60}); err != nil {
			t.Fatal(err)
		}
		size := fpdf.SizeType{Wd: float64(p.Rect.Dx()) * 72 / 150, Ht: float64(p.Rect.Dy()) * 72 / 150}
		doc.AddPageFormat("P", size)
		name := fmt.Sprint(i)
		doc.RegisterImageOptionsReader(name, fpdf.ImageOptions{ImageType: "JPG"}, &b)
		doc.ImageOptions(name, 0, 0, size.Wd, size.Ht, false, fpdf.ImageOptions{ImageType: "JPG"}, 0, "")
	}
	var out bytes.Buffer
	if err := doc.Output(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}
