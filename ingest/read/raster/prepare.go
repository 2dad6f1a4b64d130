package raster

import (
	"image"
	"math"
)

// Find is a turn for Prepare: the page is turned by what it shows.
const Find = -1

// Prepared is a page ready to be read and to be shown.
type Prepared struct {
	Page
	Turned    int     // degrees clockwise: 0, 90, 180, 270
	Certain   bool    // lines of text lie level for sure; whether they stand on their head no picture of bars tells
	Blank     bool    // no ink
	Sharpness float64 // of edges, 0 to 1: below Blurry nothing small can be read
}

// Blurry is the sharpness below which a page whose words make no sense counts as blurred.
const Blurry = 0.25

// The sizes a page is brought to: letters of ten points must have about 30 pixels, and more than that only costs time.
const (
	longest  = 3600 // pixels of the longer side: A4 at 300 dots an inch
	shortest = 1700 // a longer side below is doubled: small pictures of telephones
)

// Prepare brings a page into the form in which it is read: a photograph is cut to its sheet of paper, grain and shadows
// are taken off, the page turned upright (turn is Find, or the degrees known by now) and laid straight.
func Prepare(p Page, turn int) Prepared {
	g, dpi := p.Gray, p.DPI
	g = flatten(g)
	g, dpi = fit(g, dpi)
	g, dpi = calm(g, dpi)
	g = even(g)
	out := Prepared{Blank: isBlank(g), Sharpness: sharpness(g)}
	if out.Blank {
		out.Page, out.Turned = Page{g, dpi}, max(turn, 0)
		return out
	}
	level, upright := skewOf(inkOf(g, false)), skewOf(inkOf(g, true))
	out.Certain = max(level.score, upright.score) > surely*min(level.score, upright.score)
	sideways := upright.score > surely*level.score
	if turn == Find {
		turn = 0
		if sideways {
			turn, level.degrees = 90, -upright.degrees
		}
	} else if turn%180 != 0 {
		level.degrees = -upright.degrees
	}
	g = Turn(g, turn)
	if math.Abs(level.degrees) >= straight {
		g = rotate(g, -level.degrees)
	}
	out.Page, out.Turned = Page{g, dpi}, turn
	return out
}

const (
	surely   = 1.3  // so much clearer must lines be in one direction than in the other
	straight = 0.35 // degrees that OCR does not mind
)

// fit brings a page to a size in which letters can be read.
func fit(g *image.Gray, dpi int) (*image.Gray, int) {
	w, h := g.Rect.Dx(), g.Rect.Dy()
	var k float64
	switch side := max(w, h); {
	case side > longest:
		k = float64(longest) / float64(side)
	case side < shortest:
		k = 2
	default:
		return g, dpi
	}
	return scale(g, max(int(float64(w)*k), 1), max(int(float64(h)*k), 1)), int(float64(dpi) * k)
}

// point is a dark place of a shrunk page.
type point struct{ x, y int32 }

// inkOf returns the dark places of a page, of the page turned on its side if sideways. The edge is left out: scanners put
// shadows there.
func inkOf(g *image.Gray, sideways bool) []point {
	s := shrink(g, 900)
	level := min(int(threshold(s)), 200)
	w, h := s.Rect.Dx(), s.Rect.Dy()
	ink := make([]point, 0, w*h/16)
	for y := h / 25; y < h-h/25; y++ {
		for x := w / 25; x < w-w/25; x++ {
			if int(s.Pix[y*s.Stride+x]) <= level {
				p := point{int32(x), int32(y)}
				if sideways {
					p = point{p.y, p.x}
				}
				ink = append(ink, p)
			}
		}
	}
	return ink
}

// skew is the slope of lines, and how clear it is.
type skew struct {
	degrees float64 // falling to the right is positive
	score   float64
}

// maxSkew is how far a page may lie askew.
const maxSkew = 10

// skewOf finds the angle under which the dark places fall into rows best: the sum of squared differences between neighbouring
// rows is largest where lines of text and gaps between them alternate (W. Postl, 1986).
func skewOf(ink []point) skew {
	best := skew{}
	look := func(from, to, step float64) {
		for a := from; a <= to+1e-9; a += step {
			if s := rowContrast(ink, a); s > best.score {
				best = skew{a, s}
			}
		}
	}
	look(-maxSkew, maxSkew, 1)
	look(best.degrees-0.75, best.degrees+0.75, 0.25)
	look(best.degrees-0.125, best.degrees+0.125, 0.0625)
	return best
}

// rowContrast is the sum of squared differences of the number of dark places in neighbouring rows, under an angle.
func rowContrast(ink []point, degrees float64) float64 {
	var rows [4096]int32
	slope := int64(math.Tan(degrees*math.Pi/180) * 65536)
	for _, p := range ink {
		row := int64(p.y) - (int64(p.x)*slope)>>16 + 512
		if row >= 0 && row < int64(len(rows)) {
			rows[row]++
		}
	}
	sum := 0.0
	for i := 1; i < len(rows); i++ {
		d := float64(rows[i] - rows[i-1])
		sum += d * d
	}
	return sum
}

// isBlank reports whether nothing is written on a page: the specks of a scanner are, and its edges do not count.
func isBlank(g *image.Gray) bool {
	s := shrink(g, 1800)
	w, h := s.Rect.Dx(), s.Rect.Dy()
	paper, dark := median(s), 0
	for y := h / 20; y < h-h/20; y++ {
		for _, v := range s.Pix[y*s.Stride+w/20 : y*s.Stride+w-w/20] {
			if int(v) < int(paper)-45 {
				dark++
			}
		}
	}
	return dark < w*h/4000
}

func median(g *image.Gray) uint8 {
	var hist [256]int
	for _, v := range g.Pix {
		hist[v]++
	}
	n := 0
	for v, c := range hist {
		if n += c; n*2 >= len(g.Pix) {
			return uint8(v)
		}
	}
	return 255
}

// sharpness is how steep the steepest edges are, against the contrast of the page: 1 for print, a tenth where a hand shook.
func sharpness(g *image.Gray) float64 {
	w, h := g.Rect.Dx(), g.Rect.Dy()
	var steps, levels [256]int
	n := 0
	for y := h / 20; y < h-h/20; y += 3 {
		row := g.Pix[y*g.Stride+w/20 : y*g.Stride+w-w/20]
		for x := 1; x < len(row); x++ {
			d := int(row[x]) - int(row[x-1])
			steps[max(d, -d)]++
			levels[row[x]]++
			n++
		}
	}
	contrast := float64(percentile(levels[:], n, 0.95) - percentile(levels[:], n, 0.002))
	if contrast < 20 {
		return 0
	}
	return min(float64(percentile(steps[:], n, 0.998))/contrast, 1)
}

func percentile(hist []int, n int, share float64) int {
	limit, sum := int(float64(n)*share), 0
	for v, c := range hist {
		if sum += c; sum > limit {
			return v
		}
	}
	return len(hist) - 1
}
