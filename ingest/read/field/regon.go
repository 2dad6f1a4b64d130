package field

import (
	"regexp"

	"okienko/ingest"
)

// REGON, the statistical number of an enterprise: nine digits, or fourteen for a local unit. Nine digits are also a
// telephone number, so it needs its name beside it.
var regon = recogniser{
	fieldType: ingest.FieldREGON,
	first:     digit,
	pattern:   regexp.MustCompile(`^\d{3}[ -]?\d{3}[ -]?\d{3}(?:[ -]?\d{5})?`),
	judge: func(c candidate) verdict {
		n := digits(c.text)
		if !c.labelled("regon") {
			return verdict{}
		}
		if ValidREGON(n) {
			return verdict{value: n, confidence: 0.99, checked: "ok"}
		}
		return verdict{value: n, confidence: 0.5, checked: "bad"}
	},
}

// ValidREGON reports whether s has nine or fourteen digits with the right check digits.
func ValidREGON(s string) bool {
	nine := func() bool { return weighted(s, 8, 9, 2, 3, 4, 5, 6, 7)%11%10 == int(s[8]-'0') }
	switch {
	case allDigits(s, 9):
		return nine()
	case allDigits(s, 14):
		return nine() && weighted(s, 2, 4, 8, 5, 0, 9, 7, 3, 6, 1, 2, 4, 8)%11%10 == int(s[13]-'0')
	}
	return false
}
