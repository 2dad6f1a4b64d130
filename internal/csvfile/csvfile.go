// Package csvfile owns how tables leave the office as CSV: what a spreadsheet would run is made plain text. It refuses to know
// what is in a table.
package csvfile

import (
	"encoding/csv"
	"io"
	"strings"
)

// Write writes rows, the first of which are the headings.
func Write(w io.Writer, rows [][]string) error {
	out := csv.NewWriter(w)
	for _, row := range rows {
		safe := make([]string, len(row))
		for i, cell := range row {
			safe[i] = Cell(cell)
		}
		if err := out.Write(safe); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// Cell keeps a spreadsheet from taking a cell for a formula: what begins with one of = + - @, or with a tab or a line end before
// them, gets an apostrophe in front (OWASP, CSV injection).
func Cell(s string) string {
	if strings.ContainsAny(s[:min(1, len(s))], "=+-@\t\r\n") {
		return "'" + s
	}
	return s
}
