// Package deadline owns terms: when a period set by law ends (KPA art. 57) and which days are free of work in Poland. It is
// pure and imports nothing of this module: periods come in as plain numbers and words.
//
// It counts calendar days in Europe/Warsaw, so a change to or from summer time never shortens or lengthens a term. It refuses
// to know from which event a term runs (delivery, receipt): the caller says. Read next: holidays.go for the calendar.
package deadline

import (
	"sync"
	"time"
)

// Units of a term, as the catalogue of procedures writes them.
const (
	Days        = "day"
	WorkingDays = "working_day"
	Weeks       = "week"
	Months      = "month"
	Years       = "year"
	Immediate   = "immediate" // "niezwłocznie": see Calendar.End
)

// longest is the longest term in days that is believed; what is longer is a slip in the data, not a law.
const longest = 100 * 366

// Warsaw is the zone in which the law counts days. It panics if the program has no zone data: package main imports
// time/tzdata so that it always has.
var Warsaw = sync.OnceValue(func() *time.Location {
	zone, err := time.LoadLocation("Europe/Warsaw")
	if err != nil {
		panic("deadline: no zone data for Europe/Warsaw, import time/tzdata: " + err.Error())
	}
	return zone
})

// Office returns the last moment of the office's term by the statutory calendar alone; see Calendar.End.
func Office(received time.Time, value int, unit string) time.Time {
	return Calendar{}.End(received, value, unit)
}

// End returns the last moment of a term of value units that an event at start sets running: a microsecond before midnight in
// Warsaw, which is what both databases can store. The zero time means that no term runs: an unknown unit, or a value that is
// not positive or absurd.
//
// The day of the event is not counted (art. 57 § 1), weeks end on the same day of the week (§ 2), months and years on the
// same date or the last day of a shorter month (§ 3, 3a); an end on a Saturday or a statutory holiday moves to the next day
// that is neither (§ 4). Immediate has no number in law; as the product's choice it ends with the next working day.
func (c Calendar) End(start time.Time, value int, unit string) time.Time {
	first := DayOf(start)
	if unit == Immediate {
		return c.addWorking(first, 1).Last()
	}
	if value <= 0 || value*span(unit) > longest || value > longest {
		return time.Time{}
	}
	switch unit {
	case Days:
		return c.move(first.Add(value)).Last()
	case WorkingDays:
		return c.addWorking(first, value).Last()
	case Weeks:
		return c.move(first.Add(7 * value)).Last()
	case Months:
		return c.move(first.addMonths(value)).Last()
	case Years:
		return c.move(first.addMonths(12 * value)).Last()
	}
	return time.Time{}
}

// span is how many days a unit has at least.
func span(unit string) int {
	switch unit {
	case Weeks:
		return 7
	case Months:
		return 28
	case Years:
		return 365
	}
	return 1
}

// move returns d, or the first day after it on which a term may end (art. 57 § 4).
func (c Calendar) move(d Day) Day {
	for c.Free(d) {
		d = d.Add(1)
	}
	return d
}

// addWorking returns the n-th working day after d.
func (c Calendar) addWorking(d Day, n int) Day {
	for n > 0 {
		d = d.Add(1)
		if c.Working(d) {
			n--
		}
	}
	return d
}

// Stop is a stretch of time that does not count into the office's term (KPA art. 35 § 5): waiting for the party, a suspension.
// The zero Until means that it still lasts.
type Stop struct{ From, Until time.Time }

// Extend returns the office's end of term moved by the days the stops took up to now. Stops that overlap count once; a stop
// that began after the end, so moved, came too late to extend it. A term of the party is never extended by a stop. The zero
// end stays zero.
func (c Calendar) Extend(end, now time.Time, stops ...Stop) time.Time {
	if end.IsZero() {
		return end
	}
	stopped := map[Day]bool{}
	for _, s := range stops {
		until := s.Until
		if until.IsZero() || until.After(now) {
			until = now
		}
		last := DayOf(until)
		for d := DayOf(s.From); d.Before(last); d = d.Add(1) {
			stopped[d.Add(1)] = true
		}
	}
	last := DayOf(end)
	for d := first(stopped); len(stopped) > 0 && !last.Before(d); d = d.Add(1) {
		if stopped[d] {
			last = last.Add(1)
			delete(stopped, d)
		}
	}
	return c.move(last).Last()
}

// first returns the earliest day of a set, or the zero Day.
func first(days map[Day]bool) Day {
	var min Day
	for d := range days {
		if min == (Day{}) || d.Before(min) {
			min = d
		}
	}
	return min
}

// Left is how many calendar days remain from now to the end of a term: 0 on its last day, negative after it.
func Left(now, end time.Time) int {
	return DayOf(end).number() - DayOf(now).number()
}
