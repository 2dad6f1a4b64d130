package validate

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"okienko/ingest"
	"okienko/schemas"
	"okienko/schemas/phrase"
)

// baseFields are what every submission states.
//
// KPA art. 63 § 2: "Podanie powinno zawierać co najmniej wskazanie osoby, od której pochodzi, jej adres i żądanie oraz czynić
// zadość innym wymaganiom ustalonym w przepisach szczególnych."
var baseFields = map[string]func(examination, schemas.Requirement) presence{
	"imie_nazwisko": examination.person,
	"adres":         examination.address,
	"pesel":         examination.pesel,
	"telefon_email": examination.contact,
	"kontakt":       examination.contact,
	"nazwa_firmy":   examination.firm,
	"tresc":         examination.demand,
	"przedmiot":     examination.demand,
}

// person: "wskazanie osoby, od której pochodzi". A signature under the letter, the sender's name or a name a reader found.
func (e examination) person(schemas.Requirement) presence {
	if name := e.contents.Letter.From.Name; fullName(name) {
		return found(fmt.Sprintf("Nadawca: %s.", name), nil)
	}
	if p, ok := e.anyValue(ingest.FieldName); ok {
		return p
	}
	for _, s := range e.spoken() {
		if line, place, ok := s.signedLine(); ok {
			return found(fmt.Sprintf("Podpis: %s.", line), place)
		}
	}
	if e.truth(ifCompany) == True {
		return e.firm(schemas.Requirement{}) // an organisation is named by its name; who signs for it is another question
	}
	if e.readByOCR() || e.scanned() {
		return maybe("Nie znaleziono imienia i nazwiska; trzeba sprawdzić w piśmie.", nil)
	}
	for _, s := range e.spoken() {
		if pair, place, ok := s.capitalPair(); ok {
			return maybe(fmt.Sprintf("Może to imię i nazwisko: „%s”.", pair), place)
		}
	}
	return nowhere("Pismo nie podaje imienia i nazwiska.")
}

// capitalPair finds two capitalised words in a row that do not begin a sentence and are no address: perhaps a name.
func (s sheet) capitalPair() (string, *ingest.Place, bool) {
	words := s.text.Words
	for i := 1; i < len(words); i++ {
		a, b := words[i-1], words[i]
		if a.Clause != b.Clause || s.source[a.End:b.Start] != " " || !capitalised(s.source[a.Start:a.End]) || !capitalised(s.source[b.Start:b.End]) {
			continue
		}
		if afterStreet := i >= 2 && streetWords[words[i-2].Text]; streetWords[a.Text] || afterStreet || polite[a.Text] || polite[b.Text] {
			continue
		}
		return s.source[a.Start:b.End], s.place(a.Start, b.End), true
	}
	return "", nil, false
}

// capitalised reports whether a word of three letters or more begins with a capital and goes on in small letters.
func capitalised(word string) bool {
	r := []rune(word)
	return len(r) >= 3 && unicode.IsUpper(r[0]) && unicode.IsLower(r[1])
}

var (
	streetWords = map[string]bool{"ul": true, "ulica": true, "ulicy": true, "al": true, "aleja": true, "alei": true, "os": true, "osiedle": true,
		"osiedlu": true, "pl": true, "plac": true, "placu": true, "przy": true, "na": true, "parku": true}
	polite = map[string]bool{"szanowni": true, "szanowny": true, "szanowna": true, "panstwo": true, "panie": true, "pani": true, "dzien": true,
		"urzad": true, "urzedu": true, "miasta": true, "krakowa": true, "wydzial": true, "wydzialu": true, "nowa": true, "nowej": true, "rada": true,
		"dear": true, "sir": true, "prezydent": true, "prezydenta": true, "karta": true, "karte": true, "karty": true}
)

// fullName reports whether s looks like a first and a last name or the name of an organisation: two capitalised words.
func fullName(s string) bool {
	words := strings.Fields(s)
	capitals := 0
	for _, w := range words {
		r := []rune(w)
		if len(r) >= 2 && unicode.IsUpper(r[0]) && (unicode.IsLower(r[1]) || unicode.IsUpper(r[1])) && !strings.ContainsRune(w, '@') {
			capitals++
		}
	}
	return capitals >= 2 && len(words) <= 8
}

