package edelivery_test

import (
	"archive/zip"
	"bytes"
	"io"
	"strings"
	"testing"
	"time"

	"okienko/ingest"
	"okienko/ingest/edelivery"
)

// archive writes a message archive; entries are name and content in turn.
func archive(t testing.TB, entries ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i < len(entries); i += 2 {
		w, err := z.Create(entries[i])
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, entries[i+1]); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

const metryka = `<?xml version="1.0" encoding="UTF-8"?><SpecyfikacjaArchiwum wersja="1.0"><DataUtworzenia>2026-11-24T10:00:00Z</DataUtworzenia>` +
	`<IdentyfikatorWiadomosci>wiad-7</IdentyfikatorWiadomosci><DaneZalaczniki><Plik><NazwaPliku>umowa.txt</NazwaPliku></Plik><Plik><NazwaPliku>znikl.txt</NazwaPliku></Plik></DaneZalaczniki>` +
	`<TrescWiadomosci><Plik><NazwaPliku>TrescWiadomosci.txt</NazwaPliku></Plik></TrescWiadomosci><PotwierdzeniaBiznesowe><Plik><NazwaPliku>BPOP-1.pdf</NazwaPliku></Plik></PotwierdzeniaBiznesowe></SpecyfikacjaArchiwum>`

func TestAnArchiveIsTheMessageItHolds(t *testing.T) {
	t.Parallel()
	raw := archive(t, "MetrykaArchiwum.xml", metryka, "TrescWiadomosci.txt", "\ufeffProszę o wpis.", "zalaczniki/umowa.txt", "UMOWA",
		"BPOP-1.pdf", "%PDF-dowód", "BPWP-2.pdf", "%PDF-drugi", "../../etc/zapomniany.txt", "spoza listy")
	a, err := edelivery.OpenArchive(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	e, closeAll, err := a.Envelope("ade", bytes.NewReader(raw), now)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(e.Body)
	if err != nil || !strings.Contains(string(body), `"textBody":"Proszę o wpis."`) || e.Key != "wiad-7" || !e.KeyOnly || e.Item != "archive:wiad-7" || e.ReceivedBy != "reading" {
		t.Errorf("body %s, %v; envelope %+v", body, err, e)
	}
	var got []string
	for _, p := range e.Parts {
		b, err := io.ReadAll(p.Body)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, p.Role+" "+p.Name)
		if p.Role == "archive" && !bytes.Equal(b, raw) {
			t.Error("the archive is not kept as it is")
		}
	}
	want := "attachment umowa.txt, evidence BPOP-1.pdf, evidence BPWP-2.pdf, attachment zapomniany.txt, archive archiwum.zip"
	if s := strings.Join(got, ", "); s != want || e.Meta[edelivery.MetaMissing] != "plik" {
		t.Errorf("parts %s, meta %v;\nwant %s and one missing", s, e.Meta, want)
	}
	if err := closeAll(); err != nil {
		t.Error(err)
	}
}

// receiptXML is a proof of receipt in the form of crd.gov.pl.
func receiptXML(message, received string) string {
	return `<wnio:Dokument xmlns:wnio="http://crd.gov.pl/wzor/2021/09/01/10856/" xmlns:oso="http://crd.gov.pl/xml/schematy/osoba/2009/11/16/"><wnio:TrescDokumentu>` +
		`<wnio:DaneNadawcy><wnio:AdresEDoreczen>` + anna + `</wnio:AdresEDoreczen><wnio:StronaKorespondencji><wnio:Rodzaj>osoba fizyczna</wnio:Rodzaj><wnio:OsobaFizyczna><oso:Imie>ANNA</oso:Imie><oso:Nazwisko>PRZYKŁADOWA</oso:Nazwisko></wnio:OsobaFizyczna></wnio:StronaKorespondencji></wnio:DaneNadawcy>` +
		`<wnio:DaneAdresata><wnio:AdresEDoreczen>AE:PL-12345-67890-URZAD-33</wnio:AdresEDoreczen></wnio:DaneAdresata>` +
		`<wnio:DataWyslania><wnio:DataNadaniaPrzesylki>2026-11-24T08:59:58+01:00</wnio:DataNadaniaPrzesylki></wnio:DataWyslania>` +
		`<wnio:DataOdbioru><wnio:DataPrzekazaniaAdresatowi>` + received + `</wnio:DataPrzekazaniaAdresatowi></wnio:DataOdbioru>` +
		`<wnio:DaneWiadomosci><wnio:IdentyfikatorWiadomosci>` + message + `</wnio:IdentyfikatorWiadomosci><wnio:IdentyfikatorDowoduPotwierdzenia>dowod-5</wnio:IdentyfikatorDowoduPotwierdzenia></wnio:DaneWiadomosci>` +
		`</wnio:TrescDokumentu></wnio:Dokument>`
}

// Sender and day of receipt are those of the proof of receipt, if the archive holds one of this message.
func TestAnArchiveTellsWhoWroteAndWhenByItsProof(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 12, 1, 12, 0, 0, 0, time.UTC)
	for _, tt := range []struct {
		name   string
		files  []string
		at     time.Time
		by     ingest.ReceivedBy
		sender string
	}{
		{"a proof of receipt", []string{"BPOX-1.xml", receiptXML("wiad-7", "2026-11-24T10:00:00+01:00")}, time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC), ingest.ByProof, anna},
		{"without a zone it is the time in Poland", []string{"BPOX-1.xml", receiptXML("wiad-7", "2026-07-24T10:00:00.123")}, time.Date(2026, 7, 24, 8, 0, 0, 123e6, time.UTC), ingest.ByProof, anna},
		{"two: the earlier counts", []string{"BPOX-1.xml", receiptXML("wiad-7", "2026-11-25T10:00:00Z"), "BPOP-2.xml", receiptXML("wiad-7", "2026-11-24T10:00:00Z")}, time.Date(2026, 11, 24, 10, 0, 0, 0, time.UTC), ingest.ByProof, anna},
		{"one of another message", []string{"BPOX-1.xml", receiptXML("wiad-8", "2026-11-24T10:00:00Z")}, now, ingest.ByReading, ""},
		{"one without a moment", []string{"BPOX-1.xml", receiptXML("wiad-7", "wczoraj")}, now, ingest.ByReading, ""},
		{"a PDF", []string{"BPOP-1.pdf", "%PDF-dowód"}, now, ingest.ByReading, ""},
		{"an attachment that looks like a proof", []string{"umowa.txt", receiptXML("wiad-7", "2026-11-24T10:00:00Z")}, now, ingest.ByReading, ""},
	} {
		raw := archive(t, append([]string{"MetrykaArchiwum.xml", metryka}, tt.files...)...)
		a, err := edelivery.OpenArchive(bytes.NewReader(raw), int64(len(raw)))
		if err != nil {
			t.Fatal(err)
		}
		e, _, err := a.Envelope("ade", bytes.NewReader(raw), now)
		if err != nil || !e.ReceivedAt.Equal(tt.at) || e.ReceivedBy != tt.by || e.Meta[edelivery.MetaSender] != tt.sender {
			t.Errorf("%s: %v by %s, meta %v, %v", tt.name, e.ReceivedAt, e.ReceivedBy, e.Meta, err)
		}
		body, err := io.ReadAll(e.Body)
		if err != nil || strings.Contains(string(body), "PRZYKŁADOWA") != (tt.sender != "") {
			t.Errorf("%s: body %s, %v", tt.name, body, err)
		}
	}
}

