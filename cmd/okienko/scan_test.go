package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"codeberg.org/go-pdf/fpdf"

	"okienko/ingest"
	"okienko/ingest/scan/cut"
	"okienko/ingest/scan/sheet"
	"okienko/workflow"
	"okienko/workflow/store"
)

// scanOffice is an office with a scan folder beside its mailbox, configured by file as in production.
type scanOffice struct {
	*office
	folder string
}

func newScanOffice(t *testing.T, database string) *scanOffice {
	t.Helper()
	o := &scanOffice{newOffice(t, database), t.TempDir()}
	o.change(t, func(all map[string]any) {
		all["scan"] = []any{map[string]any{"name": "urna", "folder": o.folder, "settle": "50ms", "poll": "20ms", "retry_min": "20ms"}}
	})
	return o
}

// put writes a file as a scanner that renames does.
func (o *scanOffice) put(t *testing.T, name string, data []byte) {
	t.Helper()
	path := filepath.Join(o.folder, name)
	writeFile(t, path+".part", data)
	if err := os.Rename(path+".part", path); err != nil {
		t.Fatal(err)
	}
}

// wantMoved holds that the folder is empty and the done folder has the file with its bytes.
func (o *scanOffice) wantMoved(t *testing.T, name string, data []byte) {
	t.Helper()
	left, _ := filepath.Glob(filepath.Join(o.folder, "*.*"))
	got, err := os.ReadFile(filepath.Join(o.folder, "zrobione", string(ingest.DigestOf(data)[:16])+"-"+name))
	if len(left) != 0 || err != nil || !bytes.Equal(got, data) {
		t.Errorf("left in the folder: %v; in the done folder: %d bytes, %v", left, len(got), err)
	}
}

var fixedDay = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)

// scannedLetter is a PDF with text, as scanners with recognition write.
func scannedLetter(t *testing.T) []byte {
	t.Helper()
	doc := fpdf.New("P", "mm", "A4", "")
	doc.SetCreationDate(fixedDay)
	doc.SetModificationDate(fixedDay)
	doc.AddPage()
	doc.SetFont("Helvetica", "", 12)
	doc.MultiCell(0, 7, "Zawiadomienie o zbyciu pojazdu\n\nZawiadamiam, ze 18 listopada 2026 r. sprzedalem samochod Skoda Octavia, "+
		"nr rej. KR 4TX77, VIN TMBJJ7NE0L0123456.\nJan Wzorcowy, ul. Pod Modrzewiem 21/3, 31-979 Krakow, PESEL 44051401458", "", "L", false)
	var b bytes.Buffer
	if err := doc.Output(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// A scan, from the folder to the desk.
func TestAScanIsACase(t *testing.T) {
	for name, database := range databases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := newScanOffice(t, database(t))
			o.put(t, "Kowalski podanie.pdf", scannedLetter(t))
			o.workOff(t)
			cases, _ := o.cases(t)
			if len(cases) != 1 || cases[0].Status != workflow.StatusOpen || cases[0].Procedure != "zgloszenie_zbycia_pojazdu" {
				t.Fatalf("cases %+v", cases)
			}
			o.wantMoved(t, "Kowalski podanie.pdf", scannedLetter(t))
			c, err := o.open(t).Case(t.Context(), cases[0].ID)
			if err != nil {
				t.Fatal(err)
			}
			if p := c.Submission.Paper; p == nil || p.Site != "urna" || p.ScannedAt.IsZero() || !p.ScannedAt.Equal(c.Submission.ReceivedAt) {
				t.Errorf("paper %+v, received %v", p, c.Submission.ReceivedAt)
			}
			if c.Submission.Channel != ingest.Scan || strings.Contains(c.Submission.Item, "Kowalski") {
				t.Errorf("channel %s, item %s", c.Submission.Channel, c.Submission.Item)
			}
		})
	}
}

func TestAFileThatIsNoScanIsACaseForAPerson(t *testing.T) {
	t.Parallel()
	o := newScanOffice(t, databases["SQLite"](t))
	o.put(t, "notatka.txt", []byte("Zawiadomienie o zbyciu pojazdu KR 4TX77, sprzedałem go."))
	o.workOff(t)
	cases, letters := o.cases(t)
	if len(cases) != 1 || cases[0].Reply != workflow.ReplyHuman || len(letters) != 0 {
		t.Fatalf("cases %+v, letters %+v", cases, letters)
	}
}

