package field

import (
	"regexp"
	"strings"

	"okienko/ingest"
)

// VIN, the number of a vehicle (ISO 3779): 17 characters without I, O and Q. The check digit in position 9 is used in North
// America only: where it does not hold, that says nothing.
var vin = recogniser{
	fieldType: ingest.FieldVIN,
	first:     alphanumeric,
	pattern:   regexp.MustCompile(`^(?i)[A-HJ-NPR-Z0-9]{17}`),
	judge: func(c candidate) verdict {
		v := strings.ToUpper(c.text)
		named := c.labelled("vin", "nadwozi", "podwozi")
		if !isVIN(v) || c.text != v && !named {
			return verdict{}
		}
		conf := 0.85
		if named {
			conf = 0.99
		}
		if vinCheckDigit(v) == v[8] {
			return verdict{value: v, confidence: max(conf, 0.95), checked: "ok"}
		}
		return verdict{value: v, confidence: conf}
	},
}

// vinMistyped catches a VIN in which somebody wrote an O for a zero: it is there, but cannot be right.
var vinMistyped = recogniser{
	fieldType: ingest.FieldVIN,
	first:     alphanumeric,
	pattern:   regexp.MustCompile(`^(?i)[A-Z0-9]{17}`),
	judge: func(c candidate) verdict {
		if !c.labelled("vin") || len(digits(c.text)) < 4 {
			return verdict{}
		}
		return verdict{value: strings.ToUpper(c.text), confidence: 0.4, checked: "bad"}
	},
}

func alphanumeric(c byte) bool {
	return digit(c) || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z'
}

// isVIN: 17 allowed characters, letters as well as digits, and the last four are digits in nearly every VIN.
func isVIN(s string) bool {
	if len(s) != 17 || strings.ContainsAny(s, "IOQ") {
		return false
	}
	n := len(digits(s))
	return n >= 4 && n <= 15 && len(digits(s[13:])) >= 3
}

// vinCheckDigit computes position 9 (49 CFR 565.15).
func vinCheckDigit(v string) byte {
	const values = "0123456789.ABCDEFGH..JKLMN.P.R..STUVWXYZ"
	weights := [17]int{8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2}
	sum := 0
	for i := range v {
		sum += strings.IndexByte(values, v[i]) % 10 * weights[i]
	}
	return "0123456789X"[sum%11]
}
