package cases

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// document writes an ePUAP "Pismo ogólne" (crd.gov.pl/wzor/2017/10/24/4566), unsigned.
func (w written) document(at time.Time) ([]byte, error) {
	get := func(key string) string { return escaped(w.Sender[key]) }
	var b bytes.Buffer
	b.WriteString(`<?xml version="1.0" encoding="UTF-8"?>
<wnio:Dokument xmlns:wnio="http://crd.gov.pl/wzor/2017/10/24/4566/" xmlns:str="http://crd.gov.pl/xml/schematy/struktura/2009/11/16/" xmlns:meta="http://crd.gov.pl/xml/schematy/meta/2009/11/16/" xmlns:adr="http://crd.gov.pl/xml/schematy/adres/2009/11/09/" xmlns:oso="http://crd.gov.pl/xml/schematy/osoba/2009/11/16/" xmlns:inst="http://crd.gov.pl/xml/schematy/instytucja/2009/11/16/">` +
		`<wnio:OpisDokumentu><meta:OpisDokumentu>Wzór pisma ogólnego</meta:OpisDokumentu></wnio:OpisDokumentu><wnio:DaneDokumentu><str:Naglowek><str:NazwaDokumentu>Pismo ogólne do podmiotu publicznego</str:NazwaDokumentu></str:Naglowek>`)
	fmt.Fprintf(&b, `<meta:Data typDaty="stworzony"><meta:Czas>%s</meta:Czas></meta:Data>`, at.Format(time.DateOnly))
	b.WriteString(`<str:Adresaci><meta:Podmiot><inst:Instytucja><inst:NazwaInstytucji>Urząd Miasta Krakowa</inst:NazwaInstytucji></inst:Instytucja></meta:Podmiot></str:Adresaci><str:Nadawcy><meta:Podmiot>`)
	address := fmt.Sprintf(`<adr:Adres><adr:KodPocztowy>%s</adr:KodPocztowy><adr:Poczta>Kraków</adr:Poczta><adr:Miejscowosc>Kraków</adr:Miejscowosc><adr:Ulica>%s</adr:Ulica><adr:Budynek>%s</adr:Budynek><adr:Lokal>%s</adr:Lokal></adr:Adres>`+
		`<adr:Kontakt><adr:Telefon>%s</adr:Telefon></adr:Kontakt>`, get("KodPocztowy"), get("Ulica"), get("Budynek"), get("Lokal"), get("Telefon"))
	if firm := get("NazwaInstytucji"); firm != "" {
		fmt.Fprintf(&b, `<inst:Instytucja><inst:IdInstytucji><inst:NIP>%s</inst:NIP></inst:IdInstytucji><inst:NazwaInstytucji>%s</inst:NazwaInstytucji>%s</inst:Instytucja>`, get("NIP"), firm, address)
	} else {
		fmt.Fprintf(&b, `<oso:Osoba><oso:IdOsoby><oso:PESEL>%s</oso:PESEL></oso:IdOsoby><oso:Imie>%s</oso:Imie><oso:Nazwisko>%s</oso:Nazwisko>%s</oso:Osoba>`, get("PESEL"), get("Imie"), get("Nazwisko"), address)
	}
	fmt.Fprintf(&b, `</meta:Podmiot></str:Nadawcy></wnio:DaneDokumentu><wnio:TrescDokumentu format="text/xml" kodowanie="XML"><wnio:MiejscowoscDokumentu>Kraków</wnio:MiejscowoscDokumentu><wnio:Tytul>%s</wnio:Tytul><wnio:RodzajWnioskuRozszerzony rodzaj="wniosek" jakiInny=""/><wnio:Informacje>`, escaped(w.About))
	for paragraph := range strings.SplitSeq(strings.TrimSpace(w.Text), "\n\n") {
		fmt.Fprintf(&b, `<wnio:Informacja>%s</wnio:Informacja>`, escaped(paragraph))
	}
	b.WriteString(`</wnio:Informacje>`)
	if err := w.enclose(&b); err != nil {
		return nil, err
	}
	b.WriteString(`</wnio:TrescDokumentu></wnio:Dokument>`)
	return b.Bytes(), nil
}

func (w written) enclose(b *bytes.Buffer) error {
	if len(w.Files) == 0 {
		return nil
	}
	b.WriteString(`<str:Zalaczniki>`)
	for _, f := range w.Files {
		media, data, err := file(f.Name, f.Text)
		if err != nil {
			return err
		}
		fmt.Fprintf(b, `<str:Zalacznik nazwaPliku="%s" format="%s" kodowanie="base64"><str:DaneZalacznika>%s</str:DaneZalacznika></str:Zalacznik>`,
			escaped(f.Name), escaped(media), base64.StdEncoding.EncodeToString(data))
	}
	b.WriteString(`</str:Zalaczniki>`)
	return nil
}

func sortedKeys(m map[string]string) []string { return slices.Sorted(maps.Keys(m)) }
