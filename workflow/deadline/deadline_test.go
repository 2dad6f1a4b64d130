package deadline_test

import (
	"math/rand/v2"
	"testing"
	"time"
	_ "time/tzdata" // the tests must not depend on the zone data of the machine

	"okienko/workflow/deadline"
)

func at(t *testing.T, s string) time.Time {
	t.Helper()
	when, err := time.ParseInLocation("2006-01-02 15:04", s, deadline.Warsaw())
	if err != nil {
		t.Fatal(err)
	}
	return when
}

func TestEnd(t *testing.T) {
	t.Parallel()
	closed := deadline.Calendar{
		Holidays: []deadline.Day{{Year: 2026, Month: 11, Day: 12}},
		Closed:   []deadline.Day{{Year: 2026, Month: 11, Day: 20}},
	}
	for _, tt := range []struct {
		name, start string
		value       int
		unit        string
		calendar    deadline.Calendar
		want        string // "" no term
	}{
		{name: "seven days end on a Monday", start: "2026-12-14 12:00", value: 7, unit: "day", want: "2026-12-21"},
		{name: "Christmas Eve and the three days after it are skipped", start: "2026-12-17 12:00", value: 7, unit: "day", want: "2026-12-28"},
		{name: "two weeks that end on Christmas Eve", start: "2026-12-10 12:00", value: 14, unit: "day", want: "2026-12-28"},
		{name: "Independence Day moves to the next day", start: "2026-11-04 12:00", value: 7, unit: "day", want: "2026-11-12"},
		{name: "Epiphany moves to the next day", start: "2026-12-30 12:00", value: 7, unit: "day", want: "2027-01-07"},
		{name: "a month that ends on Christmas Eve", start: "2026-11-24 12:00", value: 1, unit: "month", want: "2026-12-28"},
		{name: "a month from the 31st ends with February, a Sunday", start: "2027-01-31 12:00", value: 1, unit: "month", want: "2027-03-01"},
		{name: "three months from the 30th end with February", start: "2026-11-30 12:00", value: 3, unit: "month", want: "2027-03-01"},

		{name: "Christmas Eve 2024 was an ordinary day", start: "2024-12-17 12:00", value: 7, unit: "day", want: "2024-12-24"},
		{name: "Epiphany 2010 was an ordinary day", start: "2009-12-30 12:00", value: 7, unit: "day", want: "2010-01-06"},
		{name: "Good Friday is an ordinary day", start: "2026-03-27 12:00", value: 7, unit: "day", want: "2026-04-03"},
		{name: "Easter Saturday, Sunday and Monday are skipped", start: "2026-03-28 12:00", value: 7, unit: "day", want: "2026-04-07"},
		{name: "Corpus Christi 2026 moves to Friday", start: "2026-05-28 12:00", value: 7, unit: "day", want: "2026-06-05"},
		{name: "Corpus Christi 2027", start: "2027-05-20 12:00", value: 7, unit: "day", want: "2027-05-28"},
		{name: "1 and 3 May around a Saturday", start: "2026-04-24 12:00", value: 7, unit: "day", want: "2026-05-04"},
		{name: "a week ends on the same weekday", start: "2026-11-24 12:00", value: 1, unit: "week", want: "2026-12-01"},
		{name: "two weeks end on the same weekday", start: "2026-11-23 12:00", value: 2, unit: "week", want: "2026-12-07"},
		{name: "a year from 29 February ends on the 28th", start: "2024-02-29 12:00", value: 1, unit: "year", want: "2025-02-28"},
		{name: "four years from 29 February end on the 29th", start: "2024-02-29 12:00", value: 4, unit: "year", want: "2028-02-29"},
		{name: "twelve months are a year", start: "2026-08-31 12:00", value: 12, unit: "month", want: "2027-08-31"},
		{name: "seven working days over All Saints and a weekend", start: "2026-10-30 12:00", value: 7, unit: "working_day", want: "2026-11-10"},
		{name: "one working day before Christmas", start: "2026-12-23 12:00", value: 1, unit: "working_day", want: "2026-12-28"},
		{name: "at once on a Friday is Monday", start: "2026-11-20 12:00", unit: "immediate", want: "2026-11-23"},
		{name: "at once on a Tuesday is Wednesday", start: "2026-11-24 23:59", unit: "immediate", want: "2026-11-25"},

		{name: "the last minute of a day in Warsaw counts as that day", start: "2026-11-23 23:59", value: 7, unit: "day", want: "2026-11-30"},
		{name: "the first minute of a day in Warsaw is that day, though still yesterday in UTC", start: "2026-11-24 00:00", value: 7, unit: "day", want: "2026-12-01"},
		{name: "the night summer time begins", start: "2026-03-26 23:30", value: 4, unit: "day", want: "2026-03-30"},
		{name: "the night summer time ends", start: "2026-10-24 23:30", value: 2, unit: "day", want: "2026-10-26"},

		{name: "a holiday set by a special act moves the end", start: "2026-11-04 12:00", value: 7, unit: "day", calendar: closed, want: "2026-11-13"},
		{name: "a day the office is closed does not move the end", start: "2026-11-13 12:00", value: 7, unit: "day", calendar: closed, want: "2026-11-20"},
		{name: "a day the office is closed is no working day", start: "2026-11-19 12:00", value: 1, unit: "working_day", calendar: closed, want: "2026-11-23"},

		{name: "no number, no term", start: "2026-11-24 12:00", unit: "day"},
		{name: "a negative number, no term", start: "2026-11-24 12:00", value: -1, unit: "month"},
		{name: "an unknown unit, no term", start: "2026-11-24 12:00", value: 1, unit: "fortnight"},
		{name: "no unit, no term", start: "2026-11-24 12:00", value: 1},
		{name: "an absurd number, no term", start: "2026-11-24 12:00", value: 1 << 62, unit: "year"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := tt.calendar.End(at(t, tt.start), tt.value, tt.unit)
			if tt.want == "" {
				if !got.IsZero() {
					t.Fatalf("End = %v, want no term", got)
				}
				return
			}
			if want := at(t, tt.want+" 00:00").AddDate(0, 0, 1).Add(-time.Microsecond); !got.Equal(want) {
				t.Errorf("End = %v, want %v", got.In(deadline.Warsaw()), want)
			}
		})
	}
}

