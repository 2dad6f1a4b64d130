package field

import (
	"regexp"
	"strings"

	"okienko/ingest"
)

// Bank accounts: NRB, 26 digits, perhaps with PL in front (IBAN). Check digits modulo 97 (ISO 7064).
var account = recogniser{
	fieldType: ingest.FieldAccount,
	first:     func(c byte) bool { return digit(c) || c == 'P' },
	pattern:   regexp.MustCompile(`^(?:PL ?)?(\d{2}(?:[ -]?\d{4}){6})`),
	judge: func(c candidate) verdict {
		n := digits(c.text)
		named := c.labelled("rachun", "kont", "nrb", "iban", "account", "рахун")
		switch ok := ValidNRB(n); {
		case ok:
			return verdict{value: n, confidence: 0.99, checked: "ok"}
		case named || strings.ContainsAny(c.text, " P"):
			return verdict{value: n, confidence: 0.6, checked: "bad"}
		}
		return verdict{}
	},
}

func isAccount(s string) bool { return allDigits(s, 26) }

// ValidNRB reports whether s has 26 digits whose check digits hold for Poland.
func ValidNRB(s string) bool {
	if !allDigits(s, 26) {
		return false
	}
	rest := 0
	for _, c := range s[2:] + "2521" + s[:2] { // PL is 25 21
		rest = (rest*10 + int(c-'0')) % 97
	}
	return rest == 1
}
