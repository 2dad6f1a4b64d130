package raster

import (
	"image"
	"image/color"
	"testing"
)

// frameOf draws the outline of a rectangle, as a pen does.
func frameOf(g *image.Gray, r image.Rectangle) {
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			if x < r.Min.X+6 || x >= r.Max.X-6 || y < r.Min.Y+6 || y >= r.Max.Y-6 {
				g.SetGray(x, y, color.Gray{Y: 30})
			}
		}
	}
}

func TestADrawingIsToldFromFramesAndTables(t *testing.T) {
	t.Parallel()
	plot := image.Rect(300, 1000, 1200, 1600)
	house, tree := image.Rect(400, 1100, 700, 1400), image.Rect(900, 1200, 960, 1260)
	for _, tt := range []struct {
		name   string
		frames []image.Rectangle
		words  int // printed in the largest frame
		want   bool
	}{
		{"a plot with a house and a tree", []image.Rectangle{plot, house, tree}, 0, true},
		{"with their names in print", []image.Rectangle{plot, house, tree}, 3, true},
		{"a table", []image.Rectangle{plot, house, tree}, 20, false},
		{"an empty frame", []image.Rectangle{plot}, 0, false},
		{"the edge of the paper", []image.Rectangle{image.Rect(10, 10, 1640, 2300), house, tree}, 0, false},
		{"a signature", []image.Rectangle{image.Rect(900, 2000, 1200, 2080), image.Rect(1000, 2020, 1020, 2040), image.Rect(1050, 2020, 1070, 2040)}, 0, false},
		{"nothing", nil, 0, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			g := blank(1654, 2339)
			var words []image.Rectangle
			for _, f := range tt.frames {
				frameOf(g, f)
			}
			for i := range tt.words {
				words = append(words, image.Rect(320+100*(i%8), 1450+40*(i/8), 400+100*(i%8), 1475+40*(i/8)))
			}
			at, ok := Drawing(g, words)
			if ok != tt.want || ok && (at.Intersect(plot).Dx() < 850 || at.Dx() > 950) {
				t.Errorf("got %v at %v, want %v", ok, at, tt.want)
			}
		})
	}
}
