package nadaj

import (
	"strings"

	"okienko/ingest/epuap/soap"
	"okienko/workflow"
)

// DefaultForm is the namespace of "pismo ogólne", which the platform has a stylesheet for and shows as a page.
const DefaultForm = "http://crd.gov.pl/wzor/2017/10/24/4566/"

// Document is a letter in the frame all documents of crd.gov.pl share.
type Document struct {
	Letter workflow.Letter
	Office string // name of the sender
	Party  string // its identifier on the platform
	Form   string // namespace, with its final slash; "": DefaultForm
}

// XML writes the document, unsigned. It is the same each time for the same letter; its CID is the letter's MessageID, so that a
// second copy would be recognisable.
func (d Document) XML() []byte {
	form := d.Form
	if form == "" {
		form = DefaultForm
	}
	e := soap.Escape
	day := d.Letter.SendingAt
	if day.IsZero() {
		day = d.Letter.CreatedAt
	}
	date := `<meta:Data typDaty="stworzony"><meta:Czas>` + day.Format("2006-01-02") + `</meta:Czas></meta:Data>`
	var b strings.Builder
	b.WriteString(`<?xml version="1.0" encoding="UTF-8"?>` + "\n" + `<?xml-stylesheet type="text/xsl" href="` + e(form) + `styl.xsl"?>` + "\n")
	b.WriteString(`<wnio:Dokument xmlns:wnio="` + e(form) + `" xmlns:str="http://crd.gov.pl/xml/schematy/struktura/2009/11/16/" xmlns:meta="http://crd.gov.pl/xml/schematy/meta/2009/11/16/" xmlns:inst="http://crd.gov.pl/xml/schematy/instytucja/2009/11/16/">`)
	b.WriteString(`<wnio:OpisDokumentu><str:CID>` + e(d.Letter.MessageID) + `</str:CID>` + date +
		`<meta:Identyfikator typIdentyfikatora="Okienko"><meta:Wartosc>` + e(d.Letter.MessageID) + `</meta:Wartosc></meta:Identyfikator></wnio:OpisDokumentu>`)
	b.WriteString(`<wnio:DaneDokumentu><str:Naglowek><str:NazwaDokumentu>` + e(d.Letter.Subject) + `</str:NazwaDokumentu></str:Naglowek>` + date)
	b.WriteString(`<str:Adresaci><meta:Podmiot><inst:Instytucja><inst:NazwaInstytucji>` + e(d.Letter.To) + `</inst:NazwaInstytucji></inst:Instytucja></meta:Podmiot></str:Adresaci>`)
	b.WriteString(`<str:Nadawcy><meta:Podmiot><inst:Instytucja><inst:NazwaInstytucji>` + e(d.Office) + `</inst:NazwaInstytucji></inst:Instytucja></meta:Podmiot></str:Nadawcy></wnio:DaneDokumentu>`)
	b.WriteString(`<wnio:TrescDokumentu format="text/xml" kodowanie="XML"><wnio:Tytul>` + e(d.Letter.Subject) + `</wnio:Tytul><wnio:Informacje>`)
	for paragraph := range strings.SplitSeq(strings.TrimSpace(d.Letter.Text), "\n\n") {
		b.WriteString(`<wnio:Informacja>` + e(paragraph) + `</wnio:Informacja>`)
	}
	b.WriteString(`</wnio:Informacje></wnio:TrescDokumentu></wnio:Dokument>`)
	return []byte(b.String())
}
