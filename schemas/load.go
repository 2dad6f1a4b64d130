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

// Load reads a catalogue: conditions.yaml and procedures/*.yaml of fsys, the JSON Schemas from the program. Every file is
// held against its schema and decoded strictly; then the files are held against each other. The error joins everything found,
// one line each, naming file, line, key and what is allowed.
func Load(fsys fs.FS) (Catalog, error) {
	conditions, err := loadConditions(fsys)
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
	procedures, err := loadProcedures(fsys, names)
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

func loadProcedures(fsys fs.FS, names []string) ([]named, error) {
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
		loaded = append(loaded, named{name, p})
	}
	return loaded, errors.Join(problems...)
}

func loadConditions(fsys fs.FS) ([]Condition, error) {
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
	return file.Conditions, checkConditions(file.Conditions)
}

// assemble orders the versions and runs the checks that need all files.
func assemble(procedures []named, conditions []Condition) (Catalog, error) {
	c := Catalog{versions: map[ProcedureID][]Procedure{}, conditions: conditions}
	if err := crossCheck(procedures, conditions); err != nil {
		return Catalog{}, err
	}
	for _, p := range procedures {
		c.versions[p.ID] = append(c.versions[p.ID], p.Procedure)
	}
	for id, versions := range c.versions {
		slices.SortFunc(versions, func(a, b Procedure) int { return a.ValidFrom.Compare(b.ValidFrom.Time) })
		c.ids = append(c.ids, id)
	}
	slices.SortFunc(c.ids, cmp.Compare)
	return c, nil
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
