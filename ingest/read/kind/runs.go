package kind

import (
	"regexp"
	"strings"

	"okienko/ingest"
)

const (
	ownTitle = 0.8 // as sure must a guess at one page be to begin a document there: its heading says so
	mostRuns = 40  // told of one file
)

// Runs returns what is in a file that holds several documents, one after the other: each with its first page and the number of
// its pages. Pages are parted by a form feed in text. A page without a heading of its own goes on with the document before it.
// A file that is one document has no runs: nil.
func Runs(text string) []ingest.Kind {
	var runs []ingest.Kind
	pages := strings.Split(text, "\f")
	for i, page := range pages {
		g, ok := titled(page)
		switch {
		case ok && (len(runs) == 0 || runs[len(runs)-1].ID != g.ID):
			g.Page, g.Pages = i+1, 1
			runs = append(runs, g)
		case len(runs) > 0:
			runs[len(runs)-1].Pages++
		}
	}
	if len(runs) == 0 || len(runs) == 1 && runs[0].Page == 1 {
		return nil
	}
	return runs[:min(len(runs), mostRuns)]
}

// enclosures begins the list of what a letter encloses.
var enclosures = regexp.MustCompile(`(?i)za[łl][ąa]czniki\b|w za[łl][ąa]czeniu`)

// titled guesses what a page is that begins a document.
func titled(page string) (ingest.Kind, bool) {
	if at := enclosures.FindStringIndex(page); at != nil {
		page = page[:at[0]] // what a list of enclosures names is not what the page is
	}
	all := Guess("", "", page)
	if len(all) == 0 || all[0].Confidence < ownTitle {
		return ingest.Kind{}, false
	}
	return all[0], true
}
