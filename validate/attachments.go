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
	if r.ID == ownershipChain {
		return e.chain(r)
	}
	if r.Follows != "" {
		return e.follow(r)
	}
	if r.Consequence == schemas.FeeProxy {
		return e.proxyFee(r)
	}
	for _, search := range []func(schemas.Requirement) (presence, bool){e.byKind, e.byName, e.byHeading, e.promised, e.unticked, e.inUnread} {
		if p, ok := search(r); ok {
			return p
		}
	}
	if e.scanned() {
		return e.amongPages(r)
	}
	return e.notAttached(r)
}

// byKind finds a document of one of the kinds. Kinds joined by "+" are needed together: a PIT proves nothing without its UPO.
func (e examination) byKind(r schemas.Requirement) (presence, bool) {
	var part *sheet
	for _, kind := range r.Kinds {
		needed := strings.Split(kind, "+")
		var have []sheet
		for _, one := range needed {
			if s, ok := e.ofKind(one); ok {
				have = append(have, s)
			}
		}
		if i := slices.IndexFunc(have, sheet.locked); i >= 0 {
			return lockedAway(have[i]), true
		}
		if len(have) == len(needed) {
			return found(fmt.Sprintf("Jest: %s.", have[0].title()), &ingest.Place{Document: have[0].Document.ID}), true
		}
		if len(have) > 0 && part == nil {
			part = &have[0]
		}
	}
	if part == nil {
		return presence{}, false
	}
	if s, ok := e.unreadCarrier(r); ok || part.unreadable() {
		if !ok {
			s = *part
		}
		return presence{sealed, fmt.Sprintf("Nie odczytano: %s. Może tam być brakująca część.", s.title()), nil}, true
	}
	if e.stamped(*part) {
		return maybe(fmt.Sprintf("Jest %s, podobno z pieczęcią urzędu; trzeba sprawdzić.", part.title()), &ingest.Place{Document: part.Document.ID}), true
	}
	return nowhere(fmt.Sprintf("Jest tylko część (%s); sama nie wystarcza.", part.title())), true
}

// stamps name the stamp of receipt of another office: a return with it proves as much as one with its UPO.
var stamps = phrase.MustCompile("pieczat*|pieczec|pieczecia|prezentat*|stempel|stemplem", "potwierdzon* ~ urzad|urzedzie|skarbow*")

// stamped reports whether the document, its name or the letter speaks of such a stamp, which no reader sees.
func (e examination) stamped(s sheet) bool {
	if _, ok := stamps.First(s.text); ok || stamps.In(fileWords(s.Document.Name)) {
		return true
	}
	return slices.ContainsFunc(e.spoken(), func(o sheet) bool { _, ok := stamps.First(o.text); return ok })
}

// ofKind finds a document of a kind. What a reader thinks of a scan as a whole may rest on words of the letter in it, so
// there only forms and applications count; other papers are found by the heading of their page.
func (e examination) ofKind(kind string) (sheet, bool) {
	for _, s := range e.attached() {
		if s.hasKind(kind) && !s.absent() && (!s.letter || isFormKind(kind)) {
			return s, true
		}
	}
	return sheet{}, false
}

// byName finds a document whose file name says that it is the paper.
func (e examination) byName(r schemas.Requirement) (presence, bool) {
	for _, s := range e.attached() {
		if !s.letter && !s.absent() && len(s.name[r.WordsKey()]) > 0 {
			if s.locked() {
				return lockedAway(s), true
			}
			return found(fmt.Sprintf("Jest: %s.", s.title()), &ingest.Place{Document: s.Document.ID}), true
		}
	}
	return presence{}, false
}

// empty reports whether a document has no bytes: there is nothing in it that could not be read.
func (s sheet) empty() bool {
	return slices.ContainsFunc(s.Problems, func(p ingest.Problem) bool { return p.Code == ingest.ProblemEmpty })
}

// locked reports whether a document is closed with a password: nobody tries to open it, and its name proves nothing.
func (s sheet) locked() bool {
	return slices.ContainsFunc(s.Problems, func(p ingest.Problem) bool { return p.Code == ingest.ProblemEncrypted })
}

func lockedAway(s sheet) presence {
	return presence{sealed, fmt.Sprintf("Zamknięte hasłem: %s. Trzeba prosić o plik bez hasła.", s.title()), &ingest.Place{Document: s.Document.ID}}
}

// absent reports whether a document is a name with nothing behind it: an empty file, or an attachment by reference that the
// office could not have. Its name proves nothing.
func (s sheet) absent() bool {
	return s.Document.Bytes == 0 && slices.ContainsFunc(s.Problems, func(p ingest.Problem) bool {
		return p.Code == ingest.ProblemEmpty || p.Code == ingest.ProblemUnreadable
	})
}

