package numbers

import (
	"encoding/csv"
	"fmt"
	"io"
	"strings"
)

// Table is what stands behind a drawing: text in every cell, as a person reads it.
type Table struct {
	Name    string // of a file and an address: "arrivals"
	Title   string
	Desc    string // one sentence on what is counted
	Head    []string
	Rows    [][]string
	Bars    []Bar    // what the drawing shows; none: no drawing
	Legend  []string // names of the parts of each bar
	Upright bool     // bars stand beside each other, for days; else they lie below each other
}

// Bar is one bar of a drawing, in parts.
type Bar struct {
	Label string
	Parts []float64
	Note  string // at its end: "84 %"
}

// WriteCSV writes the table as a file for spreadsheets: UTF-8 with a byte order mark, semicolons, as Polish spreadsheets want it. No
// cell can be taken for a formula.
func (t Table) WriteCSV(w io.Writer) error {
	if _, err := io.WriteString(w, "\uFEFF"); err != nil {
		return err
	}
	c := csv.NewWriter(w)
	c.Comma = ';'
	for _, row := range append([][]string{t.Head}, t.Rows...) {
		safe := make([]string, len(row))
		for i, cell := range row {
			safe[i] = Defused(cell)
		}
		if err := c.Write(safe); err != nil {
			return fmt.Errorf("writing %s: %w", t.Name, err)
		}
	}
	c.Flush()
	return c.Error()
}

// Defused is a cell that no spreadsheet takes for a formula: one that begins with = + - @, a tab or a line end gets an apostrophe.
func Defused(cell string) string {
	if trimmed := strings.TrimLeft(cell, " "); trimmed != "" && strings.ContainsRune("=+-@\t\r\n＝＋－＠", []rune(trimmed)[0]) {
		return "'" + cell
	}
	return cell
}
