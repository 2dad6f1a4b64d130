package read

import (
	"image"
	"strings"

	"okienko/ingest"
	"okienko/ingest/read/ocr"
	"okienko/ingest/read/raster"
)

// announced begin the words with which a letter announces a drawing in it. Only then it is worth looking for one.
var announced = []string{"rysun", "szkic", "mapk", "sketch", "drawing", "малюн", "схем"}

// announcesDrawing reports whether the words of a page speak of a drawing.
func announcesDrawing(words []ocr.Word) bool {
	for _, w := range words {
		t := strings.ToLower(strings.TrimLeft(w.Text, "(„\""))
		for _, a := range announced {
			if strings.HasPrefix(t, a) {
				return true
			}
		}
	}
	return false
}

// drawingOn returns where something is drawn on a page; nil: nowhere.
func drawingOn(g *image.Gray, words []ocr.Word) *ingest.Box {
	at, ok := raster.Drawing(g, print(words))
	if !ok {
		return nil
	}
	b := pageBox(at, g.Rect)
	return &b
}