// byHeading finds a page whose heading says that it is the paper. The first page of a scan is the letter. Forms name other
// forms in their headings, so they are only found by kind and name; and a document known to be something else is that.
func (e examination) byHeading(r schemas.Requirement) (presence, bool) {
	if len(r.Kinds) > 0 && !slices.ContainsFunc(r.Kinds, func(k string) bool { return !strings.HasPrefix(k, schemas.FormKind) }) {
		return presence{}, false
	}
	for _, s := range e.attached() {
		if e.isFirst(s) && !isApplication(r) || !s.letter && s.isElse(r) {
			continue
		}
		if m, ok := s.headed(r); ok {
			quote, place := s.quote(m)
			return found(fmt.Sprintf("Jest: %s, „%s”.", s.title(), quote), place), true
		}
	}
	return presence{}, false
}

// isApplication reports whether the paper is the form of the application itself.
func isApplication(r schemas.Requirement) bool {
	return slices.Contains(r.Kinds, "formularz") || slices.Contains(r.Kinds, "wniosek")
}

// isFirst reports whether a page is the first one of a scan.
func (e examination) isFirst(s sheet) bool {
	return e.scanned() && s.page == 0 && len(e.sheets) > 0 && e.sheets[0].Document.ID == s.Document.ID
}

// isElse reports whether a document is surely of a kind that does not satisfy the requirement.
func (s sheet) isElse(r schemas.Requirement) bool {
	if len(s.Kinds) == 0 || len(r.Kinds) == 0 || s.Kinds[0].Confidence < surely || slices.Contains([]string{"pismo", "zaswiadczenie", "decyzja", "oswiadczenie", "wniosek"}, s.Kinds[0].ID) {
		return false
	}
	return !slices.ContainsFunc(s.Kinds, func(k ingest.Kind) bool {
		return slices.ContainsFunc(r.Kinds, func(want string) bool { return slices.Contains(strings.Split(want, "+"), k.ID) })
	})
}

// surely is the confidence from which a document's kind excludes others.
const surely = 0.7

// headingWords is how far into a page its heading reaches.
const headingWords = 30

func heading(t phrase.Text) phrase.Text { return phrase.Text{Words: t.Words[:headingEnd(t)]} }

func headingEnd(t phrase.Text) int {
	limit := min(len(t.Words), headingWords)
	for i, w := range t.Words[:limit] {
		if strings.HasPrefix(w.Text, "zalaczni") || strings.HasPrefix(w.Text, "zalaczeni") {
			return i
		}
	}
	return limit
}

// headed returns the words of the requirement in the heading of the page. A box that nobody ticked belongs to a list.
func (s sheet) headed(r schemas.Requirement) (phrase.Match, bool) {
	end := headingEnd(s.text)
	for _, m := range s.said[r.WordsKey()] {
		if m.To < end && !s.emptyBoxBefore(m) {
			return m, true
		}
	}
	return phrase.Match{}, false
}

// fileWords makes words of a file name.
func fileWords(name string) string {
	if dot := strings.LastIndexByte(name, '.'); dot > 0 {
		name = name[:dot]
	}
	return strings.NewReplacer("_", " ", "+", " ", "%20", " ").Replace(name)
}

// inUnread turns "not there" into "unreadable" where an unread page may be the paper.
func (e examination) inUnread(r schemas.Requirement) (presence, bool) {
	s, ok := e.unreadCarrier(r)
	if !ok {
		return presence{}, false
	}
	return presence{sealed, fmt.Sprintf("Nie odczytano: %s. Może to ten dokument.", s.title()), nil}, true
}

// unreadCarrier returns an unread page that may be the paper: not a single sheet that by its name is something else.
func (e examination) unreadCarrier(r schemas.Requirement) (sheet, bool) {
	for _, s := range e.attached() {
		if !s.unreadable() || s.empty() || e.opened(s) || s.pages <= 1 && s.named(r) {
			continue
		}
		return s, true
	}
	return sheet{}, false
}

// named reports whether the name of a document says that it is something else than the paper.
func (s sheet) named(r schemas.Requirement) bool {
	if len(s.Kinds) == 0 || s.Kinds[0].Confidence < likely {
		return false
	}
	return !slices.ContainsFunc(s.Kinds, func(k ingest.Kind) bool { return slices.Contains(r.Kinds, k.ID) })
}

// notAttached explains an absence: announced but not attached, or not even announced.
func (e examination) notAttached(r schemas.Requirement) presence {
	if quote, place, ok := e.mention(r); ok {
		return presence{absent, fmt.Sprintf("Pismo wymienia „%s”, ale nie ma tego wśród plików.", quote), place}
	}
	return nowhere("Nie ma takiego dokumentu wśród załączników.")
}

// mention finds where the applicant names the paper.
func (e examination) mention(r schemas.Requirement) (string, *ingest.Place, bool) {
	for _, s := range e.spoken() {
		if hits := s.said[r.WordsKey()]; len(hits) > 0 {
			quote, place := s.quote(hits[0])
			return quote, place, true
		}
	}
	return "", nil, false
}
