package field

import (
	"regexp"
	"strings"

	"okienko/ingest"
)

// Amounts in złoty: "1 249,77 PLN", "17 zł", "2.300,00 zł", "17,- zł". The value has a decimal point and two digits.
var amount = recogniser{
	fieldType: ingest.FieldAmount,
	first:     digit,
	pattern:   regexp.MustCompile(`^(\d{1,3}(?:[ .\x{00A0}]\d{3})+|\d{1,9})(?:[,.](\d{2}|-{1,2}|\d))?(?: ?,-)?[ \t\x{00A0}]*(tys\.?|mln)?[ \t\x{00A0}]?(zł(?:otych|ote|oty)?|zl(?:otych|ote|oty)?|PLN|pln|Zł|ZŁ|ZL|злотих|zloty|zlotys)`),
	judge: func(c candidate) verdict {
		whole := strings.TrimLeft(digits(c.groups[1]), "0")
		if whole == "" {
			whole = "0"
		}
		switch c.groups[3] {
		case "tys", "tys.":
			return thousands(whole, c.groups[2], 3)
		case "mln":
			return thousands(whole, c.groups[2], 6)
		}
		return verdict{value: whole + "." + cents(c.groups[2]), confidence: 0.95}
	},
}

// thousands multiplies "2,5 tys." out.
func thousands(whole, fraction string, zeros int) verdict {
	fraction = digits(fraction)
	fraction += strings.Repeat("0", zeros-len(fraction))
	v := strings.TrimLeft(whole+fraction, "0")
	if v == "" {
		v = "0"
	}
	return verdict{value: v + ".00", confidence: 0.8}
}

func cents(s string) string { return (digits(s) + "00")[:2] }

var amountForm = regexp.MustCompile(`^\d+\.\d{2}$`)

func isAmount(s string) bool { return amountForm.MatchString(s) }
