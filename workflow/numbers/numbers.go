// Package numbers owns what the office wants to know about its intake: arrivals, completeness, times, clocks at risk, corrections,
// as tables; and their form as a drawing (draw.go) and as a file (table.go). It is pure: rows come in through Source, over a period
// that is bounded, and nothing personal is ever among them.
//
// It refuses to know SQL, HTTP and the words of a language. Read next: draw.go; workflow/store counts, workflow/desk shows.
package numbers

import (
	"cmp"
	"context"
	"slices"
	"time"

	"okienko/workflow/deadline"
)

// Source counts cases. Tests of connectors are never counted.
type Source interface {
	// Arrivals counts what was registered in [from, until), by channel.
	Arrivals(ctx context.Context, from, until time.Time) ([]Arrived, error)
	// Filed counts first filings of the period, by channel and service: supplements, duplicates and what is no submission are none.
	Filed(ctx context.Context, from, until time.Time) ([]Filing, error)
	// Sample describes the newest judged cases of the period, at most limit.
	Sample(ctx context.Context, from, until time.Time, limit int) ([]Timed, error)
	// AtRisk counts cases in work by desk whose term ends before a time.
	AtRisk(ctx context.Context, before time.Time) ([]Risk, error)
	// Decided counts the machine's choices of the period by service and how many clerks changed.
	Decided(ctx context.Context, from, until time.Time) ([]Choice, error)
}

// Arrived is how many cases came by a channel.
type Arrived struct {
	Channel string
	N       int
}

// Filing is how many first filings there were of a service by a channel, and how many lacked nothing.
type Filing struct {
	Channel, Service string
	N, Complete      int
}

// Timed is a case: how long it took, and what it lacked at first.
type Timed struct {
	Service   string
	ToDesk    time.Duration // from registration to the judgement; negative: not there yet
	ToClosing time.Duration // from registration to a person accepting or closing it; negative: not yet
	Missing   []string      // ids of requirements
}

// Risk is how many cases of a desk are late, or will be.
type Risk struct {
	Desk                string
	Late, Days3, Days14 int // their terms are over; end within 3 days; within 14
}

// Choice is how many cases of a service the machine decided by itself, and how many of these clerks gave to another.
type Choice struct {
	Service              string
	Automatic, Corrected int
}

// Period is a row of whole days in Kraków, both inclusive.
type Period struct{ From, To deadline.Day }

// MostDays bounds a period: a quarter.
const MostDays = 92

// PeriodOf reads the days of a form; what is missing or makes no sense becomes the last thirty days. A longer period is cut at its
// beginning.
func PeriodOf(from, to string, now time.Time) Period {
	p := Period{To: deadline.DayOf(now)}
	if err := p.To.UnmarshalText([]byte(to)); err != nil {
		p.To = deadline.DayOf(now)
	}
	if err := p.From.UnmarshalText([]byte(from)); err != nil || p.To.Before(p.From) {
		p.From = p.To.Add(-29)
	}
	if first := p.To.Add(1 - MostDays); p.From.Before(first) {
		p.From = first
	}
	return p
}

// Days are the days of the period in order.
func (p Period) Days() []deadline.Day {
	var list []deadline.Day
	for d := p.From; !p.To.Before(d); d = d.Add(1) {
		list = append(list, d)
	}
	return list
}

// Bounds are the moments [from, until) of a day in Kraków.
func Bounds(d deadline.Day) (from, until time.Time) { return begins(d), begins(d.Add(1)) }

func begins(d deadline.Day) time.Time { return d.Add(-1).Last().Add(time.Microsecond) }

// Span are the moments [from, until) of the whole period.
func (p Period) Span() (from, until time.Time) { return begins(p.From), begins(p.To.Add(1)) }

// Daily counts arrivals day by day.
func Daily(ctx context.Context, s Source, p Period) (days []deadline.Day, counts []map[string]int, err error) {
	for _, day := range p.Days() {
		from, until := Bounds(day)
		rows, err := s.Arrivals(ctx, from, until)
		if err != nil {
			return nil, nil, err
		}
		n := map[string]int{}
		for _, r := range rows {
			n[r.Channel] = r.N
		}
		days, counts = append(days, day), append(counts, n)
	}
	return days, counts, nil
}

// Pace is how long cases of a service take.
type Pace struct {
	Service        string
	N              int // how many of the sample got there
	Median, Ninety time.Duration
}

// Paces groups a sample by service; took says how long a case took, negative for not yet. Most frequent services first.
func Paces(sample []Timed, took func(Timed) time.Duration) []Pace {
	by := map[string][]time.Duration{}
	for _, t := range sample {
		if d := took(t); d >= 0 {
			by[t.Service] = append(by[t.Service], d)
		}
	}
	var list []Pace
	for service, times := range by {
		slices.Sort(times)
		list = append(list, Pace{service, len(times), rank(times, 50), rank(times, 90)})
	}
	slices.SortFunc(list, func(a, b Pace) int { return cmp.Or(cmp.Compare(b.N, a.N), cmp.Compare(a.Service, b.Service)) })
	return list
}

// rank is the smallest of the sorted times that percent of them do not exceed.
func rank(sorted []time.Duration, percent int) time.Duration {
	return sorted[max(0, (len(sorted)*percent+99)/100-1)]
}

// Lack is how often a requirement of a service was missing.
type Lack struct {
	Service, Requirement string
	N, Of                int // of so many cases of the service in the sample
}

// Lacks ranks what is missing, most frequent first, at most limit.
func Lacks(sample []Timed, limit int) []Lack {
	type key struct{ service, requirement string }
	counts, of := map[key]int{}, map[string]int{}
	for _, t := range sample {
		of[t.Service]++
		for _, id := range t.Missing {
			counts[key{t.Service, id}]++
		}
	}
	var list []Lack
	for k, n := range counts {
		list = append(list, Lack{k.service, k.requirement, n, of[k.service]})
	}
	slices.SortFunc(list, func(a, b Lack) int {
		return cmp.Or(cmp.Compare(b.N, a.N), cmp.Compare(a.Service, b.Service), cmp.Compare(a.Requirement, b.Requirement))
	})
	return list[:min(len(list), limit)]
}
