package epuaptest

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"time"

	"okienko/ingest/epuap/soap"
	"okienko/validate/signature/signaturetest"
	"okienko/validate/signature/xmldoc"
)

// Order is a document an office had delivered against a proof of receipt (dorecz).
type Order struct {
	Sent
	Until              string // TerminDoreczenia, as it was asked for
	CaseID, DocumentID string // the office's names, which the UPD repeats
}

// Orders returns what was ordered, oldest first.
func (s *Server) Orders() []Order {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Order(nil), s.orders...)
}

// order is dorecz. The platform takes signed documents only.
func (s *Server) order(header *xmldoc.Node, d Sent, sw Switches) (reply, error) {
	if !bytes.Contains(d.Content, []byte("<ds:Signature ")) {
		return refusal(6), nil
	}
	field := headerField(header)
	o := Order{Sent: d, Until: field("TerminDoreczenia"), CaseID: field("IdentyfikatorSprawy"), DocumentID: field("IdentyfikatorDokumentu")}
	if _, err := time.Parse(time.RFC3339, o.Until); err != nil {
		return refusal(7), nil //nolint:nilerr // the refusal is the answer
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.nextID++
	o.ID = strconv.Itoa(s.nextID)
	s.orders = append(s.orders, o)
	if sw.CutAfterSend {
		return reply{}, errCut
	}
	return reply{body: answer("OdpowiedzDoreczyciela", status(1, "OK")+`<identyfikatorDokumentu>`+o.ID+`</identyfikatorDokumentu><identyfikatorZlecenia>Z`+o.ID+`</identyfikatorZlecenia>`)}, nil
}

// Collect lets the addressee sign the proof of receipt of an order: the UPD goes to the end of the queue of the box the order
// named for answers. It returns the UPD.
func (s *Server) Collect(o Order, at time.Time) ([]byte, error) {
	upd, err := s.receipt(o, at)
	if err != nil {
		return nil, err
	}
	_, box, ok := strings.Cut(strings.TrimPrefix(o.ReplyTo, "/"), "/")
	if !ok {
		return nil, fmt.Errorf("the order has no box for its proof: %q", o.ReplyTo)
	}
	s.Deliver(Document{Box: box, Name: "UPD.xml", Content: upd, SentAt: at, Person: Person{Login: "platforma"}})
	return upd, nil
}

// receipt is the sealed UPD.
func (s *Server) receipt(o Order, at time.Time) ([]byte, error) {
	e, when := soap.Escape, at.Format("2006-01-02T15:04:05.000Z07:00")
	to, _, _ := strings.Cut(strings.TrimPrefix(o.To, "/"), "/")
	party := func(name, id string) string {
		return `<pos:Nazwa>` + e(name) + `</pos:Nazwa><pos:IdentyfikatorPodmiotu TypIdentyfikatora="ePUAP-ID">` + e(id) + `</pos:IdentyfikatorPodmiotu>`
	}
	doc := `<?xml version="1.0" encoding="UTF-8"?>` + "\n" + `<pos:Dokument xmlns:pos="http://crd.gov.pl/xml/schematy/UPO/2008/05/09/"><pos:UPD>` +
		`<pos:IdentyfikatorPoswiadczenia>ePUAP-UPD` + o.ID + `</pos:IdentyfikatorPoswiadczenia><pos:PodmiotWystawiajacyPoswiadczenie>` + party("ePUAP TEST", "epuap") + `</pos:PodmiotWystawiajacyPoswiadczenie>` +
		`<pos:Adresat>` + party(to, to) + `</pos:Adresat><pos:DataOdbioru>` + when + `</pos:DataOdbioru><pos:DataUtworzeniaPoswiadczenia>` + when + `</pos:DataUtworzeniaPoswiadczenia>` +
		`<pos:IdentyfikatorSprawy>` + e(o.CaseID) + `</pos:IdentyfikatorSprawy><pos:IdentyfikatorDokumentu>` + e(o.DocumentID) + `</pos:IdentyfikatorDokumentu></pos:UPD></pos:Dokument>`
	return signaturetest.XAdES{Time: at, ID: "upd" + o.ID}.Sign([]byte(doc), s.Seal)
}
