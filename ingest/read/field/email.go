package field

import (
	"regexp"
	"strings"

	"okienko/ingest"
)

// E-mail addresses, lower case.
var email = recogniser{
	fieldType: ingest.FieldEmail,
	first:     alphanumeric,
	pattern:   regexp.MustCompile(`^[A-Za-z0-9._%+'-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)+`),
	judge: func(c candidate) verdict {
		return verdict{value: strings.ToLower(c.text), confidence: 0.99}
	},
}
