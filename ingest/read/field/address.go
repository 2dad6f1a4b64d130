package field

import (
	"iter"
	"regexp"
	"strings"

	"okienko/ingest"
)

// Addresses are built around what they cannot do without: a postal code with a place, or a word for a street with a number.
// The value is one line, blanks made single: "ul. Kasztanowych Sadów 21/9, 30-398 Kraków".
var (
	// postal is a postal code and the place behind it; PDF breaks the code at its dash.
	postal = regexp.MustCompile(`^\d{2}-\n?\d{3},? +\p{Lu}[\pL-]{2,}(?: \p{Lu}[\pL-]{2,}){0,2}`)
	// postalBehind is the same the other way round: "Krakow 30-819".
	postalBehind = regexp.MustCompile(`^,?\s+(\p{Lu}[\pL-]{2,}(?: \p{Lu}[\pL-]{2,})?),? (\d{2}-\d{3})\b`)
	// street is a street with a house number, after the word for it.
	street = regexp.MustCompile(`^(?i:(?:ul|al|os|pl|ulica|ulicy|aleja|alei|aleje|osiedle|osiedlu|plac|placu|rondo|bulwar)\b\.?|вул\.?) *` +
		streetName + ` *` + houseNumber)
	// bare is a street without such a word; it only counts right before a postal code.
	bare = regexp.MustCompile(streetName + ` +` + houseNumber + `[,;]?\s*$`)
	// townBehind is a place without a postal code; which words are towns only a list can tell.
	townBehind = regexp.MustCompile(`^,? +(?:w(?:e)? +)?(?:` + towns + `)`)
	anyTown    = regexp.MustCompile(towns)
	// bareTown is a street without the word for one, but with a town. It never reaches over the end of a line.
	bareTown = regexp.MustCompile(streetName + ` +` + houseNumber + `,? +(?:w(?:e)? +)?(?:` + towns + `)`)
)

const (
	// towns are the largest ones, in the nominative and after "w".
	towns = `Krak[oó]w(?:ie)?|Warszaw(?:a|ie)|[LŁ][oó]d(?:ź|z|zi)|Wroc[lł]aw(?:iu)?|Pozna(?:ń|n|niu)|Gda(?:ń|n)sk(?:u)?|Szczecin(?:ie)?|Bydgoszcz(?:y)?|` +
		`Lublin(?:ie)?|Bia[lł]yst?ok|Katowic(?:e|ach)|Rzesz[oó]w(?:ie)?|Kielc(?:e|ach)|Tarn[oó]w(?:ie)?|Nowy(?:m)? S[aą]cz(?:u)?|Nowy(?:m)? Targ(?:u)?|` +
		`Wieliczk(?:a|a|e)|Skawin(?:a|ie)|Niepo[lł]omic(?:e|ach)|Zabierz[oó]w(?:ie)?|Gdyni(?:a)?|Sosnowiec|Radom(?:iu)?|Toru(?:ń|n|niu)|Краків|Кракові`
	// streetName is one to four words; the later ones may be small ("Mała Wałowa", "Armii Krajowej", "29 Listopada").
	streetName  = `(?:\d{1,2} )?(?:(?:[Śś]w|[Ks]s|gen|płk|[Dd]r|prof|bp|abp|mjr|kpt|rtm|im)\. ?)*\p{Lu}[\pL.'’-]*(?:[ -]\p{Lu}[\pL.'’-]*|[ ]i[ ]\p{Lu}[\pL.-]*|[ ]nad [ ]?\p{Lu}\pL+){0,4}`
	houseNumber = `(?:nr )?\d{1,4}[A-Za-z]?(?:[-–]\d{1,3}[A-Za-z]?)?(?: ?/ ?\d{1,4}[A-Za-z]?)?(?:,? (?:m|lok|mieszk|mieszkania|kv|кв)\.? ?(?:nr )?\d{1,4})?`
)

// addresses reports postal addresses.
func (s *scan) addresses() {
	for m := range matchesAt(postal, s.text, beginsPostal) {
		if !s.insideWord(m[0]) && !s.isTaken(m[0], m[1]) {
			s.reportAddress(s.streetBefore(m[0]), m[1], 0.95)
		}
	}
	for m := range matchesAt(street, s.text, beginsStreet) {
		if !s.isTaken(m[0], m[1]) && !s.followedByWord(m[1]) {
			end, confidence := s.placeBehind(m[1])
			s.reportAddress(m[0], end, confidence)
		}
	}
	for m := range s.bareTowns() {
		start := s.trimStreet(m[0], m[1])
		if !s.insideWord(start) && !s.isTaken(start, m[1]) && !s.followedByWord(m[1]) {
			s.reportAddress(start, m[1], 0.7)
		}
	}
}

