package field

import (
	"regexp"
	"strings"

	"okienko/ingest"
)

// Numbers of the land and mortgage register (księga wieczysta): court, eight digits, check digit.
var landRegister = recogniser{
	fieldType: ingest.FieldLandReg,
	first:     func(c byte) bool { return c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' },
	pattern:   regexp.MustCompile(`^([A-Za-z]{2}\d[A-Za-z]) ?[/-] ?(\d{1,8}) ?[/-] ?(\d)`),
	judge: func(c candidate) verdict {
		v := strings.ToUpper(c.groups[1]) + "/" + strings.Repeat("0", 8-len(c.groups[2])) + c.groups[2] + "/" + c.groups[3]
		return verdict{value: v, confidence: 0.95, checked: checked(landRegisterDigit(v) == v[14])}
	},
}

var landRegisterForm = regexp.MustCompile(`^[A-Z]{2}\d[A-Z]/\d{8}/\d$`)

func isLandRegister(s string) bool { return landRegisterForm.MatchString(s) }

// landRegisterDigit computes the check digit: weights 1, 3, 7 over court and number, letters from X = 10, A = 11
// (rozporządzenie MS w sprawie zakładania i prowadzenia ksiąg wieczystych w systemie teleinformatycznym).
func landRegisterDigit(v string) byte {
	const values = "0123456789XABCDEFGHIJKLMNOPRSTUWYZ"
	weights := [3]int{1, 3, 7}
	sum := 0
	for i, c := range v[:4] + v[5:13] {
		sum += max(0, strings.IndexRune(values, c)) * weights[i%3]
	}
	return byte('0' + sum%10)
}
