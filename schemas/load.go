package schemas

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Load reads a catalogue: words.yaml, conditions.yaml and procedures/*.yaml of fsys, the JSON Schemas from the program. Every file is
// held against its schema and decoded strictly; then the files are held against each other. The error joins everything found,
// one line each, naming file, line, key and what is allowed.
func Load(fsys fs.FS) (Catalog, error) {
	words, err := loadWords(fsys)
	if err != nil {
		return Catalog{}, err
	}
	conditions, err := loadConditions(fsys, words)
	if err != nil {
		return Catalog{}, err
	}
	names, err := fs.Glob(fsys, "procedures/*.yaml")
	if err != nil {
		return Catalog{}, fmt.Errorf("looking for procedures: %w", err)
	}
	if len(names) == 0 {
		return Catalog{}, errors.New("procedures/*.yaml: no file found; a catalogue needs at least one procedure")
	}
	procedures, err := loadProcedures(fsys, names, words)
	if err != nil {
		return Catalog{}, err
	}
	return assemble(procedures, conditions)
}

// named is a procedure and the file it came from, for error messages.
type named struct {
	file string
	Procedure
}

func loadProcedures(fsys fs.FS, names []string, words wordLists) ([]named, error) {
	check, err := newChecker("procedure.schema.json")
	if err != nil {
		return nil, err
	}
	var loaded []named
	var problems []error
	for _, name := range names {
		var p Procedure
		if err := check.decode(fsys, name, &p); err != nil {
			problems = append(problems, err)
			continue
		}
		if base := strings.TrimSuffix(path.Base(name), ".yaml"); base != string(p.ID) && !strings.HasPrefix(base, string(p.ID)+"@") {
			problems = append(problems, fmt.Errorf("%s: id %q: the file must be named %s.yaml, or %s@something.yaml for a further version", name, p.ID, p.ID, p.ID))
		}
		if err := words.expandProcedure(p); err != nil {
			problems = append(problems, fmt.Errorf("%s: %w", name, err))
		}
		loaded = append(loaded, named{name, p})
	}
	return loaded, errors.Join(problems...)
}

func loadConditions(fsys fs.FS, words wordLists) ([]Condition, error) {
	check, err := newChecker("conditions.schema.json")
	if err != nil {
		return nil, err
	}
	var file struct {
		Conditions []Condition `yaml:"conditions"`
	}
	if err := check.decode(fsys, "conditions.yaml", &file); err != nil {
		return nil, err
	}
	for _, c := range file.Conditions {
		if err := errors.Join(words.expandAll(c.Says), words.expandAll(c.Denies)); err != nil {
			return nil, fmt.Errorf("conditions.yaml: condition %q: %w", c.ID, err)
		}
	}
	return file.Conditions, checkConditions(file.Conditions)
}

// assemble orders the versions and runs the checks that need all files.
func assemble(procedures []named, conditions []Condition) (Catalog, error) {
	c := Catalog{versions: map[ProcedureID][]Procedure{}, conditions: conditions}
	if err := crossCheck(procedures, conditions); err != nil {
		return Catalog{}, err
	}
	for _, p := range procedures {
		complete := withCues(p.Procedure, conditions)
		complete.lexicons = compileLexicons(complete)
		c.versions[p.ID] = append(c.versions[p.ID], complete)
	}
	for id, versions := range c.versions {
		slices.SortFunc(versions, func(a, b Procedure) int { return a.ValidFrom.Compare(b.ValidFrom.Time) })
		c.ids = append(c.ids, id)
	}
	slices.SortFunc(c.ids, cmp.Compare)
	return c, nil
}

// withCues gives a procedure the conditions it uses, with its own cues where its file has some.
func withCues(p Procedure, conditions []Condition) Procedure {
	own, used := p.Conditions, p.ConditionsUsed()
	p.Conditions = map[string]Condition{}
	for _, c := range conditions {
		if !slices.Contains(used, c.ID) {
			continue
		}
		if special, ok := own[c.ID]; ok {
			c.Cues = special.Cues
		}
		p.Conditions[c.ID] = c
	}
	return p
}

// decodeStrict decodes one YAML document and refuses unknown keys and a second document.
func decodeStrict(data []byte, into any) error {
	d := yaml.NewDecoder(bytes.NewReader(data))
	d.KnownFields(true)
	if err := d.Decode(into); err != nil {
		return err
	}
	if err := d.Decode(new(yaml.Node)); !errors.Is(err, io.EOF) {
		return errors.New("only one YAML document is allowed")
	}
	return nil
}
