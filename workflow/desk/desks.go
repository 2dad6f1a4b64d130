package desk

import (
	"slices"
	"strings"

	"okienko/schemas"
	"okienko/workflow"
)

// deskNames lists the desks that work on any procedure, the registry and the desk of tests, by id. A desk is named after the shortest name of its
// department in the catalogue: longer ones add an office or a street.
func deskNames(all []schemas.Procedure, t *messages) []choice {
	names := map[string]string{workflow.DeskRegistry: t.Queue.Registry, workflow.DeskTest: t.Queue.Tests}
	for _, p := range all {
		name := departmentName(p.Department)
		if old, ok := names[p.Desk]; p.Desk != workflow.DeskRegistry && (!ok || len(name) < len(old)) {
			names[p.Desk] = name
		}
	}
	var list []choice
	for id, name := range names {
		list = append(list, choice{Value: id, Label: id + " · " + name})
	}
	slices.SortFunc(list, func(a, b choice) int { return strings.Compare(a.Value, b.Value) })
	return list
}

// departmentName is a department without its symbol, offices and address.
func departmentName(s string) string {
	for _, end := range []string{" (", " - ", ", "} {
		s, _, _ = strings.Cut(s, end)
	}
	return s
}

// shortSymbol is the first card of the BIP that a procedure names; the catalogue may add for which variants others stand.
func shortSymbol(s string) string {
	if i := strings.IndexAny(s, " ,;("); i > 0 {
		return s[:i]
	}
	return s
}
