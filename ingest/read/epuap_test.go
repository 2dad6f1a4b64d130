package read

import (
	"encoding/base64"
	"strings"
	"testing"

	"okienko/ingest"
)

const frame = `<wnio:Dokument xmlns:wnio="http://crd.gov.pl/wzor/FORM/" xmlns:str="http://crd.gov.pl/xml/schematy/struktura/2009/11/16/" xmlns:meta="m" xmlns:inst="i">` +
	`<wnio:DaneDokumentu><str:Nadawcy><meta:Podmiot><inst:Instytucja><inst:IdInstytucji><inst:NIP>5260250274</inst:NIP><inst:KRS>0000028860</inst:KRS></inst:IdInstytucji>` +
	`<inst:NazwaInstytucji>Zielony Zakątek sp. z o.o.</inst:NazwaInstytucji></inst:Instytucja></meta:Podmiot></str:Nadawcy></wnio:DaneDokumentu>` +
	`<wnio:TrescDokumentu><wnio:Tytul>Wniosek</wnio:Tytul><str:Zalaczniki>FILES</str:Zalaczniki></wnio:TrescDokumentu></wnio:Dokument>`

func form(number, files string) string {
	return strings.NewReplacer("FORM", number, "FILES", files).Replace(frame)
}

func link(id, name string) string {
	return `<str:Zalacznik format="application/zip" kodowanie="URI" nazwaPliku="` + name + `"><str:DaneZalacznika>https://epuap.gov.pl/x?fileId=` + id + `</str:DaneZalacznika></str:Zalacznik>`
}

func throughEPUAP(t *testing.T, doc string, meta map[string]string, parts ...Original) ingest.Contents {
	t.Helper()
	all := append([]Original{{ingest.Original{Role: "body", Name: "pismo.xml", MediaType: "application/xml", Size: int64(len(doc))}, []byte(doc)}}, parts...)
	sub := ingest.Submission{Channel: ingest.EPUAP, Meta: meta}
	for _, o := range all {
		sub.Originals = append(sub.Originals, o.Meta)
	}
	res, err := newReader(t).Examine(t.Context(), sub, all)
	if err != nil {
		t.Fatal(err)
	}
	checkContents(t, res)
	return res.Contents
}

func TestAFormIsKnownByItsFrameWhateverItsNumber(t *testing.T) {
	t.Parallel()
	for _, number := range []string{"2013/12/12/1410", "2017/10/24/4566", "2031/01/01/99999"} {
		c := throughEPUAP(t, form(number, ""), map[string]string{"adresSkrytki": "/urzadtest/Skrytka", "adresOdpowiedzi": "/zakatek/domyslna"})
		if c.Letter.From != (ingest.Party{Name: "Zielony Zakątek sp. z o.o.", Address: "/zakatek/domyslna"}) || c.Letter.Subject != "Wniosek" {
			t.Errorf("%s: head %+v", number, c.Letter)
		}
		found := map[string]string{}
		for _, f := range c.Readings[0].Fields {
			found[f.Type] = f.Value
		}
		if found[ingest.FieldNIP] != "5260250274" || found[ingest.FieldKRS] != "0000028860" || len(c.Readings[0].Problems) != 0 {
			t.Errorf("%s: fields %v, problems %v", number, found, c.Readings[0].Problems)
		}
	}
}

