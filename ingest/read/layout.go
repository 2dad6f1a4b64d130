package read

import (
	"cmp"
	"slices"
	"strings"

	"okienko/ingest"
	"okienko/ingest/read/ocr"
)

// layout is the text of a page of words, with the place of each word in it.
type layout struct {
	text  string
	words []ingest.Word
}

// lay writes the words of a page as lines. What stands on one height is one line, its cells parted by tabs, so that the words
// of a form stand beside the label that names them.
func lay(s Seen) layout {
	var l layout
	var b strings.Builder
	below := -1
	for _, row := range rows(s.Words) {
		height := row[0].Box.Dy()
		switch {
		case below >= 0 && row[0].Box.Min.Y-below > 2*height:
			b.WriteString("\n\n")
		case below >= 0:
			b.WriteString("\n")
		}
		for i, w := range row {
			if i > 0 {
				b.WriteString(gap(row[i-1], w, height))
			}
			start := b.Len()
			b.WriteString(w.Text)
			l.words = append(l.words, ingest.Word{Start: start, End: b.Len(), Box: boxOf(w, s), Confidence: w.Confidence})
			below = max(below, w.Box.Max.Y)
		}
	}
	l.text = b.String()
	return l
}

// gap parts two words of a line: by a tab where the space between is wider than any in a sentence.
func gap(a, b ocr.Word, height int) string {
	if b.Box.Min.X-a.Box.Max.X > 5*height/2 {
		return "\t"
	}
	return " "
}

// rows sorts words into lines from top to bottom, each from left to right.
func rows(words []ocr.Word) [][]ocr.Word {
	words = slices.DeleteFunc(slices.Clone(words), isRule)
	middle := func(w ocr.Word) int { return w.Box.Min.Y + w.Box.Max.Y }
	slices.SortStableFunc(words, func(a, b ocr.Word) int { return cmp.Compare(middle(a), middle(b)) })
	var all [][]ocr.Word
	for _, w := range words {
		if n := len(all); n > 0 && sameRow(all[n-1], w) {
			all[n-1] = append(all[n-1], w)
			continue
		}
		all = append(all, []ocr.Word{w})
	}
	for _, row := range all {
		slices.SortStableFunc(row, func(a, b ocr.Word) int { return cmp.Compare(a.Box.Min.X, b.Box.Min.X) })
	}
	return all
}

// sameRow reports whether the middle of a word lies as high as the words of a row, and none of them takes its place.
func sameRow(row []ocr.Word, w ocr.Word) bool {
	sum, heights := 0, 0
	for _, o := range row {
		sum += o.Box.Min.Y + o.Box.Max.Y
		heights += o.Box.Dy()
		if overlap := min(o.Box.Max.X, w.Box.Max.X) - max(o.Box.Min.X, w.Box.Min.X); 2*overlap > min(o.Box.Dx(), w.Box.Dx()) {
			return false
		}
	}
	off := (w.Box.Min.Y + w.Box.Max.Y) - sum/len(row) // twice the distance of the middles
	return max(off, -off) < max((heights/len(row)+w.Box.Dy())/2, 12)
}

// isRule recognises the lines of tables and specks, which OCR takes for signs.
func isRule(w ocr.Word) bool {
	return strings.Trim(w.Text, "|_[]{}¦=~—–-'`‘’\"„”.,:;<>\\/^*°!") == "" && (strings.ContainsAny(w.Text, "|_[]{}¦=~\\<>^°`‘") || w.Confidence < 0.6)
}

func boxOf(w ocr.Word, s Seen) ingest.Box {
	x := func(v int) int { return v * ingest.BoxScale / max(s.Size.X, 1) }
	y := func(v int) int { return v * ingest.BoxScale / max(s.Size.Y, 1) }
	return ingest.Box{Left: x(w.Box.Min.X), Top: y(w.Box.Min.Y), Right: x(w.Box.Max.X), Bottom: y(w.Box.Max.Y)}
}

// below puts a page's own text before the words that were read in its picture.
func (l layout) below(own string) layout {
	shifted := layout{text: own + "\n" + l.text}
	shifted.words = l.at(len(own) + 1)
	return shifted
}

// at returns the words as they stand in a text in which this page begins at base.
func (l layout) at(base int) []ingest.Word {
	words := slices.Clone(l.words)
	for i := range words {
		words[i].Start += base
		words[i].End += base
	}
	return words
}
