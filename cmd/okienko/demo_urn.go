package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"okienko/ingest/scan"
	"okienko/ingest/scan/sheet"
	"okienko/workflow"
	"okienko/workflow/store"
)

// demoUrn is the urn of the demo: a scan folder with two batches, of two mornings. In the second one a sheet is missing.
type demoUrn struct {
	folder string
	zone   *time.Location
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

// demoBatch is what is scanned of one morning: which sheets lie between its three letters.
type demoBatch struct {
	name   string
	set    sheet.Set
	sheets []int
}

func (u *demoUrn) batches() []demoBatch {
	return []demoBatch{{"partia 23.11.pdf", u.morning(23), []int{1, 2, 3}}, {"partia 24.11.pdf", u.morning(24), []int{1, 3}}}
}

// cases is how many the batches become: a letter each, and one for the whole batch in which a sheet is missing.
func (u *demoUrn) cases() int {
	n := 0
	for _, b := range u.batches() {
		if n++; len(b.sheets) == len(urnLetters) {
			n += len(urnLetters) - 1
		}
	}
	return n
}

// fill scans the batches into the folder and enters what was counted.
func (u *demoUrn) fill(ctx context.Context, a *app) error {
	key, err := sheet.NewKey(a.pipeline.Secret)
	if err != nil {
		return err
	}
	for _, b := range u.batches() {
		err := a.store.AddEmptying(ctx, &workflow.Emptying{Site: demoUrnName, From: b.set.From, To: b.set.To, Counted: len(urnLetters),
			Bag: "B-" + b.set.To.Format("0102"), Witness: "Jan Drugi", EnteredBy: "demo"})
		if err != nil && !errors.Is(err, workflow.ErrConflict) { // the demo of a kept directory is not the first one
			return err
		}
	}
	return u.deliver(key)
}

// deliver scans the batches into the folder.
func (u *demoUrn) deliver(key sheet.Key) error {
	for _, b := range u.batches() {
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
	}
	return nil
}

// summary tells what was counted and what was scanned.
func (u *demoUrn) summary(ctx context.Context, w io.Writer, s *store.Store) error {
	all, err := s.Emptyings(ctx, 0)
	if err != nil {
		return err
	}
	for _, e := range all {
		state := "zgadza się"
		if !e.Balanced() {
			state = fmt.Sprintf("do wyjaśnienia: różnica %d, partii do ręcznego podziału %d", e.Difference(), e.Unparted)
		}
		fmt.Fprintf(w, "%s, opróżniona %s: kopert policzonych %d, zeskanowanych %d: %s\n", demoUrnPlace, e.To.In(u.zone).Format("02.01.2006 15:04"), e.Counted, e.Scanned, state)
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
