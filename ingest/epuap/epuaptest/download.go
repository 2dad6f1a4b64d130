package epuaptest

import (
	"archive/zip"
	"bytes"
	"encoding/base64"
	"fmt"
	"strings"
	"time"

	"okienko/ingest/epuap/soap"
)

// EmergencyDownload is the box as the platform gives it out when its queue does not work: everything that waits, in a ZIP file
// with Deskryptor.xml. The queue stays as it is.
func (s *Server) EmergencyDownload() ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var b bytes.Buffer
	var list strings.Builder
	z := zip.NewWriter(&b)
	for i, d := range s.queue {
		path := fmt.Sprintf("dokumenty/%d/%s", i+1, d.Name)
		w, err := z.Create(path)
		if err == nil {
			_, err = w.Write(d.Content)
		}
		if err != nil {
			return nil, err
		}
		list.WriteString(d.described(path))
	}
	w, err := z.Create("Deskryptor.xml")
	if err == nil {
		_, err = w.Write([]byte(`<?xml version="1.0" encoding="UTF-8"?>` + "\n<Dokumenty>" + list.String() + "</Dokumenty>"))
	}
	if err != nil {
		return nil, err
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// described is the document in the descriptor, in the order of EmergencyDownload.xsd.
func (d Document) described(path string) string {
	e, p := soap.Escape, d.Person
	return `<Dokument><DanePodmiotu><Identyfikator>` + e(p.Login) + `</Identyfikator><TypOsoby>PP</TypOsoby><ImieSkrot>` + e(p.Given) + `</ImieSkrot><NazwiskoNazwa>` + e(p.Family) +
		`</NazwiskoNazwa><Nip></Nip><Pesel>` + e(p.PESEL) + `</Pesel><Regon></Regon><Zgoda>true</Zgoda></DanePodmiotu><DaneNadawcy><Uzytkownik>` + e(p.Login) + `</Uzytkownik><System></System></DaneNadawcy>` +
		`<DataNadania>` + polishTime(d.SentAt).Format("02.01.2006T15:04:05.000") + `</DataNadania><NazwaSkrytki>` + e(d.Box) + `</NazwaSkrytki><AdresSkrytki>` + e(d.address()) + `</AdresSkrytki>` +
		`<AdresOdpowiedzi>` + e(d.ReplyBox) + `</AdresOdpowiedzi><DaneDodatkowe>` + base64.StdEncoding.EncodeToString([]byte(d.extra())) + `</DaneDodatkowe>` +
		`<NazwaPliku>` + e(d.Name) + `</NazwaPliku><SciezkaWArchiwum>` + e(path) + `</SciezkaWArchiwum></Dokument>`
}

// polishTime is t on Polish clocks. Without zone files it stays what it is, and tests will tell.
func polishTime(t time.Time) time.Time {
	if warsaw, err := time.LoadLocation("Europe/Warsaw"); err == nil {
		return t.In(warsaw)
	}
	return t
}
