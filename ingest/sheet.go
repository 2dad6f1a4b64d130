package ingest

import (
	"encoding/json"
	"fmt"
	"math"
)

// Sheet is a page that is a picture, as OCR saw it: turned upright and laid straight. Boxes refer to that picture.
type Sheet struct {
	Page   int     `json:"page"`             // from 1
	Turned int     `json:"turned,omitempty"` // degrees clockwise the page had to be turned to stand upright: 0, 90, 180, 270
	Read   bool    `json:"read"`             // false: nobody looked for text, because no OCR is installed or it failed on this page
	Blank  bool    `json:"blank,omitempty"`  // nothing is on the page: the back of a leaf
	Mean   float64 `json:"mean,omitempty"`   // confidence of the words, 0 to 1, weighted by their length; 0 without words
	Words  []Word  `json:"words,omitempty"`  // in the order of Reading.Text
	Signed *Signed `json:"signed,omitempty"` // nil: the page has no line to sign on
	Drawn  *Box    `json:"drawn,omitempty"`  // where something is drawn that the words announce; nil: nobody saw such a thing
}

// Word is one word that OCR read.
type Word struct {
	Start, End int     // bytes in Reading.Text
	Box        Box     // on the page
	Confidence float64 // 0 to 1
}

// MarshalJSON writes a word as a list of numbers: there are hundreds on a page.
func (w Word) MarshalJSON() ([]byte, error) {
	return fmt.Appendf(nil, "[%d,%d,%d,%d,%d,%d,%d]", w.Start, w.End, w.Box.Left, w.Box.Top, w.Box.Right, w.Box.Bottom, int(math.Round(100*w.Confidence))), nil
}

// UnmarshalJSON reads what MarshalJSON writes.
func (w *Word) UnmarshalJSON(data []byte) error {
	var n [7]int
	if err := json.Unmarshal(data, &n); err != nil {
		return fmt.Errorf("word of a page: %w", err)
	}
	*w = Word{Start: n[0], End: n[1], Box: Box{n[2], n[3], n[4], n[5]}, Confidence: float64(n[6]) / 100}
	return nil
}

// Box is a rectangle on a page, in ten-thousandths of the page's width (Left, Right) and height (Top, Bottom).
type Box struct {
	Left   int `json:"left"`
	Top    int `json:"top"`
	Right  int `json:"right"`
	Bottom int `json:"bottom"`
}

// BoxScale is what a Box calls the whole width or height.
const BoxScale = 10_000

// Union returns the smallest box around both; an empty box adds nothing.
func (b Box) Union(o Box) Box {
	switch {
	case b == Box{}:
		return o
	case o == Box{}:
		return b
	}
	return Box{min(b.Left, o.Left), min(b.Top, o.Top), max(b.Right, o.Right), max(b.Bottom, o.Bottom)}
}

// Signed tells what is on the line where a page of paper is to be signed.
type Signed struct {
	Hand    Hand   `json:"hand"`
	Box     Box    `json:"box"`     // where to look
	Because string `json:"because"` // the words that mark the line, and what is there; Polish
}

// Hand is whether somebody wrote by hand there.
type Hand string

// The answers.
const (
	HandYes    Hand = "yes"
	HandNo     Hand = "no"
	HandUnsure Hand = "unsure" // something is there that may be noise, a stamp or print
)

// Locate returns where on which picture the text of a place stands; ok is false where the text does not come from OCR.
func (r Reading) Locate(p Place) (page int, box Box, ok bool) {
	for _, s := range r.Sheets {
		for _, w := range s.Words {
			if w.Start < p.End && w.End > p.Start {
				page, box, ok = s.Page, box.Union(w.Box), true
			}
		}
		if ok {
			return page, box, true
		}
	}
	return 0, Box{}, false
}
