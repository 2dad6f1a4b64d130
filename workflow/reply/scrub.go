package reply

import (
	"regexp"
	"strings"
)

// scrubbed is an error whose text has lost the addresses a server likes to quote; errors.Is and As see the original.
type scrubbed struct {
	error
	text string
}

func (s scrubbed) Error() string { return s.text }
func (s scrubbed) Unwrap() error { return s.error }

var anyAddress = regexp.MustCompile(`[^\s<>"'(),;:]+@[^\s<>"'(),;:]+`)

// longestText is how much of a server's words is kept.
const longestText = 300

// scrub makes an error fit for logs and the case history: no e-mail address, not the recipient's name. nil stays nil.
func scrub(err error, recipient string) error {
	if err == nil {
		return nil
	}
	text := anyAddress.ReplaceAllString(err.Error(), "…")
	if local, _, _ := strings.Cut(recipient, "@"); len(local) > 2 {
		text = regexp.MustCompile(`(?i)`+regexp.QuoteMeta(local)).ReplaceAllString(text, "…")
	}
	text = strings.Map(func(r rune) rune {
		if r < ' ' {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(text, "?"))
	if runes := []rune(text); len(runes) > longestText {
		text = string(runes[:longestText]) + "…"
	}
	return scrubbed{err, text}
}