// signedLine finds a line of the letter that is nothing but a name.
func (s sheet) signedLine() (string, *ingest.Place, bool) {
	at := 0
	for line := range strings.Lines(s.source) {
		name := strings.Trim(strings.TrimSpace(line), ".,-")
		if n := len(strings.Fields(name)); n >= 2 && n <= 4 && fullName(name) && !strings.ContainsAny(name, "0123456789:!?/") && allCapitalised(name) {
			return name, s.place(at, at+len(strings.TrimRight(line, "\r\n"))), true
		}
		at += len(line)
	}
	return "", nil, false
}

func allCapitalised(name string) bool {
	for w := range strings.FieldsSeq(name) {
		if r := []rune(w); !unicode.IsUpper(r[0]) {
			return false
		}
	}
	return true
}

// streets recognises addresses a reader may have missed: residents leave out postal codes and "ul.".
var streets = phrase.MustCompile("ul|ulica|ulicy|al|aleja|os|osiedle|pl|plac ~ #", "zam|zamieszkal*|adres* ~ #", "вул|вулиця ~ #")

// address: "jej adres". For a public body an address for e-delivery would do; by ePUAP the box is one, but the law asks for
// the address itself.
func (e examination) address(schemas.Requirement) presence {
	if p, ok := e.anyValue(ingest.FieldAddress); ok {
		return p
	}
	for _, s := range e.sheets {
		if m, ok := streets.First(s.text); ok {
			quote, place := s.quote(m)
			return maybe(fmt.Sprintf("Może to adres: „%s”.", quote), place)
		}
		if p, ok := s.houseNumber(); ok {
			return p
		}
	}
	return nowhere("Pismo nie podaje adresu.")
}

// houseNumber finds a capitalised word followed by a number on the same line: perhaps an address.
func (s sheet) houseNumber() (presence, bool) {
	words := s.text.Words
	for i := 1; i < len(words); i++ {
		before, at := words[i-1], words[i]
		first := []rune(s.source[before.Start:before.End])
		if unicode.IsUpper(first[0]) && len(first) > 2 && unicode.IsDigit(rune(at.Text[0])) && len(at.Text) <= 4 && s.source[before.End:at.Start] == " " {
			return maybe(fmt.Sprintf("Może to adres: „%s”.", oneLine(s.source[before.Start:at.End])), s.place(before.Start, at.End)), true
		}
	}
	return presence{}, false
}

// pesel: the number, "a gdy brak - data urodzenia i dokument tożsamości"; organisations have none.
func (e examination) pesel(r schemas.Requirement) presence {
	p := e.valueOf(r, ingest.FieldPESEL)
	if p.state == there || p.state == perhaps {
		return p
	}
	for _, s := range e.sheets {
		if m, ok := foreigners.First(s.text); ok {
			quote, place := s.quote(m)
			return found(fmt.Sprintf("Zamiast numeru PESEL: „%s”.", quote), place)
		}
	}
	if signed, ok := e.signedPESEL(); ok && p.state == absent {
		return signed
	}
	return p
}

var foreigners = phrase.MustCompile("passport", "paszport* ~ nr|numer|#", "do not have ~ pesel", "have|has no pesel", "without ~ pesel", "nie mam|posiadam pesel*", "nie mam ~ peselu", "паспорт*")

// contact: any phone number or e-mail address, the sender's own included.
func (e examination) contact(schemas.Requirement) presence {
	if e.contents.Letter.From.Address != "" {
		return found("Odpowiedzieć można na adres nadawcy.", nil)
	}
	for _, kind := range []string{ingest.FieldPhone, ingest.FieldEmail, ingest.FieldAddress} {
		if p, ok := e.anyValue(kind); ok {
			return p
		}
	}
	if e.sub.Channel == ingest.EPUAP || e.sub.Channel == ingest.EDelivery {
		return found("Odpowiedzieć można na skrzynkę nadawcy.", nil)
	}
	return nowhere("Pismo nie podaje, dokąd odpowiedzieć.")
}

