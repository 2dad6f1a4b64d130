package validate

import (
	"fmt"
	"slices"
	"strings"

	"okienko/ingest"
	"okienko/schemas/phrase"
)

// view is a submission as the rules look at it: the letter, the documents beside it, and what nobody could read.
type view struct {
	sub      ingest.Submission
	contents ingest.Contents
	subject  phrase.Text
	sheets   []sheet // the letter's own text first
}

// sheet is one reading split into words.
type sheet struct {
	ingest.Reading
	letter bool // the letter itself, or a sheet of a scan, which may be the letter or an attachment
	text   phrase.Text
}

// maxText is how much of one document the rules look at.
const maxText = 256 << 10

func look(sub ingest.Submission, c ingest.Contents) view {
	v := view{sub: sub, contents: c, subject: phrase.Split(c.Letter.Subject)}
	for _, r := range c.Readings {
		s := sheet{Reading: r, letter: isLetter(sub.Channel, r.Document)}
		s.text = phrase.Split(strings.ToValidUTF8(r.Text[:min(len(r.Text), maxText)], ""))
		v.sheets = append(v.sheets, s)
	}
	return v
}

// isLetter reports whether a document is the letter itself: its text, or a sheet of a scan that lies in no archive.
func isLetter(channel ingest.Channel, d ingest.Document) bool {
	return d.ID == "0" || channel == ingest.Scan && !strings.Contains(d.ID, ".")
}

// scanned reports whether letter and attachments may lie in the same sheets.
func (v view) scanned() bool { return v.sub.Channel == ingest.Scan }

// attached returns the documents that may be attachments: for mail and ePUAP all but the letter, of a scan every sheet.
func (v view) attached() []sheet {
	return slices.DeleteFunc(slices.Clone(v.sheets), func(s sheet) bool {
		return s.letter && !v.scanned() || s.Document.Inline
	})
}

// formKinds are the kinds of document in which the applicant speaks.
var formKinds = []string{"wniosek", "formularz", "deklaracja", "oswiadczenie", "pismo"}

// spoken returns the documents in which the applicant speaks: the letter and the forms attached.
func (v view) spoken() []sheet {
	return slices.DeleteFunc(slices.Clone(v.sheets), func(s sheet) bool {
		return !s.letter && !slices.ContainsFunc(s.Kinds, func(k ingest.Kind) bool {
			return slices.Contains(formKinds, k.ID) || strings.HasPrefix(k.ID, "formularz:")
		})
	})
}

// unread returns a document nobody could read that might be, or say, anything. Pictures of a person are known to be just
// that; archives whose files were read are not documents of their own.
func (v view) unread() (sheet, bool) {
	for _, s := range v.sheets {
		if s.unreadable() && !s.hasKind("zdjecie") && !s.hasKind("tablice") && !v.opened(s) {
			return s, true
		}
	}
	return sheet{}, false
}

// unreadable reports whether a document has bytes but no text.
func (s sheet) unreadable() bool {
	if strings.TrimSpace(s.Text) != "" || s.Document.Inline {
		return false
	}
	return s.TextFrom == ingest.TextNone || len(s.Problems) > 0
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

// quote returns the words of a match as they stand in the document, on one line.
func (s sheet) quote(m phrase.Match) (string, *ingest.Place) {
	start, end := s.text.Words[m.From].Start, s.text.Words[m.To].End
	return oneLine(s.Text[start:end]), &ingest.Place{Document: s.Document.ID, Start: start, End: end}
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// title names a document to a clerk.
func (s sheet) title() string {
	switch {
	case s.Document.ID == "0":
		return "treść pisma"
	case s.Document.Name != "":
		return fmt.Sprintf("plik „%s”", s.Document.Name)
	default:
		return "dokument " + s.Document.ID
	}
}
