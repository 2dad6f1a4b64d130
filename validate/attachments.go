package validate

import (
	"fmt"
	"slices"
	"strings"

	"okienko/ingest"
	"okienko/schemas"
	"okienko/schemas/phrase"
)

// attachment looks for a paper. Only a document is one: "w załączeniu" with nothing attached is not.
//
// KPA art. 64 § 2 speaks of what the law requires of a submission; a paper that only proves facts is asked for under art. 50.
// Which of the two it is stands in the catalogue (Consequence); here it only matters whether it is there.
func (e examination) attachment(r schemas.Requirement) presence {
	if r.Follows != "" {
		return e.follow(r)
	}
	if r.Consequence == schemas.FeeProxy {
		return e.proxyFee(r)
	}
	if p, ok := e.byKind(r); ok {
		return p
	}
	if p, ok := e.byName(r); ok {
		return p
	}
	if s, ok := e.unreadCarrier(r); ok {
		return presence{sealed, fmt.Sprintf("Nie odczytano: %s. Może to ten dokument.", s.title()), nil}
	}
	return e.onlyMentioned(r)
}

// byKind finds a document of one of the kinds. Kinds joined by "+" are needed together.
func (e examination) byKind(r schemas.Requirement) (presence, bool) {
	var partly []string
	for _, kind := range r.Kinds {
		parts := strings.Split(kind, "+")
		var have []sheet
		for _, part := range parts {
			if s, ok := e.ofKind(part); ok {
				have = append(have, s)
			}
		}
		if len(have) == len(parts) {
			return found(fmt.Sprintf("Jest: %s.", have[0].title()), &ingest.Place{Document: have[0].Document.ID}), true
		}
		if len(have) > 0 {
			partly = append(partly, have[0].title())
		}
	}
	if len(partly) > 0 {
		if s, ok := e.unreadCarrier(r); ok && !strings.Contains(partly[0], s.Document.Name) {
			return presence{sealed, fmt.Sprintf("Nie odczytano: %s. Może to brakująca część.", s.title()), nil}, true
		}
		return nowhere(fmt.Sprintf("Jest tylko część (%s), sama nie wystarcza.", strings.Join(partly, ", "))), true
	}
	return presence{}, false
}

func (e examination) ofKind(kind string) (sheet, bool) {
	for _, s := range e.attached() {
		if s.hasKind(kind) {
			return s, true
		}
	}
	return sheet{}, false
}

// byName finds a document whose name or heading says that it is the paper. In a scan the letter lies in the same sheets, so
// words there may only announce it.
func (e examination) byName(r schemas.Requirement) (presence, bool) {
	words := compile(r.Words)
	for _, s := range e.attached() {
		if _, ok := words.First(phrase.Split(fileWords(s.Document.Name))); ok {
			return found(fmt.Sprintf("Jest: %s.", s.title()), &ingest.Place{Document: s.Document.ID}), true
		}
		m, ok := words.First(heading(s.text))
		if !ok {
			continue
		}
		quote, place := s.quote(m)
		if s.letter {
			return maybe(fmt.Sprintf("Pismo wymienia „%s”; trzeba sprawdzić, czy jest wśród stron.", quote), place), true
		}
		return found(fmt.Sprintf("Jest: %s, „%s”.", s.title(), quote), place), true
	}
	return presence{}, false
}

// headingWords is how far into a document its heading reaches.
const headingWords = 40

func heading(t phrase.Text) phrase.Text {
	return phrase.Text{Words: t.Words[:min(len(t.Words), headingWords)]}
}

// fileWords makes words of a file name.
func fileWords(name string) string {
	if dot := strings.LastIndexByte(name, '.'); dot > 0 {
		name = name[:dot]
	}
	return strings.NewReplacer("_", " ", "+", " ", "%20", " ").Replace(name)
}

// unreadCarrier returns an unread document that may be the paper: not one that by its name and size is something else.
func (e examination) unreadCarrier(r schemas.Requirement) (sheet, bool) {
	for _, s := range e.attached() {
		if !s.unreadable() || e.opened(s) {
			continue
		}
		if s.Pages <= 1 && len(s.Kinds) > 0 && s.Kinds[0].Confidence >= likely && !slices.Contains(r.Kinds, s.Kinds[0].ID) {
			continue
		}
		return s, true
	}
	return sheet{}, false
}

// onlyMentioned explains an absence: announced but not attached, or not even announced.
func (e examination) onlyMentioned(r schemas.Requirement) presence {
	words := compile(r.Words)
	for _, s := range e.spoken() {
		if m, ok := words.First(s.text); ok {
			quote, place := s.quote(m)
			return presence{absent, fmt.Sprintf("Pismo wymienia „%s”, ale nie ma tego wśród plików.", quote), place}
		}
	}
	if e.scanned() {
		return maybe("Nie znaleziono tego po słowach; trzeba sprawdzić wśród stron.", nil)
	}
	return nowhere("Nie ma takiego dokumentu wśród załączników.")
}
