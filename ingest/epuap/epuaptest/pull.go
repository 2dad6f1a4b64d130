package epuaptest

import (
	"cmp"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"okienko/ingest/epuap/soap"
	"okienko/validate/signature/xmldoc"
)

const objectsNS = "http://wsdl.epuap.gov.pl/obiekty/"

// Document waits in the queue.
type Document struct {
	Box       string // name of the office's box it was sent to; default: Box
	ID        string // "": one is given; "-": none is told
	Name      string // default: pismo.xml
	MediaType string // default: application/xml; the platform also writes XML
	Content   []byte
	SentAt    time.Time
	ReplyBox  string // "": nil
	Test      bool
	Person    Person
}

// Person is the account a document was sent from.
type Person struct{ Login, Given, Family, PESEL string }

// Deliver puts documents at the end of the queue.
func (s *Server) Deliver(docs ...Document) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, d := range docs {
		if d.ID == "" {
			s.nextID++
			d.ID = strconv.Itoa(s.nextID)
		}
		d.Box = cmp.Or(d.Box, Box)
		d.Name, d.MediaType = cmp.Or(d.Name, "pismo.xml"), cmp.Or(d.MediaType, "application/xml")
		s.queue = append(s.queue, d)
	}
}

// Waiting is the number of documents in the queue.
func (s *Server) Waiting() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.queue)
}

// Confirmed is the number of documents taken off the queue.
func (s *Server) Confirmed() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.confirmed
}

// Exchanges returns what was said so far, the last thousand exchanges of it.
func (s *Server) Exchanges() []Exchange {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Exchange(nil), s.exchanges...)
}

func (s *Server) record(request, answer []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.exchanges) < maxExchanges {
		s.exchanges = append(s.exchanges, Exchange{request, answer})
	}
}

// known checks the party and the box of a question. The office has every box somebody wrote to, and Box.
func known(q *xmldoc.Node) bool {
	return q.Child("", "podmiot").Text() == Party && q.Child("", "adresSkrytki").Text() == "/"+Party+"/"+boxOf(q)
}

func boxOf(q *xmldoc.Node) string { return q.Child("", "nazwaSkrytki").Text() }

// head is where the next document of a box is in the queue; -1 if none waits.
func (s *Server) head(box string) int {
	return slices.IndexFunc(s.queue, func(d Document) bool { return d.Box == box })
}

func (s *Server) count(_, q *xmldoc.Node, _ Switches) (reply, error) {
	if !known(q) {
		return refusal(2), nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for _, d := range s.queue {
		if d.Box == boxOf(q) {
			n++
		}
	}
	return reply{body: answer("OdpowiedzPullOczekujace", status(1, "OK")+`<oczekujace>`+strconv.Itoa(n)+`</oczekujace>`)}, nil
}

func (s *Server) next(_, q *xmldoc.Node, sw Switches) (reply, error) {
	if !known(q) {
		return refusal(2), nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	head := s.head(boxOf(q))
	if head < 0 {
		return reply{body: answer("OdpowiedzPullPobierz", status(0, "Brak dokumentow")+Document{Box: boxOf(q)}.fields(`<zawartosc></zawartosc>`))}, nil
	}
	d := s.queue[head]
	content := `<zawartosc>` + binaryMark + `</zawartosc>`
	if sw.DamagedDocument {
		content = `<zawartosc>!</zawartosc>`
	}
	return reply{body: answer("OdpowiedzPullPobierz", status(1, "Pobrano dokument")+d.fields(content)), binary: d.Content}, nil
}

// fields are those of OdpowiedzPullPobierz, in the order of the schema.
func (d Document) fields(content string) string {
	reply := `<adresOdpowiedzi>` + soap.Escape(d.ReplyBox) + `</adresOdpowiedzi>`
	if d.ReplyBox == "" {
		reply = `<adresOdpowiedzi xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:nil="true"/>`
	}
	e := soap.Escape
	return `<danePodmiotu><identyfikator>` + e(d.Person.Login) + `</identyfikator><typOsoby>F</typOsoby><imieSkrot>` + e(d.Person.Given) + `</imieSkrot><nazwiskoNazwa>` +
		e(d.Person.Family) + `</nazwiskoNazwa><nip></nip><pesel>` + e(d.Person.PESEL) + `</pesel><regon></regon><zgoda>true</zgoda></danePodmiotu>` +
		`<daneNadawcy><uzytkownik>` + e(d.Person.Login) + `</uzytkownik><system></system></daneNadawcy>` +
		`<dataNadania>` + d.SentAt.Format("2006-01-02T15:04:05.000Z07:00") + `</dataNadania><nazwaSkrytki>` + e(d.Box) + `</nazwaSkrytki><adresSkrytki>` + e(d.address()) + `</adresSkrytki>` +
		reply + `<czyTestowe>` + strconv.FormatBool(d.Test) + `</czyTestowe><daneDodatkowe>` + base64.StdEncoding.EncodeToString([]byte(d.extra())) + `</daneDodatkowe>` +
		`<dokument><nazwaPliku>` + e(d.Name) + `</nazwaPliku><typPliku>` + e(d.MediaType) + `</typPliku>` + content + `</dokument>`
}

func (d Document) address() string { return "/" + Party + "/" + d.Box }

// extra is the XML in daneDodatkowe.
func (d Document) extra() string {
	if d.ID == "-" {
		return ""
	}
	return `<Dane><IdentyfikatorDokumentu>` + soap.Escape(d.ID) + `</IdentyfikatorDokumentu></Dane>`
}

func (s *Server) confirm(_, q *xmldoc.Node, sw Switches) (reply, error) {
	if !known(q) {
		return refusal(2), nil
	}
	if sw.CutBeforeConfirm {
		return reply{}, errCut
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	head := s.head(boxOf(q))
	if head < 0 || strings.TrimSpace(q.Child("", "skrot").Text()) != hashOf(s.queue[head].Content, sw.SHA256) {
		return refusal(3), nil
	}
	if !sw.ConfirmWithout {
		s.queue = slices.Delete(s.queue, head, head+1)
		s.confirmed++
	}
	if sw.CutAfterConfirm {
		return reply{}, errCut
	}
	return reply{body: answer("OdpowiedzPullPotwierdz", status(1, "Potwierdzono"))}, nil
}

func hashOf(b []byte, sha256Wanted bool) string {
	if sha256Wanted {
		sum := sha256.Sum256(b)
		return base64.StdEncoding.EncodeToString(sum[:])
	}
	sum := sha1.Sum(b)
	return base64.StdEncoding.EncodeToString(sum[:])
}

func answer(name, inside string) string {
	return `<p140:` + name + ` xmlns:p140="` + objectsNS + `">` + inside + `</p140:` + name + `>`
}

func status(kod int, komunikat string) string {
	return fmt.Sprintf(`<status><kod>%d</kod><komunikat>%s</komunikat></status>`, kod, komunikat)
}
