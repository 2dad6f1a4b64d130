package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"okienko/ingest/scan"
	"okienko/ingest/scan/sheet"
)

// demoUrn is the urn of the demo: a scan folder with two batches, of two mornings. In the second one a sheet is missing.
type demoUrn struct {
	folder    string
	zone      *time.Location
	delivered int // cases the batches become
}

const demoUrnName, demoUrnPlace = "urna-powstania", "al. Powstania Warszawskiego 10"

func newDemoUrn(dir string) (*demoUrn, error) {
	zone, err := time.LoadLocation("Europe/Warsaw")
	if err != nil {
		return nil, err
	}
	u := &demoUrn{folder: filepath.Join(dir, "urna"), zone: zone}
	if err := os.MkdirAll(u.folder, 0o700); err != nil {
		return nil, fmt.Errorf("urn of the demo: %w", err)
	}
	return u, nil
}

// configure adds the folder to a configuration.
func (u *demoUrn) configure(cfg *config) {
	cfg.Scan = []scanConfig{{Config: scan.Config{
		Name: demoUrnName, Place: demoUrnPlace, Folder: u.folder, Separators: true, Settle: 200 * time.Millisecond, Poll: 100 * time.Millisecond,
	}}}
}

// morning is the set of sheets of one morning's emptying.
func (u *demoUrn) morning(day int) sheet.Set {
	at := func(day, hour, minute int) time.Time {
		return time.Date(2026, 11, day, hour, minute, 0, 0, u.zone).UTC()
	}
	return sheet.Set{Site: demoUrnName, From: at(day-1, 15, 30), To: at(day, 8, 0), Opened: at(day, 8, 30), First: 1, Last: 3}
}

// deliver scans the two batches into the folder.
func (u *demoUrn) deliver(key sheet.Key) error {
	u.delivered = 0
	for _, b := range []struct {
		name   string
		set    sheet.Set
		sheets []int
		cases  int
	}{{"partia 23.11.pdf", u.morning(23), []int{1, 2, 3}, 3}, {"partia 24.11.pdf", u.morning(24), []int{1, 3}, 1}} {
		pdf, err := scanned(key, sheet.Printing{Set: b.set, Place: demoUrnPlace, Zone: u.zone}, b.sheets)
		if err != nil {
			return fmt.Errorf("urn of the demo: %w", err)
		}
		path := filepath.Join(u.folder, b.name)
		if err := os.WriteFile(path+".part", pdf, 0o600); err != nil {
			return fmt.Errorf("urn of the demo: %w", err)
		}
		if err := os.Rename(path+".part", path); err != nil {
			return fmt.Errorf("urn of the demo: %w", err)
		}
		u.delivered += b.cases
	}
	return nil
}

// urnLetters are the letters of invented people, each a page or two, as a scanner with recognition gives them.
var urnLetters = [][]string{
	{"Kraków, 22 listopada 2026 r.\nMaria Wzorcowa, ul. Jarzębinowy Trakt 6/2, 31-979 Kraków\n\nDo Prezydenta Miasta Krakowa\n\nWNIOSEK O WYDANIE ZAŚWIADCZENIA O ZAMELDOWANIU\n\n" +
		"Proszę o wydanie zaświadczenia o zameldowaniu na pobyt stały. Jest mi potrzebne w banku.\nPESEL 44051401458\n\nMaria Wzorcowa"},
	{"Kraków, 22 listopada 2026 r.\nJan Testowy, ul. Pod Modrzewiem 21/3, 31-979 Kraków\nj.testowy@poczta.example\n\nUrząd Miasta Krakowa, Wydział Ewidencji Pojazdów\n\nZAWIADOMIENIE O ZBYCIU POJAZDU\n\n" +
		"Zawiadamiam, że 18 listopada 2026 r. sprzedałem samochód Skoda Octavia, nr rej. KR 4TX77, VIN TMBJJ7NE0L0123456.\nUmowa na drugiej stronie.\n\nJan Testowy",
		"UMOWA SPRZEDAŻY POJAZDU\nzawarta 18 listopada 2026 r. w Krakowie\n\nSprzedający: Jan Testowy. Kupująca: Maria Wzorcowa.\nPojazd: Skoda Octavia, nr rej. KR 4TX77, VIN TMBJJ7NE0L0123456.\nCena: 21 000 zł."},
	{"Kraków, 21 listopada 2026 r.\nAnna Przykładowa, ul. Pod Modrzewiem 4, 31-979 Kraków\n\nSKARGA NA DZIAŁANIE REFERATU\n\n" +
		"Składam skargę: 16 listopada czekałam w kolejce cztery godziny, a okienko zamknięto przed czasem.\nProszę o zbadanie sprawy i odpowiedź.\n\nAnna Przykładowa"},
}

// scanned is a batch: each letter behind its sheet, if there is one for it.
func scanned(key sheet.Key, p sheet.Printing, sheets []int) ([]byte, error) {
	doc := sheet.NewDocument()
	doc.SetCreationDate(p.Opened)
	doc.SetModificationDate(p.Opened)
	for i, letter := range urnLetters {
		for _, n := range sheets {
			if n == i+1 {
				if err := key.Page(doc, p, sheet.Sheet{Set: p.Set, Number: n}); err != nil {
					return nil, err
				}
			}
		}
		for _, page := range letter {
			doc.AddPage()
			doc.SetFont(sheet.Font, "", 12)
			doc.SetXY(20, 20)
			doc.MultiCell(170, 7, page, "", "L", false)
		}
	}
	var pdf bytes.Buffer
	err := doc.Output(&pdf)
	return pdf.Bytes(), err
}
