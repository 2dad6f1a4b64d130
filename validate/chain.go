package validate

import (
	"fmt"
	"slices"
	"strings"

	"okienko/ingest"
	"okienko/schemas"
	"okienko/schemas/phrase"
)

// ownershipChain is the requirement of contracts from the registered owner to the buyer (rozporządzenie w sprawie rejestracji
// pojazdów, § 4): one contract is the whole chain where its seller is the one named in the registration document.
const (
	ownershipChain       = "ciag_wlasnosci"
	registrationDocument = "dowod_rejestracyjny"
)

// chain holds the seller of the contract against the owner in the registration document.
func (e examination) chain(r schemas.Requirement) presence {
	p := e.follow(r)
	contract, ok := e.proc.Requirement(r.Follows)
	if !ok || p.state != perhaps {
		return p
	}
	document, ok := e.proc.Requirement(registrationDocument)
	if !ok {
		return p
	}
	for _, s := range e.attached() {
		if !s.is(contract) {
			continue
		}
		for _, f := range s.fields() {
			if f.Type == ingest.FieldName && isSeller(f.Label) && e.registeredTo(f.Value, document) {
				place := f.Place
				return found(fmt.Sprintf("Sprzedający z umowy (%s) stoi w dowodzie rejestracyjnym jako właściciel: jedna umowa to cały ciąg.", oneLine(f.Value)), &place)
			}
		}
	}
	return p
}

var sellers = phrase.MustCompile("sprzedajac*", "zbywc*|zbywajac*", "darczync*", "seller")

func isSeller(label string) bool { return sellers.In(label) }

// is reports whether a page is a paper, by the kind of its document or by its own heading.
func (s sheet) is(r schemas.Requirement) bool {
	if _, ok := s.headed(r); ok {
		return true
	}
	return s.pages <= 1 && slices.ContainsFunc(r.Kinds, s.hasKind)
}

// registeredTo reports whether the registration document names a person, in whatever order and letters.
func (e examination) registeredTo(name string, document schemas.Requirement) bool {
	want := phrase.Split(name).Words
	if len(want) < 2 {
		return false
	}
	for _, s := range e.attached() {
		if s.is(document) && s.names(want) {
			return true
		}
	}
	return false
}

// names reports whether the words of a name stand beside each other on a page.
func (s sheet) names(want []phrase.Word) bool {
	words := s.text.Words
	for i := range len(words) - len(want) + 1 {
		rest := words[i : i+len(want)]
		if !slices.ContainsFunc(want, func(w phrase.Word) bool {
			return !slices.ContainsFunc(rest, func(o phrase.Word) bool { return strings.EqualFold(o.Text, w.Text) })
		}) {
			return true
		}
	}
	return false
}
