package rulebook

import (
	"fmt"
	"strconv"
	"strings"

	"okienko/workflow/deadline"
)

// generalRules is the file that holds the threshold.
const generalRules = "classify/rules/general.yaml"

// Settings are what concerns every procedure and fits into a form.
type Settings struct {
	Threshold string // confidence below which a person chooses the service, 0 to 1
	Holidays  string // days by lines
	Closed    string
}

// Settings reads them out of a book.
func (b Book) Settings() Settings {
	threshold, _ := Value(b[generalRules], "threshold")
	list := func(key string) string {
		days, _ := Value(b[calendarFile], key)
		return strings.Join(days, "\n")
	}
	return Settings{Threshold: strings.Join(threshold, ""), Holidays: list("holidays"), Closed: list("closed")}
}

// WithSettings is the book with other settings. An error names the file, the key and what is allowed.
func (b Book) WithSettings(s Settings) (Book, error) {
	old := b.Settings()
	if s.Threshold = strings.Replace(strings.TrimSpace(s.Threshold), ",", ".", 1); s.Threshold != old.Threshold {
		n, err := strconv.ParseFloat(s.Threshold, 64)
		if err != nil || n <= 0 || n >= 1 {
			return nil, fmt.Errorf("%s: key threshold: %q: allowed is a number between 0 and 1", generalRules, s.Threshold)
		}
		text, err := Set(b[generalRules], "threshold", n)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", generalRules, err)
		}
		b = b.With(generalRules, text)
	}
	if len(b[calendarFile]) == 0 {
		b = b.With(calendarFile, defaultCalendar)
	}
	for _, part := range []struct{ key, old, new string }{{"holidays", old.Holidays, s.Holidays}, {"closed", old.Closed, s.Closed}} {
		days := lined(part.new)
		if strings.Join(days, "\n") == part.old {
			continue
		}
		for _, day := range days {
			if err := new(deadline.Day).UnmarshalText([]byte(day)); err != nil {
				return nil, fmt.Errorf("%s: key %s: %w", calendarFile, part.key, err)
			}
		}
		text, err := Set(b[calendarFile], part.key, days)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", calendarFile, err)
		}
		b = b.With(calendarFile, text)
	}
	return b, nil
}
