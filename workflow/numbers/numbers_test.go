package numbers

import (
	"encoding/csv"
	"encoding/xml"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"time"
	_ "time/tzdata" // days are those of Kraków
)

func TestPeriodsAreWholeDaysAndBounded(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 24, 23, 30, 0, 0, time.UTC) // the 25th in Kraków
	for _, c := range []struct {
		name, from, to, want string
		days                 int
	}{
		{"nothing given", "", "", "2026-10-27 2026-11-25", 30},
		{"both given", "2026-11-01", "2026-11-03", "2026-11-01 2026-11-03", 3},
		{"the wrong way round", "2026-11-05", "2026-11-03", "2026-10-05 2026-11-03", 30},
		{"nonsense", "x", "y", "2026-10-27 2026-11-25", 30},
		{"too long", "2020-01-01", "2026-11-25", "2026-08-26 2026-11-25", MostDays},
	} {
		p := PeriodOf(c.from, c.to, now)
		if got := p.From.String() + " " + p.To.String(); got != c.want || len(p.Days()) != c.days {
			t.Errorf("%s: %s, %d days, want %s, %d", c.name, got, len(p.Days()), c.want, c.days)
		}
	}
	from, until := PeriodOf("2026-10-25", "2026-10-25", now).Span() // clocks go back: a day of 25 hours
	if until.Sub(from) != 25*time.Hour {
		t.Errorf("the day has %v", until.Sub(from))
	}
}

func TestNoCellIsAFormula(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	table := Table{Head: []string{"=1+1", "b"}, Rows: [][]string{{"+48 12", "-5"}, {"@SUM(A1)", " =2"}, {"\tx", "zwykły; \"tekst\""}}}
	if err := table.WriteCSV(&b); err != nil {
		t.Fatal(err)
	}
	r := csv.NewReader(strings.NewReader(strings.TrimPrefix(b.String(), "\uFEFF")))
	r.Comma = ';'
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	want := [][]string{{"'=1+1", "b"}, {"'+48 12", "'-5"}, {"'@SUM(A1)", "' =2"}, {"'\tx", "zwykły; \"tekst\""}}
	if !slices.EqualFunc(rows, want, slices.Equal) {
		t.Errorf("rows %q, want %q", rows, want)
	}
}

func TestPacesAndLacks(t *testing.T) {
	t.Parallel()
	var sample []Timed
	for i := 1; i <= 10; i++ {
		sample = append(sample, Timed{Service: "a", ToDesk: time.Duration(i) * time.Second, ToClosing: -1, Missing: []string{"x"}[:i%2]})
	}
	paces := Paces(sample, func(t Timed) time.Duration { return t.ToDesk })
	if len(paces) != 1 || paces[0].Median != 5*time.Second || paces[0].Ninety != 9*time.Second {
		t.Errorf("paces %+v", paces)
	}
	if none := Paces(sample, func(t Timed) time.Duration { return t.ToClosing }); len(none) != 0 {
		t.Errorf("of what has not happened: %+v", none)
	}
	if lacks := Lacks(sample, 5); len(lacks) != 1 || lacks[0] != (Lack{"a", "x", 5, 10}) {
		t.Errorf("lacks %+v", lacks)
	}
}

// TestDrawingsAreSoundAndSpoken: well-formed, with a title and a description, whatever a label says.
func TestDrawingsAreSoundAndSpoken(t *testing.T) {
	t.Parallel()
	for _, upright := range []bool{true, false} {
		table := Table{Name: "n", Title: `<b> & "T"`, Desc: "d", Upright: upright, Bars: []Bar{{`<script>`, []float64{1, 2}, "3 <"}, {"", []float64{0, 0}, ""}}}
		d := xml.NewDecoder(strings.NewReader(table.SVG()))
		seen := map[string]bool{}
		for {
			token, err := d.Token()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatalf("%v in %s", err, table.SVG())
			}
			if e, ok := token.(xml.StartElement); ok {
				seen[e.Name.Local] = true
			}
		}
		if !seen["title"] || !seen["desc"] || seen["script"] || seen["b"] {
			t.Errorf("elements %v", seen)
		}
	}
}
