package validate

import (
	"fmt"
	"slices"
	"strings"

	"okienko/ingest"
	"okienko/schemas"
	"okienko/schemas/phrase"
)

// view is a submission as the rules look at it: the pages of the letter and of the documents beside it.
type view struct {
	sub      ingest.Submission
	contents ingest.Contents
	subject  phrase.Text
	sheets   []sheet  // the letter's own text first, each document page by page
	settled  *settled // nil before settle
}

// sheet is one page split into words, or a whole document that has no pages.
type sheet struct {
	ingest.Reading
	letter bool   // of the letter itself, or of a scan, where any page may be the letter or an attachment
	page   int    // from 0 within the document
	pages  int    // of the document, as far as its text tells
	source string // the page's text
	base   int    // where it begins in Reading.Text, bytes
	text   phrase.Text
	said   schemas.Said // of the requirements' words on the page
	name   schemas.Said // and in the file's name
}

// maxText is how much of one document the rules look at.
const maxText = 256 << 10

// pageBreak stands between the pages of a document in Reading.Text.
const pageBreak = "\f"

func look(sub ingest.Submission, c ingest.Contents) view {
	v := view{sub: sub, contents: c, subject: phrase.Split(c.Letter.Subject)}
	for _, r := range c.Readings {
		v.sheets = append(v.sheets, pagesOf(r, isLetter(sub.Channel, r.Document))...)
	}
	return v
}

func pagesOf(r ingest.Reading, letter bool) []sheet {
	text := strings.ToValidUTF8(r.Text[:min(len(r.Text), maxText)], "?")
	parts := strings.Split(strings.TrimRight(text, pageBreak+"\n "), pageBreak)
	var pages []sheet
	base := 0
	for i, part := range parts {
		pages = append(pages, sheet{Reading: r, letter: letter, page: i, pages: max(len(parts), r.Pages), source: part, base: base, text: phrase.Split(part)})
		base += len(part) + len(pageBreak)
	}
	return pages
}

// isLetter reports whether a document is the letter itself: its text, or a sheet of a scan that lies in no archive.
func isLetter(channel ingest.Channel, d ingest.Document) bool {
	return d.ID == "0" || channel == ingest.Scan && !strings.Contains(d.ID, ".")
}

// scanned reports whether letter and attachments may lie in the same document.
func (v view) scanned() bool { return v.sub.Channel == ingest.Scan }

// note looks for the words of the requirements on every page and in every file name.
func (v view) note(l *schemas.Lexicon) {
	for i := range v.sheets {
		s := &v.sheets[i]
		s.said = l.Find(s.text)
		if s.Document.Name != "" {
			s.name = l.Find(phrase.Split(fileWords(s.Document.Name)))
		}
	}
}

// attached returns the pages that may be attachments: for mail and ePUAP those of all documents but the letter, of a scan
// every page.
func (v view) attached() []sheet {
	if v.settled != nil {
		return v.settled.attached
	}
	return slices.DeleteFunc(slices.Clone(v.sheets), func(s sheet) bool {
		return s.letter && !v.scanned() || s.Document.Inline
	})
}

// settled are the pages that every requirement asks for again, found once; nobody changes them.
type settled struct {
	spoken, attached []sheet
	misspelt         []sheet // spoken pages with slips of the finger corrected, where there were any
}

// settle finds them. The words of the pages have been noted before.
func (v *view) settle(l *schemas.Lexicon) {
	found := settled{spoken: v.spoken(), attached: v.attached()}
	for _, s := range found.spoken {
		if s.TextFrom == ingest.TextOCR {
			continue
		}
		if text, changed := l.Corrected(s.text, spelled); changed {
			s.said = l.Find(text)
			found.misspelt = append(found.misspelt, s)
		}
	}
	v.settled = &found
}

// formKinds are the kinds of document in which the applicant speaks.
var formKinds = []string{"wniosek", "formularz", "deklaracja", "oswiadczenie", "pismo"}

func isFormKind(id string) bool {
	return slices.Contains(formKinds, id) || strings.HasPrefix(id, schemas.FormKind)
}

