package raster

import "image"

// noisy is the grain, in levels of grey between neighbours, from which OCR finds specks instead of letters.
const noisy = 7

// calm takes the grain of a bad scanner or a dark photograph off a page, once for a little and twice for much; a clean page is
// returned as it is. Small pages are doubled first, so that letters keep their form.
func calm(g *image.Gray, dpi int) (*image.Gray, int) {
	n := grain(g)
	if n < noisy {
		return g, dpi
	}
	if w, h := g.Rect.Dx(), g.Rect.Dy(); max(w, h) <= longest/2 {
		g, dpi = scale(g, 2*w, 2*h), 2*dpi
	}
	g = soften(g)
	if n >= 2*noisy {
		g = soften(g)
	}
	stretch(g)
	return g, dpi
}

// stretch makes the paper white and the ink black: what is left of the grain on the paper is gone then.
func stretch(g *image.Gray) {
	var hist [256]int
	for _, v := range g.Pix {
		hist[v]++
	}
	// Letters cover less than a sixth of a page; the darkest 3 in 1,000 pixels are the middles of strokes.
	black, white := percentile(hist[:], len(g.Pix), 0.003), percentile(hist[:], len(g.Pix), 0.16)
	if white <= black {
		return
	}
	for i, v := range g.Pix {
		g.Pix[i] = uint8(min(max((int(v)-black)*255/(white-black), 0), 255))
	}
}

// grain is the median difference between pixels beside each other: on a page mostly paper, that of the paper.
func grain(g *image.Gray) int {
	var steps [256]int
	n := 0
	w := g.Rect.Dx()
	for y := 0; y < g.Rect.Dy(); y += 4 {
		row := g.Pix[y*g.Stride:][:w]
		for x := 1; x < w; x += 2 {
			d := int(row[x]) - int(row[x-1])
			steps[max(d, -d)]++
			n++
		}
	}
	return percentile(steps[:], n, 0.5)
}

// soften weighs every pixel with its neighbours, 1 2 1 in both directions.
func soften(g *image.Gray) *image.Gray {
	w, h := g.Rect.Dx(), g.Rect.Dy()
	out := image.NewGray(image.Rect(0, 0, w, h))
	sums := make([]int, w)
	for y := range h {
		a, b, c := g.Pix[max(y-1, 0)*g.Stride:][:w], g.Pix[y*g.Stride:][:w], g.Pix[min(y+1, h-1)*g.Stride:][:w]
		for x := range sums {
			sums[x] = int(a[x]) + 2*int(b[x]) + int(c[x])
		}
		to := out.Pix[y*out.Stride:][:w]
		for x := range to {
			to[x] = uint8((sums[max(x-1, 0)] + 2*sums[x] + sums[min(x+1, w-1)] + 8) / 16)
		}
	}
	return out
}
