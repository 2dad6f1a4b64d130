package ocr

import (
	"image"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"
)

// readTSV fills in the words of pages from tesseract's table: level, page, block, paragraph, line, word, left, top, width,
// height, confidence, text. Rows of level 5 are words. The table comes from a program that saw outside bytes: rows that make
// no sense are left out.
func readTSV(table []byte, pages []Page) {
	for line := range strings.Lines(string(table)) {
		c := strings.SplitN(strings.TrimRight(line, "\r\n"), "\t", 12)
		if len(c) < 12 || c[0] != "5" {
			continue
		}
		var n [4]int
		ok := true
		for i := range n {
			v, err := strconv.Atoi(c[6+i])
			n[i], ok = v, ok && err == nil
		}
		page, err := strconv.Atoi(c[1])
		confidence, err2 := strconv.ParseFloat(c[10], 64)
		text := strings.TrimSpace(c[11])
		if !ok || err != nil || err2 != nil || math.IsNaN(confidence) || page < 1 || page > len(pages) || text == "" || !utf8.ValidString(text) {
			continue
		}
		box := image.Rect(n[0], n[1], n[0]+n[2], n[1]+n[3]).Intersect(image.Rectangle{Max: pages[page-1].Size})
		if box.Empty() {
			continue
		}
		pages[page-1].Words = append(pages[page-1].Words, Word{Text: text, Box: box, Confidence: min(max(confidence/100, 0), 1)})
	}
}
