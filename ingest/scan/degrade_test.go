package scan

import (
	"image"
	"math"
	"math/rand/v2"
)

// damage is what a bad scanner does to a page. The level is 1 to 3; 3 is worse than an office would put up with.
type damage struct {
	noise   float64 // standard deviation of each dot, of 255
	specks  float64 // share of dots that are black or white
	skew    float64 // degrees, either way at most
	blur    int     // half the side of the square each dot is the mean of
	lightup float64 // how much of the contrast is lost
}

var damages = map[int]damage{
	1: {noise: 12, skew: 1.5, blur: 1},
	2: {noise: 35, specks: 0.002, skew: 4, blur: 2, lightup: 0.2},
	3: {noise: 70, specks: 0.01, skew: 8, blur: 5, lightup: 0.5},
}

// degrade turns a page by a multiple of 90 degrees and does the damage.
func degrade(page *image.Gray, d damage, r *rand.Rand) *image.Gray {
	page = skewed(quarterTurns(page, r.IntN(4)), (2*r.Float64()-1)*d.skew)
	page = blurred(page, d.blur)
	for i, v := range page.Pix {
		dot := float64(v)*(1-d.lightup) + 255*d.lightup*0.6 + d.noise*r.NormFloat64()
		if r.Float64() < d.specks {
			dot = float64(255 * r.IntN(2))
		}
		page.Pix[i] = byte(max(0, min(255, dot)))
	}
	return page
}

func quarterTurns(g *image.Gray, n int) *image.Gray {
	for range n {
		w, h := g.Rect.Dx(), g.Rect.Dy()
		out := image.NewGray(image.Rect(0, 0, h, w))
		for y := range h {
			for x := range w {
				out.Pix[x*out.Stride+h-1-y] = g.Pix[y*g.Stride+x]
			}
		}
		g = out
	}
	return g
}

// skewed turns a page by some degrees about its middle; what comes in from outside is white.
func skewed(g *image.Gray, degrees float64) *image.Gray {
	sin, cos := math.Sincos(degrees * math.Pi / 180)
	w, h := g.Rect.Dx(), g.Rect.Dy()
	out := image.NewGray(g.Rect)
	for y := range h {
		for x := range w {
			dx, dy := float64(x-w/2), float64(y-h/2)
			from := image.Pt(w/2+int(cos*dx+sin*dy), h/2+int(cos*dy-sin*dx))
			out.Pix[y*out.Stride+x] = 255
			if from.In(g.Rect) {
				out.Pix[y*out.Stride+x] = g.Pix[from.Y*g.Stride+from.X]
			}
		}
	}
	return out
}

// blurred has each dot be the mean of a square around it.
func blurred(g *image.Gray, radius int) *image.Gray {
	along := func(n, lines, step, line int) {
		sums := make([]int, n+1)
		for l := range lines {
			at := l * line
			for i := range n {
				sums[i+1] = sums[i] + int(g.Pix[at+i*step])
			}
			for i := range n {
				from, to := max(0, i-radius), min(n, i+radius+1)
				g.Pix[at+i*step] = byte((sums[to] - sums[from]) / (to - from))
			}
		}
	}
	along(g.Rect.Dx(), g.Rect.Dy(), 1, g.Stride)
	along(g.Rect.Dy(), g.Rect.Dx(), g.Stride, 1)
	return g
}