func TestAttachmentsByReference(t *testing.T) {
	t.Parallel()
	inside := `<str:Zalacznik kodowanie="base64" nazwaPliku="a.txt"><str:DaneZalacznika>` + base64.StdEncoding.EncodeToString([]byte("zwykły")) + `</str:DaneZalacznika></str:Zalacznik>`
	doc := form("1", link("1", "duży.zip")+inside+link("2", "zniknął.zip")+link("3", "inny.txt"))
	part := func(name, text string) Original {
		return Original{ingest.Original{Role: "attachment", Name: name, Size: int64(len(text))}, []byte(text)}
	}
	c := throughEPUAP(t, doc, map[string]string{"adresSkrytki": "/u/s", "pobrane": "1 3", "niepobrane": "2", "zmienione": "3", "niepotwierdzone": "1"}, part("duży.txt", "pierwszy"), part("inny.txt", "drugi"))
	var got []string
	for _, r := range c.Readings {
		line := r.Document.ID + " " + r.Document.Name
		for _, p := range r.Problems {
			line += " " + string(p.Code) + " (" + p.Detail + ")"
		}
		got = append(got, line)
	}
	want := []string{
		"0 pismo.xml suspicious (attachment 1 by reference came in an answer that the platform did not sign) malformed (attachment 4 by reference is not the file the sender attached: its MD5 differs)",
		"2 a.txt", "3 zniknął.zip unreadable (an attachment by reference; the file is not here)", "4 duży.txt", "5 inny.txt",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestWhatThePlatformSaysOfTheSenderCounts(t *testing.T) {
	t.Parallel()
	nameless := `<Dokument><DaneDokumentu><Nadawcy><Osoba><Kontakt><Email>zly@example.com</Email></Kontakt></Osoba></Nadawcy></DaneDokumentu><Tytul>Pismo</Tytul></Dokument>`
	for _, tt := range []struct {
		name string
		meta map[string]string
		want ingest.Party
		head string
	}{
		{"a box for answers", map[string]string{"adresSkrytki": "/u/s", "adresOdpowiedzi": "/jan/domyslna", "podmiotNazwa": "Jan Testowy"}, ingest.Party{Name: "Jan Testowy", Address: "/jan/domyslna"}, "Pismo"},
		{"no box: an address in the text is none", map[string]string{"adresSkrytki": "/u/s", "podmiotNazwa": "Jan Testowy"}, ingest.Party{Name: "Jan Testowy"}, "Pismo"},
		{"a test", map[string]string{"adresSkrytki": "/u/s", "czyTestowe": "true"}, ingest.Party{}, "[TEST] Pismo"},
		{"not through the connector", nil, ingest.Party{Address: "zly@example.com"}, "Pismo"},
	} {
		l := throughEPUAP(t, nameless, tt.meta).Letter
		if l.From != tt.want || l.Subject != tt.head {
			t.Errorf("%s: from %+v, subject %q", tt.name, l.From, l.Subject)
		}
	}
}

func TestStructureProblemsNameThePlaceAndLoseNothing(t *testing.T) {
	t.Parallel()
	broken := strings.NewReplacer("str:Nadawcy", "str:Nadawca2", "<str:DaneZalacznika>QQ==</str:DaneZalacznika>", "", `kodowanie="base64"`, `kodowanie="hex"`).
		Replace(form("1", `<str:Zalacznik kodowanie="base64" nazwaPliku="a"><str:DaneZalacznika>QQ==</str:DaneZalacznika></str:Zalacznik>`))
	r := throughEPUAP(t, broken, nil).Readings[0]
	var got []string
	for _, p := range r.Problems {
		got = append(got, p.Detail)
	}
	want := "/Dokument/DaneDokumentu/Nadawcy is missing; Zalacznik[1]/DaneZalacznika is missing; Zalacznik[1]/@kodowanie is neither base64 nor URI"
	if strings.Join(got, "; ") != want || !strings.Contains(r.Text, "Wniosek") {
		t.Errorf("problems %q, text %q", got, r.Text)
	}
}

func TestTheWrapperOfPodpisZaufany(t *testing.T) {
	t.Parallel()
	wrap := func(name string) string {
		return `<Dokument xmlns="http://epuap.gov.pl/fe-model-web/wzor_lokalny/EPUAP-----/podpisanyPlik/"><TrescDokumentu><Zalaczniki><Zalacznik format="text/plain" nazwaPliku="` + name +
			`"><DaneZalacznika>xbzDs8WCdw==</DaneZalacznika></Zalacznik></Zalaczniki></TrescDokumentu></Dokument>`
	}
	for name, want := range map[string]string{
		base64.StdEncoding.EncodeToString([]byte("żółw.txt")): "żółw.txt", "plik.txt": "plik.txt", "abcd": "abcd", "": "",
	} {
		c := throughEPUAP(t, wrap(name), nil)
		if len(c.Readings) != 2 || c.Readings[1].Document.Name != want || c.Readings[1].Text != "żółw" {
			t.Errorf("%q: %s", name, outline(c))
		}
	}
}

func TestAProofIsCalledOne(t *testing.T) {
	t.Parallel()
	doc := `<pos:Dokument xmlns:pos="http://crd.gov.pl/xml/schematy/UPO/2008/05/09/"><pos:UPP><pos:IdentyfikatorPoswiadczenia>ePUAP-UPP12345678</pos:IdentyfikatorPoswiadczenia></pos:UPP></pos:Dokument>`
	if got := throughEPUAP(t, doc, nil).Letter.Subject; got != "Urzędowe poświadczenie przedłożenia ePUAP-UPP12345678" {
		t.Errorf("subject %q", got)
	}
}
