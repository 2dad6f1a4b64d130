package read

import (
	"fmt"
	"image"
	"slices"
	"strings"
	"unicode"

	"okienko/ingest"
	"okienko/ingest/read/ocr"
	"okienko/ingest/read/raster"
)

// spot is a place of a page where a signature belongs.
type spot struct {
	words  string // that mark it
	area   image.Rectangle
	letter int // height of the words, pixels
}

// signedLine tells whether somebody wrote by hand where a page is to be signed; nil where it has no such place.
//
// What is written is told from print by three signs: it is no word that OCR is sure of in the size of the page's print, no
// ruled or dotted line, and no speck. Whose hand it is, no machine tells.
func signedLine(g *image.Gray, words []ocr.Word) *ingest.Signed {
	spots := signingSpots(words, g.Rect)
	if len(spots) == 0 {
		return nil
	}
	printed := print(words)
	best := &ingest.Signed{}
	for _, s := range spots {
		hand, what := judge(raster.StrokesIn(g, s.area, printed, s.letter), s.letter)
		if best.Hand == "" || rank(hand) > rank(best.Hand) {
			*best = ingest.Signed{Hand: hand, Box: pageBox(s.area, g.Rect), Because: fmt.Sprintf("„%s”: %s", s.words, what)}
		}
	}
	return best
}

func rank(h ingest.Hand) int {
	return slices.Index([]ingest.Hand{ingest.HandNo, ingest.HandUnsure, ingest.HandYes}, h)
}

// judge says what strokes are: a signature is wider than two letters and taller than one.
func judge(s raster.Strokes, letter int) (ingest.Hand, string) {
	switch {
	case s.Width >= 3*letter && s.Height >= letter:
		return ingest.HandYes, "jest pismo odręczne"
	case s.Width < 3*letter/2 || s.Height < letter/2:
		return ingest.HandNo, "puste miejsce"
	}
	return ingest.HandUnsure, "jest coś, ale nie wiadomo, czy to podpis"
}

// print returns the boxes of the words that are surely printed.
func print(words []ocr.Word) []image.Rectangle {
	usual := usualHeight(words)
	var boxes []image.Rectangle
	for _, w := range words {
		if h := w.Box.Dy(); w.Confidence >= 0.8 && h*10 >= usual*6 && h*10 <= usual*14 {
			boxes = append(boxes, w.Box)
		}
	}
	return boxes
}

// usualHeight is the median height of the words that OCR is sure of.
func usualHeight(words []ocr.Word) int {
	var heights []int
	for _, w := range words {
		if w.Confidence >= 0.8 && len(w.Text) > 2 {
			heights = append(heights, w.Box.Dy())
		}
	}
	if len(heights) == 0 {
		return 30
	}
	slices.Sort(heights)
	return heights[len(heights)/2]
}

// How far from the words that mark it a signature may stand, in heights of the print.
const (
	above  = 6
	below  = 6
	beside = 4
	widely = 9 // nothing else stands beside the name under a letter, and few sign within its width
)

// isFlourish: a stroke of a hand that OCR takes for a letter or two, much taller than the print.
func isFlourish(w ocr.Word, usual int) bool { return len(w.Text) <= 2 && w.Box.Dy() > 2*usual }

// signingSpots finds the words that mark a place to sign: "podpis" under it, how letters close above it, a name by itself at
// the end of a letter below or above it.
func signingSpots(words []ocr.Word, page image.Rectangle) []spot {
	usual := usualHeight(words)
	sure := slices.DeleteFunc(slices.Clone(words), func(w ocr.Word) bool { return w.Confidence < 0.5 || isFlourish(w, usual) })
	lines := cells(rows(sure), usual)
	var spots []spot
	add := func(c cell, beside, up, down int) {
		area := c.box.Inset(-beside * usual)
		area.Min.Y, area.Max.Y = c.box.Min.Y-up*usual, c.box.Min.Y-usual/6
		if down > 0 {
			area.Min.Y, area.Max.Y = c.box.Max.Y+usual/6, c.box.Max.Y+down*usual
		}
		spots = append(spots, spot{words: c.text, area: area.Intersect(page), letter: usual})
	}
	for i, c := range lines {
		switch {
		case isCaption(c) && !stamped(lines, c, usual):
			add(c, beside, above, 0)
		case isClosing(c):
			add(c, beside, 0, below+2)
		case i == len(lines)-1 && isNameLine(c) && roomAbove(lines[:i], c) > 5*usual/2:
			add(c, widely, above, 0)
			add(c, widely, 0, below)
		}
	}
	return spots
}

// cell is a run of words that stand close to each other on one line.
type cell struct {
	text string
	box  image.Rectangle
	n    int // words
}

func cells(rows [][]ocr.Word, usual int) []cell {
	var all []cell
	for _, row := range rows {
		c := cell{}
		for i, w := range row {
			if i > 0 && w.Box.Min.X-row[i-1].Box.Max.X > 5*usual/2 {
				all = append(all, c)
				c = cell{}
			}
			c.text = strings.TrimSpace(c.text + " " + w.Text)
			c.box = c.box.Union(w.Box)
			c.n++
		}
		all = append(all, c)
	}
	return all
}

// isCaption: "podpis", "(czytelny podpis wnioskodawcy)", "data i podpis", "signature"; a sentence about signatures is longer.
func isCaption(c cell) bool {
	if c.n > 6 {
		return false
	}
	for w := range strings.FieldsSeq(strings.ToLower(c.text)) {
		w = strings.Trim(w, "().,:/_-…")
		if w == "podpis" || w == "podpisy" || w == "podp" || w == "signature" || w == "підпис" {
			return true
		}
	}
	return false
}

// stamped reports whether a caption belongs to the stamp of the office that received the letter: the clerk signs there.
func stamped(lines []cell, c cell, usual int) bool {
	near := c.box.Inset(-3 * usual)
	near.Min.Y = c.box.Min.Y - 8*usual
	for _, l := range lines {
		t := strings.ToLower(l.text)
		if l.box.Overlaps(near) && (strings.Contains(t, "wpłyn") || strings.Contains(t, "wplyn") || strings.Contains(t, "rpw") || strings.HasPrefix(t, "zał")) {
			return true
		}
	}
	return false
}

func isClosing(c cell) bool {
	t := strings.ToLower(c.text)
	return c.n <= 4 && (strings.Contains(t, "poważaniem") || strings.Contains(t, "powazaniem") || strings.Contains(t, "szacunk") || strings.HasPrefix(t, "pozdrawiam") ||
		strings.Contains(t, "sincerely") || strings.Contains(t, "regards") || strings.Contains(t, "повагою"))
}

// isNameLine: nothing but two to four capitalised words, perhaps for somebody ("z up.").
func isNameLine(c cell) bool {
	t := strings.TrimPrefix(strings.TrimPrefix(c.text, "z up. "), "z upoważnienia ")
	words := strings.Fields(strings.ReplaceAll(t, "-", " "))
	if len(words) < 2 || len(words) > 4 {
		return false
	}
	for _, w := range words {
		if r := []rune(w); !unicode.IsUpper(r[0]) || strings.ContainsAny(w, "0123456789") {
			return false
		}
	}
	return true
}

// roomAbove is how far a line stands below the one before it.
func roomAbove(before []cell, c cell) int {
	low := 0
	for _, b := range before {
		low = max(low, b.box.Max.Y)
	}
	return c.box.Min.Y - low
}

func pageBox(r, page image.Rectangle) ingest.Box {
	return boxOf(ocr.Word{Box: r}, Seen{Size: page.Size()})
}
