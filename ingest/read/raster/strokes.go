package raster

import "image"

// Strokes is the ink in a part of a page that is neither a ruled line nor a speck.
type Strokes struct {
	Width  int // of all pieces together, pixels
	Height int // of the tallest piece
	Pieces int
}

// StrokesIn looks at the part of a page in area. The ink in the boxes of printed is left out; letter is the height of a line of
// print, which tells what is a speck.
func StrokesIn(g *image.Gray, area image.Rectangle, printed []image.Rectangle, letter int) Strokes {
	area = area.Intersect(g.Rect)
	if area.Empty() || letter < 2 {
		return Strokes{}
	}
	ink := inkMask(g, area)
	w, h := area.Dx(), area.Dy()
	for _, p := range printed {
		p = p.Inset(-letter / 4).Intersect(area).Sub(area.Min)
		for y := p.Min.Y; y < p.Max.Y; y++ {
			clear(ink[y*w+p.Min.X : y*w+p.Max.X])
		}
	}
	dropRules(ink, w, h, 4*letter)
	var s Strokes
	for _, box := range pieces(ink, w, h) {
		if max(box.Dx(), box.Dy()) < letter/2 {
			continue
		}
		s.Width += box.Dx()
		s.Height = max(s.Height, box.Dy())
		s.Pieces++
	}
	return s
}

// inkMask tells which pixels of an area are dark against the paper of the page.
func inkMask(g *image.Gray, area image.Rectangle) []bool {
	paper := int(median(g))
	w := area.Dx()
	ink := make([]bool, w*area.Dy())
	for y := range area.Dy() {
		for x, v := range g.Pix[(area.Min.Y+y)*g.Stride+area.Min.X:][:w] {
			ink[y*w+x] = int(v) < paper-60
		}
	}
	return ink
}

// dropRules takes level lines of at least length pixels out: lines to sign on and borders of tables. One that leans by a
// pixel is caught in pieces; a stroke that crosses it keeps what is above and below.
func dropRules(ink []bool, w, h, length int) {
	for y := range h {
		row := ink[y*w:][:w]
		for x := 0; x < w; {
			if !row[x] {
				x++
				continue
			}
			end := x
			for end < w && row[end] {
				end++
			}
			if end-x >= length {
				clear(row[x:end])
			}
			x = end
		}
	}
}

// pieces returns the boxes around connected ink, corners included.
func pieces(ink []bool, w, h int) []image.Rectangle {
	seen := make([]bool, len(ink))
	var all []image.Rectangle
	var stack []int
	for start, dark := range ink {
		if !dark || seen[start] {
			continue
		}
		box := image.Rectangle{}
		seen[start], stack = true, append(stack[:0], start)
		for len(stack) > 0 {
			i := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			x, y := i%w, i/w
			box = box.Union(image.Rect(x, y, x+1, y+1))
			for yy := max(y-1, 0); yy <= min(y+1, h-1); yy++ {
				for xx := max(x-1, 0); xx <= min(x+1, w-1); xx++ {
					if j := yy*w + xx; ink[j] && !seen[j] {
						seen[j] = true
						stack = append(stack, j)
					}
				}
			}
		}
		all = append(all, box)
	}
	return all
}
