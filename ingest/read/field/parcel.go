package field

import (
	"regexp"
	"strings"

	"okienko/ingest"
)

// Parcels of the land survey: "działka nr 214/7 obręb 33 Podgórze". A bare number means nothing, so the word must stand
// before it. The value is "214/7" or "214/7 obr. 33 Podgórze".
var parcel = recogniser{
	fieldType: ingest.FieldParcel,
	first:     digit,
	pattern:   regexp.MustCompile(`^(\d{1,5}(?:/\d{1,4})?)(?:,? *\(?(?:obręb(?:ie|u)?|obreb(?:ie|u)?|obr\.?|ob\.)(?: *(?:nr|numer|ewid\.?|ewidencyjn\w+))*\.? *([0-9]{1,4}|[SKPNŚ]-?\d{1,3})?,?((?: (?:\p{Lu}[\pL-]+)){1,2})?)?`),
	judge: func(c candidate) verdict {
		if !parcelWord.MatchString(c.before(40)) {
			return verdict{}
		}
		v := c.groups[1]
		if d := strings.TrimSpace(c.groups[2] + " " + strings.TrimSpace(c.groups[3])); d != "" {
			v += " obr. " + d
			return verdict{value: v, confidence: 0.95}
		}
		return verdict{value: v, confidence: 0.85}
	},
}

// parcelWord matches the end of what stands before a parcel's number.
var parcelWord = regexp.MustCompile(`(?:dział(?:ka|ki|ce|kę|ek|kach)|dzial(?:ka|ki|ce|ke|ek|kach)|\bdz\.|\bdz|parcel[ai]?|plot)(?: (?:drogow\pL+|ewidencyjn\pL+|ewid\.|budowlan\pL+|gruntu))?,?(?: *(?:nr|o nr|numer|o numerze|nr ewid\.|no\.))?[ :.]*$`)
