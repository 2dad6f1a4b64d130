package desk

import (
	"fmt"
	"html/template"
	"slices"
	"strconv"
	"sync"
	"time"

	"okienko/ingest"
	"okienko/schemas"
	"okienko/workflow"
	"okienko/workflow/numbers"
)

// numbersView is the page of charts, each with the table behind it.
type numbersView struct {
	Period numbers.Period
	Charts []chartView
}

type chartView struct {
	numbers.Table
	Drawing template.HTML
	Path    string // of the file
}

// How many cases the times and the ranking are taken from, and how long a ranking is.
const (
	sampled = 1000
	ranked  = 15
)

func (d *desk) showNumbers(v *visit) error {
	view := numbersView{Period: v.period()}
	sample := d.sampleOf(v, view.Period)
	for _, name := range chartNames {
		table, err := d.table(v, name, view.Period, sample)
		if err != nil {
			return err
		}
		view.Charts = append(view.Charts, chartView{table, template.HTML(table.SVG()), // #nosec G203 -- every text in it is escaped
			fmt.Sprintf("/numbers/%s.csv?from=%s&to=%s", name, view.Period.From, view.Period.To)})
	}
	return d.show(v, screen{name: "numbers", title: v.t.Numbers.Title, nav: "numbers", body: view})
}

func (v *visit) period() numbers.Period {
	return numbers.PeriodOf(v.URL.Query().Get("from"), v.URL.Query().Get("to"), v.now)
}

// exportNumbers sends one table as a file for spreadsheets.
func (d *desk) exportNumbers(v *visit) error {
	p := v.period()
	for _, name := range chartNames {
		if v.PathValue("table") != name+".csv" {
			continue
		}
		table, err := d.table(v, name, p, d.sampleOf(v, p))
		if err != nil {
			return err
		}
		v.attachment("text/csv; charset=utf-8", fmt.Sprintf("okienko-%s-%s-%s.csv", name, p.From, p.To))
		return table.WriteCSV(v.w)
	}
	return workflow.ErrNotFound
}

var chartNames = []string{"arrivals", "complete", "paces", "risks", "lacks", "choices"}

// sampleOf takes the sample of a period when it is first asked for: two tables are made from it.
func (d *desk) sampleOf(v *visit, p numbers.Period) func() ([]numbers.Timed, error) {
	return sync.OnceValues(func() ([]numbers.Timed, error) {
		from, until := p.Span()
		return d.Numbers.Sample(v.Context(), from, until, sampled)
	})
}

// table makes one of the tables.
func (d *desk) table(v *visit, name string, p numbers.Period, sample func() ([]numbers.Timed, error)) (t numbers.Table, err error) {
	text := v.t.Numbers.Charts[name]
	t = numbers.Table{Name: name, Title: text.Title, Desc: text.Desc, Head: text.Head, Legend: v.t.Numbers.Legends[name]}
	all := d.Procedures.All(v.now)
	from, until := p.Span()
	switch name {
	case "arrivals":
		err = d.arrivals(v, &t, p)
	case "complete":
		err = d.complete(v, &t, from, until, all)
	case "risks":
		err = d.risks(v, &t)
	case "choices":
		err = d.choices(v, &t, from, until, all)
	default:
		timed, err := sample()
		if err != nil {
			return t, err
		}
		if name == "paces" {
			v.t.paces(&t, timed, all)
		} else {
			v.t.lacks(&t, timed, all)
		}
	}
	return t, err
}

func (d *desk) arrivals(v *visit, t *numbers.Table, p numbers.Period) error {
	days, counts, err := numbers.Daily(v.Context(), d.Numbers, p)
	if err != nil {
		return err
	}
	t.Upright = true
	for _, c := range ingest.Channels() {
		t.Legend = append(t.Legend, v.t.Channel[c])
	}
	t.Head = append(slices.Clone(t.Head), t.Legend...)
	for i, day := range days {
		row, bar := []string{day.String()}, numbers.Bar{Label: fmt.Sprintf("%d.%02d", day.Day, day.Month)}
		for _, c := range ingest.Channels() {
			row, bar.Parts = append(row, strconv.Itoa(counts[i][string(c)])), append(bar.Parts, float64(counts[i][string(c)]))
		}
		t.Rows, t.Bars = append(t.Rows, row), append(t.Bars, bar)
	}
	return nil
}

