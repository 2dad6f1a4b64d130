// Package testdata owns the sample submissions: short stories of what residents send to a city office, each with what a
// careful clerk would say of it. The demo plays them, tests and benchmarks read them.
//
// A story is written as one page in stories/*.txt; the program in gen turns the pages into submissions/<story>/message.eml
// and want.json (go run ./testdata/gen). Every person, company, address, number and domain in them is invented. The package
// knows nothing of the rest of the module: the ids in Want are those of the office's catalogue, as plain strings.
//
// The go tool leaves everything below a directory called testdata out of every "..." pattern: name the packages, as in
// go test ./testdata ./testdata/gen ./testdata/torture.
package testdata

import (
	"bytes"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"
)

//go:embed submissions
var files embed.FS

// Story is one submission exactly as it arrives, and its label.
type Story struct {
	Name    string // of its directory; stable, tests may name it
	Message []byte // the original: a mail for channel email, a document for epuap
	Want    Want
}

// Want is what a careful clerk would say of a story. Slices may be empty, never nil.
type Want struct {
	Story    string    `json:"story" yaml:"-"`    // one English sentence
	Channel  string    `json:"channel" yaml:"-"`  // "email" or "epuap"
	Received time.Time `json:"received" yaml:"-"` // when it reached the office; Europe/Warsaw, winter time
	Deliver  int       `json:"deliver" yaml:"-"`  // how many times the very same bytes arrive; 1 for nearly all

	Language string `json:"language" yaml:"language"` // "pl", "en", "uk"
	Nature   string `json:"nature" yaml:"nature"`     // as classify.Nature
	// Procedure is the right answer, "" for what is no submission. An answer of AlsoAcceptable is not wrong.
	Procedure      string          `json:"procedure" yaml:"procedure"`
	AlsoAcceptable []string        `json:"also_acceptable" yaml:"also_acceptable"`
	OtherMatters   []string        `json:"other_matters" yaml:"other_matters"`
	Conditions     map[string]bool `json:"conditions" yaml:"conditions"` // those that matter; what is not listed is false

	// Attachments are there, readable and good enough; Missing are required here and are not; both name catalogue ids of
	// Procedure. What is only shown at the desk, or only asked for by clerks in doubt, is never Missing. DoNotAsk are the
	// tempting mistakes, not a full list.
	Attachments []string `json:"attachments" yaml:"attachments"`
	Missing     []string `json:"missing" yaml:"missing"`
	DoNotAsk    []string `json:"do_not_ask" yaml:"do_not_ask"`

	Reply        string `json:"reply" yaml:"reply"`                 // as workflow.ReplyKind
	DuplicateOf  string `json:"duplicate_of" yaml:"duplicate_of"`   // name of an earlier story, "" if none
	SupplementOf string `json:"supplement_of" yaml:"supplement_of"` // likewise
}

// Stories returns all stories in the order in which they were received.
func Stories() ([]Story, error) {
	dirs, err := fs.ReadDir(files, "submissions")
	if err != nil {
		return nil, fmt.Errorf("listing stories: %w", err)
	}
	stories := make([]Story, 0, len(dirs))
	for _, dir := range dirs {
		s, err := open(dir.Name())
		if err != nil {
			return nil, fmt.Errorf("reading story %q: %w", dir.Name(), err)
		}
		stories = append(stories, s)
	}
	slices.SortStableFunc(stories, func(a, b Story) int { return a.Want.Received.Compare(b.Want.Received) })
	return stories, nil
}

// bodies are the names an original may have, by channel.
var bodies = map[string]string{"email": "message.eml", "epuap": "document.xml"}

func open(name string) (Story, error) {
	label, err := files.ReadFile(path.Join("submissions", name, "want.json"))
	if err != nil {
		return Story{}, err
	}
	want, err := ParseWant(label)
	if err != nil {
		return Story{}, err
	}
	message, err := files.ReadFile(path.Join("submissions", name, bodies[want.Channel]))
	return Story{Name: name, Message: message, Want: want}, err
}

// ParseWant reads a want.json. An unknown key, a missing channel or anything after the object is an error.
func ParseWant(label []byte) (Want, error) {
	var want Want
	dec := json.NewDecoder(bytes.NewReader(label))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&want); err != nil {
		return Want{}, fmt.Errorf("want.json: %w", err)
	}
	if strings.TrimSpace(string(label[dec.InputOffset():])) != "" {
		return Want{}, errors.New("want.json: something follows the object")
	}
	if bodies[want.Channel] == "" {
		return Want{}, fmt.Errorf("want.json: channel %q: allowed are email, epuap", want.Channel)
	}
	return want, nil
}