func TestConfigCheckTellsWhatTheScanFolderHolds(t *testing.T) {
	t.Parallel()
	o := newScanOffice(t, databases["SQLite"](t))
	o.put(t, "a.pdf", scannedLetter(t))
	writeFile(t, filepath.Join(o.folder, "b.pdf.part"), []byte("x"))
	out, err := exec.Command(program(t), "config", "check", "--config", o.config).CombinedOutput()
	if err != nil || !strings.Contains(string(out), "scan urna: 1 files waiting, 1 unfinished\n") {
		t.Errorf("config check: %v\n%s", err, out)
	}
	if left, _ := filepath.Glob(filepath.Join(o.folder, "*")); len(left) != 2 {
		t.Errorf("the folder holds %v", left)
	}
	if err := os.RemoveAll(o.folder); err != nil {
		t.Fatal(err)
	}
	out, err = exec.Command(program(t), "config", "check", "--config", o.config).CombinedOutput()
	if err == nil || !strings.Contains(string(out), "scan urna: NOT REACHED") {
		t.Errorf("config check of a folder that is gone: %v\n%s", err, out)
	}
}

func TestScanConfigurationErrors(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, text, want string }{
		{"a good one", "scan: [{name: a, folder: /srv/a}]", ""},
		{"an unknown key", "scan: [{name: a, folder: /srv/a, dir: x}]", `"dir"`},
		{"no folder", "scan: [{name: a}]", "scan[0]: folder"},
		{"a folder relative to nobody knows what", "scan: [{name: a, folder: skany}]", "absolute"},
		{"done is where files come from", "scan: [{name: a, folder: /srv/a, done_folder: /srv/a/}]", "done_folder"},
		{"a name used twice", "scan: [{name: a, folder: /srv/a}, {name: a, folder: /srv/b}]", "scan[1].name"},
		{"a folder used twice", "scan: [{name: a, folder: /srv/a}, {name: b, folder: /srv/a/}]", "scan[1].folder"},
		{"a hold that is none", "scan: [{name: a, folder: /srv/a, separators: true, hold: tomorrow}]", "next_working_day"},
		{"a hold of hours", "scan: [{name: a, folder: /srv/a, separators: true, hold: 48h}]", ""},
		{"a hold without sheets", "scan: [{name: a, folder: /srv/a, hold: 48h}]", "scan[0].hold"},
		{"a settle time that is none", "scan: [{name: a, folder: /srv/a, settle: 1ns}]", "settle"},
	} {
		file := filepath.Join(t.TempDir(), "okienko.yaml")
		writeFile(t, file, []byte(tt.text))
		_, err := loadConfig(file)
		if (err == nil) != (tt.want == "") || err != nil && !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v, want %q", tt.name, err, tt.want)
		}
	}
}

// urn makes the folder that of the demo's urn.
func (o *scanOffice) urn(t *testing.T) (*demoUrn, sheet.Key) {
	t.Helper()
	u, err := newDemoUrn(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	o.folder = u.folder
	o.change(t, func(all map[string]any) {
		all["scan"] = []any{map[string]any{"name": demoUrnName, "place": demoUrnPlace, "folder": u.folder, "separators": true,
			"settle": "50ms", "poll": "20ms", "retry_min": "20ms"}}
	})
	return u, o.key(t)
}

// key is that of the office's sheets.
func (o *scanOffice) key(t *testing.T) sheet.Key {
	t.Helper()
	cfg, err1 := loadConfig(o.config)
	err2 := os.MkdirAll(cfg.Data, 0o700)
	secret, err3 := loadSecret(cfg.Data)
	key, err4 := sheet.NewKey(secret)
	if err := errors.Join(err1, err2, err3, err4); err != nil {
		t.Fatal(err)
	}
	return key
}

// An urn, from the folder to the desk: a batch of three envelopes is three cases, one with a sheet missing is one for a person.
func TestABatchFromAnUrnIsACaseAnEnvelope(t *testing.T) {
	for name, database := range databases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := newScanOffice(t, database(t))
			u, key := o.urn(t)
			if err := u.deliver(key); err != nil {
				t.Fatal(err)
			}
			o.workOff(t)
			s := o.open(t)
			cases, _ := o.cases(t)
			var found []string
			for _, summary := range cases {
				c, err := s.Case(t.Context(), summary.ID)
				if err != nil {
					t.Fatal(err)
				}
				p := c.Submission.Paper
				found = append(found, fmt.Sprintf("%d:%d-%d %s %s", p.Envelope, p.PageFrom, p.PageTo, c.Procedure, c.Route.Desk))
				wantTimes(t, c, u.morning(p.DroppedTo.Day()))
			}
			slices.Sort(found)
			want := "0:0-0 zaswiadczenie_zameldowanie KP; 1:2-2 zaswiadczenie_zameldowanie SA; 2:4-5 zgloszenie_zbycia_pojazdu KM; 3:7-7 skarga_wniosek_petycja OR"
			if got := strings.Join(found, "; "); got != want {
				t.Errorf("cases %s, want %s", got, want)
			}
			if err := balanced(t.Context(), s); err != nil {
				t.Error(err)
			}
			o.wantVerified(t, s)
		})
	}
}

