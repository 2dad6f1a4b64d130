package rulebook

import (
	"strings"
	"testing"
)

const sample = `# head
id: x
title:
  pl: Tytuł   # why
  en: "Title"

# about aliases
aliases:
  - jeden dwa
  # kept
  - trzy cztery

fields:
  - id: a
    required: true
    label: {pl: Pole, en: Field}

  - id: b # second
    required: false
    words: ['x y', z]
channels:
  email: 'no'
notes: |
  text
  # no comment
fee:
  amount: 10.0
`

func TestSetLeavesEveryOtherLine(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		path  string
		value any
		old   string
		new   string
	}{
		"a scalar keeps its comment":          {"title.pl", "Inny", "pl: Tytuł   # why", "pl: Inny # why"},
		"quotes stay":                         {"title.en", "Other", `en: "Title"`, `en: "Other"`},
		"a word YAML would take for a truth":  {"channels.email", "yes", "email: 'no'", "email: 'yes'"},
		"an item of a list":                   {"fields.0.required", false, "required: true", "required: false"},
		"the first key of an item":            {"fields.1.id", "c", "- id: b # second", "- id: c # second"},
		"inside a map on one line":            {"fields.0.label.pl", "Nowe", "label: {pl: Pole, en: Field}", "label: {pl: Nowe, en: Field}"},
		"a number":                            {"fee.amount", 12.5, "amount: 10.0", "amount: 12.5"},
		"a list grows and keeps its comments": {"aliases", []string{"jeden dwa", "trzy cztery", "pięć"}, "  - trzy cztery\n", "  - trzy cztery\n  - pięć\n"},
		"a list on one line":                  {"fields.1.words", []string{"x y", "w"}, "words: ['x y', z]", "words: ['x y', w]"},
		"a key that was not there":            {"fee.note", "tak: nie", "  amount: 10.0\n", "  amount: 10.0\n  note: 'tak: nie'\n"},
		"a key of the file":                   {"valid_from", "2027-01-01", "  amount: 10.0\n", "  amount: 10.0\nvalid_from: \"2027-01-01\"\n"},
		"a key goes":                          {"title.en", nil, "  en: \"Title\"\n", ""},
		"a key of an item that was not there": {"fields.0.form", "skan", "en: Field}\n", "en: Field}\n    form: skan\n"},
		"a text of several lines":             {"notes", "jedna\ndwie", "notes: |\n  text\n  # no comment\n", "notes: |-\n  jedna\n  dwie\n  # no comment\n"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := Set([]byte(sample), c.path, c.value)
			if name == "a text of several lines" { // the end of a text that looks like a comment: refused rather than changed by guess
				if err == nil {
					t.Errorf("it was changed to\n%s", got)
				}
				return
			}
			if want := strings.Replace(sample, c.old, c.new, 1); err != nil || string(got) != want {
				t.Errorf("error %v, got\n%s\nwant\n%s", err, got, want)
			}
		})
	}
	for _, path := range []string{"nothing.here", "fields.9.id", "title.pl.deeper"} {
		if got, err := Set([]byte(sample), path, "x"); err == nil {
			t.Errorf("%s was set:\n%s", path, got)
		}
	}
}
