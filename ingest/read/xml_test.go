package read

import (
	"strings"
	"testing"

	"golang.org/x/text/encoding/charmap"

	"okienko/ingest"
)

const letterXML = `<?xml version="1.0" encoding="UTF-8"?>
<wnio:Dokument xmlns:wnio="http://crd.gov.pl/wzor/2017/10/24/4566/" xmlns:str="s" xmlns:oso="o" xmlns:adr="a" xmlns:meta="m">
<wnio:DaneDokumentu><str:Naglowek><str:NazwaDokumentu>Pismo ogólne</str:NazwaDokumentu></str:Naglowek><meta:Data><meta:Czas>2026-11-09</meta:Czas></meta:Data>
<str:Nadawcy><meta:Podmiot><oso:Osoba><oso:IdOsoby><oso:PESEL>44051401458</oso:PESEL></oso:IdOsoby><oso:Imie>Jan</oso:Imie><oso:Nazwisko>Nowak</oso:Nazwisko>
<adr:Adres><adr:KodPocztowy>30-001</adr:KodPocztowy><adr:Miejscowosc>Kraków</adr:Miejscowosc><adr:Ulica>Długa</adr:Ulica><adr:Budynek>5</adr:Budynek><adr:Lokal>3</adr:Lokal></adr:Adres>
<adr:Kontakt><adr:Email>Jan@X.example</adr:Email></adr:Kontakt></oso:Osoba></meta:Podmiot></str:Nadawcy></wnio:DaneDokumentu>
<wnio:TrescDokumentu><wnio:Tytul>Wniosek o odpis</wnio:Tytul><wnio:Informacje><wnio:Informacja>Proszę o odpis.</wnio:Informacja><wnio:Informacja>Dziękuję.</wnio:Informacja></wnio:Informacje>
<str:Zalaczniki><str:Zalacznik format="text/plain" kodowanie="base64" nazwaPliku="C:\dok\a.txt"><str:DaneZalacznika>xbzDs8WC
dw==</str:DaneZalacznika></str:Zalacznik><str:Zalacznik nazwaPliku="b.pdf"><str:DaneZalacznika>JVBE</str:DaneZalacznika></str:Zalacznik></str:Zalaczniki></wnio:TrescDokumentu></wnio:Dokument>`

func TestALetterInXML(t *testing.T) {
	t.Parallel()
	r := newReader(t)
	o := ingest.Original{Role: "body", Name: "Pismo_ogolne.xml", MediaType: "application/xml", Size: int64(len(letterXML))}
	sub := ingest.Submission{Originals: []ingest.Original{o}, Meta: map[string]string{"adresOdpowiedzi": "/jan/domyslna", "adresSkrytki": "/UMK/SkrytkaESP"}}
	res, err := r.Examine(t.Context(), sub, []Original{{o, []byte(letterXML)}})
	if err != nil {
		t.Fatal(err)
	}
	l := res.Contents.Letter
	if l.From != (ingest.Party{Name: "Jan Nowak", Address: "/jan/domyslna"}) || l.Subject != "Wniosek o odpis" || l.Date.Format("2006-01-02") != "2026-11-09" ||
		len(l.To) != 1 || l.To[0] != "/umk/skrytkaesp" || l.Language != "pl" {
		t.Errorf("head %+v", l)
	}
	want := "Wniosek o odpis\nPismo ogólne\nCzas: 2026-11-09\n\nNadawcy:\nOsoba: Jan Nowak\nPESEL: 44051401458\nAdres: Długa 5/3, 30-001 Kraków\nEmail: Jan@X.example\nProszę o odpis.\nDziękuję.\n\nZałączniki:"
	if got := res.Contents.Readings[0].Text; got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if got, want := outline(res.Contents), "0 \"Pismo_ogolne.xml\" application/xml \"Wniosek o odpis\" []\n1 \"a.txt\" text/plain \"żółw\" []\n2 \"b.pdf\" application/pdf \"\" [unreadable]"; got != want &&
		!strings.HasPrefix(got, want[:strings.LastIndex(want, "2 ")]) {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestHostileXML(t *testing.T) {
	t.Parallel()
	latin2, err := charmap.ISO8859_2.NewEncoder().String(`<?xml version="1.0" encoding="iso-8859-2"?><a><Informacja>źle</Informacja></a>`)
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct{ name, data, want string }{
		{"ISO-8859-2", latin2, "[] a źle"},
		{"a DOCTYPE", `<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>`, "[unreadable] the XML has a DOCTYPE: not allowed"},
		{"an external entity", `<?xml version="1.0"?><!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>`, "[unreadable] the XML has a DOCTYPE: not allowed"},
		{"UTF-7", `<?xml version="1.0" encoding="utf-7"?><a>+ADw-b+AD4-</a>`, "[unreadable] the XML declares an encoding that is not allowed"},
		{"too deep", `<?xml version="1.0"?>` + strings.Repeat("<a>", 300) + strings.Repeat("</a>", 300), "[unreadable] the XML is nested too deep or has too many attributes"},
		{"too many attributes", `<?xml version="1.0"?><a ` + attributes(300) + `/>`, "[unreadable] the XML is nested too deep or has too many attributes"},
		{"not closed", `<?xml version="1.0"?><a><b>tekst</b>`, "[unreadable] the XML is not well-formed"},
		{"an unknown entity", `<?xml version="1.0"?><a>&nic;</a>`, "[unreadable] the XML is not well-formed"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := fileOf(t, "a.xml", []byte(tt.data)).Readings[0]
			got := verdicts(ingest.Contents{Readings: []ingest.Reading{{Problems: r.Problems}}}) + " "
			if len(r.Problems) > 0 {
				got += r.Problems[0].Detail
			} else {
				got += strings.ReplaceAll(r.Text, "\n", " ")
			}
			if got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}

func attributes(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(" a" + strings.Repeat("b", i) + `=""`)
	}
	return b.String()
}

// FuzzXML: whatever XML holds, what was read of it is in order.
func FuzzXML(f *testing.F) {
	f.Add([]byte(letterXML))
	f.Add([]byte(`<?xml version="1.0" encoding="windows-1250"?><a><Adres><Ulica>` + "\x9F" + `</Ulica></Adres><![CDATA[x]]><!-- --></a>`))
	r := New(Options{})
	r.pdf.cold = true
	f.Fuzz(func(t *testing.T, data []byte) {
		o := ingest.Original{Role: "body", Name: "a.xml", MediaType: "application/xml", Size: int64(len(data))}
		if res, err := r.Examine(t.Context(), ingest.Submission{Originals: []ingest.Original{o}}, []Original{{o, data}}); err == nil {
			checkContents(t, res)
		}
	})
}
