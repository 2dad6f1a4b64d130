package field

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"okienko/ingest"
)

// Dates in the ways people write them; the value is always YYYY-MM-DD.
var (
	isoDate = recogniser{
		fieldType: ingest.FieldDate,
		first:     digit,
		pattern:   regexp.MustCompile(`^(\d{4})[-./](\d{1,2})[-./](\d{1,2})(?:[T ]\d{2}:\d{2}(?::\d{2})?(?:\.\d+)?Z?)?`),
		judge: func(c candidate) verdict {
			return dateVerdict(c.groups[1], c.groups[2], c.groups[3], 0.95)
		},
	}
	dottedDate = recogniser{
		fieldType: ingest.FieldDate,
		first:     digit,
		pattern:   regexp.MustCompile(`^(\d{1,2})([-./]) ?(\d{1,2}|[IVX]{1,4})([-./]) ?(\d{4}|\d{2})`),
		judge:     judgeDotted,
	}
	namedDate = recogniser{
		fieldType: ingest.FieldDate,
		first:     digit,
		pattern:   regexp.MustCompile(`^(\d{1,2})(?:st|nd|rd|th|-го)?\.? +(?:of +)?(\pL{3,12}|[IVX]{1,4})\.?,?(?: +(\d{4}))?`),
		judge: func(c candidate) verdict {
			return c.namedDay(c.groups[1], c.groups[2], c.groups[3])
		},
	}
	englishDate = recogniser{
		fieldType: ingest.FieldDate,
		first:     func(b byte) bool { return b >= 'A' && b <= 'Z' },
		pattern:   regexp.MustCompile(`^([A-Z][a-z]{2,8})\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})`),
		judge: func(c candidate) verdict {
			return c.namedDay(c.groups[2], c.groups[1], c.groups[3])
		},
	}
)

func judgeDotted(c candidate) verdict {
	day, month, year := c.groups[1], c.groups[3], c.groups[5]
	if roman, ok := romanMonths[month]; ok {
		month = strconv.Itoa(roman)
	}
	if c.groups[2] != c.groups[4] {
		return verdict{}
	}
	if len(year) == 4 {
		return dateVerdict(year, month, day, 0.95)
	}
	// A year of two digits: "9.11.26 r.", "z dn. 9.11.26". Without such a word it may be a number of a paragraph.
	if !strings.HasPrefix(strings.TrimLeft(c.after(4), " "), "r") && !c.labelled("dn", "dat", "ur.", "dnia", "date") {
		return verdict{}
	}
	n, _ := strconv.Atoi(year) // two digits by the pattern
	century := 2000
	if n > 40 {
		century = 1900
	}
	return dateVerdict(strconv.Itoa(century+n), month, day, 0.6)
}

// namedDay judges a date with the name of the month. Without a year it is taken for the last such day before the reference.
func (c candidate) namedDay(day, month, year string) verdict {
	m, ok := monthOf(month)
	if !ok {
		return verdict{}
	}
	if year != "" {
		return dateVerdict(year, strconv.Itoa(m), day, 0.95)
	}
	if c.s.reference.IsZero() || utf8.RuneCountInString(month) < 4 {
		return verdict{} // "2 I" or "3 lis" without a year need not be a day
	}
	y := c.s.reference.Year()
	d, err := strconv.Atoi(day)
	if err != nil {
		return verdict{}
	}
	if time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC).After(c.s.reference.AddDate(0, 2, 0)) {
		y--
	}
	return dateVerdict(strconv.Itoa(y), strconv.Itoa(m), day, 0.6)
}

func dateVerdict(year, month, day string, confidence float64) verdict {
	y, _ := strconv.Atoi(year)
	m, _ := strconv.Atoi(month)
	d, _ := strconv.Atoi(day) // a wrong number is no date, below
	v := fmt.Sprintf("%04d-%02d-%02d", y, m, d)
	if !isDate(v) {
		return verdict{}
	}
	return verdict{value: v, confidence: confidence}
}

// isDate reports whether s is a day that a letter to an office may speak of.
func isDate(s string) bool {
	t, err := time.Parse(time.DateOnly, s)
	return err == nil && t.Year() >= 1880 && t.Year() <= 2100
}

var romanMonths = map[string]int{
	"I": 1, "II": 2, "III": 3, "IV": 4, "V": 5, "VI": 6, "VII": 7, "VIII": 8, "IX": 9, "X": 10, "XI": 11, "XII": 12,
}

// monthForms are the names of the months as they stand in dates: Polish in the cases that occur, also without diacritics, and
// short; English; Ukrainian.
var monthForms = func() map[string]int {
	m := make(map[string]int)
	for i, forms := range []string{
		"stycznia styczeń styczen styczniu sty january jan січня січень",
		"lutego luty lutym lut february feb лютого лютий",
		"marca marzec marcu mar march березня березень",
		"kwietnia kwiecień kwiecien kwietniu kwi april apr квітня квітень",
		"maja maj maju may травня травень",
		"czerwca czerwiec czerwcu cze june jun червня червень",
		"lipca lipiec lipcu lip july jul липня липень",
		"sierpnia sierpień sierpien sierpniu sie august aug серпня серпень",
		"września wrzesnia wrzesień wrzesien wrześniu wrzesniu wrz september sep sept вересня вересень",
		"października pazdziernika październik pazdziernik październiku pazdzierniku paź paz october oct жовтня жовтень",
		"listopada listopad listopadzie lis november nov листопада листопад",
		"grudnia grudzień grudzien grudniu gru december dec грудня грудень",
	} {
		for _, f := range strings.Fields(forms) {
			m[f] = i + 1
		}
	}
	return m
}()

// monthOf returns the month a word names.
func monthOf(word string) (int, bool) {
	if m, ok := romanMonths[word]; ok {
		return m, true
	}
	m, ok := monthForms[strings.ToLower(word)]
	return m, ok
}
