package desk

import (
	"bytes"
	"context"
	"image"
	"image/png"
	"net/http"
	"strings"
	"sync"
	"testing"

	"okienko/ingest"
	"okienko/workflow"
)

// drawnPages draws a white page instead of the resident's; the child processes that draw those are held in package read.
type drawnPages struct{ asked *askedPages }

type askedPages struct {
	mu  sync.Mutex
	all []PagePicture
}

func (d drawnPages) Page(_ context.Context, _ workflow.Case, p PagePicture) ([]byte, error) {
	if p.Sheet.Page == 3 { // of a page that breaks its child
		return nil, workflow.ErrNotFound
	}
	if d.asked != nil {
		d.asked.mu.Lock()
		defer d.asked.mu.Unlock()
		d.asked.all = append(d.asked.all, p)
	}
	var b bytes.Buffer
	err := png.Encode(&b, image.NewGray(image.Rect(0, 0, p.Width, 10)))
	return b.Bytes(), err
}

// scannedRegistration is registrationLacking as OCR leaves it: every word has its place, and the line to sign on is empty.
func scannedRegistration() filing {
	f := registrationLacking()
	f.sheets = func(text string) []ingest.Sheet {
		first := ingest.Sheet{Page: 1, Read: true, Mean: 0.9, Signed: &ingest.Signed{Hand: ingest.HandNo, Box: ingest.Box{Left: 6000, Top: 8000, Right: 9000, Bottom: 8600}, Because: "„podpis”: puste miejsce"}}
		at := 0
		for i, w := range strings.Fields(text) {
			start := at + strings.Index(text[at:], w)
			at = start + len(w)
			top := 500 + 60*i
			first.Words = append(first.Words, ingest.Word{Start: start, End: at, Box: ingest.Box{Left: 1000, Top: top, Right: 2000, Bottom: top + 50}, Confidence: 0.9})
		}
		return []ingest.Sheet{first, {Page: 2, Read: true, Blank: true}, {Page: 3}}
	}
	return f
}

func TestAFindingShowsItsPieceOfThePage(t *testing.T) {
	t.Parallel()
	asked := &askedPages{}
	w := newWorld(t, func(d *Deps) { d.Pages = drawnPages{asked} })
	c := w.take(scannedRegistration())
	anna, sara := w.as("anna"), w.as("sara")
	page := anna.get(casePath(c.ID))
	for _, requirement := range []string{"pesel", "podpis"} {
		path := casePath(c.ID) + "/pieces/" + requirement
		if !strings.Contains(page.body, `src="`+path+`"`) {
			t.Errorf("the case page has no picture %s", path)
		}
		p := anna.get(path)
		if img, err := png.Decode(strings.NewReader(p.body)); err != nil || img.Bounds().Dx() != pieceWidth {
			t.Errorf("%s: status %d, %v", path, p.status, err)
		}
		wantHeaders(t, path, p, map[string]string{"Content-Type": "image/png"})
		if got := sara.get(path); got.status != http.StatusNotFound {
			t.Errorf("%s: another desk gets %d", path, got.status)
		}
	}
	if len(asked.all) != 2 {
		t.Fatalf("%d pictures were drawn, want 2", len(asked.all))
	}
	pesel, signed := asked.all[0], asked.all[1]
	if len(pesel.Marks) != 1 || pesel.Box.Top > pesel.Marks[0].Top || pesel.Box.Bottom < pesel.Marks[0].Bottom || pesel.Box.Right-pesel.Box.Left < 4000 {
		t.Errorf("the piece around the PESEL is %+v", pesel)
	}
	if len(signed.Marks) != 0 || signed.Box.Top > 8000 || signed.Box.Bottom < 8600 {
		t.Errorf("the piece around the signature is %+v", signed)
	}
}

func TestPagesOfADocumentAreLookedAt(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.take(scannedRegistration())
	anna := w.as("anna")
	if body := anna.get(casePath(c.ID)).body; !strings.Contains(body, `href="`+pagePath(c.ID, "0", 2)+`"`) {
		t.Error("the case page does not link to the second page")
	}
	for _, tt := range []struct {
		name, path string
		want       int
	}{
		{"a page of a scan", pagePath(c.ID, "0", 2), http.StatusOK},
		{"a page of a PDF with text", pagePath(c.ID, "1", 1), http.StatusOK},
		{"a page that cannot be drawn", pagePath(c.ID, "0", 3), http.StatusNotFound},
		{"a page behind the last", pagePath(c.ID, "0", 4), http.StatusNotFound},
		{"a page before the first", casePath(c.ID) + "/documents/0/pages/0", http.StatusNotFound},
		{"no number", casePath(c.ID) + "/documents/0/pages/1x", http.StatusNotFound},
		{"a document that is not there", pagePath(c.ID, "9", 1), http.StatusNotFound},
		{"a requirement without a place", casePath(c.ID) + "/pieces/dowod_wlasnosci", http.StatusNotFound},
		{"a requirement that is none", casePath(c.ID) + "/pieces/..%2f..", http.StatusNotFound},
	} {
		if p := anna.get(tt.path); p.status != tt.want {
			t.Errorf("%s: status %d, want %d", tt.name, p.status, tt.want)
		}
	}
	looked := 0
	for _, e := range w.events(c.ID) {
		if e.Kind == workflow.EventViewed && e.Actor == "anna" && e.Detail == "strona 2 dokumentu 0" {
			looked++
		}
	}
	if looked != 1 {
		t.Errorf("%d events tell who looked at page 2, want 1", looked)
	}
}
