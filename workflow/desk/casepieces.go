package desk

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"okienko/ingest"
	"okienko/validate"
	"okienko/workflow"
)

// Pages draws pages of documents for people.
type Pages interface {
	// Page returns a PNG that this program made itself. It returns workflow.ErrNotFound for a page that cannot be drawn.
	Page(ctx context.Context, c workflow.Case, p PagePicture) ([]byte, error)
}

// PagePicture names a page, or a part of one.
type PagePicture struct {
	Document string
	Sheet    ingest.Sheet // of a page that is a picture, as it was read; of another one only Page is set
	Box      ingest.Box   // empty: the whole page
	Marks    []ingest.Box // what is highlighted
	Width    int          // pixels
}

// How wide pictures are, in pixels: a piece fits into its column on a fine screen, a page can be read.
const (
	pieceWidth = 900
	pageWidth  = 1400
)

// How much of the page is shown around what was found, in units of ingest.BoxScale: the words of the form around a value.
const (
	pieceBeside = 600
	pieceAround = 200
	pieceLeast  = 5000 // width: letters of a narrow piece would be drawn as large as a hand
)

// pagePictureView is the address of a picture and what it shows.
type pagePictureView struct {
	Src  string
	Page int
}

// piece returns the part of a page a finding rests on; ok is false where it rests on no picture of a page.
func piece(j workflow.Judgement, f validate.Finding) (p PagePicture, ok bool) {
	if f.Place == nil {
		return p, false
	}
	r, ok := reading(j, f.Place.Document)
	if !ok {
		return p, false
	}
	page, box, ok := r.Locate(*f.Place)
	i := slices.IndexFunc(r.Sheets, func(s ingest.Sheet) bool { return s.Page == max(page, f.Place.Page) })
	if i < 0 {
		return p, false
	}
	s := r.Sheets[i]
	p = PagePicture{Document: r.Document.ID, Sheet: s, Width: pieceWidth}
	switch {
	case ok:
		for _, w := range s.Words {
			if w.Start < f.Place.End && w.End > f.Place.Start {
				p.Marks = append(p.Marks, w.Box)
			}
		}
	case f.Requirement == validate.SignatureRequirement && s.Signed != nil:
		box = s.Signed.Box
	case f.Requirement != validate.SignatureRequirement && s.Drawn != nil && f.Place.End == 0:
		box = *s.Drawn
	default:
		return p, false
	}
	p.Box = around(box)
	return p, true
}

// around widens a box to what a person needs to see of the page.
func around(b ingest.Box) ingest.Box {
	grow := max(pieceBeside, (pieceLeast-(b.Right-b.Left))/2)
	return ingest.Box{
		Left: max(b.Left-grow, 0), Right: min(b.Right+grow, ingest.BoxScale),
		Top: max(b.Top-pieceAround, 0), Bottom: min(b.Bottom+pieceAround, ingest.BoxScale),
	}
}

// drawable reports whether a document has pages that can be drawn.
func drawable(r ingest.Reading) bool {
	return r.Document.Digest != "" && r.Pages > 0 && (r.Document.MediaType == "application/pdf" || strings.HasPrefix(r.Document.MediaType, "image/"))
}

// mostPageLinks is how many pages of a document the case page links to.
const mostPageLinks = 50

// addPictures links the findings to their pieces and the documents to their pages.
func (d *desk) addPictures(view *caseView, j workflow.Judgement) {
	if d.Pages == nil {
		return
	}
	for _, list := range [][]findingView{view.Findings.Open, view.Findings.Met} {
		for i := range list {
			if p, ok := piece(j, list[i].Finding); ok {
				list[i].Piece = &pagePictureView{Src: view.Path + "/pieces/" + url.PathEscape(list[i].Requirement), Page: p.Sheet.Page}
			}
		}
	}
	for i := range view.Documents {
		doc := &view.Documents[i]
		r, ok := reading(j, doc.ID)
		for n := 1; ok && drawable(r) && n <= min(r.Pages, mostPageLinks); n++ {
			doc.Sheets = append(doc.Sheets, pagePictureView{Src: pagePath(view.ID, doc.ID, n), Page: n})
		}
	}
}

func pagePath(id workflow.CaseID, document string, page int) string {
	return casePath(id) + "/documents/" + url.PathEscape(document) + "/pages/" + itoa(int64(page))
}

// showPage shows one page of a document as a picture.
func (d *desk) showPage(v *visit) error {
	j, err := d.judgement(v)
	if err != nil {
		return err
	}
	r, ok := reading(j, v.PathValue("document"))
	page, err := strconv.Atoi(v.PathValue("page"))
	if !ok || err != nil || d.Pages == nil || !drawable(r) || page < 1 || page > r.Pages {
		return workflow.ErrNotFound
	}
	p := PagePicture{Document: r.Document.ID, Sheet: ingest.Sheet{Page: page}, Width: pageWidth}
	if i := slices.IndexFunc(r.Sheets, func(s ingest.Sheet) bool { return s.Page == page }); i >= 0 {
		p.Sheet = r.Sheets[i]
	}
	if err := d.seen(v.Context(), v, workflow.EventViewed, fmt.Sprintf("strona %d dokumentu %s", page, r.Document.ID)); err != nil {
		return err
	}
	return d.picture(v, p)
}

// showPiece shows the part of a page a finding rests on. That the case was opened is written down when its page is shown.
func (d *desk) showPiece(v *visit) error {
	j, err := d.judgement(v)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(j.Findings, func(f validate.Finding) bool { return f.Requirement == v.PathValue("requirement") })
	if i < 0 || d.Pages == nil {
		return workflow.ErrNotFound
	}
	p, ok := piece(j, j.Findings[i])
	if !ok {
		return workflow.ErrNotFound
	}
	return d.picture(v, p)
}

func (d *desk) picture(v *visit, p PagePicture) error {
	png, err := d.Pages.Page(v.Context(), v.c, p)
	if err != nil {
		return err
	}
	h := v.w.Header()
	h.Set("Content-Type", "image/png")
	h.Set("Content-Length", strconv.Itoa(len(png)))
	h.Set("Content-Security-Policy", filePolicy)
	if v.Method == http.MethodHead {
		return nil
	}
	_, _ = v.w.Write(png) // an error says that the browser went away
	return nil
}