// An archive that unpacks to far more than it holds is not unpacked.
func TestABombIsNotUnpacked(t *testing.T) {
	t.Parallel()
	raw := archive(t, "MetrykaArchiwum.xml", metryka, "umowa.txt", strings.Repeat("0", 8<<20))
	if len(raw) > 64<<10 {
		t.Fatalf("the archive has %d octets: it is no bomb", len(raw))
	}
	a, err := edelivery.OpenArchive(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		t.Fatal(err)
	}
	e, _, err := a.Envelope("ade", bytes.NewReader(raw), time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	if n, err := io.Copy(io.Discard, e.Parts[0].Body); err == nil || n > 2<<20 {
		t.Errorf("%d octets, %v", n, err)
	}
}

func TestWhatIsNoArchiveIsRefusedWithAReason(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		raw  []byte
		want string
	}{
		{"nothing", nil, "zip"},
		{"another ZIP", archive(t, "a.txt", "a"), "MetrykaArchiwum.xml is missing"},
		{"another XML", archive(t, "MetrykaArchiwum.xml", "<x/>"), "SpecyfikacjaArchiwum"},
		{"no message named", archive(t, "MetrykaArchiwum.xml", strings.Replace(metryka, "wiad-7", " ", 1)), "names no message"},
		{"a name that is none", archive(t, "MetrykaArchiwum.xml", strings.Replace(metryka, "wiad-7", "wiad 7", 1)), "names no message"},
	} {
		_, err := edelivery.OpenArchive(bytes.NewReader(tt.raw), int64(len(tt.raw)))
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v, want %q", tt.name, err, tt.want)
		}
	}
}

// Whatever the bytes, an archive that is opened names a message, and each of its files once.
func FuzzOpenArchive(f *testing.F) {
	f.Add(archive(f, "MetrykaArchiwum.xml", metryka, "umowa.txt", "UMOWA"))
	f.Add(archive(f, "MetrykaArchiwum.xml", metryka, "BPOX-1.xml", receiptXML("wiad-7", "2026-11-24T10:00:00+01:00")))
	f.Add([]byte("PK\x05\x06"))
	f.Fuzz(wantSound)
}

// The same for what is inside, which random bytes of a ZIP rarely reach.
func FuzzInsideAnArchive(f *testing.F) {
	f.Add(metryka, "BPOX-1.xml", receiptXML("wiad-7", "2026-11-24T10:00:00+01:00"))
	f.Add(metryka, "../../umowa.txt", "UMOWA")
	f.Add(strings.ReplaceAll(metryka, "umowa.txt", `a\\b/BPOP`), "TrescWiadomosci.txt", "\ufeffProszę")
	f.Fuzz(func(t *testing.T, metryka, name, content string) {
		wantSound(t, archive(t, "MetrykaArchiwum.xml", metryka, name, content))
	})
}

func wantSound(t *testing.T, raw []byte) {
	a, err := edelivery.OpenArchive(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		return
	}
	e, closeAll, err := a.Envelope("ade", bytes.NewReader(raw), time.Time{})
	if err != nil || e.Key == "" || strings.ContainsAny(e.Key, " \n") {
		t.Fatalf("key %q, %v", e.Key, err)
	}
	if by := e.ReceivedBy; by == ingest.ByProof && e.ReceivedAt.IsZero() || by != ingest.ByProof && by != ingest.ByReading {
		t.Fatalf("received at %v by %q", e.ReceivedAt, by)
	}
	if sender := e.Meta[edelivery.MetaSender]; sender != "" && !edelivery.IsAddress(sender) {
		t.Fatalf("sent by %q", sender)
	}
	for _, p := range e.Parts {
		if strings.Contains(p.Name, "/") {
			t.Fatalf("a name with a path: %q", p.Name)
		}
		if n, _ := io.Copy(io.Discard, io.LimitReader(p.Body, 4<<20)); n > 1<<20 && n > 101*int64(len(raw)) {
			t.Fatalf("%d octets out of %d", n, len(raw))
		}
	}
	_ = closeAll()
}
