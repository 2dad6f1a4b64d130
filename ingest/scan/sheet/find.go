package sheet

import (
	"image"
	"slices"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"
)

// findWidth is how wide a page is looked at: about 150 dots an inch, ten to a square of the code. More dots only carry more
// noise, which keeps the reader from finding the corners.
const findWidth = 1240

// Find returns the text of the code on a page, "" if none can be read. Noise, blur and dirt are met by looking several times:
// as it is, at half the size, and with specks taken out. A code may stand at any angle.
func Find(page image.Image) string {
	gray := shrink(toGray(page))
	for _, look := range []func(*image.Gray) *image.Gray{same, halved, median, func(g *image.Gray) *image.Gray { return halved(median(g)) }} {
		if text := read(look(gray)); text != "" {
			return text
		}
	}
	return ""
}

func read(g *image.Gray) string {
	source := gozxing.NewLuminanceSourceFromImage(g)
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

func same(g *image.Gray) *image.Gray { return g }

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

// median replaces each dot by the middle one of its neighbourhood: specks go, edges stay.
func median(g *image.Gray) *image.Gray {
	out := image.NewGray(g.Rect)
	copy(out.Pix, g.Pix)
	var near [9]byte
	for y := 1; y < g.Rect.Dy()-1; y++ {
		for x := 1; x < g.Rect.Dx()-1; x++ {
			for i := range 3 {
				copy(near[3*i:], g.Pix[(y+i-1)*g.Stride+x-1:][:3])
			}
			slices.Sort(near[:])
			out.Pix[y*out.Stride+x] = near[4]
		}
	}
	return out
}
