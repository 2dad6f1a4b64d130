package field

import (
	"regexp"
	"strings"

	"okienko/ingest"
)

// Polish plates: two or three letters for the county, four or five characters for the vehicle, without letters that look
// like digits (rozporządzenie w sprawie rejestracji i oznaczania pojazdów). "PIT 37A" and "DN 1" have nearly that form, so
// without a word about a vehicle nearby only the unmistakable ones count.
var plate = recogniser{
	fieldType: ingest.FieldPlate,
	first:     alphanumeric,
	pattern:   regexp.MustCompile(`^([A-Za-z]{2,3})[ \t-]?([0-9A-Za-z]{4,5}|[0-9A-Za-z]{2} [0-9A-Za-z]{3})`),
	judge: func(c candidate) verdict {
		v := strings.ToUpper(strings.Map(func(r rune) rune {
			if r == ' ' || r == '-' || r == '\t' {
				return -1
			}
			return r
		}, c.text))
		county := strings.ToUpper(c.groups[1])
		if !isPlate(v) || notCounty[county] {
			return verdict{}
		}
		named := c.labelled("rej", "tablic", "plate", "номер")
		if c.text != strings.ToUpper(c.text) && !named {
			return verdict{}
		}
		switch {
		case named:
			return verdict{value: v, confidence: 0.95}
		case containsAny(c.near(100), vehicleWords):
			return verdict{value: v, confidence: 0.85}
		case serialWithLetter.MatchString(v[len(county):]) && strings.Contains(c.text, " "):
			return verdict{value: v, confidence: 0.5}
		}
		return verdict{}
	},
}

var vehicleWords = []string{
	"samoch", "pojazd", "auto", "auta", "motocykl", "motor", "przyczep", "rejestr", "tablic", "parking", "vin", "car ", "vehicle", "opel", "skod", "škod",
	"toyot", "ford", "fiat", "renault", "volkswagen", "vw ", "audi", "bmw", "peugeot", "citroen", "kia ", "hyundai", "mazd", "hond", "nissan", "seat",
	"volvo", "dacia", "suzuki", "yamah", "mercedes", "авто",
}

// notCounty are pairs and triples of letters that stand before numbers and are no county.
var notCounty = map[string]bool{
	"PIT": true, "NIP": true, "KRS": true, "ZIN": true, "ZDN": true, "RPW": true, "PLN": true, "PKD": true, "TEL": true, "FAX": true, "VAT": true,
	"ISO": true, "NR": true, "UL": true, "OS": true, "DZ": true, "ART": true, "USD": true, "EUR": true, "ROK": true, "STR": true, "POZ": true,
	"ZUS": true, "PPS": true, "UPL": true, "KW": true, "KPA": true, "PL": true, "TYP": true, "RP": false, "NA": true, "OD": true, "PO": false,
	"DO": true, "ZA": true, "TO": true, "TY": true, "WE": true, "ZE": true, "NIE": true, "LUB": false, "DLA": true, "DNI": true, "LAT": true,
	"ZAP": true, "UPO": true, "PDF": true, "RSC": true, "FV": true, "DN": true, "IN": true, "ID": true, "SN": true, "OC": true, "EN": true,
}

// serialWithLetter matches the part behind the county when it mixes digits and letters as plates do.
var serialWithLetter = regexp.MustCompile(`^(\d{4}[A-Z]|\d{3}[A-Z]{2}|\d[A-Z]\d{3}|\d[A-Z]{2}\d{2}|[A-Z]\d{3}|\d{2}[A-Z]{2}|\d[A-Z]\d{2}|\d{2}[A-Z]\d|\d[A-Z]{2}\d|\d{2}[A-Z]\d[A-Z])$`)

// isPlate reports whether s, upper case without blanks, has the form of a plate.
func isPlate(s string) bool {
	for county := 2; county <= 3; county++ {
		serial := s[min(county, len(s)):]
		if (len(serial) == 5 || len(serial) == 4) && isCounty(s[:county]) && isSerial(serial) {
			return true
		}
	}
	return false
}

func isCounty(s string) bool {
	return strings.IndexByte("BCDEFGHKLNOPRSTUWZ", s[0]) >= 0 && digits(s) == ""
}

// isSerial: at least one digit, no letter but those allowed.
func isSerial(s string) bool {
	n := 0
	for i := range s {
		switch {
		case digit(s[i]):
			n++
		case s[i] < 'A' || s[i] > 'Z' || strings.IndexByte("BDIOQZ", s[i]) >= 0:
			return false
		}
	}
	return n >= 1 && n+2 >= len(s)
}
