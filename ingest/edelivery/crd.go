package edelivery

import (
	"encoding/xml"
	"strings"
	"time"
)

// receiptDocument is a proof of receipt (dowód otrzymania) as a sealed document of crd.gov.pl, wzór 2021/09/01/10856; its
// elements are taken by local name. It is what a message archive tells of who wrote and when the office received it. Its seal is
// not looked at here: the file is kept with the letter, and is examined with it.
type receiptDocument struct {
	XMLName   xml.Name `xml:"Dokument"`
	Sender    crdParty `xml:"TrescDokumentu>DaneNadawcy"`
	Recipient crdParty `xml:"TrescDokumentu>DaneAdresata"`
	Sent      string   `xml:"TrescDokumentu>DataWyslania>DataNadaniaPrzesylki"`
	Arrived   string   `xml:"TrescDokumentu>DataOdbioru>DataUdostepnieniaDoOdbioru"`
	Received  string   `xml:"TrescDokumentu>DataOdbioru>DataPrzekazaniaAdresatowi"`
	MessageID string   `xml:"TrescDokumentu>DaneWiadomosci>IdentyfikatorWiadomosci"`
	ProofID   string   `xml:"TrescDokumentu>DaneWiadomosci>IdentyfikatorDowoduPotwierdzenia"`
}

type crdParty struct {
	Address string `xml:"AdresEDoreczen"`
	Company string `xml:"StronaKorespondencji>OsobaPrawna>NazwaPodmiotu"`
	First   string `xml:"StronaKorespondencji>OsobaFizyczna>Imie"`
	Last    string `xml:"StronaKorespondencji>OsobaFizyczna>Nazwisko"`
}

// party leaves an address out that is none.
func (p crdParty) party() (Party, bool) {
	address := CleanAddress(p.Address)
	if !IsAddress(address) {
		return Party{}, false
	}
	c := Contributor{FirstName: strings.TrimSpace(p.First), LastName: strings.TrimSpace(p.Last), CompanyName: strings.TrimSpace(p.Company)}
	return Party{Address: address, Contributor: &c}, true
}

// readReceipt reads a proof of receipt of a message; ok is false for anything else, and for one of another message.
func readReceipt(raw []byte, messageID string) (d receiptDocument, ok bool) {
	if err := xml.Unmarshal(raw, &d); err != nil {
		return d, false
	}
	return d, strings.TrimSpace(d.MessageID) == messageID && !d.receivedAt().IsZero()
}

// receivedAt is the moment of receipt: a public body receives a message when it comes to its address.
func (d receiptDocument) receivedAt() time.Time {
	if at := parseMoment(d.Received); !at.IsZero() {
		return at
	}
	return parseMoment(d.Arrived)
}
