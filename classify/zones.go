package classify

import (
	"slices"
	"strings"

	"okienko/schemas/phrase"
)

// A letter without a subject has its heading instead. The heading stays part of the letter as well, as the subject of a mail
// is often said again in it.
func subjectOf(f Features) zone {
	if strings.TrimSpace(f.Letter.Subject) != "" {
		return newZone(zoneSubject, subjectWeight(f), "", f.Letter.Subject)
	}
	heading, at := headingOf(f.Text)
	z := newZone(zoneSubject, weightSubject, f.Document, heading)
	z.offset = at
	return z
}

// subjectWeight: the subject of an answer is that of the letter it answers, and says little beside words of its own.
func subjectWeight(f Features) float64 {
	if replied(f.Letter.Subject) && len(strings.Fields(f.Text)) > fewWords {
		return weightReplied
	}
	return weightSubject
}

// zone is a part of a submission whose words weigh alike.
type zone struct {
	name     zoneName
	weight   float64
	document string // ingest.Document.ID; "" where there is none
	source   string
	offset   int // of source in the document's text, bytes
	text     phrase.Text
	items    []int // bytes of source at which the items of a list begin
}

type zoneName int

const (
	zoneSubject zoneName = iota
	zoneLetter
	zoneFile // name of an attachment
	zoneAttachment
	zoneQuoted
)

// own reports whether the sender wrote it now, for the office.
func (n zoneName) own() bool { return n == zoneSubject || n == zoneLetter }

// What a word weighs by where it stands. The subject says what a letter is about in few words, attachments prove something
// that is rarely the matter itself, and older letters quoted below hardly matter unless the letter itself says nothing.
const (
	weightSubject    = 1.4
	weightLetter     = 1.0
	weightSheet      = 0.7
	weightFile       = 0.6
	weightAttachment = 0.4
	weightReplied    = 0.4
	weightQuoted     = 0.15
	weightForwarded  = 0.8 // quoted text of a letter that only passes it on
)

// Texts longer than this are cut: what a letter is about stands at its beginning.
const (
	maxLetter     = 64 << 10
	maxAttachment = 8 << 10
	maxFiles      = 40
)

// fewWords is what a letter may have and still only pass on what is below or attached.
const fewWords = 12

func zonesOf(f Features) []zone {
	letter := newZone(zoneLetter, weightLetter, f.Document, clip(f.Text, maxLetter))
	thin := len(letter.text.Words) <= fewWords
	zones := []zone{subjectOf(f), letter}
	for i, a := range f.Attachments {
		if i == maxFiles {
			break
		}
		if a.Sheet {
			zones = append(zones, newZone(zoneLetter, weightSheet, a.Document, clip(a.Text, maxLetter)))
			continue
		}
		zones = append(zones,
			newZone(zoneFile, thick(weightFile, thin), "", fileWords(a.Name)),
			newZone(zoneAttachment, thick(weightAttachment, thin), a.Document, clip(a.Text, maxAttachment)))
	}
	quoted := weightQuoted
	if thin && forwarded(f.Letter.Subject) {
		quoted = weightForwarded
	}
	return append(zones, newZone(zoneQuoted, quoted, "", clip(f.Letter.Quoted, maxLetter)))
}

func newZone(name zoneName, weight float64, document, source string) zone {
	z := zone{name: name, weight: weight, document: document, source: source, text: phrase.Split(source)}
	z.items = itemsOf(source, z.text)
	return z
}

// thick raises the weight of attachments of a letter that says nothing itself ("wniosek w załączniku").
func thick(weight float64, thin bool) float64 {
	if thin {
		return weight * 1.6
	}
	return weight
}

// fileWords makes words of a file name: underscores and hyphens are blanks, the ending is no word.
func fileWords(name string) string {
	if dot := strings.LastIndexByte(name, '.'); dot > 0 {
		name = name[:dot]
	}
	return strings.NewReplacer("_", " ", "+", " ", "%20", " ").Replace(name)
}

func forwarded(subject string) bool {
	return begins(subject, "fwd:", "fw:", "pd:", "przek:", "przekazane:")
}

func replied(subject string) bool { return begins(subject, "re:", "odp:", "aw:", "відп:") }

func begins(subject string, prefixes ...string) bool {
	s := strings.ToLower(strings.TrimSpace(subject))
	return slices.ContainsFunc(prefixes, func(prefix string) bool { return strings.HasPrefix(s, prefix) })
}

// clip cuts s at a rune boundary.
func clip(s string, limit int) string {
	if len(s) <= limit {
		return s
	}
	return strings.ToValidUTF8(s[:limit], "")
}
