// Package csvfile owns how tables leave the office as CSV: what a spreadsheet would run is made plain text. It refuses to know
// what is in a table.
package csvfile

import (
	"encoding/csv"
	"io"
	"strings"
	"unicode/utf8"
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
		for i, text := range row {
			safe[i] = cell(text)
		}
		if err := out.Write(safe); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// cell keeps a spreadsheet from taking a cell for a formula: what begins with = + - @, also as wide signs or after blanks, or with
// a tab or a line end, gets an apostrophe in front (OWASP, CSV injection).
func cell(text string) string {
	if first, _ := utf8.DecodeRuneInString(strings.TrimLeft(text, " ")); strings.ContainsRune("=+-@\t\r\n＝＋－＠", first) {
		return "'" + text
	}
	return text
}
