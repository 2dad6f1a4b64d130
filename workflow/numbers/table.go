package numbers

import (
	"fmt"
	"io"

	"okienko/internal/csvfile"
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

// WriteCSV writes the table as a file for spreadsheets: UTF-8 with a byte order mark, semicolons, as Polish spreadsheets want it.
func (t Table) WriteCSV(w io.Writer) error {
	if _, err := io.WriteString(w, "\uFEFF"); err != nil {
		return err
	}
	if err := csvfile.Write(w, ';', append([][]string{t.Head}, t.Rows...)); err != nil {
		return fmt.Errorf("writing %s: %w", t.Name, err)
	}
	return nil
}
