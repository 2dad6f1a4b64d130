// Package field recognises values by their form in a text: PESEL, plates, dates, amounts, addresses and the like, with their
// check digits and the words that name them. It owns one file a value; each says what form the value has and how to tell it
// from what only looks like it.
//
// It refuses to know whose value it is and what a service needs: that the first date of a letter is the date of sale is for
// package validate to conclude, from Field.Label. A value it reports has its form for sure; Confidence says how sure it is
// that the form means what the type says.
package field

import (
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"okienko/ingest"
)

// maxFields bounds what is reported of one text: a price list is no letter.
const maxFields = 500

// Find returns the values in text, in the order of the text. document becomes Field.Place.Document; a form feed in the text
// begins a new page. reference is the day the text reached the office, to complete a date without a year; the zero time
// leaves such dates out.
func Find(text, document string, reference time.Time) []ingest.Field {
	return (&scan{text: text, reference: reference}).find(document, nil)
}

// find looks for values, those of the recognisers in first before all others.
func (s *scan) find(document string, first []recogniser) []ingest.Field {
	s.starts = s.beginnings()
	for _, r := range first {
		s.run(r)
	}
	for _, r := range specific {
		s.run(r)
	}
	s.addresses() // before the dates: "al. 29 Listopada 130"
	for _, r := range general {
		s.run(r)
	}
	s.names()
	slices.SortStableFunc(s.found, func(a, b ingest.Field) int { return a.Place.Start - b.Place.Start })
	s.found = s.found[:min(len(s.found), maxFields)]
	s.place(document)
	s.relabel()
	return s.found
}

// FindOCR is Find for a text that OCR read. certainty tells how sure it is of the words between two bytes of the text: no value
// is surer than its words, unless a check digit proves it. Numbers with a check digit are mended (mended.go).
func FindOCR(text, document string, reference time.Time, certainty func(start, end int) float64) []ingest.Field {
	found := (&scan{text: text, reference: reference}).find(document, mended)
	for i := range found {
		f := &found[i]
		if f.Checked != "ok" || f.Repaired {
			f.Confidence *= certainty(f.Place.Start, f.Place.End)
		}
	}
	return found
}

// Valid reports whether value is one Find could report for a type, for types that have a fixed form. Others are valid when
// they are not empty.
func Valid(fieldType, value string) bool {
	if check, ok := validators[fieldType]; ok {
		return check(value)
	}
	return strings.TrimSpace(value) != ""
}

// scan is one text being searched.
type scan struct {
	text      string
	reference time.Time
	starts    []int // where a value may begin
	found     []ingest.Field
	taken     []bool // bytes that belong to a found value; nil until the first
}

// candidate is a piece of text that has the form of a value.
type candidate struct {
	s      *scan
	start  int
	end    int
	text   string
	groups []string
	label  string // lower case
}

// verdict is what a recogniser makes of a candidate; the zero verdict means "not one".
type verdict struct {
	value      string
	confidence float64
	checked    string
	repaired   bool
}

// recogniser finds one type of value. They run in the order below: what one takes, the next cannot take.
type recogniser struct {
	fieldType string
	// first tells whether a value may begin with this byte. It keeps the pattern from being tried at every byte.
	first func(c byte) bool
	// pattern is anchored at its beginning; what it matches must not be followed by a letter or digit.
	pattern *regexp.Regexp
	judge   func(c candidate) verdict
}

// The recognisers, the most specific form first.
var (
	specific = []recogniser{email, account, landRegister, vin, vinMistyped, caseNumber, rpw}
	general  = []recogniser{
		amount, bareAmount, isoDate, dottedDate, namedDate, englishDate, pesel, nip, regon, krs, parcel, phone, plate, completionCode,
	}
)

var validators = map[string]func(string) bool{
	ingest.FieldPESEL: ValidPESEL, ingest.FieldNIP: ValidNIP, ingest.FieldREGON: ValidREGON, ingest.FieldKRS: isKRS,
	ingest.FieldVIN: isVIN, ingest.FieldDate: isDate, ingest.FieldAmount: isAmount, ingest.FieldAccount: isAccount,
	ingest.FieldLandReg: isLandRegister, ingest.FieldPlate: isPlate, ingest.FieldRPW: isRPW,
}

func (s *scan) run(r recogniser) {
	end := 0
	for _, i := range s.starts {
		if i < end || !r.first(s.text[i]) || s.isTaken(i, i+1) {
			continue
		}
		end = s.try(r, i)
	}
}

