package sheet

import (
	"image"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"
)

// findWidth is how wide a page is looked at: about 150 dots an inch, ten to a square of the code. More dots only carry more
// noise, which keeps the reader from finding the corners.
const findWidth = 1240

// Find returns the text of the code on a page, "" if none can be read. Noise, blur and dirt are met by looking several times: at
// half the size, as it is, at a quarter, and with specks taken out. A code may stand at any angle.
func Find(page image.Image) string {
	full := shrink(toGray(page))
	half := halved(full)
	for _, look := range []func() *image.Gray{
		func() *image.Gray { return half },
		func() *image.Gray { return full },
		func() *image.Gray { return halved(half) },
		func() *image.Gray { return median(half) },
	} {
		if text := read(look()); text != "" {
			return text
		}
	}
	return ""
}

func read(g *image.Gray) string {
	w, h := g.Rect.Dx(), g.Rect.Dy()
	source, err := gozxing.NewPlanarYUVLuminanceSource(g.Pix, g.Stride, h, 0, 0, w, h, false)
	if err != nil {
		return ""
	}
	for _, binarizer := range []gozxing.Binarizer{gozxing.NewHybridBinarizer(source), gozxing.NewGlobalHistgramBinarizer(source)} {
		bitmap, err := gozxing.NewBinaryBitmap(binarizer)
		if err != nil {
			continue
		}
		hints := map[gozxing.DecodeHintType]any{gozxing.DecodeHintType_TRY_HARDER: true}
		if r, err := qrcode.NewQRCodeReader().Decode(bitmap, hints); err == nil {
			return r.GetText()
		}
	}
	return ""
}

// toGray returns page in shades of grey, origin at zero.
func toGray(page image.Image) *image.Gray {
	if g, ok := page.(*image.Gray); ok && g.Rect.Min == (image.Point{}) {
		return g
	}
	b := page.Bounds()
	g := image.NewGray(image.Rect(0, 0, b.Dx(), b.Dy()))
	for y := range b.Dy() {
		for x := range b.Dx() {
			g.Set(x, y, page.At(b.Min.X+x, b.Min.Y+y))
		}
	}
	return g
}

// shrink halves a page until it is about findWidth wide.
func shrink(g *image.Gray) *image.Gray {
	for min(g.Rect.Dx(), g.Rect.Dy()) >= 2*findWidth-findWidth/4 {
		g = halved(g)
	}
	return g
}

// halved averages squares of four dots.
func halved(g *image.Gray) *image.Gray {
	out := image.NewGray(image.Rect(0, 0, g.Rect.Dx()/2, g.Rect.Dy()/2))
	for y := range out.Rect.Dy() {
		a, b := g.Pix[2*y*g.Stride:], g.Pix[(2*y+1)*g.Stride:]
		for x := range out.Rect.Dx() {
			out.Pix[y*out.Stride+x] = byte((int(a[2*x]) + int(a[2*x+1]) + int(b[2*x]) + int(b[2*x+1])) / 4)
		}
	}
	return out
}

// median replaces each dot by about the middle one of its neighbourhood, the middle of the middles of three rows: specks go,
// edges stay.
func median(g *image.Gray) *image.Gray {
	w, h := g.Rect.Dx(), g.Rect.Dy()
	rows, out := image.NewGray(g.Rect), image.NewGray(g.Rect)
	copy(rows.Pix, g.Pix)
	for y := range h {
		row, to := g.Pix[y*g.Stride:][:w], rows.Pix[y*rows.Stride:][:w]
		for x := 1; x < w-1; x++ {
			to[x] = middle(row[x-1], row[x], row[x+1])
		}
	}
	copy(out.Pix, rows.Pix)
	for y := 1; y < h-1; y++ {
		for x := range w {
			at := y*rows.Stride + x
			out.Pix[at] = middle(rows.Pix[at-rows.Stride], rows.Pix[at], rows.Pix[at+rows.Stride])
		}
	}
	return out
}

func middle(a, b, c byte) byte { return max(min(a, b), min(max(a, b), c)) }
