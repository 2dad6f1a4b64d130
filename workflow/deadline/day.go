package deadline

import (
	"fmt"
	"time"
)

// Day is a calendar day in Europe/Warsaw. In text and YAML it is written YYYY-MM-DD. The zero Day is no day.
type Day struct {
	Year  int
	Month time.Month
	Day   int
}

// DayOf returns the day t falls on in Warsaw.
func DayOf(t time.Time) Day { return civil(t.In(Warsaw())) }

func civil(t time.Time) Day {
	y, m, d := t.Date()
	return Day{y, m, d}
}

// utc is midnight of the day in UTC: for counting days, where no hour is ever missing.
func (d Day) utc() time.Time { return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC) }

func (d Day) number() int { return int(d.utc().Unix() / 86400) }

// Add returns the day n days later.
func (d Day) Add(n int) Day { return civil(d.utc().AddDate(0, 0, n)) }

// Before reports whether d comes before e.
func (d Day) Before(e Day) bool { return d.utc().Before(e.utc()) }

// Weekday is the day of the week.
func (d Day) Weekday() time.Weekday { return d.utc().Weekday() }

// Last is the last moment of the day in Warsaw, a microsecond before the next midnight, in UTC.
func (d Day) Last() time.Time {
	return time.Date(d.Year, d.Month, d.Day+1, 0, 0, 0, 0, Warsaw()).Add(-time.Microsecond).UTC()
}

// addMonths returns the same date n months later, or the last day of that month if it has no such date.
func (d Day) addMonths(n int) Day {
	month := time.Date(d.Year, d.Month+time.Month(n), 1, 0, 0, 0, 0, time.UTC)
	last := month.AddDate(0, 1, -1).Day()
	return Day{month.Year(), month.Month(), min(d.Day, last)}
}

// String writes the day as YYYY-MM-DD.
func (d Day) String() string { return fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day) }

// MarshalText writes the day as YYYY-MM-DD.
func (d Day) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads YYYY-MM-DD.
func (d *Day) UnmarshalText(b []byte) error {
	t, err := time.Parse(time.DateOnly, string(b))
	if err != nil {
		return fmt.Errorf("day %q: must be written YYYY-MM-DD", b)
	}
	*d = civil(t)
	return nil
}
