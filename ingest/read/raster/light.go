package raster

import "image"

// cell is the side, in pixels, of the squares in which the brightness of the paper is estimated: larger than a letter.
const cell = 32

// even takes shadows off a page: every pixel is held against the brightness of the paper around it. An evenly lit page is
// returned as it is.
func even(g *image.Gray) *image.Gray {
	paper := smooth(paperOf(g))
	if evenly(paper) {
		return g
	}
	w, h := g.Rect.Dx(), g.Rect.Dy()
	out := image.NewGray(image.Rect(0, 0, w, h))
	pw, ph := paper.Rect.Dx(), paper.Rect.Dy()
	for y := range h {
		py, ry := (2*y-cell)/2/cell, (y+cell/2)%cell
		if 2*y < cell {
			py, ry = 0, 0
		}
		a := paper.Pix[min(py, ph-1)*paper.Stride:][:pw]
		b := paper.Pix[min(py+1, ph-1)*paper.Stride:][:pw]
		from, to := g.Pix[y*g.Stride:][:w], out.Pix[y*out.Stride:][:w]
		for x, v := range from {
			px, rx := (2*x-cell)/2/cell, (x+cell/2)%cell
			if 2*x < cell {
				px, rx = 0, 0
			}
			l, r := min(px, pw-1), min(px+1, pw-1)
			bg := ((int(a[l])*(cell-rx)+int(a[r])*rx)*(cell-ry) + (int(b[l])*(cell-rx)+int(b[r])*rx)*ry) / (cell * cell)
			to[x] = uint8(min(255, int(v)*245/max(bg, 40)))
		}
	}
	return out
}

// paperOf returns the brightness of the paper square by square: the level that nine tenths of the pixels are darker than.
func paperOf(g *image.Gray) *image.Gray {
	w, h := g.Rect.Dx(), g.Rect.Dy()
	out := image.NewGray(image.Rect(0, 0, max((w+cell-1)/cell, 1), max((h+cell-1)/cell, 1)))
	for y := 0; y < h; y += cell {
		for x := 0; x < w; x += cell {
			var hist [256]int
			n := 0
			for yy := y; yy < min(y+cell, h); yy += 2 {
				for _, v := range g.Pix[yy*g.Stride+x : yy*g.Stride+min(x+cell, w)] {
					hist[v]++
					n++
				}
			}
			out.Pix[y/cell*out.Stride+x/cell] = uint8(percentile(hist[:], n, 0.9))
		}
	}
	return out
}

// smooth takes the brightest of the neighbours, so that a square of nothing but ink has paper around it, then their mean.
func smooth(p *image.Gray) *image.Gray {
	return neighbours(neighbours(p, func(v []int) int {
		m := 0
		for _, x := range v {
			m = max(m, x)
		}
		return m
	}), func(v []int) int {
		sum := 0
		for _, x := range v {
			sum += x
		}
		return sum / len(v)
	})
}

func neighbours(p *image.Gray, of func([]int) int) *image.Gray {
	w, h := p.Rect.Dx(), p.Rect.Dy()
	out := image.NewGray(p.Rect)
	var near [9]int
	for y := range h {
		for x := range w {
			n := near[:0]
			for yy := max(y-1, 0); yy <= min(y+1, h-1); yy++ {
				for xx := max(x-1, 0); xx <= min(x+1, w-1); xx++ {
					n = append(n, int(p.Pix[yy*p.Stride+xx]))
				}
			}
			out.Pix[y*out.Stride+x] = uint8(of(n))
		}
	}
	return out
}

// evenly reports whether paper is lit evenly enough for OCR, which parts light from dark by itself.
func evenly(paper *image.Gray) bool {
	var hist [256]int
	for _, v := range paper.Pix {
		hist[v]++
	}
	n := len(paper.Pix)
	dark, light := percentile(hist[:], n, 0.03), percentile(hist[:], n, 0.97)
	return dark*100 >= light*85
}
