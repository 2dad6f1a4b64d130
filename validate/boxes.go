package validate

import (
	"fmt"
	"regexp"

	"okienko/schemas"
)

// emptyBox is a box on a form that nobody ticked, as OCR and text extraction give it.
var emptyBox = regexp.MustCompile(`(?:\[ {0,2}\]|☐|□)[ \t]*$`)

// unticked finds a paper in the form's own list of enclosures, with its box left empty: the applicant says that it is not
// enclosed.
func (e examination) unticked(r schemas.Requirement) (presence, bool) {
	words := compile(r.Words)
	for _, s := range e.spoken() {
		for _, m := range matches(words, s.text) {
			if !emptyBox.MatchString(s.source[:s.text.Words[m.From].Start]) {
				continue
			}
			quote, place := s.quote(m)
			return presence{absent, fmt.Sprintf("Pole „%s” na formularzu nie jest zaznaczone.", quote), place}, true
		}
	}
	return presence{}, false
}
