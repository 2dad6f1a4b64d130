package validate

import (
	"fmt"
	"slices"
	"strings"

	"okienko/schemas"
	"okienko/schemas/phrase"
)

// emptyBoxes are boxes on a form that nobody ticked, as OCR and text extraction give them.
var emptyBoxes = []string{"[]", "[ ]", "[  ]", "☐", "□"}

// unticked finds a paper in the form's own list of enclosures, with its box left empty: the applicant says that it is not
// enclosed.
func (e examination) unticked(r schemas.Requirement) (presence, bool) {
	for _, s := range e.spoken() {
		for _, m := range s.said[r.WordsKey()] {
			if s.emptyBoxBefore(m) {
				quote, place := s.quote(m)
				return presence{absent, fmt.Sprintf("Pole „%s” na formularzu nie jest zaznaczone.", quote), place}, true
			}
		}
	}
	return presence{}, false
}

func (s sheet) emptyBoxBefore(m phrase.Match) bool {
	before := strings.TrimRight(s.source[:s.text.Words[m.From].Start], " \t")
	return slices.ContainsFunc(emptyBoxes, func(box string) bool { return strings.HasSuffix(before, box) })
}
