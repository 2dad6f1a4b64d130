package read

import (
	"errors"
	"iter"
	"math"

	"github.com/klippa-app/go-pdfium/enums"
	"github.com/klippa-app/go-pdfium/requests"

	"okienko/ingest/read/ocr"
	"okienko/ingest/read/raster"
)

// How finely a page of a PDF is drawn: as finely as the scan in it, within what OCR needs and gains by.
const (
	usualDPI = 200
	leastDPI = 150
	mostDPI  = 300
	maxParts = 50 // of a page, looked at for the scan
)

// render draws one page, from 0, in grey.
func (d pdfDocument) render(i int) (raster.Page, error) {
	size, err := d.pdf.GetPageSize(&requests.GetPageSize{Page: d.page(i)})
	if err != nil || size.Width <= 0 || size.Height <= 0 {
		return raster.Page{}, errors.New("a page without a size")
	}
	dpi := d.scanDPI(i)
	if room := 72 * math.Sqrt(0.95*ocr.MaxPixels/(size.Width*size.Height)); float64(dpi) > room {
		dpi = max(int(room), 1)
	}
	r, err := d.pdf.RenderPageInDPI(&requests.RenderPageInDPI{
		Page: d.page(i), DPI: dpi, ImageFormat: requests.RenderImageFormatGrayscale, RenderFlags: enums.FPDF_RENDER_FLAG_ANNOT,
	})
	if err != nil {
		return raster.Page{}, err
	}
	defer r.Cleanup()
	g := raster.Clone(r.Result.RenderedImage)
	return raster.Page{Gray: g, DPI: dpi}, nil
}

// scanDPI returns the resolution of the finest picture on a page.
func (d pdfDocument) scanDPI(i int) int {
	finest := 0
	for r := range d.pictures(i) {
		finest = max(finest, r)
	}
	if finest == 0 {
		return usualDPI
	}
	return min(max(finest, leastDPI), mostDPI)
}

func (d pdfDocument) hasPicture(i int) bool {
	for range d.pictures(i) {
		return true
	}
	return false
}

// pictures yields the resolution of each picture on a page.
func (d pdfDocument) pictures(i int) iter.Seq[int] {
	return func(yield func(int) bool) {
		page := d.page(i)
		n, err := d.pdf.FPDFPage_CountObjects(&requests.FPDFPage_CountObjects{Page: page})
		if err != nil {
			return
		}
		for o := range min(n.Count, maxParts) {
			obj, err := d.pdf.FPDFPage_GetObject(&requests.FPDFPage_GetObject{Page: page, Index: o})
			if err != nil {
				continue
			}
			t, err := d.pdf.FPDFPageObj_GetType(&requests.FPDFPageObj_GetType{PageObject: obj.PageObject})
			if err != nil || t.Type != enums.FPDF_PAGEOBJ_IMAGE {
				continue
			}
			m, err := d.pdf.FPDFImageObj_GetImageMetadata(&requests.FPDFImageObj_GetImageMetadata{ImageObject: obj.PageObject, Page: page})
			if err == nil && !yield(int(math.Round(float64(m.ImageMetadata.HorizontalDPI)))) {
				return
			}
		}
	}
}