// wantVerified holds that the office's own check finds every batch, and misses one that is gone.
func (o *scanOffice) wantVerified(t *testing.T, s *store.Store) {
	t.Helper()
	verify := func() (string, error) {
		out, err := exec.Command(program(t), "verify", "--config", o.config).CombinedOutput()
		return string(out), err
	}
	if out, err := verify(); err != nil {
		t.Fatalf("verify: %v\n%s", err, out)
	}
	batches, err := s.Batches(t.Context())
	if err != nil || len(batches) != 2 {
		t.Fatalf("%d batches, %v", len(batches), err)
	}
	cfg, err := loadConfig(o.config)
	if err != nil {
		t.Fatal(err)
	}
	d := string(batches[0].Digest)
	if err := os.Remove(filepath.Join(cfg.evidenceDir(), d[:2], d)); err != nil {
		t.Fatal(err)
	}
	if out, err := verify(); err == nil || !strings.Contains(out, "batch "+d[:16]) {
		t.Errorf("verify without a batch: %v\n%s", err, out)
	}
}

// wantTimes holds the times of a letter on paper apart.
func wantTimes(t *testing.T, c workflow.Case, set sheet.Set) {
	t.Helper()
	p := c.Submission.Paper
	if !p.DroppedFrom.Equal(set.From) || !p.DroppedTo.Equal(set.To) || !p.OpenedAt.Equal(set.Opened) || !p.ScannedAt.After(set.Opened) || !c.RegisteredAt.After(p.ScannedAt) {
		t.Errorf("times %+v, registered %v, want those of %+v", p, c.RegisteredAt, set)
	}
	if !c.Submission.ReceivedAt.Equal(p.OpenedAt) || len(c.Submission.Originals) != 1 || (p.Batch != "") != (p.Envelope > 0) {
		t.Errorf("received %v, originals %v, batch %q", c.Submission.ReceivedAt, c.Submission.Originals, p.Batch)
	}
}

func TestUrnSheetsAreThisOffices(t *testing.T) {
	t.Parallel()
	o := newScanOffice(t, databases["SQLite"](t))
	_, key := o.urn(t)
	file := filepath.Join(t.TempDir(), "arkusze.pdf")
	print := func(more ...string) (string, error) {
		args := append([]string{"urn", "sheets", "--config", o.config, "--out", file}, more...)
		out, err := exec.Command(program(t), args...).CombinedOutput()
		return string(out), err
	}
	good := []string{"--site", demoUrnName, "--window", "2026-11-23T15:30/2026-11-24T08:00", "--opened", "2026-11-24T08:30", "--envelopes", "3", "--first", "4", "--duplex"}
	if out, err := print(good...); err != nil {
		t.Fatalf("urn sheets: %v\n%s", err, out)
	}
	pdf, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	reader := cut.New(userCache())
	defer reader.Close()
	codes, err := reader.Codes(t.Context(), "application/pdf", pdf, func(string) {})
	if err != nil || len(codes) != 6 {
		t.Fatalf("%d codes, %v; want two a sheet", len(codes), err)
	}
	for i, code := range codes {
		s, err := key.Parse(code)
		if err != nil || s.Number != 4+i/2 || s.First != 4 || s.Last != 6 || s.Site != demoUrnName || s.Opened.Format(time.RFC3339) != "2026-11-24T07:30:00Z" {
			t.Errorf("page %d: %+v, %v", i+1, s, err)
		}
	}
	for _, tt := range []struct{ flag, value, want string }{
		{"--site", "urna", "allowed are: " + demoUrnName}, {"--window", "2026-11-24T08:00/2026-11-23T15:30", "must end after it began"},
		{"--window", "wczoraj", "--window"}, {"--opened", "2026-11-24T07:59", "before the urn was emptied"}, {"--envelopes", "0", "1 to 500"},
	} {
		if out, err := print(append(good, tt.flag, tt.value)...); err == nil || !strings.Contains(out, tt.want) {
			t.Errorf("%s %s: %v, %s; want %q", tt.flag, tt.value, err, out, tt.want)
		}
	}
}
