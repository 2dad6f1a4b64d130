package raster

import (
	"bufio"
	"image"
	"image/color"
	"image/png"
	"io"

	"okienko/ingest"
)

// View is what of a page is shown to people.
type View struct {
	Box   ingest.Box   `json:"box,omitzero"`    // the part; empty: the whole page
	Width int          `json:"width,omitempty"` // pixels, at most MaxWidth; 0 keeps the size
	Marks []ingest.Box `json:"marks,omitempty"` // places on the page that are painted as with a highlighter
}

// MaxWidth is the widest picture WritePNG makes.
const MaxWidth = 2400

// WritePNG writes the part of a page that a View names as a PNG.
func WritePNG(w io.Writer, g *image.Gray, v View) error {
	at := pixels(g, v.Box)
	if at.Empty() {
		at = g.Rect
	}
	part := crop(g, at)
	if v.Width > 0 && !part.Rect.Empty() {
		width := min(v.Width, MaxWidth, max(part.Rect.Dx()*2*MaxWidth/part.Rect.Dy(), 1)) // a sliver stays one
		part = scale(part, width, max(part.Rect.Dy()*width/part.Rect.Dx(), 1))
	}
	var out image.Image = part
	if len(v.Marks) > 0 {
		out = highlight(part, marked(g, at, part.Rect, v.Marks))
	}
	b := bufio.NewWriterSize(w, 64<<10)
	if err := (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(b, out); err != nil {
		return err
	}
	return b.Flush()
}

// pixels is where a box lies on a picture; empty for an empty box.
func pixels(g *image.Gray, b ingest.Box) image.Rectangle {
	if (b == ingest.Box{}) {
		return image.Rectangle{}
	}
	w, h := g.Rect.Dx(), g.Rect.Dy()
	return image.Rect(b.Left*w/ingest.BoxScale, b.Top*h/ingest.BoxScale, b.Right*w/ingest.BoxScale+1, b.Bottom*h/ingest.BoxScale+1).Intersect(g.Rect)
}

func crop(g *image.Gray, r image.Rectangle) *image.Gray {
	if r == g.Rect {
		return g
	}
	out := image.NewGray(image.Rect(0, 0, r.Dx(), r.Dy()))
	for y := range r.Dy() {
		copy(out.Pix[y*out.Stride:][:r.Dx()], g.Pix[(r.Min.Y+y)*g.Stride+r.Min.X:])
	}
	return out
}

// marked moves boxes on the page g onto the picture size of its part at.
func marked(g *image.Gray, at, size image.Rectangle, boxes []ingest.Box) []image.Rectangle {
	var all []image.Rectangle
	for _, b := range boxes {
		r := pixels(g, b).Sub(at.Min)
		x, y := func(v int) int { return v * size.Dx() / at.Dx() }, func(v int) int { return v * size.Dy() / at.Dy() }
		r = image.Rect(x(r.Min.X), y(r.Min.Y), x(r.Max.X), y(r.Max.Y)).Inset(-3).Intersect(size)
		if !r.Empty() {
			all = append(all, r)
		}
	}
	return all
}

// highlight paints boxes yellow: paper becomes yellow, ink stays black.
func highlight(g *image.Gray, boxes []image.Rectangle) *image.RGBA {
	out := image.NewRGBA(g.Rect)
	for i, v := range g.Pix {
		p := out.Pix[4*i : 4*i+4 : 4*i+4]
		p[0], p[1], p[2], p[3] = v, v, v, 255
	}
	for _, r := range boxes {
		for y := r.Min.Y; y < r.Max.Y; y++ {
			for x := r.Min.X; x < r.Max.X; x++ {
				v := g.GrayAt(x, y).Y
				out.SetRGBA(x, y, color.RGBA{R: v, G: uint8(int(v) * 230 / 255), B: uint8(int(v) * 90 / 255), A: 255})
			}
		}
	}
	return out
}
