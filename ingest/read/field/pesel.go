package field

import (
	"regexp"
	"time"

	"okienko/ingest"
)

// PESEL, the number of a natural person: YYMMDD with the century in the month, a serial, a check digit (ustawa o ewidencji
// ludności, art. 15).
var pesel = recogniser{
	fieldType: ingest.FieldPESEL,
	first:     digit,
	pattern:   regexp.MustCompile(`^\d(?:[ -]?\d){10}`),
	judge: func(c candidate) verdict {
		n := digits(c.text)
		named := c.labelled("pesel")
		if c.text != n && !named {
			return verdict{} // with blanks in it, it could be anything
		}
		switch ok := ValidPESEL(n); {
		case ok && named:
			return verdict{value: n, confidence: 0.99, checked: "ok"}
		case ok:
			return verdict{value: n, confidence: 0.85, checked: "ok"}
		case named:
			return verdict{value: n, confidence: 0.5, checked: "bad"}
		}
		return verdict{}
	},
}

// ValidPESEL reports whether s has eleven digits that begin with a date and end with the right check digit.
func ValidPESEL(s string) bool {
	if !allDigits(s, 11) {
		return false
	}
	if _, ok := BirthDate(s); !ok {
		return false
	}
	return (weighted(s, 1, 3, 7, 9, 1, 3, 7, 9, 1, 3)+int(s[10]-'0'))%10 == 0
}

// BirthDate returns the date of birth in a PESEL; ok is false where it has none.
func BirthDate(pesel string) (born time.Time, ok bool) {
	if !allDigits(pesel, 11) {
		return time.Time{}, false
	}
	two := func(i int) int { return int(pesel[i]-'0')*10 + int(pesel[i+1]-'0') }
	century := map[int]int{4: 1800, 0: 1900, 1: 2000, 2: 2100, 3: 2200}[two(2)/20]
	year, month, day := century+two(0), two(2)%20, two(4)
	born = time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
	return born, month >= 1 && month <= 12 && born.Day() == day && born.Month() == time.Month(month)
}
