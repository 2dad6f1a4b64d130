package epuaptest

import (
	"encoding/base64"
	"strconv"
	"strings"
	"time"

	"okienko/ingest/epuap"
	"okienko/ingest/epuap/soap"
	"okienko/validate/signature/signaturetest"
	"okienko/validate/signature/xmldoc"
)

// Sent is a document an office sent through nadaj.
type Sent struct {
	To, ReplyTo, Party string
	Name               string
	Content            []byte
	ID                 string
	Proof              []byte // the UPP given; nil if none was
	At                 time.Time
}

// Sent returns what was delivered, oldest first.
func (s *Server) Sent() []Sent {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Sent(nil), s.sent...)
}

// send is nadaj, and the beginning of dorecz.
func (s *Server) send(header, q *xmldoc.Node, sw Switches) (reply, error) {
	if sw.CutBeforeSend {
		return reply{}, errCut
	}
	field := headerField(header)
	content, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(q.Child("", "zawartosc").Text()), ""))
	d := Sent{To: field("AdresSkrytki"), ReplyTo: field("AdresOdpowiedzi"), Party: field("IdentyfikatorPodmiotu"),
		Name: strings.TrimSpace(q.Child("", "nazwaPliku").Text()), Content: content, At: time.Now()}
	if err != nil || d.Party != Party || !epuap.IsBox(d.To) {
		return refusal(4), nil //nolint:nilerr // the refusal is the answer
	}
	if sw.RefuseSend != 0 {
		return nothingSent(header, sw.RefuseSend), nil
	}
	if probne := field("CzyProbne"); probne == "1" || probne == "true" {
		return nothingSent(header, 1), nil
	}
	if header.Child(objectsNS, "TerminDoreczenia") != nil { // both services take the same body
		return s.order(header, d, sw)
	}
	return s.deliver(d, sw)
}

// nothingSent is the answer to a trial, or a refusal by status.
func nothingSent(header *xmldoc.Node, kod int) reply {
	name, more := "OdpowiedzSkrytki", ""
	if header.Child(objectsNS, "TerminDoreczenia") != nil {
		name, more = "OdpowiedzDoreczyciela", `<identyfikatorZlecenia></identyfikatorZlecenia>`
	}
	return reply{body: answer(name, status(kod, "TEST")+`<identyfikatorDokumentu></identyfikatorDokumentu>`+more)}
}

func headerField(header *xmldoc.Node) func(name string) string {
	return func(name string) string { return strings.TrimSpace(header.Child(objectsNS, name).Text()) }
}

func (s *Server) deliver(d Sent, sw Switches) (reply, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.nextID++
	d.ID = strconv.Itoa(s.nextID)
	inside := status(1, "OK") + `<identyfikatorDokumentu>` + d.ID + `</identyfikatorDokumentu>`
	if !sw.NoProof {
		given, err := s.given(&d, sw)
		if err != nil {
			return reply{}, err
		}
		inside += `<identyfikatorUpp>UPP` + d.ID + `</identyfikatorUpp><statusOdbiorcy><kod>1</kod><komunikat>OK</komunikat></statusOdbiorcy>` +
			`<zalacznik><nazwaPliku>upp.xml</nazwaPliku><typPliku>text/xml</typPliku><zawartosc>` + base64.StdEncoding.EncodeToString(given) + `</zawartosc></zalacznik>`
	}
	s.sent = append(s.sent, d)
	if sw.CutAfterSend {
		return reply{}, errCut
	}
	return reply{body: answer("OdpowiedzSkrytki", inside)}, nil
}

// given is the UPP as it is handed out; d keeps the true one.
func (s *Server) given(d *Sent, sw Switches) ([]byte, error) {
	var err error
	if d.Proof, err = s.proof(*d); err != nil {
		return nil, err
	}
	switch {
	case sw.ProofChangedLater:
		return []byte(strings.Replace(string(d.Proof), "<pos:DataDoreczenia>20", "<pos:DataDoreczenia>19", 1)), nil
	case sw.ProofOfAnother:
		other := *d
		other.ID = "1"
		return s.proof(other)
	case sw.NoRealProof:
		return []byte("<html><body>UPP</body></html>"), nil
	}
	return d.Proof, nil
}

// proof is the sealed UPP.
func (s *Server) proof(d Sent) ([]byte, error) {
	e, at := soap.Escape, d.At.Format("2006-01-02T15:04:05.000Z07:00")
	party := func(name, id string) string {
		return `<pos:Nazwa>` + e(name) + `</pos:Nazwa><pos:IdentyfikatorPodmiotu TypIdentyfikatora="ePUAP-ID">` + e(id) + `</pos:IdentyfikatorPodmiotu>`
	}
	to, _, _ := strings.Cut(strings.TrimPrefix(d.To, "/"), "/")
	doc := `<?xml version="1.0" encoding="UTF-8"?>` + "\n" + `<pos:Dokument xmlns:pos="http://crd.gov.pl/xml/schematy/UPO/2008/05/09/"><pos:UPP>` +
		`<pos:IdentyfikatorPoswiadczenia>ePUAP-UPP` + d.ID + `</pos:IdentyfikatorPoswiadczenia><pos:Adresat>` + party(to, to) + `</pos:Adresat>` +
		`<pos:Nadawca>` + party("URZĄD (TEST)", d.Party) + `</pos:Nadawca><pos:DataDoreczenia>` + at + `</pos:DataDoreczenia>` +
		`<pos:DataWytworzeniaPoswiadczenia>` + at + `</pos:DataWytworzeniaPoswiadczenia><pos:IdentyfikatorDokumentu>DOK` + d.ID + `</pos:IdentyfikatorDokumentu>` +
		`<pos:InformacjaUzupelniajaca TypInformacjiUzupelniajacej="Identyfikator ePUAP dokumentu">` + d.ID + `</pos:InformacjaUzupelniajaca></pos:UPP></pos:Dokument>`
	return signaturetest.XAdES{Time: d.At, ID: "upp" + d.ID}.Sign([]byte(doc), s.Seal)
}
