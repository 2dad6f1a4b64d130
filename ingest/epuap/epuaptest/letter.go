package epuaptest

import (
	"cmp"
	"encoding/base64"
	"fmt"
	"strings"
	"time"

	"okienko/ingest/epuap/soap"
	"okienko/validate/signature/signaturetest"
)

// Letter is a "pismo ogólne" as the platform's form writes it.
type Letter struct {
	Form       string // number of the form; default: 2017/10/24/4566
	Title      string
	Paragraphs []string
	Sender     Person
	Email      string
	Address    Home
	Files      []File // attachments by value
	Links      []Link // attachments by reference
	Date       time.Time
}

// Home is where a sender lives.
type Home struct{ Code, Town, Street, House, Flat string }

// File is an attachment inside the letter.
type File struct {
	Name, MediaType string
	Content         []byte
}

// Link is an attachment the platform keeps; URL is what Server.Store returned, MD5 the hash of the file in hexadecimal.
type Link struct{ Name, MediaType, URL, MD5 string }

// XML writes the letter, unsigned.
func (l Letter) XML() []byte {
	e := soap.Escape
	form := "http://crd.gov.pl/wzor/" + cmp.Or(l.Form, "2017/10/24/4566") + "/"
	date := `<meta:Data typDaty="stworzony"><meta:Czas>` + l.Date.Format("2006-01-02") + `</meta:Czas></meta:Data>`
	var b strings.Builder
	b.WriteString(`<?xml version="1.0" encoding="UTF-8"?>` + "\n" + `<?xml-stylesheet type="text/xsl" href="` + form + `styl.xsl"?>` + "\n")
	b.WriteString(`<wnio:Dokument xmlns:wnio="` + form + `" xmlns:str="http://crd.gov.pl/xml/schematy/struktura/2009/11/16/" xmlns:meta="http://crd.gov.pl/xml/schematy/meta/2009/11/16/"` +
		` xmlns:adr="http://crd.gov.pl/xml/schematy/adres/2009/11/09/" xmlns:oso="http://crd.gov.pl/xml/schematy/osoba/2009/11/16/" xmlns:inst="http://crd.gov.pl/xml/schematy/instytucja/2009/11/16/">`)
	b.WriteString(`<wnio:OpisDokumentu>` + date + `<meta:OpisDokumentu>Wzór pisma ogólnego</meta:OpisDokumentu></wnio:OpisDokumentu><wnio:DaneDokumentu>` + date)
	b.WriteString(`<str:Adresaci><meta:Podmiot><inst:Instytucja><inst:NazwaInstytucji>URZĄD MIASTA (TEST)</inst:NazwaInstytucji></inst:Instytucja></meta:Podmiot></str:Adresaci>`)
	b.WriteString(`<str:Nadawcy><meta:Podmiot><oso:Osoba><oso:IdOsoby><oso:PESEL>` + e(l.Sender.PESEL) + `</oso:PESEL></oso:IdOsoby><oso:Imie>` + e(l.Sender.Given) + `</oso:Imie><oso:Nazwisko>` + e(l.Sender.Family) + `</oso:Nazwisko>`)
	b.WriteString(`<adr:Adres><adr:KodPocztowy>` + e(l.Address.Code) + `</adr:KodPocztowy><adr:Miejscowosc>` + e(l.Address.Town) + `</adr:Miejscowosc><adr:Ulica>` + e(l.Address.Street) +
		`</adr:Ulica><adr:Budynek>` + e(l.Address.House) + `</adr:Budynek><adr:Lokal>` + e(l.Address.Flat) + `</adr:Lokal></adr:Adres><adr:Kontakt><adr:Email>` + e(l.Email) + `</adr:Email></adr:Kontakt>`)
	b.WriteString(`</oso:Osoba></meta:Podmiot></str:Nadawcy></wnio:DaneDokumentu><wnio:TrescDokumentu format="text/xml" kodowanie="XML"><wnio:MiejscowoscDokumentu>` + e(l.Address.Town) + `</wnio:MiejscowoscDokumentu>`)
	b.WriteString(`<wnio:Tytul>` + e(l.Title) + `</wnio:Tytul><wnio:RodzajWnioskuRozszerzony rodzaj="wniosek"/><wnio:Informacje>`)
	for _, p := range l.Paragraphs {
		b.WriteString(`<wnio:Informacja>` + e(p) + `</wnio:Informacja>`)
	}
	b.WriteString(`</wnio:Informacje>` + l.attachments() + `</wnio:TrescDokumentu></wnio:Dokument>`)
	return []byte(b.String())
}

func (l Letter) attachments() string {
	const attachment = `<str:Zalacznik format="%s" kodowanie="%s" nazwaPliku="%s"><str:DaneZalacznika>%s</str:DaneZalacznika><str:OpisZalacznika>%s</str:OpisZalacznika></str:Zalacznik>`
	e := soap.Escape
	var b strings.Builder
	for _, f := range l.Files {
		fmt.Fprintf(&b, attachment, e(f.MediaType), "base64", e(f.Name), base64.StdEncoding.EncodeToString(f.Content), "")
	}
	for _, f := range l.Links {
		fmt.Fprintf(&b, attachment, e(f.MediaType), "URI", e(f.Name), e(f.URL), e(f.MD5))
	}
	if b.Len() == 0 {
		return ""
	}
	return `<str:Zalaczniki>` + b.String() + `</str:Zalaczniki>`
}

// Trusted signs the letter as podpis zaufany does: the minister's seal, the person in the role.
func (l Letter) Trusted(minister *signaturetest.Signer, at time.Time) ([]byte, error) {
	role := &signaturetest.Role{GivenName: l.Sender.Given, FamilyName: l.Sender.Family, PESEL: l.Sender.PESEL}
	return signaturetest.XAdES{Time: at, Role: role}.Sign(l.XML(), minister)
}
