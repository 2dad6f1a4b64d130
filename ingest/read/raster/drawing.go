package raster

import (
	"image"
	"slices"
)

// How large a drawing is, against the page: more than a signature or a stamp of receipt.
const (
	drawingSide  = 800 // pixels of the longer side of the page, when it is looked at
	drawingWide  = 15  // hundredths of the width, at least
	drawingHigh  = 6   // hundredths of the height, at least
	drawingMost  = 92  // hundredths, at most: more is the edge of the paper
	drawingWords = 6   // as many printed words in it make it a table or a stamp
	drawingParts = 2   // pieces beside its outline, at least: an empty frame is no drawing
)

// Drawing finds something drawn between the words of a page: a sketch of a plot. The words are the boxes of what is surely
// printed. ok is false where there is none.
func Drawing(g *image.Gray, words []image.Rectangle) (at image.Rectangle, ok bool) {
	small := shrink(g, drawingSide)
	w, h := small.Rect.Dx(), small.Rect.Dy()
	kx, ky := float64(g.Rect.Dx())/float64(w), float64(g.Rect.Dy())/float64(h)
	up := func(r image.Rectangle) image.Rectangle {
		return image.Rect(int(float64(r.Min.X)*kx), int(float64(r.Min.Y)*ky), int(float64(r.Max.X)*kx), int(float64(r.Max.Y)*ky))
	}
	all := pieces(inkMask(small, small.Rect), w, h)
	for _, box := range all {
		if !drawn(box, w, h) || countIn(up(box), words) >= drawingWords {
			continue
		}
		parts := 0
		for _, p := range all {
			if p != box && p.In(box) && max(p.Dx(), p.Dy())*100 >= w && !slices.ContainsFunc(words, up(p).Overlaps) {
				parts++
			}
		}
		if parts >= drawingParts && box.Dx()*box.Dy() > at.Dx()*at.Dy() {
			at, ok = box, true
		}
	}
	return up(at), ok
}

// drawn reports whether a piece of ink has the size of a drawing.
func drawn(box image.Rectangle, w, h int) bool {
	return box.Dx()*100 >= drawingWide*w && box.Dy()*100 >= drawingHigh*h && box.Dx()*100 <= drawingMost*w && box.Dy()*100 <= drawingMost*h
}

func countIn(box image.Rectangle, words []image.Rectangle) int {
	n := 0
	for _, r := range words {
		if r.In(box) {
			n++
		}
	}
	return n
}
