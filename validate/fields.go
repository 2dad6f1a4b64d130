package validate

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"okienko/ingest"
	"okienko/schemas"
	"okienko/schemas/phrase"
)

// formats maps the formats of the catalogue to what a reader recognises.
var formats = map[string]string{
	"pesel": ingest.FieldPESEL, "vin": ingest.FieldVIN, "plate": ingest.FieldPlate, "date": ingest.FieldDate,
	"nip": ingest.FieldNIP, "krs": ingest.FieldKRS, "kw": ingest.FieldLandReg, "iban": ingest.FieldAccount,
}

// field looks for what the applicant has to state.
func (e examination) field(r schemas.Requirement) presence {
	if special, ok := baseFields[r.ID]; ok {
		return e.orUnread(special(e, r))
	}
	if r.Follows != "" {
		return e.follow(r)
	}
	if kind, ok := formats[r.Format]; ok {
		return e.orUnread(e.valueOf(r, kind))
	}
	return e.orUnread(e.wordsOf(r))
}

// orUnread turns "not there" into "unreadable" where a document that may say it could not be read.
func (e examination) orUnread(p presence) presence {
	if p.state != absent {
		return p
	}
	if s, ok := e.unread(); ok {
		return presence{sealed, fmt.Sprintf("Nie odczytano: %s. Może tam być.", s.title()), nil}
	}
	return p
}

// valueOf looks for a value of a form of its own: one that stands beside the words that name it, if the requirement has such
// words. A value whose check digit is wrong, or that may be another one, is left to a person.
func (e examination) valueOf(r schemas.Requirement, kind string) presence {
	var doubtful *presence
	for _, s := range e.sheets {
		for _, f := range s.fields() {
			if f.Type != kind {
				continue
			}
			place := f.Place
			switch {
			case f.Checked == "bad":
				doubtful = &presence{perhaps, "Jest numer, ale z błędną cyfrą kontrolną.", &place}
			case len(r.Near) == 0 || s.beside(f, r):
				return found(fmt.Sprintf("Jest: %s (%s).%s", mask(kind, f.Value), s.title(), repaired(f)), &place)
			case doubtful == nil:
				doubtful = &presence{perhaps, fmt.Sprintf("Jest %s, ale nie wiadomo, czy o to chodzi.", mask(kind, f.Value)), &place}
			}
		}
	}
	if doubtful != nil {
		return *doubtful
	}
	if p := e.wordsOf(r); p.state == there {
		return p
	}
	if p, ok := e.misread(kind); ok {
		return p
	}
	if p, ok := e.vaguely(kind); ok {
		return p
	}
	if p, ok := e.mistyped(kind); ok {
		return p
	}
	return nowhere("Nie ma tego w piśmie ani w załącznikach.")
}

// repaired tells that a number is not quite what OCR read.
func repaired(f ingest.Field) string {
	if !f.Repaired {
		return ""
	}
	return " Odczyt poprawiono tak, by zgadzała się cyfra kontrolna: proszę porównać ze skanem."
}

// names are the words beside which a value of a format is written.
var names = map[string]phrase.Matcher{
	ingest.FieldPESEL: phrase.MustCompile("pesel*"), ingest.FieldVIN: phrase.MustCompile("vin", "nadwozi*"),
	ingest.FieldPlate: phrase.MustCompile("rej", "rejestracyjn*", "tablic*"), ingest.FieldDate: phrase.MustCompile("data|dnia|dn"),
	ingest.FieldNIP: phrase.MustCompile("nip"), ingest.FieldKRS: phrase.MustCompile("krs"), ingest.FieldLandReg: phrase.MustCompile("kw", "ksieg*"),
	ingest.FieldAccount: phrase.MustCompile("konto|konta|rachunek|rachunku", "iban"),
}

// misread finds the name of a value without the value on a page read by OCR: it may stand there in handwriting.
func (e examination) misread(kind string) (presence, bool) {
	for _, s := range e.spoken() {
		if s.TextFrom != ingest.TextOCR {
			continue
		}
		if m, ok := names[kind].First(s.text); ok {
			quote, place := s.quote(m)
			return maybe(fmt.Sprintf("Jest „%s”, ale wartości nie odczytano; trzeba sprawdzić w obrazie.", quote), place), true
		}
	}
	return presence{}, false
}

// vague are the ways to give a day without its date.
var vague = map[string]phrase.Matcher{
	ingest.FieldDate: phrase.MustCompile("w styczniu|lutym|marcu|kwietniu|maju|czerwcu|lipcu|sierpniu|wrzesniu|pazdzierniku|listopadzie|grudniu",
		"wczoraj|dzisiaj|przedwczoraj", "(zeszlym|ubieglym|tym|poprzednim) tygodniu|miesiacu|roku", "tydzien|miesiac|rok temu", "# dni|tygodni|miesiecy|lat temu",
		"od nowego|przyszlego roku|miesiaca", "(poniedzialek|wtorek|srode|czwartek|piatek|sobote|niedziele)"),
}

// vaguely finds something that may be the value, in words or in a form nobody can be sure of.
func (e examination) vaguely(kind string) (presence, bool) {
	for _, s := range e.spoken() {
		if got, ok := vague[kind].First(s.text); ok {
			quote, place := s.quote(got)
			return maybe(fmt.Sprintf("Może to: „%s”.", quote), place), true
		}
		if got, ok := s.plateLike(); ok && kind == ingest.FieldPlate {
			quote, place := s.quote(got)
			return maybe(fmt.Sprintf("Może to numer rejestracyjny: „%s”.", quote), place), true
		}
	}
	return presence{}, false
}

