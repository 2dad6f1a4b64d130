package classify

import (
	"cmp"
	"embed"
	"fmt"
	"io/fs"

	"go.yaml.in/yaml/v3"

	"okienko/ingest"
	"okienko/schemas"
)

// Example is a letter and the procedure a clerk gave it to.
type Example struct {
	ID        string
	Features  Features
	Procedure schemas.ProcedureID

	learnt map[string]float64 // of an example kept without its text; nil for one with Features
}

//go:embed examples/*.yaml examples/letters/*.yaml
var embeddedExamples embed.FS

// written is an example as the files of examples/ have it, among other keys. Files of labelled cases say "procedure", files of
// letters say "want".
type written struct {
	ID        string              `yaml:"id"`
	Subject   string              `yaml:"subject"`
	Text      string              `yaml:"text"`
	Procedure schemas.ProcedureID `yaml:"procedure"`
	Want      schemas.ProcedureID `yaml:"want"`
	Unsure    bool                `yaml:"unsure"`
}

// Examples returns the letters embedded in the program from which the model learns, in a fixed order. The cases of
// testdata, by which it is measured, are not among them. An error means a broken build.
func Examples() ([]Example, error) {
	var names []string
	for _, pattern := range []string{"examples/*.yaml", "examples/letters/*.yaml"} {
		some, err := fs.Glob(embeddedExamples, pattern)
		if err != nil {
			return nil, err
		}
		names = append(names, some...)
	}
	var all []Example
	for _, name := range names {
		data, err := embeddedExamples.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("reading %s: %w", name, err)
		}
		var list []written
		if err := yaml.Unmarshal(data, &list); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		for _, w := range list {
			if e, ok := w.example(); ok {
				all = append(all, e)
			}
		}
	}
	return all, nil
}

// example leaves out what is no submission. Letters that a person has to place are examples of just that.
func (w written) example() (Example, bool) {
	id := cmp.Or(w.Procedure, w.Want)
	switch {
	case w.Unsure:
		id = schemas.General
	case id == "" || id == "none":
		return Example{}, false
	}
	return Example{ID: w.ID, Procedure: id, Features: Features{Letter: ingest.Letter{Subject: w.Subject}, Document: "0", Text: w.Text}}, true
}
