package raster

import (
	"image"
	"math"
)

// quad holds the corners of a sheet: top left, top right, bottom right, bottom left.
type quad [4][2]float64

// flatten finds the sheet of paper in a photograph and draws it as if seen from above. Where no sheet is seen for sure (a
// scan, a picture of paper only) the picture is returned as it is.
func flatten(g *image.Gray) *image.Gray {
	small := shrink(g, 400)
	q, ok := sheet(small)
	if !ok {
		return g
	}
	k := float64(g.Rect.Dx()) / float64(small.Rect.Dx())
	for i := range q {
		q[i][0], q[i][1] = (q[i][0]+0.5)*k, (q[i][1]+0.5)*k
	}
	w := int(max(dist(q[0], q[1]), dist(q[3], q[2])))
	h := int(max(dist(q[0], q[3]), dist(q[1], q[2])))
	if w < 100 || h < 100 {
		return g
	}
	return warp(g, q, w, h)
}

func dist(a, b [2]float64) float64 { return math.Hypot(a[0]-b[0], a[1]-b[1]) }

// sheet finds the largest bright patch and its corners. It counts as a sheet of paper when it fills the four-sided figure
// between them, is neither a detail nor nearly everything, and is much brighter than what is around it.
func sheet(g *image.Gray) (q quad, ok bool) {
	patch := largestBright(g, threshold(g))
	if len(patch) == 0 {
		return q, false
	}
	w := g.Rect.Dx()
	lo, hi := [2]float64{math.Inf(1), math.Inf(1)}, [2]float64{math.Inf(-1), math.Inf(-1)}
	inside := 0
	for _, i := range patch {
		p := [2]float64{float64(i % w), float64(i / w)}
		inside += int(g.Pix[i/w*g.Stride+i%w])
		sum, diff := p[0]+p[1], p[0]-p[1]
		if sum < lo[0] {
			lo[0], q[0] = sum, p
		}
		if sum > hi[0] {
			hi[0], q[2] = sum, p
		}
		if diff > hi[1] {
			hi[1], q[1] = diff, p
		}
		if diff < lo[1] {
			lo[1], q[3] = diff, p
		}
	}
	total := 0
	for _, v := range g.Pix {
		total += int(v)
	}
	n, all := len(patch), len(g.Pix)
	area := q.area()
	share := area / float64(all)
	filled := float64(n) / max(area, 1)
	contrast := float64(inside)/float64(n) - float64(total-inside)/float64(max(all-n, 1))
	return q, share > 0.12 && share < 0.93 && filled > 0.8 && filled < 1.1 && contrast > 50
}

func (q quad) area() float64 {
	a := 0.0
	for i := range q {
		j := (i + 1) % 4
		a += q[i][0]*q[j][1] - q[j][0]*q[i][1]
	}
	return math.Abs(a) / 2
}

// largestBright returns the indices of the largest connected patch of pixels above a level.
func largestBright(g *image.Gray, level uint8) []int {
	w, h := g.Rect.Dx(), g.Rect.Dy()
	seen := make([]bool, w*h)
	var best, stack []int
	for start := range seen {
		if seen[start] || g.Pix[start/w*g.Stride+start%w] <= level {
			continue
		}
		var patch []int
		seen[start], stack = true, append(stack[:0], start)
		for len(stack) > 0 {
			i := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			patch = append(patch, i)
			x, y := i%w, i/w
			for _, n := range [4][2]int{{x - 1, y}, {x + 1, y}, {x, y - 1}, {x, y + 1}} {
				if n[0] < 0 || n[1] < 0 || n[0] >= w || n[1] >= h {
					continue
				}
				if j := n[1]*w + n[0]; !seen[j] && g.Pix[n[1]*g.Stride+n[0]] > level {
					seen[j] = true
					stack = append(stack, j)
				}
			}
		}
		if len(patch) > len(best) {
			best = patch
		}
	}
	return best
}

// warp draws the four-sided figure q of g as a rectangle: a projective map from the unit square (P. Heckbert, 1989).
func warp(g *image.Gray, q quad, w, h int) *image.Gray {
	x0, y0, x1, y1, x2, y2, x3, y3 := q[0][0], q[0][1], q[1][0], q[1][1], q[2][0], q[2][1], q[3][0], q[3][1]
	dx1, dx2, sx := x1-x2, x3-x2, x0-x1+x2-x3
	dy1, dy2, sy := y1-y2, y3-y2, y0-y1+y2-y3
	det := dx1*dy2 - dx2*dy1
	gg, hh := (sx*dy2-dx2*sy)/det, (dx1*sy-sx*dy1)/det
	a, b := x1-x0+gg*x1, x3-x0+hh*x3
	d, e := y1-y0+gg*y1, y3-y0+hh*y3
	out := blank(w, h)
	gw, gh := g.Rect.Dx()-1, g.Rect.Dy()-1
	for y := range h {
		v := (float64(y) + 0.5) / float64(h)
		row := out.Pix[y*out.Stride:][:w]
		for x := range row {
			u := (float64(x) + 0.5) / float64(w)
			z := 1 / (gg*u + hh*v + 1)
			fx, fy := (a*u+b*v+x0)*z, (d*u+e*v+y0)*z
			ix, iy := int(fx), int(fy)
			if ix < 0 || iy < 0 || ix >= gw || iy >= gh {
				continue
			}
			rx, ry := fx-float64(ix), fy-float64(iy)
			p := g.Pix[iy*g.Stride+ix:]
			r := p[g.Stride:]
			row[x] = uint8((float64(p[0])*(1-rx)+float64(p[1])*rx)*(1-ry) + (float64(r[0])*(1-rx)+float64(r[1])*rx)*ry + 0.5)
		}
	}
	return out
}
