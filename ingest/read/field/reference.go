package field

import (
	"regexp"
	"strings"

	"okienko/ingest"
)

// What points to an earlier letter: numbers in the register of incoming letters (RPW), signs of cases, completion codes.
var (
	rpw = recogniser{
		fieldType: ingest.FieldRPW,
		first:     func(c byte) bool { return c == 'R' || c == 'r' },
		pattern:   regexp.MustCompile(`^(?i)RPW ?[/-]? ?(\d{1,7}) ?[/-] ?((?:19|20)\d{2})`),
		judge: func(c candidate) verdict {
			return verdict{value: "RPW/" + c.groups[1] + "/" + c.groups[2], confidence: 0.99}
		},
	}
	// The sign of a case: unit, class of the file plan, number, year, perhaps the clerk (instrukcja kancelaryjna, § 5).
	caseNumber = recogniser{
		fieldType: ingest.FieldCaseNumber,
		first:     func(c byte) bool { return c >= 'A' && c <= 'Z' || c >= 0x80 },
		pattern:   regexp.MustCompile(`^[A-ZŁŚŻ]{2,5}(?:-\d{1,3})*\.\d{2,4}(?:\.\d{1,6}){1,3}\.(?:19|20)\d{2}(?:\.[A-Z]{2,4})?`),
		judge: func(c candidate) verdict {
			return verdict{value: c.text, confidence: 0.95}
		},
	}
	// Our own code for completions, as our letters print it: three characters of which one is a digit, a dash, four letters.
	completionCode = recogniser{
		fieldType: ingest.FieldCode,
		first:     func(c byte) bool { return digit(c) || c >= 'A' && c <= 'Z' },
		pattern:   regexp.MustCompile(`^[0-9A-Z]{3}-[A-Z]{4}`),
		judge: func(c candidate) verdict {
			if d := len(digits(c.text)); d == 0 || strings.HasPrefix(c.after(1), "-") {
				return verdict{}
			}
			if c.labelled("kod", "code", "код") {
				return verdict{value: c.text, confidence: 0.95}
			}
			return verdict{value: c.text, confidence: 0.5}
		},
	}
)

var rpwForm = regexp.MustCompile(`^RPW/\d{1,7}/(?:19|20)\d{2}$`)

func isRPW(s string) bool { return rpwForm.MatchString(s) }
