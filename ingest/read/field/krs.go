package field

import (
	"regexp"

	"okienko/ingest"
)

// KRS, the number in the court register: ten digits without a check digit, so it needs its name beside it.
var krs = recogniser{
	fieldType: ingest.FieldKRS,
	first:     digit,
	pattern:   regexp.MustCompile(`^\d{10}`),
	judge: func(c candidate) verdict {
		if !c.labelled("krs", "rejestru sądowego") {
			return verdict{}
		}
		return verdict{value: c.text, confidence: 0.95}
	},
}

func isKRS(s string) bool { return allDigits(s, 10) }
