// Package sheet owns the separator sheets that are laid between the letters of an urn before they are scanned: what their code
// says, how they are printed, and how the code is found on a scanned page.
//
// A code says which urn, which drop window, when the envelopes were opened, the number of the envelope, and the first and last
// number of its set, so that a set with a sheet missing is known to be one, wherever it is missing. A keyed checksum makes it a
// sheet of this office: a sheet a resident copied from elsewhere, or a misread one, parts nothing.
//
// It refuses to know what lies between the sheets: package scan decides that. Read next: find.go, print.go.
package sheet

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Sheet is one separator sheet. Times are in UTC, to the minute.
type Sheet struct {
	Set
	Number int // of the envelope it lies before: First to Last
}

// Set is what all sheets of one opening have in common.
type Set struct {
	Site        string    // configured name of the urn
	From, To    time.Time // the drop window: the emptying before, and this one
	Opened      time.Time // when the envelopes were opened
	First, Last int       // numbers of the envelopes; a batch must have a sheet for each
}

// The bounds of a set.
const (
	MaxNumber    = 9999
	MaxEnvelopes = 500 // in one set
)

var siteForm = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,39}$`)

// Check says what is wrong with a set and what is allowed.
func (s Set) Check() error {
	switch {
	case !siteForm.MatchString(s.Site):
		return fmt.Errorf("site %q: allowed are 1 to 40 lower-case letters, digits and hyphens", s.Site)
	case s.First < 1 || s.Last < s.First || s.Last > MaxNumber || s.Last-s.First >= MaxEnvelopes:
		return fmt.Errorf("envelopes %d to %d: allowed are 1 to %d of them, numbered 1 to %d", s.First, s.Last, MaxEnvelopes, MaxNumber)
	case !s.From.Before(s.To):
		return fmt.Errorf("drop window %s to %s: it must end after it began", s.From.Format(time.RFC3339), s.To.Format(time.RFC3339))
	case s.Opened.Before(s.To):
		return errors.New("the envelopes cannot have been opened before the urn was emptied")
	}
	return nil
}

// Sheets are the sheets of a set, in order.
func (s Set) Sheets() []Sheet {
	var all []Sheet
	for n := s.First; n <= s.Last; n++ {
		all = append(all, Sheet{s, n})
	}
	return all
}

// prefix begins every code, with the version of its form.
const prefix = "OKIENKO1:"

// IsCode reports whether a text found on a page claims to be a separator sheet.
func IsCode(text string) bool { return strings.HasPrefix(text, prefix) }

// Key makes the checksum of an office's sheets; the zero Key is not to be used.
type Key struct{ secret []byte }

// NewKey derives the key from the secret of the installation, at least 16 bytes.
func NewKey(secret []byte) (Key, error) {
	if len(secret) < 16 {
		return Key{}, errors.New("the secret for separator sheets has fewer than 16 bytes")
	}
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte("separator sheets"))
	return Key{mac.Sum(nil)}, nil
}

// checksum is 80 bits: what is read wrongly passes it in one of 10^24 tries.
func (k Key) checksum(text string) string {
	mac := hmac.New(sha256.New, k.secret)
	mac.Write([]byte(text))
	return base32.StdEncoding.EncodeToString(mac.Sum(nil)[:10])
}

// Code is the text of the sheet's code: capitals, digits and colons, which a QR code holds most densely.
func (k Key) Code(s Sheet) string {
	text := prefix + strings.ToUpper(s.Site)
	for _, n := range []int64{minutes(s.From), minutes(s.To), minutes(s.Opened), int64(s.Number), int64(s.First), int64(s.Last)} {
		text += ":" + strconv.FormatInt(n, 10)
	}
	return text + ":" + k.checksum(text)
}

func minutes(t time.Time) int64 { return t.Unix() / 60 }

// ErrForeign is returned for a code with another checksum: printed by another office, altered, or misread.
var ErrForeign = errors.New("the checksum of a separator sheet is not this office's")

// Parse reads the text of a code.
func (k Key) Parse(code string) (Sheet, error) {
	at := strings.LastIndexByte(code, ':')
	if !IsCode(code) || at < len(prefix) || !hmac.Equal([]byte(k.checksum(code[:at])), []byte(code[at+1:])) {
		return Sheet{}, ErrForeign
	}
	field := strings.Split(code[len(prefix):at], ":")
	if len(field) != 7 {
		return Sheet{}, ErrForeign
	}
	var n [6]int64
	for i, text := range field[1:] {
		var err error
		if n[i], err = strconv.ParseInt(text, 10, 64); err != nil {
			return Sheet{}, ErrForeign
		}
	}
	at0 := func(minutes int64) time.Time { return time.Unix(60*minutes, 0).UTC() }
	s := Sheet{Set{strings.ToLower(field[0]), at0(n[0]), at0(n[1]), at0(n[2]), int(n[4]), int(n[5])}, int(n[3])}
	if s.Number < s.First || s.Number > s.Last {
		return s, ErrForeign
	}
	return s, s.Check()
}