// plateLike finds two or three letters with four or five letters and figures behind them.
func (s sheet) plateLike() (phrase.Match, bool) {
	w := s.text.Words
	for i := 1; i < len(w); i++ {
		if n := len(w[i-1].Text); n < 2 || n > 3 || len(w[i].Text) < 4 || len(w[i].Text) > 5 || s.source[w[i-1].End:w[i].Start] != " " {
			continue
		}
		if strings.ContainsAny(w[i].Text, "0123456789") && strings.ContainsAny(w[i].Text, "abcdefghijklmnopqrstuvwxyz") {
			return phrase.Match{From: i - 1, To: i}, true
		}
	}
	return phrase.Match{}, false
}

// mistyped finds the name of a value with something like a value behind it: figures, right after "nr rej.", that are no plate.
func (e examination) mistyped(kind string) (presence, bool) {
	if kind == ingest.FieldDate {
		return presence{}, false // every letter has "dnia" and figures
	}
	for _, s := range e.spoken() {
		for _, m := range matches(names[kind], s.text) {
			if s.figuresAfter(m) {
				quote, place := s.quote(m)
				return maybe(fmt.Sprintf("Po „%s” coś stoi, ale nie w zwykłej postaci; trzeba sprawdzić.", quote), place), true
			}
		}
	}
	return presence{}, false
}

// figuresReach is how many words after its name a value may stand.
const figuresReach = 4

func (s sheet) figuresAfter(m phrase.Match) bool {
	w := s.text.Words
	for i := m.To + 1; i < len(w) && i <= m.To+figuresReach; i++ {
		if len(w[i].Text) >= 4 && strings.ContainsAny(w[i].Text, "0123456789") {
			return true
		}
	}
	return false
}

// besideBytes is how far from a value the words may stand that name it.
const besideBytes = 90

// beside reports whether a word that names the value of a requirement stands near it.
func (s sheet) beside(f ingest.Field, r schemas.Requirement) bool {
	if f.Label != "" && compile(r.Near).In(f.Label) {
		return true
	}
	return slices.ContainsFunc(s.said[r.NearKey()], func(m phrase.Match) bool {
		start, end := s.base+s.text.Words[m.From].Start, s.base+s.text.Words[m.To].End
		return start <= f.Place.End+besideBytes && end >= f.Place.Start-besideBytes
	})
}

// compile makes a matcher of patterns that were checked when the catalogue was loaded; a bad one matches nothing.
func compile(patterns []string) phrase.Matcher {
	m, err := phrase.CompileAll(patterns)
	if err != nil {
		return phrase.Matcher{}
	}
	return m
}

// wordsOf looks for the words that say it, first in the letter, then in the documents. Words that are not all the ways to
// say it prove nothing by their absence.
func (e examination) wordsOf(r schemas.Requirement) presence {
	for _, s := range e.sheets {
		if hits := s.said[r.WordsKey()]; len(hits) > 0 {
			quote, place := s.quote(hits[0])
			return found(fmt.Sprintf("„%s” (%s).", quote, s.title()), place)
		}
	}
	for _, s := range e.attached() {
		if len(s.name[r.WordsKey()]) > 0 {
			return found(fmt.Sprintf("Jest: %s.", s.title()), &ingest.Place{Document: s.Document.ID})
		}
	}
	if hits := e.title[r.WordsKey()]; len(hits) > 0 {
		w := e.subject.Words
		return found(fmt.Sprintf("„%s” (temat).", e.contents.Letter.Subject[w[hits[0].From].Start:w[hits[0].To].End]), nil)
	}
	if m, s, ok := e.misspelt(r); ok {
		quote, place := s.quote(m)
		return found(fmt.Sprintf("„%s” (%s; z literówką).", quote, s.title()), place)
	}
	if r.Closed && e.understood(r) {
		return nowhere("Pismo ani załączniki tego nie podają.")
	}
	return maybe("Nie znaleziono tego po słowach; trzeba sprawdzić w treści.", nil)
}

// misspelt finds the words with slips of the finger corrected, in what the applicant wrote.
func (e examination) misspelt(r schemas.Requirement) (phrase.Match, sheet, bool) {
	for _, s := range e.settled.misspelt {
		if hits := s.said[r.WordsKey()]; len(hits) > 0 {
			return hits[0], s, true
		}
	}
	return phrase.Match{}, sheet{}, false
}

// spelled is how many words of a text are looked at for slips.
const spelled = 400

// understood reports whether finding none of the words says something: they are in the language of the letter, and the letter
// was not read by OCR, which loses words.
func (e examination) understood(r schemas.Requirement) bool {
	if e.readByOCR() {
		return false
	}
	switch e.contents.Letter.Language {
	case "", "pl":
		return true
	case "uk":
		return slices.ContainsFunc(r.Words, func(w string) bool {
			return strings.ContainsFunc(w, func(c rune) bool { return unicode.Is(unicode.Cyrillic, c) })
		})
	default:
		return false
	}
}

// follow decides a field that stands on an attachment: with the attachment missing it is missing, too.
func (e examination) follow(r schemas.Requirement) presence {
	on, ok := e.proc.Requirement(r.Follows)
	if !ok {
		return maybe("Trzeba sprawdzić w treści.", nil)
	}
	switch p := e.attachment(on); p.state {
	case absent:
		return nowhere(fmt.Sprintf("Brakuje dokumentu, na którym to się podaje (%s).", on.Label.PL))
	case sealed:
		return p
	default:
		return maybe(fmt.Sprintf("Trzeba sprawdzić w dokumencie (%s).", on.Label.PL), p.place)
	}
}

// mask hides what identifies a person in sentences that may be shown in lists.
func mask(kind, value string) string {
	switch kind {
	case ingest.FieldPESEL:
		return "numer PESEL"
	case ingest.FieldAccount:
		return "numer rachunku"
	default:
		return value
	}
}