// beginnings returns where a value may begin: at the beginning of words and numbers, a sixth of all bytes.
func (s *scan) beginnings() []int {
	starts := make([]int, 0, len(s.text)/5)
	for i := range len(s.text) {
		if begins[s.text[i]] && !s.insideWord(i) {
			starts = append(starts, i)
		}
	}
	return starts
}

// begins holds the bytes a word, a number or a telephone number begins with.
var begins = func() (t [256]bool) {
	for c := range t {
		t[c] = alphanumeric(byte(c)) || c == '+' || c == '(' || c >= utf8.RuneSelf && utf8.RuneStart(byte(c))
	}
	return t
}()

// try matches one recogniser at one place and returns the end of the value, or 0.
func (s *scan) try(r recogniser, at int) int {
	window := s.text[at:min(len(s.text), at+longestForm)]
	m := r.pattern.FindStringSubmatchIndex(window)
	if m == nil {
		return 0
	}
	end := at + m[1]
	if m[1] == 0 || s.followedByWord(end) || s.isTaken(at, end) {
		return 0
	}
	c := candidate{s: s, start: at, end: end, text: s.text[at:end], label: strings.ToLower(s.label(0, at))}
	for g := 0; g < len(m); g += 2 {
		if m[g] < 0 {
			c.groups = append(c.groups, "")
			continue
		}
		c.groups = append(c.groups, window[m[g]:m[g+1]])
	}
	v := r.judge(c)
	if v.value == "" || v.confidence <= 0 {
		return 0
	}
	s.report(r.fieldType, at, end, v)
	return end
}

func (s *scan) report(fieldType string, start, end int, v verdict) {
	s.take(start, end)
	s.found = append(s.found, ingest.Field{
		Type: fieldType, Value: v.value, Place: ingest.Place{Start: start, End: end}, Confidence: v.confidence, Checked: v.checked, Repaired: v.repaired,
	})
}

func (s *scan) take(start, end int) {
	if s.taken == nil {
		s.taken = make([]bool, len(s.text))
	}
	for i := start; i < end; i++ {
		s.taken[i] = true
	}
}

func (s *scan) isTaken(start, end int) bool {
	return s.taken != nil && slices.Contains(s.taken[start:end], true)
}

// insideWord reports whether the byte before i belongs to the same word or number.
func (s *scan) insideWord(i int) bool { return wordBefore(s.text, i) }

func wordBefore(text string, i int) bool {
	if i == 0 {
		return false
	}
	if c := text[i-1]; c < utf8.RuneSelf {
		return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || digit(c)
	}
	r, _ := utf8.DecodeLastRuneInString(text[:i])
	return unicode.IsLetter(r) || unicode.IsDigit(r)
}

func (s *scan) followedByWord(end int) bool {
	r, _ := utf8.DecodeRuneInString(s.text[end:])
	return unicode.IsLetter(r) || unicode.IsDigit(r)
}

// near returns the lower-case text around a candidate, n bytes each side.
func (c candidate) near(n int) string {
	return strings.ToLower(strings.ToValidUTF8(c.s.text[max(0, c.start-n):min(len(c.s.text), c.end+n)], ""))
}

// before returns the lower-case text right before a candidate, n bytes of it.
func (c candidate) before(n int) string {
	return strings.ToLower(strings.ToValidUTF8(c.s.text[max(0, c.start-n):c.start], ""))
}

// after returns the lower-case text right behind a candidate.
func (c candidate) after(n int) string {
	return strings.ToLower(strings.ToValidUTF8(c.s.text[c.end:min(len(c.s.text), c.end+n)], ""))
}

// labelled reports whether one of the words stands in the label.
func (c candidate) labelled(words ...string) bool { return containsAny(c.label, words) }

func containsAny(s string, words []string) bool {
	for _, w := range words {
		if strings.Contains(s, w) {
			return true
		}
	}
	return false
}

// place fills in document and page.
func (s *scan) place(document string) {
	page, at := 1, 0
	paged := strings.Contains(s.text, "\f")
	for i := range s.found {
		p := &s.found[i].Place
		p.Document = document
		if paged {
			page += strings.Count(s.text[at:p.Start], "\f")
			at = p.Start
			p.Page = page
		}
	}
}

func digit(c byte) bool { return c >= '0' && c <= '9' }

// digits returns the digits of s.
func digits(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, s)
}

func allDigits(s string, n int) bool { return len(s) == n && digits(s) == s }

// weighted sums the digits of s with weights.
func weighted(s string, weights ...int) int {
	sum := 0
	for i, w := range weights {
		sum += int(s[i]-'0') * w
	}
	return sum
}

func checked(ok bool) string {
	if ok {
		return "ok"
	}
	return "bad"
}
