package raster

import (
	"bufio"
	"image"
	"image/png"
	"io"

	"okienko/ingest"
)

// MaxWidth is the widest picture WritePNG makes.
const MaxWidth = 2400

// WritePNG writes the part of a page in box, or all of it if box is empty, as a PNG of width pixels; 0 keeps the size.
func WritePNG(w io.Writer, g *image.Gray, box ingest.Box, width int) error {
	g = crop(g, box)
	if width = min(width, MaxWidth); width > 0 && !g.Rect.Empty() {
		g = scale(g, width, max(g.Rect.Dy()*width/g.Rect.Dx(), 1))
	}
	b := bufio.NewWriterSize(w, 64<<10)
	if err := (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(b, g); err != nil {
		return err
	}
	return b.Flush()
}

func crop(g *image.Gray, b ingest.Box) *image.Gray {
	if (b == ingest.Box{}) {
		return g
	}
	w, h := g.Rect.Dx(), g.Rect.Dy()
	r := image.Rect(b.Left*w/ingest.BoxScale, b.Top*h/ingest.BoxScale, b.Right*w/ingest.BoxScale+1, b.Bottom*h/ingest.BoxScale+1).Intersect(g.Rect)
	if r.Empty() {
		return g
	}
	out := image.NewGray(image.Rect(0, 0, r.Dx(), r.Dy()))
	for y := range r.Dy() {
		copy(out.Pix[y*out.Stride:][:r.Dx()], g.Pix[(r.Min.Y+y)*g.Stride+r.Min.X:])
	}
	return out
}
