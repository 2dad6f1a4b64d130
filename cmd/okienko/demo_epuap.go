package main

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/md5"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"okienko/ingest/epuap/epuaptest"
	"okienko/validate"
	"okienko/validate/signature/signaturetest"
	"okienko/workflow"
	"okienko/workflow/store"
)

// demoBox is the ePUAP of the demo: a simulator inside the program with letters in its queue.
type demoBox struct {
	*epuaptest.Server
	dir       string
	delivered int
}

// startDemoBox starts the simulator, and makes its seals the ones the demo trusts.
func startDemoBox(dir string) (*demoBox, error) {
	server, err := epuaptest.Start()
	if err != nil {
		return nil, err
	}
	box := &demoBox{Server: server, dir: filepath.Join(dir, "epuap-demo")}
	if err := box.trust("pieczecie-demo.pem", server.Authority.PEM()); err != nil {
		return nil, err
	}
	return box, box.deliver()
}

// trust makes an authority one the demo trusts.
func (b *demoBox) trust(name string, authority []byte) error {
	path := filepath.Join(b.dir, "trust", name)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return fmt.Errorf("trust of the demo: %w", err)
	}
	if err := os.WriteFile(path, authority, 0o600); err != nil {
		return fmt.Errorf("trust of the demo: %w", err)
	}
	return nil
}

// configure adds the box to a configuration. The demo's office takes ePUAP for an account in its own system, so that its
// letters show; a real one decides for itself (policy.epuap).
func (b *demoBox) configure(cfg *config) error {
	c, err := b.Config("skrytka", b.dir)
	if err != nil {
		return err
	}
	c.Poll, c.RetryMin, c.RetryMax = time.Second, 50*time.Millisecond, 200*time.Millisecond
	cfg.EPUAP = []epuapConfig{{Config: c}}
	cfg.Trust = filepath.Join(b.dir, "trust")
	cfg.Policy.EPUAP = validate.True
	return nil
}

// demoLetter is one letter in the queue of the demo.
type demoLetter struct {
	letter   epuaptest.Letter
	unsigned bool
	tampered [2]string // replaced after signing
	noBox    bool      // the sender gave no box for answers
	mark     bool      // a byte order mark before the document
}

// deliver puts the letters into the queue, a few minutes apart.
func (b *demoBox) deliver() error {
	minister, err := b.Authority.MinisterSeal()
	if err != nil {
		return err
	}
	warsaw, err := time.LoadLocation("Europe/Warsaw")
	if err != nil {
		return err
	}
	at := time.Date(2026, 11, 23, 9, 0, 0, 0, warsaw)
	for _, l := range demoLetters(b.Server) {
		at = at.Add(7 * time.Minute)
		l.letter.Date = at
		d, err := l.document(minister, at)
		if err != nil {
			return fmt.Errorf("letter %q of the demo: %w", l.letter.Title, err)
		}
		b.Deliver(d)
		b.delivered++
	}
	return nil
}

func (l demoLetter) document(minister *signaturetest.Signer, at time.Time) (epuaptest.Document, error) {
	content := l.letter.XML()
	if !l.unsigned {
		var err error
		if content, err = l.letter.Trusted(minister, at); err != nil {
			return epuaptest.Document{}, err
		}
	}
	if l.tampered[0] != "" {
		content = bytes.Replace(content, []byte(l.tampered[0]), []byte(l.tampered[1]), 1)
	}
	if l.mark {
		content = append([]byte("\xEF\xBB\xBF"), content...)
	}
	d := epuaptest.Document{Name: "Pismo_ogolne.xml", Content: content, SentAt: at, Person: l.letter.Sender}
	if !l.noBox {
		d.ReplyBox = "/" + l.letter.Sender.Login + "/domyslna"
	}
	return d, nil
}