// The dates are those the office's calendar gives for 2026 and 2027, and known ones for the edges of the computus.
func TestEaster(t *testing.T) {
	t.Parallel()
	for _, want := range []string{
		"1818-03-22", "1943-04-25", "1981-04-19", "2000-04-23", "2008-03-23", "2011-04-24", "2019-04-21",
		"2024-03-31", "2025-04-20", "2026-04-05", "2027-03-28", "2028-04-16", "2038-04-25", "2049-04-18",
	} {
		var day deadline.Day
		if err := day.UnmarshalText([]byte(want)); err != nil {
			t.Fatal(err)
		}
		if got := deadline.Easter(day.Year); got != day {
			t.Errorf("Easter(%d) = %v, want %s", day.Year, got, want)
		}
	}
}

func TestHolidaysOfAYear(t *testing.T) {
	t.Parallel()
	want := map[string]bool{
		"2026-01-01": true, "2026-01-06": true, "2026-04-05": true, "2026-04-06": true, "2026-05-01": true,
		"2026-05-03": true, "2026-05-24": true, "2026-06-04": true, "2026-08-15": true, "2026-11-01": true,
		"2026-11-11": true, "2026-12-24": true, "2026-12-25": true, "2026-12-26": true,
	}
	for d := (deadline.Day{Year: 2026, Month: 1, Day: 1}); d.Year == 2026; d = d.Add(1) {
		holiday := deadline.Calendar{}.Holiday(d)
		if sunday := d.Weekday() == time.Sunday; holiday != (want[d.String()] || sunday) {
			t.Errorf("Holiday(%v) = %v", d, holiday)
		}
	}
}

