package schemas

import (
	"embed"
	"io/fs"
	"slices"
	"strings"
	"time"
)

// Catalog is every procedure the office knows, in all its versions. It is immutable and may be used concurrently; the zero
// Catalog is empty.
type Catalog struct {
	versions   map[ProcedureID][]Procedure // oldest first; their days do not overlap
	ids        []ProcedureID               // sorted
	conditions []Condition                 // in the order of conditions.yaml
}

//go:embed procedures/*.yaml conditions.yaml words.yaml *.schema.json
var embedded embed.FS

// Default returns the catalogue embedded in the program. An error means that the program was built from bad files; it names
// the file and key.
func Default() (Catalog, error) { return Load(embedded) }

// Files are the files Load reads, as embedded in the program: what an administrator's change starts from.
func Files() fs.FS { return embedded }

// Procedure returns the version of a procedure in force on the day on which at falls in Kraków: the day of receipt.
func (c Catalog) Procedure(id ProcedureID, at time.Time) (Procedure, bool) {
	day := DateOf(at)
	for _, p := range c.versions[id] {
		if p.InForce(day) {
			return p, true
		}
	}
	return Procedure{}, false
}

// All returns every procedure in force on the day on which at falls in Kraków, sorted by id.
func (c Catalog) All(at time.Time) []Procedure {
	var all []Procedure
	for _, id := range c.ids {
		if p, ok := c.Procedure(id, at); ok {
			all = append(all, p)
		}
	}
	return all
}

// Conditions returns the conditions in the order of the catalogue.
func (c Catalog) Conditions() []Condition { return slices.Clone(c.conditions) }

// Condition returns the condition with the id.
func (c Catalog) Condition(id string) (Condition, bool) {
	for _, cond := range c.conditions {
		if cond.ID == id {
			return cond, true
		}
	}
	return Condition{}, false
}

// InForce reports whether the procedure applies on the day. Both ends are inclusive, and a zero end is open.
func (p Procedure) InForce(day Date) bool {
	afterStart := p.ValidFrom.IsZero() || !day.Before(p.ValidFrom.Time)
	beforeEnd := p.ValidTo.IsZero() || !day.After(p.ValidTo.Time)
	return afterStart && beforeEnd
}

// Requirement returns the field or attachment with the id.
func (p Procedure) Requirement(id string) (Requirement, bool) {
	for _, r := range slices.Concat(p.Fields, p.Attached) {
		if r.ID == id {
			return r, true
		}
	}
	return Requirement{}, false
}

// ConditionsUsed returns the ids of the conditions on which requirements or the fee of p depend, sorted, without "always".
func (p Procedure) ConditionsUsed() []string {
	var ids []string
	for _, r := range slices.Concat(p.Fields, p.Attached) {
		ids = append(ids, r.When)
	}
	ids = append(ids, p.Fee.When)
	slices.Sort(ids)
	return slices.DeleteFunc(slices.Compact(ids), func(id string) bool { return id == Always || id == "" })
}

// Always is the condition that holds for every submission.
const Always = "always"

// Schema returns one of the JSON Schemas embedded in the package by its file name, "procedure.schema.json".
func Schema(name string) ([]byte, error) {
	if !strings.HasSuffix(name, ".schema.json") {
		name += ".schema.json"
	}
	return fs.ReadFile(embedded, name)
}
