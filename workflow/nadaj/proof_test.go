package nadaj_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"okienko/internal/samples"
	"okienko/validate/signature/signaturetest"
	"okienko/validate/signature/trust"
	"okienko/workflow/nadaj"
)

const upp = `<?xml version="1.0" encoding="UTF-8"?>
<pos:Dokument xmlns:pos="http://crd.gov.pl/xml/schematy/UPO/2008/05/09/"><pos:UPP><pos:IdentyfikatorPoswiadczenia>ePUAP-UPP1</pos:IdentyfikatorPoswiadczenia>` +
	`<pos:Adresat><pos:Nazwa>Anna</pos:Nazwa><pos:IdentyfikatorPodmiotu TypIdentyfikatora="ePUAP-ID">anna</pos:IdentyfikatorPodmiotu></pos:Adresat>` +
	`<pos:Nadawca><pos:Nazwa>Urząd</pos:Nazwa><pos:IdentyfikatorPodmiotu pos:TypIdentyfikatora="ePUAP-ID">urzad</pos:IdentyfikatorPodmiotu></pos:Nadawca>` +
	`<pos:DataDoreczenia>2026-11-20T10:15:30.123+01:00</pos:DataDoreczenia><pos:DataWytworzeniaPoswiadczenia>2026-11-20T10:15:31+01:00</pos:DataWytworzeniaPoswiadczenia>` +
	`<pos:IdentyfikatorDokumentu>DOK12</pos:IdentyfikatorDokumentu><pos:InformacjaUzupelniajaca TypInformacjiUzupelniajacej="x">77</pos:InformacjaUzupelniajaca></pos:UPP></pos:Dokument>`

const upd = `<Dokument xmlns="http://crd.gov.pl/xml/schematy/UPO/2008/05/09/"><UPD><IdentyfikatorPoswiadczenia>ePUAP-UPD1</IdentyfikatorPoswiadczenia><PodmiotWystawiajacyPoswiadczenie><Nazwa>ePUAP</Nazwa></PodmiotWystawiajacyPoswiadczenie>` +
	`<DataOdbioru>2026-11-21T08:00:00Z</DataOdbioru><DataUtworzeniaPoswiadczenia>2026-11-21T08:00:01Z</DataUtworzeniaPoswiadczenia><IdentyfikatorSprawy>KM.1</IdentyfikatorSprawy><IdentyfikatorDokumentu>9</IdentyfikatorDokumentu></UPD></Dokument>`

func TestReadProof(t *testing.T) {
	t.Parallel()
	ca, err := signaturetest.NewAuthority("TEST")
	if err != nil {
		t.Fatal(err)
	}
	seal, err := ca.Company("Platforma TEST")
	if err != nil {
		t.Fatal(err)
	}
	trusted, err := trust.New(map[string][]byte{"ca.pem": ca.PEM()})
	if err != nil {
		t.Fatal(err)
	}
	sign := func(doc string) []byte {
		raw, err := signaturetest.XAdES{Time: at}.Sign([]byte(doc), seal)
		if err != nil {
			t.Fatal(err)
		}
		return raw
	}
	good := sign(upp)
	forged := bytes.Replace(good, []byte("<pos:UPP>"), []byte("<pos:UPP><pos:IdentyfikatorPoswiadczenia>obcy</pos:IdentyfikatorPoswiadczenia></pos:UPP><pos:UPP>"), 1)
	for _, tt := range []struct {
		name            string
		raw             []byte
		trust           *trust.Store
		id              string
		signed, trusted bool
	}{
		{"a sealed UPP", good, trusted, "ePUAP-UPP1", true, true},
		{"a sealed UPP, nobody trusted", good, nil, "ePUAP-UPP1", true, false},
		{"a sealed UPD", sign(upd), trusted, "ePUAP-UPD1", true, true},
		{"no seal", []byte(upp), trusted, "ePUAP-UPP1", false, false},
		{"changed after sealing", bytes.Replace(good, []byte("DOK12"), []byte("DOK13"), 1), trusted, "ePUAP-UPP1", false, false},
		{"another proof put before the sealed one", forged, trusted, "obcy", false, false},
	} {
		p, err := nadaj.ReadProof(tt.raw, tt.trust, at)
		if err != nil || p.ID != tt.id || p.Signed() != tt.signed || p.Trusted() != tt.trusted {
			t.Errorf("%s: %q, signed %v, trusted %v, %v", tt.name, p.ID, p.Signed(), p.Trusted(), err)
		}
	}
	p, err := nadaj.ReadProof(good, trusted, at)
	if err != nil {
		t.Fatal(err)
	}
	if p.Kind != "UPP" || p.Addressee != (nadaj.Party{Name: "Anna", ID: "anna", IDKind: "ePUAP-ID"}) || p.Sender.IDKind != "ePUAP-ID" || p.DeliveredAt.UTC().Format("15:04:05.000") != "09:15:30.123" {
		t.Errorf("%+v", p)
	}
	for id, want := range map[string]bool{"12": true, "DOK12": true, "77": true, "13": false, "": false} {
		if p.Names(id) != want {
			t.Errorf("Names(%q) = %v", id, !want)
		}
	}
	for _, raw := range []string{"", "<a/>", `<Dokument xmlns="urn:x"><UPP/></Dokument>`, "\x00", strings.Repeat("<a>", 100)} {
		if _, err := nadaj.ReadProof([]byte(raw), trusted, at); err == nil {
			t.Errorf("%.20q is taken for a proof", raw)
		}
	}
}

func TestTheConstructedSampleIsRead(t *testing.T) {
	t.Parallel()
	dir := samples.Dir(t)
	if dir == "" {
		return
	}
	raw, err := os.ReadFile(filepath.Join(dir, "..", "epuap", "samples", "constructed", "upp.xml"))
	if err != nil {
		t.Fatal(err)
	}
	p, err := nadaj.ReadProof(raw, nil, at)
	if err != nil || p.ID == "" || !p.Names("12345678") || p.Signed() {
		t.Errorf("%+v, %v", p, err)
	}
}

func FuzzReadProof(f *testing.F) {
	f.Add([]byte(upp))
	f.Add([]byte(upd))
	f.Fuzz(func(t *testing.T, raw []byte) {
		p, err := nadaj.ReadProof(raw, nil, at)
		if err == nil && p.Kind != "UPP" && p.Kind != "UPD" {
			t.Errorf("kind %q", p.Kind)
		}
		if p.Trusted() && !p.Signed() {
			t.Error("trusted without a seal")
		}
	})
}
