package edelivery_test

import (
	"archive/zip"
	"bytes"
	"io"
	"strings"
	"testing"
	"time"

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
	f.Add([]byte("PK\x05\x06"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		a, err := edelivery.OpenArchive(bytes.NewReader(raw), int64(len(raw)))
		if err != nil {
			return
		}
		e, closeAll, err := a.Envelope("ade", bytes.NewReader(raw), time.Time{})
		if err != nil || e.Key == "" || strings.ContainsAny(e.Key, " \n") {
			t.Fatalf("key %q, %v", e.Key, err)
		}
		for _, p := range e.Parts {
			if strings.Contains(p.Name, "/") {
				t.Fatalf("a name with a path: %q", p.Name)
			}
			_, _ = io.Copy(io.Discard, p.Body)
		}
		_ = closeAll()
	})
}
