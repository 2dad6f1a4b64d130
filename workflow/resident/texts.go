package resident

import (
	"fmt"
	"net/http"
	"strings"
	"time"
	_ "time/tzdata" // the day in Kraków must not depend on the zone data of the machine

	"okienko/schemas"
)

// texts are the words of the page in one language.
type texts struct {
	Code, Name, Languages                                                   string
	Title, Intro, CodeLabel, CodeHint, Open, Number                         string
	Missing, Unread, UnreadHint, NothingMissing, Accepted, Waiting          string
	Earlier, EarlierHint, HowTo, OneWay                                     string
	Upload, UploadHint, Letter, Files, FilesLimits, Send                    string
	Thanks, Registered, Belongs, ThanksHint, PrintHint, Back, Help, Privacy string
	Wrong, Later, TooLarge, BadForm, Failed                                 string
	TooMany, TooLong, Nothing, EmptyFile                                    string
	Ways                                                                    map[string]string // by Way.Kind
	ADEUnknown                                                              string
	Months                                                                  [12]string
}

var languages = []*texts{&polish, &english, &ukrainian}

// textsOf is the language of the address (?lang=uk), else the first one the browser prefers that the page speaks, else Polish.
func textsOf(r *http.Request) *texts {
	if t := byCode(r.URL.Query().Get("lang")); t != nil {
		return t
	}
	for wanted := range strings.SplitSeq(r.Header.Get("Accept-Language"), ",") {
		code, _, _ := strings.Cut(strings.TrimSpace(wanted), ";")
		code, _, _ = strings.Cut(code, "-")
		if t := byCode(strings.ToLower(code)); t != nil {
			return t
		}
	}
	return &polish
}

func byCode(code string) *texts {
	for _, t := range languages {
		if t.Code == code {
			return t
		}
	}
	return nil
}

// label is the name of a thing in the language, else in Polish, as the letter has it, with the English name beside it.
func (t *texts) label(l schemas.Text) line {
	switch {
	case t.Code == "en" && l.EN != "":
		return line{"en", l.EN, ""}
	case t.Code == "uk" && l.UK != "":
		return line{"uk", l.UK, ""}
	case t.Code == "uk":
		return line{"pl", l.PL, l.EN}
	}
	return line{"pl", l.PL, ""}
}

func (t *texts) way(w Way, bip string) string {
	if w.Kind == "ade" && w.Place == "" {
		w.Place = fmt.Sprintf(t.ADEUnknown, bip)
	}
	return t.Ways[w.Kind] + w.Place
}

// FilesHint says how many files may be sent, and how large.
func (t *texts) FilesHint(files int, megabytes int64) string {
	return fmt.Sprintf(t.FilesLimits, files, megabytes)
}

// Day is a day in Kraków.
func (t *texts) Day(at time.Time) string {
	day := schemas.DateOf(at)
	return fmt.Sprintf("%d %s %d", day.Day(), t.Months[day.Month()-1], day.Year())
}
