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

// bareAmount is an amount without its currency, which only a word for money makes one.
var bareAmount = recogniser{
	fieldType: ingest.FieldAmount,
	first:     digit,
	pattern:   regexp.MustCompile(`^(\d{1,3}(?:[ .\x{00A0}]\d{3})+|\d{1,9}),(\d{2})`),
	judge: func(c candidate) verdict {
		if !c.labelled("kwot", "opłat", "oplat", "cen", "razem", "suma", "zapłat", "zaplat", "wpłat", "wplat", "należno") || unit.MatchString(c.after(6)) {
			return verdict{}
		}
		return verdict{value: strings.TrimLeft(digits(c.groups[1]), "0") + "." + c.groups[2], confidence: 0.6}
	},
}

// unit follows a number that is no money.
var unit = regexp.MustCompile(`^ ?(m2|m²|m\b|ha\b|%|kw|km|eur|usd|€|\$)`)

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
