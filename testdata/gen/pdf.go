package main

import (
	"bytes"
	"time"

	"codeberg.org/go-pdf/fpdf"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goitalic"
	"golang.org/x/image/font/gofont/goregular"
)

// The Go fonts have Polish and Ukrainian letters, may be embedded freely (BSD), and come with a pinned module: no font of the
// machine decides what a paper looks like.
var fonts = [...][]byte{regular: goregular.TTF, bold: gobold.TTF, italic: goitalic.TTF}

// pdf makes a PDF of the paper. Flags: scan (pages are images, as from a scanner), password=…, sheet=….
func (s *section) pdf(name string, at time.Time) ([]byte, error) {
	doc := newPDF(s.sheet(), at)
	if pw := s.flags["password"]; pw != "" {
		doc.SetProtection(fpdf.CnProtectPrint, pw, pw+name)
	}
	if s.has("scan") {
		for _, page := range s.pages(name, s.number("dpi", 120)) {
			if err := addImage(doc, s.sheet(), scanned(page, name, s.number("tilt", 0.5))); err != nil {
				return nil, err
			}
		}
	} else {
		drawOn(&pdfCanvas{doc: doc}, s.sheet(), parsePaper(s.text), name)
	}
	var w bytes.Buffer
	err := doc.Output(&w)
	return w.Bytes(), err
}

func newPDF(sh sheet, at time.Time) *fpdf.Fpdf {
	doc := fpdf.NewCustom(&fpdf.InitType{UnitStr: "mm", Size: fpdf.SizeType{Wd: sh.width, Ht: sh.height}})
	doc.SetCreationDate(at.UTC())
	doc.SetModificationDate(at.UTC())
	doc.SetCatalogSort(true)
	doc.SetAutoPageBreak(false, 0)
	doc.SetProducer("drukarka", true)
	return doc
}

func addImage(doc *fpdf.Fpdf, sh sheet, jpeg []byte) error {
	doc.AddPage()
	name := hexName(string(jpeg), 8)
	doc.RegisterImageOptionsReader(name, fpdf.ImageOptions{ImageType: "JPG"}, bytes.NewReader(jpeg))
	doc.ImageOptions(name, 0, 0, sh.width, sh.height, false, fpdf.ImageOptions{ImageType: "JPG"}, 0, "")
	return doc.Error()
}

// pdfCanvas draws on the pages of a PDF, with real text. Only the fonts a paper uses are embedded, as subsets.
type pdfCanvas struct {
	doc  *fpdf.Fpdf
	have [len(fonts)]bool
}

func (c *pdfCanvas) page() { c.doc.AddPage() }

func (c *pdfCanvas) font(size float64, f face) {
	family := [...]string{"text", "strong", "slanted"}[f]
	if !c.have[f] {
		c.doc.AddUTF8FontFromBytes(family, "", fonts[f])
		c.have[f] = true
	}
	c.doc.SetFont(family, "", size)
}

func (c *pdfCanvas) text(at point, size float64, f face, colour ink, s string) {
	c.font(size, f)
	c.doc.SetTextColor(colour.rgb())
	c.doc.Text(at.x, at.y, s)
}

func (c *pdfCanvas) width(size float64, f face, s string) float64 {
	c.font(size, f)
	return c.doc.GetStringWidth(s)
}

func (c *pdfCanvas) line(path []point, wide float64, colour ink) {
	c.doc.SetDrawColor(colour.rgb())
	c.doc.SetLineWidth(wide)
	c.trace(path)
	c.doc.DrawPath("D")
}

func (c *pdfCanvas) fill(outline []point, colour ink) {
	c.doc.SetFillColor(colour.rgb())
	c.trace(outline)
	c.doc.DrawPath("F")
}

func (c *pdfCanvas) trace(path []point) {
	c.doc.MoveTo(path[0].x, path[0].y)
	for _, p := range path[1:] {
		c.doc.LineTo(p.x, p.y)
	}
}

func (c ink) rgb() (r, g, b int) { return int(c >> 16 & 0xff), int(c >> 8 & 0xff), int(c & 0xff) }
