// Package torture owns mails that break the rules: cut, nested, mislabelled, hostile or plainly no mail at all. They serve the
// promise that an item whose parser says "error" still becomes a case, and that nothing a stranger sends stops the others.
// All are written by us, by the program in testdata/gen, from what standards forbid; no real mail is among them.
//
// The package is for tests: nothing of the product imports it, so none of this gets into the binary.
package torture

import (
	"embed"
	"fmt"
	"strings"
)

//go:embed mails
var files embed.FS

// Mail is one mail of the collection.
type Mail struct {
	Name string // of its file, without the ending; stable, tests may name it
	What string // one sentence: what is wrong with it
	Raw  []byte // may be empty
}

// Mails returns the collection in the order of its index.
func Mails() ([]Mail, error) {
	index, err := files.ReadFile("mails/index.tsv")
	if err != nil {
		return nil, fmt.Errorf("reading the index: %w", err)
	}
	var mails []Mail
	for line := range strings.Lines(string(index)) {
		name, what, ok := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
		if !ok {
			return nil, fmt.Errorf("index line %q has no tabulator", line)
		}
		raw, err := files.ReadFile("mails/" + name + ".eml")
		if err != nil {
			return nil, fmt.Errorf("mail %q: %w", name, err)
		}
		mails = append(mails, Mail{name, what, raw})
	}
	return mails, nil
}
