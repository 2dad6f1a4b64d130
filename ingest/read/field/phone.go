package field

import (
	"regexp"
	"strings"

	"okienko/ingest"
)

// Telephone numbers: Polish ones as nine digits, foreign ones with plus and country code.
var phone = recogniser{
	fieldType: ingest.FieldPhone,
	first:     func(c byte) bool { return digit(c) || c == '+' || c == '(' },
	pattern: regexp.MustCompile(`^(?:(?:\+|00)48[ -]?)?(?:\(?0?\d{2}\)?[ -]\d{3}[ -]\d{2}[ -]\d{2}|\d{3}[ -]\d{3}[ -]\d{3}|\d{3} \d{2} \d{2} \d{2}|\d{9})` +
		`|^\+(?:[1-35-9]\d|4[0-79])\d?[ -]?(?:\(?\d{1,4}\)?[ -]?){2,5}\d{2}`),
	judge: func(c candidate) verdict {
		n := digits(c.text)
		foreign := strings.HasPrefix(c.text, "+") && !strings.HasPrefix(n, "48")
		n = national(c.text, n)
		if foreign {
			return foreignPhone(n)
		}
		if len(n) != 9 || n[0] == '0' || c.labelled("regon", "nip", "krs", "pesel", "rachun", "faktur", "dowod", "dowód") {
			return verdict{}
		}
		named := c.labelled("tel", "kom", "phone", "mobile", "fax", "faks", "nr kont", "тел", "dzwo", "call")
		switch {
		case named || strings.HasPrefix(c.text, "+"):
			return verdict{value: n, confidence: 0.95}
		case strings.ContainsAny(c.text, " -"):
			return verdict{value: n, confidence: 0.8}
		case isMobile(n):
			return verdict{value: n, confidence: 0.6}
		}
		return verdict{}
	},
}

// national takes the Polish country code and the old trunk zero away.
func national(text, n string) string {
	switch {
	case strings.HasPrefix(text, "00") && strings.HasPrefix(n, "0048"):
		n = n[4:]
	case strings.HasPrefix(text, "+48"):
		n = n[2:]
	}
	if len(n) == 10 && n[0] == '0' {
		n = n[1:]
	}
	return n
}

func foreignPhone(n string) verdict {
	if len(n) < 9 || len(n) > 15 {
		return verdict{}
	}
	return verdict{value: "+" + n, confidence: 0.9}
}

// isMobile knows the first digits of mobile networks (UKE numbering plan).
func isMobile(n string) bool {
	switch n[:2] {
	case "45", "50", "51", "53", "57", "60", "66", "69", "72", "73", "78", "79", "88":
		return true
	}
	return false
}
