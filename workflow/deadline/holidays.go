package deadline

import (
	"slices"
	"time"
)

// Calendar says which days are free. The zero Calendar knows the statutory holidays of Poland (ustawa z 18.01.1951 o dniach
// wolnych od pracy) as in force since 2011; it must not be changed while in use.
type Calendar struct {
	// Holidays are further statutory holidays, set by an act for one year only, as 12 November 2018 was. They move the end
	// of a term.
	Holidays []Day `yaml:"holidays"`
	// Closed are days on which the office does not work by its own order. They are no working days, but a term may end on
	// one: art. 57 § 4 names only Saturdays and days free by statute.
	Closed []Day `yaml:"closed"`
}

// Free reports whether no term may end on d: a Saturday, a Sunday or a statutory holiday.
func (c Calendar) Free(d Day) bool {
	return d.Weekday() == time.Saturday || c.Holiday(d)
}

// Working reports whether the office works on d.
func (c Calendar) Working(d Day) bool {
	return !c.Free(d) && !slices.Contains(c.Closed, d)
}

// Holiday reports whether d is free of work by statute. Every Sunday is.
func (c Calendar) Holiday(d Day) bool {
	return d.Weekday() == time.Sunday || fixed(d) || movable(d) || slices.Contains(c.Holidays, d)
}

// fixed reports the holidays that have a date.
func fixed(d Day) bool {
	switch (Day{0, d.Month, d.Day}) {
	case Day{0, time.January, 1}, // Nowy Rok
		Day{0, time.May, 1}, Day{0, time.May, 3},
		Day{0, time.August, 15},
		Day{0, time.November, 1}, Day{0, time.November, 11},
		Day{0, time.December, 25}, Day{0, time.December, 26}:
		return true
	case Day{0, time.January, 6}: // Trzech Króli, Dz.U. 2010 nr 224 poz. 1459
		return d.Year >= 2011
	case Day{0, time.December, 24}: // Wigilia, Dz.U. 2024 poz. 1965
		return d.Year >= 2025
	}
	return false
}

// movable reports the holidays that follow Easter.
func movable(d Day) bool {
	switch d.number() - Easter(d.Year).number() {
	case 0, 1, // Wielkanoc
		49, // Zielone Świątki
		60: // Boże Ciało
		return true
	}
	return false
}

// Easter returns Easter Sunday by the Gregorian computus (Meeus, Astronomical Algorithms, chapter 8).
func Easter(year int) Day {
	a, b, c := year%19, year/100, year%100
	d, e := b/4, b%4
	g := (8*b + 13) / 25
	h := (19*a + b - d - g + 15) % 30
	i, k := c/4, c%4
	l := (32 + 2*e + 2*i - h - k) % 7
	m := (a + 11*h + 22*l) / 451
	month, day := (h+l-7*m+114)/31, (h+l-7*m+114)%31+1
	return Day{year, time.Month(month), day}
}
