package schemas

import (
	"fmt"
	"time"
	_ "time/tzdata" // Warsaw must be known on machines without a zone database
)

// Date is a calendar day in Europe/Warsaw, written YYYY-MM-DD; the zero value means "open".
type Date struct{ time.Time }

// Warsaw is the office's time zone.
func Warsaw() *time.Location { return warsaw }

var warsaw = func() *time.Location {
	l, err := time.LoadLocation("Europe/Warsaw")
	if err != nil {
		panic(fmt.Errorf("loading the embedded zone Europe/Warsaw: %w", err)) // a broken build
	}
	return l
}()

// DateOf returns the day on which t falls in Kraków.
func DateOf(t time.Time) Date {
	y, m, d := t.In(warsaw).Date()
	return Date{time.Date(y, m, d, 0, 0, 0, 0, warsaw)}
}

// Day returns a date. It normalises like time.Date.
func Day(year int, month time.Month, day int) Date {
	return Date{time.Date(year, month, day, 0, 0, 0, 0, warsaw)}
}

// ParseDate reads YYYY-MM-DD; "" is the open date.
func ParseDate(s string) (Date, error) {
	if s == "" {
		return Date{}, nil
	}
	t, err := time.ParseInLocation(time.DateOnly, s, warsaw)
	if err != nil {
		return Date{}, fmt.Errorf("date %q: allowed is YYYY-MM-DD", s)
	}
	return Date{t}, nil
}

// String returns YYYY-MM-DD, or "" for the open date.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return d.Format(time.DateOnly)
}

// MarshalText writes the date as String does.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (d *Date) UnmarshalText(b []byte) error {
	got, err := ParseDate(string(b))
	if err == nil {
		*d = got
	}
	return err
}

// MarshalJSON writes the date as a string; time.Time, which is embedded, would write an instant.
func (d Date) MarshalJSON() ([]byte, error) { return []byte(`"` + d.String() + `"`), nil }

// UnmarshalJSON reads what MarshalJSON writes.
func (d *Date) UnmarshalJSON(b []byte) error {
	if len(b) < 2 || b[0] != '"' {
		return fmt.Errorf("date %s: allowed is a string YYYY-MM-DD", b)
	}
	return d.UnmarshalText(b[1 : len(b)-1])
}
