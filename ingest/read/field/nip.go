package field

import (
	"regexp"
	"strings"

	"okienko/ingest"
)

// NIP, the tax number: ten digits, the last one a check digit modulo 11.
var nip = recogniser{
	fieldType: ingest.FieldNIP,
	first:     func(c byte) bool { return digit(c) || c == 'P' },
	pattern:   regexp.MustCompile(`^(?:PL ?)?(\d{3}-\d{3}-\d{2}-\d{2}|\d{3}-\d{2}-\d{2}-\d{3}|\d{3} \d{3} \d{2} \d{2}|\d{3} \d{2} \d{2} \d{3}|\d{10})`),
	judge: func(c candidate) verdict {
		n := digits(c.text)
		named := c.labelled("nip", "vat") || strings.HasPrefix(c.text, "PL")
		switch ok := ValidNIP(n); {
		case ok && named:
			return verdict{value: n, confidence: 0.99, checked: "ok"}
		case ok && strings.Contains(c.text, "-"):
			return verdict{value: n, confidence: 0.85, checked: "ok"}
		case ok && !c.labelled("krs", "tel", "konto", "nr ", "numer"):
			return verdict{value: n, confidence: 0.5, checked: "ok"}
		case named && !ok:
			return verdict{value: n, confidence: 0.5, checked: "bad"}
		}
		return verdict{}
	},
}

// ValidNIP reports whether s has ten digits with the right check digit.
func ValidNIP(s string) bool {
	return allDigits(s, 10) && s[:3] != "000" && weighted(s, 6, 5, 7, 2, 3, 4, 5, 6, 7)%11 == int(s[9]-'0')
}
