package sheet

import (
	"fmt"
	"io"
	"time"

	"codeberg.org/go-pdf/fpdf"
	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"
	"github.com/makiuchi-d/gozxing/qrcode/decoder"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"
)

// Printing is how a set is printed.
type Printing struct {
	Set
	Place  string         // the urn in words
	Duplex bool           // a page for the back of each sheet, too: for scanners that take both sides
	Zone   *time.Location // of the times people read
}

// codeMillimetres is the side of the code on paper: large, so that a bad scanner reads it.
const codeMillimetres = 110

// Print writes a PDF of one page a sheet, two with Duplex, A4.
func (k Key) Print(w io.Writer, p Printing) error {
	if err := p.Check(); err != nil {
		return err
	}
	doc := NewDocument()
	doc.SetTitle("Arkusze rozdzielające, "+p.Place, true)
	for _, s := range p.Sheets() {
		if err := k.Page(doc, p, s); err != nil {
			return err
		}
		if p.Duplex {
			if err := k.Page(doc, p, s); err != nil {
				return err
			}
		}
	}
	if err := doc.Output(w); err != nil {
		return fmt.Errorf("writing the sheets: %w", err)
	}
	return nil
}

// Font is the name of the font of a NewDocument, which has the letters of Polish, upright and bold ("B").
const Font = "go"

// NewDocument returns an empty A4 document, in millimetres.
func NewDocument() *fpdf.Fpdf {
	doc := fpdf.New("P", "mm", "A4", "")
	doc.SetLang("pl-PL")
	doc.SetAutoPageBreak(false, 0)
	doc.AddUTF8FontFromBytes(Font, "", goregular.TTF)
	doc.AddUTF8FontFromBytes(Font, "B", gobold.TTF)
	return doc
}

// Page adds the page of one sheet to a NewDocument.
func (k Key) Page(doc *fpdf.Fpdf, p Printing, s Sheet) error {
	doc.AddPage()
	line := func(style string, size, y float64, text string) {
		doc.SetFont(Font, style, size)
		doc.SetXY(20, y)
		doc.MultiCell(170, size*0.5, text, "", "C", false)
	}
	line("B", 44, 18, fmt.Sprintf("KOPERTA %d", s.Number))
	line("", 14, 44, fmt.Sprintf("arkusz rozdzielający; w tym zestawie koperty od %d do %d", s.First, s.Last))
	if err := k.draw(doc, s, (210-codeMillimetres)/2, 58); err != nil {
		return err
	}
	line("B", 16, 178, p.Place)
	line("", 14, 190, "Wrzucono: od "+p.when(s.From)+" do "+p.when(s.To))
	line("", 14, 199, "Otwarto: "+p.when(s.Opened))
	line("B", 14, 216, "Połóż ten arkusz przed pierwszą kartką z koperty i zeskanuj razem z nią.")
	line("", 12, 230, "Skanuj cały zestaw naraz, arkusze po kolei. Nie pisz po kodzie i nie zginaj go. Gdy brakuje arkusza, wydrukuj zestaw od nowa.")
	line("", 10, 252, "Separator sheet: lay it before the first page from this envelope. Scan the whole set at once, in order.")
	line("", 8, 272, k.Code(s))
	return nil
}

func (p Printing) when(t time.Time) string { return t.In(p.Zone).Format("02.01.2006, 15:04") }

// draw puts the code on the page, square by square: no picture that a printer would smooth.
func (k Key) draw(doc *fpdf.Fpdf, s Sheet, x, y float64) error {
	hints := map[gozxing.EncodeHintType]any{
		gozxing.EncodeHintType_ERROR_CORRECTION: decoder.ErrorCorrectionLevel_H, gozxing.EncodeHintType_MARGIN: 0,
	}
	m, err := qrcode.NewQRCodeWriter().Encode(k.Code(s), gozxing.BarcodeFormat_QR_CODE, 0, 0, hints)
	if err != nil {
		return fmt.Errorf("making the code of sheet %d: %w", s.Number, err)
	}
	side := codeMillimetres / float64(m.GetWidth())
	doc.SetFillColor(0, 0, 0)
	for row := range m.GetHeight() {
		for from := 0; from < m.GetWidth(); {
			to := from
			for to < m.GetWidth() && m.Get(to, row) {
				to++
			}
			if to > from {
				doc.Rect(x+float64(from)*side, y+float64(row)*side, float64(to-from)*side, side, "F")
			}
			from = to + 1
		}
	}
	return nil
}
