package validate

import (
	"fmt"
	"slices"

	"okienko/ingest"
)

// handwritten decides by the ink on the lines to sign on of a letter of paper. A program sees that somebody wrote there, never
// who: what it says is for the clerk to confirm. It only says "no" where every page of the letter could be read.
func (e examination) handwritten() (Outcome, string, *ingest.Place) {
	letter, whole := e.letterSheets()
	var best *ingest.Signed
	var place *ingest.Place
	for _, s := range letter {
		if s.Signed != nil && (best == nil || weight(s.Signed.Hand) > weight(best.Hand)) {
			best, place = s.Signed, &ingest.Place{Document: s.document, Page: s.Page}
		}
	}
	switch {
	case best == nil:
		return Unsure, "Podpis na papierze musi zobaczyć człowiek.", nil
	case best.Hand == ingest.HandYes:
		return Met, fmt.Sprintf("Na miejscu podpisu widać pismo odręczne (%s); czyje, potwierdza człowiek.", best.Because), place
	case best.Hand == ingest.HandNo && whole:
		return Missing, fmt.Sprintf("Miejsce podpisu jest puste (%s).", best.Because), place
	}
	return Unsure, fmt.Sprintf("Nie wiadomo, czy pismo jest podpisane (%s); trzeba zobaczyć.", best.Because), place
}

func weight(h ingest.Hand) int {
	return slices.Index([]ingest.Hand{ingest.HandNo, ingest.HandUnsure, ingest.HandYes}, h)
}

// leaf is one picture of a page with the document it lies in.
type leaf struct {
	ingest.Sheet
	document string
}

// letterSheets returns the pages of paper on which the applicant speaks: a signed contract among the enclosures signs no
// letter. whole is false if one of them, or a page that may be one of them, could not be read.
func (e examination) letterSheets() (letter []leaf, whole bool) {
	whole = true
	for i, r := range e.contents.Readings {
		if !isLetter(e.sub.Channel, r.Document) || !isPaper(r) || i > 0 && enclosed(r) {
			continue
		}
		for _, s := range r.Sheets {
			if !speaks(r, s.Page) {
				continue
			}
			whole = whole && (s.Blank || s.Read && s.Mean >= legibleMean)
			letter = append(letter, leaf{s, r.Document.ID})
		}
	}
	return letter, whole
}

// legibleMean is the confidence of a page's words from which "nothing is written there" can be believed.
const legibleMean = 0.6

func isPaper(r ingest.Reading) bool { return len(r.Sheets) > 0 }

// enclosed reports whether a file beside the first is surely something else than a form or an application.
func enclosed(r ingest.Reading) bool {
	return len(r.Runs) == 0 && len(r.Kinds) > 0 && r.Kinds[0].Confidence >= surely && !isFormKind(r.Kinds[0].ID)
}

// speaks reports whether a page belongs to the letter: it comes before the first document with a heading of its own, or it is
// of a run of pages in which the applicant speaks.
func speaks(r ingest.Reading, page int) bool {
	for _, run := range r.Runs {
		if page >= run.Page && page < run.Page+run.Pages {
			return isFormKind(run.ID)
		}
	}
	return true
}
