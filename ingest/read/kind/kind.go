// Package kind guesses what a document is, by its file name and its text: a contract of sale, a power of attorney, a proof
// of payment. It owns the vocabulary of kinds; a guess is a clue with its reason, never a judgement on whether the document
// is valid or enough for a service (package validate).
//
// A Confidence below 0.6 is a mention: the words may stand in a document about something else.
//
// Vocabulary is the list that procedures refer to (schemas.Requirement.Kinds). An official form has, besides its general
// kind, one of its own: "formularz:" and its symbol, "formularz:IN-1". Read next: vocabulary.go.
package kind

import (
	"cmp"
	"slices"
	"strings"

	"okienko/ingest"
)

// How sure each place makes a guess, and how sure a guess must be to be told.
const (
	byTitle = 0.85 // the words stand in the heading
	byNear  = 0.65 // words of the heading with a letter wrong, as OCR leaves them
	byTop   = 0.5  // the words of a heading stand a little further down
	byName  = 0.7  // the file name says so
	byText  = 0.45 // the words stand somewhere in the text
	least   = 0.4
	// byLength makes long words a little surer than short ones: "inspektor sanitarny" says more than "decyzja".
	byLength = 0.001
	most     = 5 // guesses told of one document
)

// titleBytes is how much of a text counts as its heading, topBytes how far a heading may be pushed down by a letterhead.
const (
	titleBytes = 220
	topBytes   = 600
)

// textBytes is how much of a text is looked at at all: what a document is stands in its beginning.
const textBytes = 6000

// Guess returns what a document may be, best first; nil if there is no idea. name is its file name, mediaType as sniffed,
// text what was read in it, all of which may be "".
func Guess(name, mediaType, text string) []ingest.Kind {
	d := doc{name: foldName(name), text: fold(clip(text, textBytes)), picture: strings.HasPrefix(mediaType, "image/")}
	d.title, d.top = clip(d.text, titleBytes), clip(d.text, topBytes)
	var all []ingest.Kind
	for _, k := range vocabulary {
		if g, ok := k.guess(d); ok {
			all = append(all, g)
		}
	}
	return Merge(all, forms(name, text))
}

// Portrait guesses from the size of a picture, in pixels, that it is a photograph for a document: 35 by 45 mm (rozporządzenie
// w sprawie dowodów osobistych). Cameras and telephones make 3:4 or 2:3.
func Portrait(width, height int) (k ingest.Kind, ok bool) {
	if width < 250 || width > 1500 || height*35 < width*44 || height*35 > width*46 {
		return ingest.Kind{}, false
	}
	return ingest.Kind{ID: "zdjecie", Confidence: 0.6, Because: "format 35 × 45 mm"}, true
}

// Merge joins guesses about one document, the surest of each kind, best first.
func Merge(guesses ...[]ingest.Kind) []ingest.Kind {
	var all []ingest.Kind
	for _, g := range slices.Concat(guesses...) {
		i := slices.IndexFunc(all, func(k ingest.Kind) bool { return k.ID == g.ID })
		switch {
		case i < 0:
			all = append(all, g)
		case g.Confidence > all[i].Confidence:
			all[i] = g
		}
	}
	slices.SortStableFunc(all, func(a, b ingest.Kind) int { return cmp.Compare(b.Confidence, a.Confidence) })
	return all[:min(len(all), most)]
}

// doc is a document in the form rules look at: lower case without diacritics.
type doc struct {
	name, title, top, text string
	picture                bool
}

// guess holds one kind of the vocabulary against a document.
func (k Kind) guess(d doc) (ingest.Kind, bool) {
	doubt := 1.0
	var because []string
	add := func(where, words string, sure float64) {
		if words != "" {
			doubt *= 1 - sure - float64(min(len(words), 40))*byLength
			because = append(because, where+" „"+words+"”")
		}
	}
	add("nazwa pliku:", find(d.name, k.names), byName)
	if w := find(d.title, k.titles); w != "" {
		add("nagłówek:", w, byTitle)
	} else if w := findNear(d.title, k.titles); w != "" {
		add("nagłówek (z błędem odczytu):", w, byNear)
	} else if w := find(d.top, k.titles); w != "" {
		add("początek:", w, byTop)
	} else {
		add("treść:", find(d.text, k.texts), byText)
	}
	if find(d.title, k.against) != "" || find(d.name, k.against) != "" {
		doubt = 1 - (1-doubt)/3
	}
	if k.pictureOnly && !d.picture {
		return ingest.Kind{}, false
	}
	sure := 1 - doubt
	return ingest.Kind{ID: k.ID, Confidence: sure, Because: strings.Join(because, "; ")}, sure >= least
}

// find returns the first of the words that stands in s at the beginning of a word.
func find(s string, words []string) string {
	for _, w := range words {
		for at := 0; at < len(s); {
			i := strings.Index(s[at:], w)
			if i < 0 {
				break
			}
			at += i
			if at == 0 || !letter(s[at-1]) {
				return w
			}
			at += len(w)
		}
	}
	return ""
}

// How long words must be to be known with one letter wrong, and with two.
const (
	nearOne = 8
	nearTwo = 20
)

// findNear is find for words in which OCR took letters for others that look alike.
func findNear(s string, words []string) string {
	for _, w := range words {
		if len(w) < nearOne {
			continue
		}
		for at := 0; at+len(w) <= len(s); at++ {
			if (at == 0 || s[at-1] == ' ') && near(s[at:at+len(w)], w) {
				return w
			}
		}
	}
	return ""
}

// near reports whether two strings of one length differ in a letter, or in two where they are long.
func near(a, b string) bool {
	left := 1
	if len(b) >= nearTwo {
		left = 2
	}
	for i := range len(b) {
		if a[i] != b[i] {
			if left--; left < 0 {
				return false
			}
		}
	}
	return true
}

func letter(c byte) bool { return c >= 'a' && c <= 'z' || c >= 0x80 }

func clip(s string, n int) string {
	if len(s) > n {
		s = strings.ToValidUTF8(s[:n], "")
	}
	return s
}

// fold makes text comparable: lower case, Polish letters without diacritics, white space made single.
func fold(s string) string {
	return strings.Join(strings.Fields(strings.Map(foldRune, strings.ToLower(s))), " ")
}

func foldRune(r rune) rune {
	switch r {
	case 'ą':
		return 'a'
	case 'ć':
		return 'c'
	case 'ę':
		return 'e'
	case 'ł':
		return 'l'
	case 'ń':
		return 'n'
	case 'ó':
		return 'o'
	case 'ś':
		return 's'
	case 'ź', 'ż':
		return 'z'
	}
	return r
}

// foldName folds a file name without its extension; what people put for blanks becomes blanks.
func foldName(name string) string {
	if i := strings.LastIndexByte(name, '.'); i > 0 {
		name = name[:i]
	}
	return fold(strings.NewReplacer("_", " ", "-", " ", ".", " ", "+", " ", "(", " ", ")", " ").Replace(name))
}
