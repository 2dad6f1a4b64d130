package field

import (
	"regexp"
	"strings"

	"okienko/ingest"
)

// Addresses are built around what they cannot do without: a postal code with a place, or a word for a street with a number.
// The value is one line, blanks made single: "ul. Kasztanowych Sadów 21/9, 30-398 Kraków".
var (
	// postal is a postal code and the place behind it; PDF breaks the code at its dash.
	postal = regexp.MustCompile(`\d{2}-\n?\d{3},? +\p{Lu}[\pL-]{2,}(?: \p{Lu}[\pL-]{2,}){0,2}`)
	// postalBehind is the same the other way round: "Krakow 30-819".
	postalBehind = regexp.MustCompile(`^,?\s+(\p{Lu}[\pL-]{2,}(?: \p{Lu}[\pL-]{2,})?),? (\d{2}-\d{3})\b`)
	// street is a street with a house number, after the word for it.
	street = regexp.MustCompile(`(?i:\b(?:ul|al|os|pl|ulica|ulicy|aleja|alei|aleje|osiedle|osiedlu|plac|placu|rondo|bulwar)\b\.?|вул\.?) *` +
		streetName + ` *` + houseNumber)
	// bare is a street without such a word; it only counts right before a postal code.
	bare = regexp.MustCompile(streetName + ` +` + houseNumber + `[,;]?\s*$`)
	// townBehind is a place without a postal code; which words are towns only a list can tell.
	townBehind = regexp.MustCompile(`^,? +(?:w(?:e)? +)?(?:` + towns + `)`)
	// bareTown is a street without the word for one, but with a town.
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
	for _, m := range postal.FindAllStringIndex(s.text, -1) {
		if s.insideWord(m[0]) || s.isTaken(m[0], m[1]) {
			continue
		}
		s.reportAddress(s.streetBefore(m[0]), m[1], 0.95)
	}
	for _, m := range street.FindAllStringIndex(s.text, -1) {
		if s.insideWord(m[0]) || s.isTaken(m[0], m[1]) || s.followedByWord(m[1]) {
			continue
		}
		start, end, confidence := m[0], m[1], 0.75
		if b := postalBehind.FindStringIndex(s.text[end:]); b != nil && !s.isTaken(end, end+b[1]) {
			end, confidence = end+b[1], 0.95
		} else if b := townBehind.FindStringIndex(s.text[end:]); b != nil && !s.isTaken(end, end+b[1]) {
			end, confidence = end+b[1], 0.85
		}
		s.reportAddress(start, end, confidence)
	}
	for _, m := range bareTown.FindAllStringIndex(s.text, -1) {
		start := s.trimStreet(m[0], m[1])
		if !s.insideWord(start) && !s.isTaken(start, m[1]) && !s.followedByWord(m[1]) {
			s.reportAddress(start, m[1], 0.7)
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
	if m := lastMatch(street, window); m != nil && strings.Trim(window[m[1]:], " ,;\n\t") == "" {
		return s.free(from+m[0], at)
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

func lastMatch(re *regexp.Regexp, s string) []int {
	all := re.FindAllStringIndex(s, -1)
	if len(all) == 0 {
		return nil
	}
	return all[len(all)-1]
}
