package schemas

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// wordLists are the lists of words.yaml, by name.
type wordLists map[string][]string

func loadWords(fsys fs.FS) (wordLists, error) {
	check, err := newChecker("words.schema.json")
	if err != nil {
		return nil, err
	}
	var file struct {
		Words wordLists `yaml:"words"`
	}
	return file.Words, check.decode(fsys, "words.yaml", &file)
}

var wordListName = regexp.MustCompile(`@[a-z]*`)

// maxNested is how deep lists may name each other.
const maxNested = 3

// expand writes the lists a pattern names out into it.
func (w wordLists) expand(pattern string) (string, error) {
	var unknown error
	for range maxNested {
		if !strings.Contains(pattern, "@") {
			return pattern, unknown
		}
		pattern = wordListName.ReplaceAllStringFunc(pattern, func(name string) string {
			list, ok := w[name[1:]]
			if !ok {
				unknown = fmt.Errorf("pattern %q: no list %s; allowed are @%s", pattern, name, strings.Join(slices.Sorted(maps.Keys(w)), ", @"))
				return "unknown"
			}
			return strings.Join(list, "|")
		})
	}
	return pattern, errors.Join(unknown, fmt.Errorf("lists of words.yaml name each other more than %d deep", maxNested))
}

// expandAll replaces the patterns of a list in place.
func (w wordLists) expandAll(patterns []string) error {
	var problems []error
	for i, p := range patterns {
		expanded, err := w.expand(p)
		if err != nil {
			problems = append(problems, err)
		}
		patterns[i] = expanded
	}
	return errors.Join(problems...)
}

// expandProcedure replaces every pattern of a procedure in place.
func (w wordLists) expandProcedure(p Procedure) error {
	lists := [][]string{p.Match.Frame, p.Match.Strong, p.Match.Weak, p.Match.Against}
	for _, r := range slices.Concat(p.Fields, p.Attached) {
		lists = append(lists, r.Words, r.Near)
	}
	for _, c := range p.Conditions {
		lists = append(lists, c.Says, c.Denies)
	}
	var problems []error
	for _, list := range lists {
		problems = append(problems, w.expandAll(list))
	}
	return errors.Join(problems...)
}
