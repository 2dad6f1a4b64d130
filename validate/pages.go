package validate

import (
	"fmt"
	"slices"
	"strconv"

	"okienko/ingest"
	"okienko/schemas"
	"okienko/schemas/phrase"
)

// drawn are the kinds of paper that are pictures: no reader finds them by words, and people draw them inside the letter.
var drawn = []string{"mapa", "zdjecie", "fotografia", "projekt", "tablice"}

// amongPages decides about a paper that no page of a scan shows by its heading. It is missing only if there is no page left
// that may be it: there is just the letter, every other page is known, or the receipt stamp counts no enclosures.
func (e examination) amongPages(r schemas.Requirement) presence {
	if slices.ContainsFunc(r.Kinds, func(k string) bool { return slices.Contains(drawn, k) }) {
		if p, ok := e.drawnInside(r); ok {
			return p
		}
		return maybe("Rysunku lub zdjęcia nie da się znaleźć po słowach; trzeba sprawdzić w obrazie.", nil)
	}
	quote, place, mentioned := e.mention(r)
	if s, ok := e.unknownPage(); ok && !e.stampedEmpty() {
		return maybe(fmt.Sprintf("Trzeba sprawdzić, czy to nie jest %s.", s.title()), place)
	}
	if mentioned {
		return presence{absent, fmt.Sprintf("Pismo wymienia „%s”, ale nie ma tego wśród stron.", quote), place}
	}
	return nowhere("Nie ma takiego dokumentu wśród stron.")
}

// sketches are papers that anybody may draw by hand; a map is something else.
var sketches = phrase.MustCompile("rysun*", "szkic*", "sketch|drawing")

// drawnInside finds a drawing on a page that announces it: people draw the tree into the letter.
func (e examination) drawnInside(r schemas.Requirement) (presence, bool) {
	for _, s := range e.sheets {
		i := slices.IndexFunc(s.Sheets, func(p ingest.Sheet) bool { return p.Page == s.page+1 && p.Drawn != nil })
		if i < 0 {
			continue
		}
		for _, m := range s.said[r.WordsKey()] {
			if quote, _ := s.quote(m); sketches.In(quote) {
				return found(fmt.Sprintf("Pod „%s” coś narysowano (%s); co, ocenia człowiek.", quote, s.title()), &ingest.Place{Document: s.Document.ID, Page: s.page + 1}), true
			}
		}
	}
	return presence{}, false
}

// unknownPage returns a page of a scan, after the first, whose heading names no paper of the procedure and no part of the
// letter.
func (e examination) unknownPage() (sheet, bool) {
	known := letterParts
	for _, s := range e.attached() {
		if e.isFirst(s) || s.blank() {
			continue
		}
		if _, ok := known.First(heading(s.text)); ok || e.namesPaper(s) {
			continue
		}
		return s, true
	}
	return sheet{}, false
}

// letterParts begin pages that go on with the letter.
var letterParts = phrase.MustCompile("uzasadnienie", "pouczenie", "objasnienia", "klauzula", "wniosek", "oswiadczam", "strona # z #", "ciag dalszy")

func (e examination) namesPaper(s sheet) bool {
	return slices.ContainsFunc(e.proc.Attached, func(r schemas.Requirement) bool {
		_, ok := s.headed(r)
		return ok
	})
}

// stamp is the count of enclosures on the receipt stamp (rozporządzenie PRM z 18 stycznia 2011 r., instrukcja kancelaryjna:
// pieczęć wpływu podaje liczbę załączników).
var (
	received = phrase.MustCompile("wplynelo", "data wplywu", "wplyw dnia")
	counted  = phrase.MustCompile("zal #", "zalacznikow #", "zalaczniki #", "liczba zalacznikow #")
)

// stampedEmpty reports whether the receipt stamp on the first page counts no enclosures.
func (e examination) stampedEmpty() bool {
	if len(e.sheets) == 0 {
		return false
	}
	first := e.sheets[0]
	if _, ok := received.First(first.text); !ok {
		return false
	}
	m, ok := counted.First(first.text)
	if !ok {
		return false
	}
	n, err := strconv.Atoi(first.text.Words[m.To].Text)
	return err == nil && n == 0
}
