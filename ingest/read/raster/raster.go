// Package raster owns pages that are pictures, as numbers: decoding scans and photographs, turning them upright, laying them
// straight, evening out shadows, and what ink is on them. It works on grey pixels and runs in the sandboxed child, since the
// decoders see outside bytes.
//
// It refuses to know letters and words (ingest/read/ocr) and what a page is worth. Everything is deterministic: a page
// prepared twice is the same picture, so that a place found on it can be shown again. Read next: prepare.go.
package raster

import (
	"image"
	"math"
)

// Page is a picture of a page.
type Page struct {
	*image.Gray
	DPI int // dots an inch; 0 if unknown
}

// Blank returns a white picture.
func blank(w, h int) *image.Gray {
	g := image.NewGray(image.Rect(0, 0, w, h))
	for i := range g.Pix {
		g.Pix[i] = 255
	}
	return g
}

// Turn turns a picture clockwise by a multiple of 90 degrees.
func Turn(g *image.Gray, degrees int) *image.Gray {
	w, h := g.Rect.Dx(), g.Rect.Dy()
	switch (degrees%360 + 360) % 360 {
	case 90:
		out := image.NewGray(image.Rect(0, 0, h, w))
		for y := range h {
			row := g.Pix[y*g.Stride:][:w]
			for x, v := range row {
				out.Pix[x*out.Stride+h-1-y] = v
			}
		}
		return out
	case 180:
		out := image.NewGray(image.Rect(0, 0, w, h))
		for y := range h {
			row, to := g.Pix[y*g.Stride:][:w], out.Pix[(h-1-y)*out.Stride:][:w]
			for x, v := range row {
				to[w-1-x] = v
			}
		}
		return out
	case 270:
		return Turn(Turn(g, 180), 90)
	}
	return g
}

// rotate turns a picture clockwise by a small angle around its middle, in degrees; what comes in from outside is white.
func rotate(g *image.Gray, degrees float64) *image.Gray {
	w, h := g.Rect.Dx(), g.Rect.Dy()
	sin, cos := math.Sincos(degrees * math.Pi / 180)
	cx, cy := float64(w)/2, float64(h)/2
	return remap(g, w, h, func(y int) (x0, y0, dx, dy float64) {
		fy := float64(y) - cy
		return cx - cos*cx + sin*fy, cy + sin*cx + cos*fy, cos, -sin
	})
}

// remap draws a picture of w times h pixels whose rows are straight lines through g. Fixed point: this is the inner loop.
func remap(g *image.Gray, w, h int, line func(y int) (x0, y0, dx, dy float64)) *image.Gray {
	const one = 1 << 16
	out := blank(w, h)
	gw, gh := int64(g.Rect.Dx()-1), int64(g.Rect.Dy()-1)
	for y := range h {
		x0, y0, dx, dy := line(y)
		fx, fy, sx, sy := int64(x0*one), int64(y0*one), int64(dx*one), int64(dy*one)
		row := out.Pix[y*out.Stride:][:w]
		for x := range row {
			ix, iy := fx>>16, fy>>16
			if ix >= 0 && iy >= 0 && ix < gw && iy < gh {
				p := g.Pix[int(iy)*g.Stride+int(ix):]
				q := p[g.Stride:]
				rx, ry := (fx>>8)&255, (fy>>8)&255
				top := int64(p[0])*(256-rx) + int64(p[1])*rx
				low := int64(q[0])*(256-rx) + int64(q[1])*rx
				row[x] = uint8((top*(256-ry) + low*ry) >> 16)
			}
			fx += sx
			fy += sy
		}
	}
	return out
}

// scale draws a picture larger or smaller. Down-scaling averages, which removes noise; up-scaling interpolates.
func scale(g *image.Gray, w, h int) *image.Gray {
	gw, gh := g.Rect.Dx(), g.Rect.Dy()
	if w >= gw || h >= gh {
		kx, ky := float64(gw)/float64(w), float64(gh)/float64(h)
		return remap(g, w, h, func(y int) (x0, y0, dx, dy float64) { return 0, float64(y) * ky, kx, 0 })
	}
	out := image.NewGray(image.Rect(0, 0, w, h))
	for y := range h {
		y0, y1 := y*gh/h, max((y+1)*gh/h, y*gh/h+1)
		for x := range w {
			x0, x1 := x*gw/w, max((x+1)*gw/w, x*gw/w+1)
			sum := 0
			for yy := y0; yy < y1; yy++ {
				for _, v := range g.Pix[yy*g.Stride+x0 : yy*g.Stride+x1] {
					sum += int(v)
				}
			}
			out.Pix[y*out.Stride+x] = uint8(sum / ((y1 - y0) * (x1 - x0)))
		}
	}
	return out
}

// shrink halves a picture until its longer side is at most side pixels: cheap, for looking at the page as a whole.
func shrink(g *image.Gray, side int) *image.Gray {
	w, h := g.Rect.Dx(), g.Rect.Dy()
	k := (max(w, h) + side - 1) / side
	if k <= 1 {
		return g
	}
	return scale(g, max(w/k, 1), max(h/k, 1))
}

// threshold is Otsu's: the level that parts dark from light pixels best (N. Otsu, 1979).
func threshold(g *image.Gray) uint8 {
	var hist [256]int
	for _, v := range g.Pix {
		hist[v]++
	}
	total, sum := 0, 0
	for v, n := range hist {
		total += n
		sum += v * n
	}
	best, level, below, sumBelow := -1.0, 127, 0, 0
	for v, n := range hist {
		below += n
		sumBelow += v * n
		if below == 0 || below == total {
			continue
		}
		d := float64(sumBelow)/float64(below) - float64(sum-sumBelow)/float64(total-below)
		if between := float64(below) * float64(total-below) * d * d; between > best {
			best, level = between, v
		}
	}
	return uint8(level)
}

// Clone returns the brightness of a picture in memory of its own.
func Clone(img image.Image) *image.Gray {
	g := Gray(img)
	if src, ok := img.(*image.Gray); ok && len(src.Pix) > 0 && &g.Pix[0] == &src.Pix[0] {
		g = &image.Gray{Pix: append([]uint8(nil), src.Pix...), Stride: src.Stride, Rect: src.Rect}
	}
	return g
}