func TestProperties(t *testing.T) {
	t.Parallel()
	const trials = 50_000
	random := rand.New(rand.NewPCG(57, 4))
	units := []string{deadline.Days, deadline.WorkingDays, deadline.Weeks, deadline.Months, deadline.Years, deadline.Immediate}
	calendar := deadline.Calendar{}
	base := at(t, "2011-01-01 00:00")
	for range trials {
		start := base.Add(time.Duration(random.Int64N(40*365*24)) * time.Hour)
		value, unit := 1+random.IntN(30), units[random.IntN(len(units))]
		end := calendar.End(start, value, unit)
		day := deadline.DayOf(end)
		if calendar.Free(day) {
			t.Fatalf("%v + %d %s ends on %v, which is free", start, value, unit, day)
		}
		if !deadline.DayOf(start).Before(day) {
			t.Fatalf("%v + %d %s ends on %v, not after the day of the event", start, value, unit, day)
		}
		if next := deadline.DayOf(end.Add(time.Microsecond)); next != day.Add(1) {
			t.Fatalf("%v + %d %s: %v is not the last moment of its day", start, value, unit, end)
		}
		if later := calendar.End(start, value+1, unit); later.Before(end) {
			t.Fatalf("%v: %d %s end on %v, one more on %v", start, value, unit, end, later)
		}
		if later := calendar.End(start.Add(24*time.Hour), value, unit); later.Before(end) {
			t.Fatalf("%v + %d %s ends on %v, a day later on %v", start, value, unit, end, later)
		}
		// The hour of the event does not matter, only its day.
		if other := calendar.End(deadline.DayOf(start).Last(), value, unit); !other.Equal(end) {
			t.Fatalf("%v + %d %s ends on %v, at another hour on %v", start, value, unit, end, other)
		}
		free := 0
		for d := day.Add(-1); calendar.Free(d); d = d.Add(-1) {
			free++
		}
		if free > 5 {
			t.Fatalf("%d free days before %v", free, day)
		}
	}
	t.Logf("%d trials, 0 violations", trials)
}

func TestExtend(t *testing.T) {
	t.Parallel()
	stop := func(from, until string) deadline.Stop {
		s := deadline.Stop{From: at(t, from+" 10:00")}
		if until != "" {
			s.Until = at(t, until+" 15:00")
		}
		return s
	}
	for _, tt := range []struct {
		name, end, now string
		stops          []deadline.Stop
		want           string
	}{
		{"no stop, no change", "2026-12-01", "2026-11-20", nil, "2026-12-01"},
		{"seven days of waiting move the end by seven days", "2026-12-01", "2026-11-30", []deadline.Stop{stop("2026-11-20", "2026-11-27")}, "2026-12-08"},
		{"a stop that lasts counts up to now", "2026-12-01", "2026-11-23", []deadline.Stop{stop("2026-11-20", "")}, "2026-12-04"},
		{"overlapping stops count once", "2026-12-01", "2026-11-30", []deadline.Stop{stop("2026-11-20", "2026-11-26"), stop("2026-11-22", "2026-11-27")}, "2026-12-08"},
		{"a stop after the end came too late", "2026-11-24", "2026-12-11", []deadline.Stop{stop("2026-12-01", "2026-12-10")}, "2026-11-24"},
		{"a second stop inside the time won by the first", "2026-11-24", "2026-12-11", []deadline.Stop{stop("2026-11-20", "2026-11-24"), stop("2026-11-25", "2026-11-27")}, "2026-11-30"},
		{"the moved end is never a free day", "2026-12-18", "2026-12-18", []deadline.Stop{stop("2026-12-01", "2026-12-07")}, "2026-12-28"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := deadline.Calendar{}.Extend(at(t, tt.end+" 23:59"), at(t, tt.now+" 12:00"), tt.stops...)
			if deadline.DayOf(got).String() != tt.want {
				t.Errorf("Extend = %v, want %s", deadline.DayOf(got), tt.want)
			}
		})
	}
	if got := (deadline.Calendar{}).Extend(time.Time{}, at(t, "2026-11-20 12:00"), stop("2026-11-01", "")); !got.IsZero() {
		t.Errorf("Extend of no term = %v", got)
	}
}

func TestLeft(t *testing.T) {
	t.Parallel()
	end := deadline.Office(at(t, "2026-11-23 08:00"), 7, deadline.Days)
	for now, want := range map[string]int{
		"2026-11-23 08:00": 7, "2026-11-29 23:59": 1, "2026-11-30 00:00": 0, "2026-11-30 23:59": 0, "2026-12-01 00:00": -1,
	} {
		if got := deadline.Left(at(t, now), end); got != want {
			t.Errorf("Left(%s) = %d, want %d", now, got, want)
		}
	}
}

func TestDayText(t *testing.T) {
	t.Parallel()
	var day deadline.Day
	for _, bad := range []string{"", "2026-02-30", "30.11.2026", "2026-11-30T00:00:00Z"} {
		if err := day.UnmarshalText([]byte(bad)); err == nil {
			t.Errorf("UnmarshalText(%q) took it as %v", bad, day)
		}
	}
	if err := day.UnmarshalText([]byte("2026-11-30")); err != nil || day.String() != "2026-11-30" {
		t.Errorf("UnmarshalText = %v, %v", day, err)
	}
}