// demoLetters are invented people who write about real matters: signed, unsigned, changed after signing, with attachments by
// value and by reference, one of which the platform no longer has.
func demoLetters(s *epuaptest.Server) []demoLetter {
	file := func(name, text string) []epuaptest.File {
		return []epuaptest.File{{Name: name, MediaType: "text/plain", Content: []byte(text)}}
	}
	anna := epuaptest.Person{Login: "anna_demo", Given: "Anna", Family: "Przykładowa", PESEL: "80071977207"}
	jan := epuaptest.Person{Login: "jan_demo", Given: "Jan", Family: "Wzorcowy", PESEL: "44051401458"}
	home := epuaptest.Home{Code: "31-979", Town: "Kraków", Street: "Pod Modrzewiem", House: "21", Flat: "3"}
	letter := func(by epuaptest.Person, title string, paragraphs ...string) epuaptest.Letter {
		return epuaptest.Letter{Title: title, Paragraphs: paragraphs, Sender: by, Address: home, Email: by.Login + "@poczta.example"}
	}
	tree := letter(anna, "Zgłoszenie zamiaru usunięcia drzewa", "Zgłaszam zamiar usunięcia świerka o obwodzie pnia 62 cm na wysokości 5 cm, na mojej działce nr 214/7, obręb 51 Krowodrza.",
		"Usunięcie nie ma związku z działalnością gospodarczą. Rysunek z położeniem drzewa w załączniku.")
	tree.Files = file("mapka.txt", "Rysunek określający usytuowanie drzewa na nieruchomości, działka 214/7")
	sale := letter(jan, "Zawiadomienie o zbyciu pojazdu", "Zawiadamiam, że 18 listopada 2026 r. sprzedałem samochód Skoda Octavia, nr rej. KR 4TX77, VIN TMBJJ7NE0L0123456.", "Umowa w załączniku.")
	sale.Form, sale.Files = "2013/12/12/1410", file("umowa_sprzedazy.txt", "UMOWA SPRZEDAŻY POJAZDU zawarta 18.11.2026 w Krakowie. Sprzedający: Jan Wzorcowy. Kupująca: Maria Testowa. Pojazd: Skoda Octavia, KR 4TX77, VIN TMBJJ7NE0L0123456. Cena 21 000 zł.")
	zoning := letter(jan, "Wniosek o ustalenie warunków zabudowy", "Wnoszę o ustalenie warunków zabudowy dla budynku jednorodzinnego na działce nr 88/2, obręb 12 Podgórze.", "Mapa i opis inwestycji w dużym załączniku.")
	zoning.Links = []epuaptest.Link{bigFile(s, "mapa_i_opis.zip", "opis.txt", "Opis planowanej inwestycji: budynek mieszkalny jednorodzinny, powierzchnia zabudowy 120 m2.")}
	extract := letter(anna, "Wniosek o odpis aktu małżeństwa", "Proszę o odpis skrócony aktu małżeństwa zawartego w Krakowie 12 czerwca 2010 r.", "Potwierdzenie opłaty 22 zł w załączniku.")
	extract.Links = []epuaptest.Link{{Name: "potwierdzenie.zip", MediaType: "application/zip", URL: "https://epuap.gov.pl/file-download-servlet/DownloadServlet?fileId=1"}}
	return []demoLetter{
		{letter: letter(anna, "Wniosek o udostępnienie informacji publicznej", "Na podstawie ustawy o dostępie do informacji publicznej proszę o podanie, ile miasto wydało w 2025 r. na choinki miejskie.", "Proszę o odpowiedź na skrytkę ePUAP."), unsigned: true},
		{letter: tree},
		{letter: sale},
		{letter: zoning},
		{letter: letter(jan, "Wymeldowanie z pobytu stałego", "Zgłaszam wymeldowanie z pobytu stałego w Krakowie od 1 listopada 2026 r.", "Nowy adres: ul. Jarzębinowy Trakt 6/2, 80-180 Gdańsk."), tampered: [2]string{"80-180 Gdańsk", "80-180 Sopot"}},
		{letter: letter(anna, "Skarga na długie oczekiwanie", "Składam skargę na działanie referatu: 16 listopada czekałam w kolejce cztery godziny, a okienko zamknięto przed czasem.", "Proszę o zbadanie sprawy i odpowiedź."), mark: true},
		{letter: extract},
		{letter: letter(jan, "Zaświadczenie o zameldowaniu", "Proszę o wydanie zaświadczenia o zameldowaniu na pobyt stały, potrzebnego w banku."), unsigned: true},
		{letter: letter(anna, "Petycja w sprawie ławek", "Wnoszę petycję o ustawienie dziesięciu ławek wzdłuż alei w parku przy ul. Pod Modrzewiem, w interesie publicznym."), noBox: true},
	}
}

// bigFile puts a file into the platform's store and names it as a sender's form does.
func bigFile(s *epuaptest.Server, name, inside, text string) epuaptest.Link {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	if w, err := z.Create(inside); err == nil { // a bytes.Buffer never fails
		_, _ = io.WriteString(w, text)
	}
	_ = z.Close()
	sum := md5.Sum(b.Bytes())
	return epuaptest.Link{Name: name, MediaType: "application/zip", URL: s.Store(b.Bytes()), MD5: hex.EncodeToString(sum[:])}
}

// summary tells what the platform holds of the answers, and where their proofs are.
func (b *demoBox) summary(ctx context.Context, w io.Writer, s *store.Store) error {
	sent := b.Sent()
	fmt.Fprintf(w, "odpowiedzi przez ePUAP (symulator wewnątrz programu): %d; w kolejce zostało %d\n", len(sent), b.Waiting())
	cases, err := allCases(ctx, s)
	if err != nil {
		return err
	}
	for _, c := range cases {
		events, err := s.Events(ctx, c.ID)
		if err != nil {
			return err
		}
		for _, e := range events {
			if e.Kind == workflow.EventLetter && strings.Contains(e.Detail, "dokument ePUAP") {
				fmt.Fprintf(w, "  %s  %s\n", c.Number, e.Detail)
			}
		}
	}
	return nil
}