var firms = phrase.MustCompile("sp z o o", "spolka|spolki", "s a", "s c", "wspolnot* mieszkaniow*", "spoldzielni*", "fundacj*", "stowarzyszen*",
	"firm*", "przedsiebiorstw*", "sklep*", "nazwa", "delikates*|restauracj*|kawiarni*|bar|zaklad*", "zarzad")

func (e examination) firm(schemas.Requirement) presence {
	for _, s := range e.sheets {
		if m, ok := firms.First(s.text); ok {
			quote, place := s.quote(m)
			return found(fmt.Sprintf("„%s” (%s).", quote, s.title()), place)
		}
	}
	return maybe("Nie znaleziono nazwy; trzeba sprawdzić w piśmie.", nil)
}

// fillers are the words of a letter that only points at what is attached.
var fillers = phrase.MustCompile("dzien dobry", "witam", "szanown*", "panstwo|pani|pan|panie", "w zalaczeniu|zalaczniku|zalacznikach", "zalacz*", "przesyl*|wysyl*|przekaz*",
	"prosze|prosimy|prosba", "pozdrawia*|pozdr", "z powazaniem", "dziekuj*|dzieki", "wyslane z", "hello|hi|dear|regards|please|attached|find|thanks", "о|добрий день|дякую",
	"wniosek|pismo|dokument*|plik*|sprawie|zalatwienie|odpowiedz|informacje", "w|i|o|z|na|do|za|oraz|mi|the|and|my")

// minDemand is how many words beside fillers and the sender's name a demand has.
const minDemand = 4

// demand: "żądanie". What says something says it; whether it can be understood is for a person. A letter that only points at
// an enclosure which is not there demands nothing.
func (e examination) demand(schemas.Requirement) presence {
	if len(e.attached()) > 0 && !e.scanned() {
		return found("Żądanie może być w załączniku.", nil)
	}
	if quote, place, ok := e.pointsAway(); ok {
		return presence{absent, fmt.Sprintf("Treść ma być w załączniku („%s”), którego nie ma.", quote), place}
	}
	for _, s := range e.spoken() {
		if said := len(s.text.Words) - fillerWords(s.text) - e.nameWords(s.text); said >= minDemand {
			return found("Pismo ma treść.", nil)
		}
	}
	return nowhere("Pismo nie ma treści; odsyła do załącznika, którego nie ma.")
}

// elsewhere are the words with which a letter says that its demand stands in an enclosure.
var elsewhere = phrase.MustCompile("pytania|tresc|wniosek|pismo|skarga|szczegoly|zadanie ~ zalaczon*|zalaczniku", "zgodnie z zalaczonym|zalacznikiem", "(see|in) the attached|attachment")

func (e examination) pointsAway() (string, *ingest.Place, bool) {
	if e.scanned() {
		return "", nil, false
	}
	for _, s := range e.spoken() {
		if m, ok := elsewhere.First(s.text); ok && len(s.text.Words) <= 40 {
			quote, place := s.quote(m)
			return quote, place, true
		}
	}
	return "", nil, false
}

// nameWords counts the words of a text that are the sender's name.
func (e examination) nameWords(t phrase.Text) int {
	names := phrase.Split(e.contents.Letter.From.Name).Words
	n := 0
	for _, w := range t.Words {
		if slices.ContainsFunc(names, func(name phrase.Word) bool { return name.Text == w.Text }) {
			n++
		}
	}
	return n
}

func fillerWords(t phrase.Text) int {
	filler := map[int]bool{}
	fillers.Find(t, func(m phrase.Match) {
		for i := m.From; i <= m.To; i++ {
			filler[i] = true
		}
	})
	return len(filler)
}

// anyValue returns the first value of a type with a fair confidence.
func (e examination) anyValue(kind string) (presence, bool) {
	for _, s := range e.sheets {
		for _, f := range s.fields() {
			if f.Type == kind && f.Confidence >= likely {
				place := f.Place
				return found(fmt.Sprintf("Jest: %s (%s).", mask(kind, oneLine(f.Value)), s.title()), &place), true
			}
		}
	}
	return presence{}, false
}
