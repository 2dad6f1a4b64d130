// Package csvfile owns how tables leave the office as CSV: what a spreadsheet would run is made plain text. It refuses to know
// what is in a table.
package csvfile

import (
	"encoding/csv"
	"io"
	"strings"
)

// Write writes rows, the first of which are the headings, for programs.
func Write(w io.Writer, rows [][]string) error { return write(csv.NewWriter(w), rows) }

// WritePolish writes rows as Polish spreadsheets want them: UTF-8 with a byte order mark, semicolons.
func WritePolish(w io.Writer, rows [][]string) error {
	if _, err := io.WriteString(w, "\uFEFF"); err != nil {
		return err
	}
	out := csv.NewWriter(w)
	out.Comma = ';'
	return write(out, rows)
}

func write(out *csv.Writer, rows [][]string) error {
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

// Cell keeps a spreadsheet from taking a cell for a formula: what begins with one of = + - @ in either width, or with a tab or a
// line end, whatever blanks stand before, gets an apostrophe in front (OWASP, CSV injection).
func Cell(s string) string {
	if first := strings.TrimLeft(s, " "); first != "" && strings.ContainsRune("=+-@\t\r\n＝＋－＠", []rune(first)[0]) {
		return "'" + s
	}
	return s
}