// placeBehind returns where an address ends whose street ends at end, and how sure that makes it.
func (s *scan) placeBehind(end int) (int, float64) {
	rest := s.text[end:min(len(s.text), end+longestForm)]
	if b := postalBehind.FindStringIndex(rest); b != nil && !s.isTaken(end, end+b[1]) {
		return end + b[1], 0.95
	}
	if b := townBehind.FindStringIndex(rest); b != nil && !s.isTaken(end, end+b[1]) {
		return end + b[1], 0.85
	}
	return end, 0.75
}

// bareTowns yields the matches of bareTown. Most lines hold no number or no town, and are not looked at twice.
func (s *scan) bareTowns() iter.Seq[[2]int] {
	return func(yield func([2]int) bool) {
		at := 0
		for line := range strings.Lines(s.text) {
			if strings.ContainsAny(line, "0123456789") && anyTown.MatchString(line) {
				for _, m := range bareTown.FindAllStringIndex(line, -1) {
					if !yield([2]int{at + m[0], at + m[1]}) {
						return
					}
				}
			}
			at += len(line)
		}
	}
}

// beginsPostal reports whether "dd-" stands at i.
func beginsPostal(text string, i int) bool {
	return digit(text[i]) && i+2 < len(text) && digit(text[i+1]) && text[i+2] == '-'
}

// beginsStreet reports whether a word begins at i with a letter that a word for a street begins with, "вул." included.
func beginsStreet(text string, i int) bool {
	switch text[i] {
	case 'u', 'a', 'o', 'p', 'r', 'b', 'U', 'A', 'O', 'P', 'R', 'B', "в"[0]:
		return !wordBefore(text, i)
	}
	return false
}

// longestForm is the longest piece of text, in bytes, that is tried for one value.
const longestForm = 200

// matchesAt yields what an anchored pattern matches, tried only where begins says so: a pattern tried at every byte costs
// more than everything else that is done with a letter.
func matchesAt(anchored *regexp.Regexp, text string, begins func(text string, i int) bool) iter.Seq[[2]int] {
	return func(yield func([2]int) bool) {
		for i := 0; i < len(text); i++ {
			if !begins(text, i) {
				continue
			}
			m := anchored.FindStringIndex(text[i:min(len(text), i+longestForm)])
			if m == nil || m[1] == 0 {
				continue
			}
			if !yield([2]int{i, i + m[1]}) {
				return
			}
			i += m[1] - 1
		}
	}
}

// trimStreet takes words from the beginning of a street without a word for it that belong to something else: a person, a
// kind of enterprise, a word of the sentence.
func (s *scan) trimStreet(start, end int) int {
	words := strings.Fields(s.text[start:end])
	drop := 0
	for drop < len(words)-2 && noStreet.MatchString(words[drop]) {
		drop++
	}
	if drop+3 < len(words) && isFirstName(words[drop]) && !digit(words[drop+2][0]) {
		drop += 2
	}
	for _, w := range words[:drop] {
		start += strings.Index(s.text[start:end], w) + len(w)
	}
	return start + len(s.text[start:end]) - len(strings.TrimLeft(s.text[start:end], " \t,"))
}

// noStreet begins no name of a street.
var noStreet = regexp.MustCompile(`^(?i:wspóln|mieszkaniow|spółdziel|firm|kancelari|adres|zam|pan|fundacj|stowarzysz|delikates|sklep|biur|zakład|przychodni|szko[lł])`)

func (s *scan) reportAddress(start, end int, confidence float64) {
	v := strings.ReplaceAll(s.text[start:end], "-\n", "-")
	v = strings.Join(strings.Fields(strings.ReplaceAll(v, "\n", ", ")), " ")
	v = strings.ReplaceAll(strings.ReplaceAll(v, ",,", ","), " ,", ",")
	s.report(ingest.FieldAddress, start, end, verdict{value: v, confidence: confidence})
}

// streetBefore returns where the address begins whose postal code stands at at: with the street before it on the line, or
// on the line above.
func (s *scan) streetBefore(at int) int {
	from := max(0, at-120)
	window := s.text[from:at]
	if strings.TrimRight(window, " ,\n\t") == "" {
		return at
	}
	// At most one line end lies between street and code.
	lines := strings.Split(window, "\n")
	keep := len(lines[len(lines)-1])
	if strings.TrimSpace(lines[len(lines)-1]) == "" && len(lines) > 1 {
		keep += 1 + len(lines[len(lines)-2])
	}
	from = at - keep
	window = s.text[from:at]
	for m := range matchesAt(street, window, beginsStreet) {
		if strings.Trim(window[m[1]:], " ,;\n\t") == "" {
			return s.free(from+m[0], at)
		}
	}
	if m := bare.FindStringIndex(window); m != nil {
		return s.free(s.trimStreet(from+m[0], at), at)
	}
	return at
}

// free returns start if nothing between it and at is taken, else at.
func (s *scan) free(start, at int) int {
	if s.isTaken(start, at) || s.insideWord(start) {
		return at
	}
	return start
}
