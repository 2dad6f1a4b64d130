package desk

import (
	"regexp"
	"strings"
)

// Personal numbers are masked to their last three digits wherever a page shows text for orientation: lists, subjects, names of
// documents, reasons, quotations, letters sent. Three digits tell two people of a family apart and say neither the day of
// birth nor enough to guess the rest. Whole they stand only where a clerk works on the text itself: the full text of a
// document, the letter in the editor, and the files.

// digits are eleven digits, as a PESEL is written, also with the blanks and hyphens people put between them. What comes before
// decides whether they are part of something else: a telephone number with country code, a longer number.
var digits = regexp.MustCompile(`(^|[^\d+])(\d(?:[ \x{a0}-]?\d){10})($|\D)`)

// mask hides personal numbers in s.
func mask(s string) string {
	if len(s) < 11 {
		return s
	}
	// Twice: the character between two numbers belongs to the first match and is missed by the second.
	return maskOnce(maskOnce(s))
}

func maskOnce(s string) string {
	return digits.ReplaceAllStringFunc(s, func(found string) string {
		part := digits.FindStringSubmatch(found)
		bare := strings.NewReplacer(" ", "", "\u00a0", "", "-", "").Replace(part[2])
		if len(part[2]) != 11 && !peselDigits(bare) {
			return found // other numbers are grouped too; eleven digits in a row are rarely anything else
		}
		return part[1] + "********" + bare[8:] + part[3]
	})
}

// peselDigits reports whether the check digit of a PESEL holds.
func peselDigits(s string) bool {
	sum := 0
	for i, weight := range []int{1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1} {
		sum += weight * int(s[i]-'0')
	}
	return sum%10 == 0
}