// applications begin the forms on which applicants speak.
var applications = phrase.MustCompile("wniosek", "podanie", "zgloszenie", "zawiadomienie", "deklaracja", "informacja o", "oswiadczenie", "заява", "application")

// spoken returns the pages on which the applicant speaks: the letter, and the forms attached, known by kind or heading.
func (v view) spoken() []sheet {
	if v.settled != nil {
		return v.settled.spoken
	}
	return slices.DeleteFunc(slices.Clone(v.sheets), func(s sheet) bool { return !s.letter && !s.isForm() })
}

func (s sheet) isForm() bool {
	if s.Document.MediaType == "message/rfc822" {
		return true // a mail passed on as an attachment speaks as the letter does
	}
	if len(s.Kinds) == 0 {
		_, ok := applications.First(heading(s.text))
		return ok
	}
	return slices.ContainsFunc(s.Kinds, func(k ingest.Kind) bool {
		return isFormKind(k.ID)
	})
}

// readByOCR reports whether the letter, or a document that may be a form, was read by OCR.
func (v view) readByOCR() bool {
	return slices.ContainsFunc(v.sheets, func(s sheet) bool {
		return s.TextFrom == ingest.TextOCR && (s.letter || len(s.Kinds) == 0 || s.isForm())
	})
}

// unread returns a page nobody could read that might say anything. Pictures of a person or of plates are known to be just
// that; archives whose files were read are not documents of their own.
func (v view) unread() (sheet, bool) {
	for _, s := range v.sheets {
		if s.unreadable() && !s.empty() && !s.hasKind("zdjecie") && !s.hasKind("tablice") && !v.opened(s) {
			return s, true
		}
	}
	return sheet{}, false
}

// unreadable reports whether a page has something on it that is not read: no text though the document has bytes, or text
// too garbled to rely on.
func (s sheet) unreadable() bool {
	switch {
	case s.Document.Inline, s.blank():
		return false
	case strings.TrimSpace(s.source) == "":
		return s.TextFrom != ingest.TextEmbedded || len(s.Problems) > 0
	default:
		return s.TextFrom == ingest.TextOCR && garbled(s.source)
	}
}

// blank reports whether nothing is on a page of paper: the back of a leaf is no document.
func (s sheet) blank() bool {
	return slices.ContainsFunc(s.Sheets, func(p ingest.Sheet) bool { return p.Page == s.page+1 && p.Blank })
}

// opened reports whether the files inside a document were read one by one.
func (v view) opened(s sheet) bool {
	return slices.ContainsFunc(v.sheets, func(o sheet) bool { return strings.HasPrefix(o.Document.ID, s.Document.ID+".") })
}

// likely is the confidence from which a guess at a document's kind counts.
const likely = 0.5

func (s sheet) hasKind(id string) bool {
	return slices.ContainsFunc(s.Kinds, func(k ingest.Kind) bool { return k.ID == id && k.Confidence >= likely })
}

// fields returns the values found on the page.
func (s sheet) fields() []ingest.Field {
	return slices.DeleteFunc(slices.Clone(s.Fields), func(f ingest.Field) bool {
		return f.Place.Start < s.base || f.Place.Start > s.base+len(s.source)
	})
}

// quote returns the words of a match as they stand on the page, on one line, and their place.
func (s sheet) quote(m phrase.Match) (string, *ingest.Place) {
	start, end := s.text.Words[m.From].Start, s.text.Words[m.To].End
	return oneLine(s.source[start:end]), s.place(start, end)
}

// place points at bytes of the page.
func (s sheet) place(start, end int) *ingest.Place {
	p := &ingest.Place{Document: s.Document.ID, Start: s.base + start, End: s.base + end}
	if s.pages > 1 {
		p.Page = s.page + 1
	}
	return p
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// title names a page to a clerk.
func (s sheet) title() string {
	name := "dokument " + s.Document.ID
	switch {
	case s.Document.ID == "0":
		return "treść pisma"
	case s.Document.Name != "":
		name = fmt.Sprintf("plik „%s”", s.Document.Name)
	}
	if s.pages > 1 {
		return fmt.Sprintf("%s, strona %d", name, s.page+1)
	}
	return name
}