func (d *desk) complete(v *visit, t *numbers.Table, from, until time.Time, all []schemas.Procedure) error {
	filed, err := d.Numbers.Filed(v.Context(), from, until)
	if err != nil {
		return err
	}
	byChannel := map[string][2]int{}
	for _, f := range filed {
		n := byChannel[f.Channel]
		byChannel[f.Channel] = [2]int{n[0] + f.Complete, n[1] + f.N}
		t.Rows = append(t.Rows, []string{v.t.Channel[ingest.Channel(f.Channel)], v.t.orUnsure(schemas.ProcedureID(f.Service), all), strconv.Itoa(f.N), strconv.Itoa(f.Complete), share(f.Complete, f.N)})
	}
	for _, c := range ingest.Channels() {
		if n := byChannel[string(c)]; n[1] > 0 {
			t.Bars = append(t.Bars, numbers.Bar{Label: v.t.Channel[c], Parts: []float64{float64(n[0]), float64(n[1] - n[0])}, Note: share(n[0], n[1])})
		}
	}
	return nil
}

func share(n, of int) string {
	if of == 0 {
		return "–"
	}
	return strconv.Itoa((100*n+of/2)/of) + " %"
}

func (d *desk) risks(v *visit, t *numbers.Table) error {
	risks, err := d.Numbers.AtRisk(v.Context(), v.now.Add(14*24*time.Hour))
	if err != nil {
		return err
	}
	for _, r := range risks {
		t.Rows = append(t.Rows, []string{r.Desk, strconv.Itoa(r.Late), strconv.Itoa(r.Days3), strconv.Itoa(r.Days14)})
		t.Bars = append(t.Bars, numbers.Bar{Label: r.Desk, Parts: []float64{float64(r.Late), float64(r.Days3), float64(r.Days14)}, Note: strconv.Itoa(r.Late + r.Days3 + r.Days14)})
	}
	return nil
}

func (d *desk) choices(v *visit, t *numbers.Table, from, until time.Time, all []schemas.Procedure) error {
	choices, err := d.Numbers.Decided(v.Context(), from, until)
	if err != nil {
		return err
	}
	for i, c := range choices {
		name := v.t.serviceName(c.Service, all)
		t.Rows = append(t.Rows, []string{name, strconv.Itoa(c.Automatic), strconv.Itoa(c.Corrected), share(c.Corrected, c.Automatic)})
		if i < ranked {
			t.Bars = append(t.Bars, numbers.Bar{Label: name, Parts: []float64{float64(c.Automatic - c.Corrected), float64(c.Corrected)}, Note: share(c.Corrected, c.Automatic)})
		}
	}
	return nil
}

func (t *messages) paces(table *numbers.Table, sample []numbers.Timed, all []schemas.Procedure) {
	closing := map[string]numbers.Pace{}
	for _, p := range numbers.Paces(sample, func(t numbers.Timed) time.Duration { return t.ToClosing }) {
		closing[p.Service] = p
	}
	for i, p := range numbers.Paces(sample, func(t numbers.Timed) time.Duration { return t.ToDesk }) {
		name, end := t.orUnsure(schemas.ProcedureID(p.Service), all), closing[p.Service]
		row := []string{name, strconv.Itoa(p.N), t.took(p.Median), t.took(p.Ninety), strconv.Itoa(end.N), "–", "–"}
		if end.N > 0 {
			row[5], row[6] = t.took(end.Median), t.took(end.Ninety)
			if i < ranked {
				table.Bars = append(table.Bars, numbers.Bar{Label: name, Parts: []float64{end.Median.Hours()}, Note: row[5]})
			}
		}
		table.Rows = append(table.Rows, row)
	}
}

// took is a length of time in the unit that fits it.
func (t *messages) took(d time.Duration) string {
	switch {
	case d < 2*time.Minute:
		return fmt.Sprintf("%.0f s", d.Seconds())
	case d < 2*time.Hour:
		return fmt.Sprintf("%.0f min", d.Minutes())
	case d < 48*time.Hour:
		return fmt.Sprintf("%.0f h", d.Hours())
	}
	return fmt.Sprintf(t.Numbers.Days, d.Hours()/24)
}

func (t *messages) lacks(table *numbers.Table, sample []numbers.Timed, all []schemas.Procedure) {
	for _, l := range numbers.Lacks(sample, ranked) {
		service, label := t.serviceName(l.Service, all), l.Requirement
		for _, p := range all {
			if r, ok := p.Requirement(l.Requirement); ok && string(p.ID) == l.Service {
				label = t.text(r.Label)
			}
		}
		table.Rows = append(table.Rows, []string{service, label, strconv.Itoa(l.N), strconv.Itoa(l.Of), share(l.N, l.Of)})
		table.Bars = append(table.Bars, numbers.Bar{Label: label, Parts: []float64{float64(l.N)}, Note: strconv.Itoa(l.N)})
	}
}
