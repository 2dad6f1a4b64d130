package workflow

import (
	"fmt"
	"time"

	"okienko/workflow/deadline"
)

// Hold is how long what was dropped into an urn rests before anybody works on it, counted from the emptying. How long is the
// office's decision: no law asks for it.
type Hold struct {
	nextWorkingDay bool
	hours          time.Duration
}

// maxHold bounds a hold in hours: a resident's matter must not lie longer.
const maxHold = 7 * 24 * time.Hour

// ParseHold reads "none" or "", "next_working_day", or hours as "48h".
func ParseHold(s string) (Hold, error) {
	switch s {
	case "", "none":
		return Hold{}, nil
	case "next_working_day":
		return Hold{nextWorkingDay: true}, nil
	}
	d, err := time.ParseDuration(s)
	if err != nil || d <= 0 || d > maxHold {
		return Hold{}, fmt.Errorf("%q: allowed are none, next_working_day, and hours up to 168h", s)
	}
	return Hold{hours: d}, nil
}

// Until is when what was taken out of the urn at a time may be opened, in UTC; zero: at once. The next working day begins at
// midnight in Warsaw, and is no Saturday and no holiday.
func (h Hold) Until(emptied time.Time) time.Time {
	switch {
	case emptied.IsZero():
		return time.Time{}
	case h.nextWorkingDay:
		day := deadline.DayOf(emptied).Add(1)
		for !(deadline.Calendar{}).Working(day) {
			day = day.Add(1)
		}
		return day.Add(-1).Last().Add(time.Microsecond)
	case h.hours > 0:
		return emptied.Add(h.hours).UTC()
	}
	return time.Time{}
}
