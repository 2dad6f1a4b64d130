package epuap_test

import (
	"archive/zip"
	"bytes"
	"encoding/base64"
	"io"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"okienko/ingest/epuap"
	"okienko/ingest/epuap/epuaptest"
)

// open reads an archive in memory.
func open(t *testing.T, raw []byte) *epuap.Archive {
	t.Helper()
	a, err := epuap.ReadArchive(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func download(t *testing.T, s *epuaptest.Server) *epuap.Archive {
	t.Helper()
	raw, err := s.EmergencyDownload()
	if err != nil {
		t.Fatal(err)
	}
	return open(t, raw)
}

// importAll imports an archive and returns what was not taken, by name.
func importAll(t *testing.T, c epuap.Config, o *office, a *epuap.Archive, withoutFiles bool) map[string]error {
	t.Helper()
	if o.seen == nil {
		o.seen = map[string]bool{}
	}
	source, err := epuap.New(c, o, nil)
	if err != nil {
		t.Fatal(err)
	}
	failed := map[string]error{}
	for _, e := range a.Entries {
		if err := source.Import(t.Context(), e, withoutFiles, o.accept); err != nil {
			failed[e.Name] = err
		}
	}
	return failed
}

// One document, once out of the queue and once out of an emergency download, whichever comes first: the same in all that counts.
func TestAnEmergencyDownloadHoldsTheDocumentsOfTheQueue(t *testing.T) {
	t.Parallel()
	for _, queueFirst := range []bool{true, false} {
		s, o := start(t), &office{}
		content := big("duży")
		first := naming("z plikiem", s.Store(content))
		first.Content = append([]byte("\xEF\xBB\xBF"), first.Content...)
		nobox := document("bez skrytki")
		nobox.ReplyBox = ""
		s.Deliver(first, nobox)
		archive := download(t, s)
		c := config(t, s)
		byQueue := func() { run(t, c, o); emptied(t, s) }
		if queueFirst {
			byQueue()
		}
		fromQueue := o.all()
		if failed := importAll(t, c, o, archive, false); len(failed) > 0 || len(archive.Entries) != 2 || len(archive.Extra) > 0 {
			t.Fatalf("not taken %v, %d entries, extra %v", failed, len(archive.Entries), archive.Extra)
		}
		if !queueFirst {
			fromQueue = o.all()
			byQueue()
		}
		if n := len(o.all()); n != 2 || o.offered() != 4 || s.Given("fileId=10000001") != 1 {
			t.Errorf("%d cases of %d offers, the file was given out %d times; want 2, 4, 1", n, o.offered(), s.Given("fileId=10000001"))
		}
		for i, got := range fromQueue {
			d := []epuaptest.Document{first, nobox}[i]
			e := got.envelope
			if got.body != string(d.Content) || !e.ReceivedAt.Equal(d.SentAt) || e.Item != e.Key || e.Source != "skrytka" || e.MediaType != "application/xml" || e.Meta["adresOdpowiedzi"] != d.ReplyBox {
				t.Errorf("queue first %v, document %d: %+v", queueFirst, i, e)
			}
		}
		if got := fromQueue[0].parts; !slices.Equal(got, []string{string(content)}) {
			t.Errorf("queue first %v: %d parts, or not the bytes stored", queueFirst, len(got))
		}
	}
}

// The platform may be the reason for the emergency: then what it alone has is waited for, or done without, as a person says.
func TestAnEmergencyDownloadWhileThePlatformIsDown(t *testing.T) {
	t.Parallel()
	s, o := start(t), &office{}
	link := s.Store(big("plik"))
	s.Deliver(naming("z plikiem", link), document("bez pliku"), naming("z plikiem, którego nie ma", "https://epuap.example/?fileId=404"))
	archive, c := download(t, s), config(t, s)
	s.Set(func(sw *epuaptest.Switches) { sw.CutFile = true })
	if failed := importAll(t, c, o, archive, false); len(failed) != 2 || len(o.all()) != 1 || len(o.seen) != 1 {
		t.Fatalf("not taken %v, %d cases, %d seen; want 2, 1 and 1", failed, len(o.all()), len(o.seen))
	}
	s.Behave()
	if failed := importAll(t, c, o, archive, false); len(failed) != 0 || len(o.all()) != 3 {
		t.Fatalf("not taken %v, %d cases; want none and 3", failed, len(o.all()))
	}
	if got := o.all()[2].envelope.Meta; got["niepobrane"] != "404" {
		t.Errorf("a file the platform says it does not have: %v", got)
	}
	s.Close()
	o = &office{}
	if failed := importAll(t, config(t, s), o, archive, true); len(failed) != 0 {
		t.Fatalf("not taken %v", failed)
	}
	if got := o.all()[0].envelope.Meta; got["niepobrane"] != epuap.FileID(link) {
		t.Errorf("nothing says that the file is missing: %v", got)
	}
}

// packed makes a ZIP file of names and contents, in order.
func packed(t testing.TB, pairs ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i < len(pairs); i += 2 {
		w, err := z.Create(pairs[i])
		if err == nil {
			_, err = io.WriteString(w, pairs[i+1])
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// listing is a descriptor that lists these paths.
func listing(paths ...string) string {
	var b strings.Builder
	for _, p := range paths {
		b.WriteString("<Dokument><AdresSkrytki>/urzadtest/skrytka</AdresSkrytki><SciezkaWArchiwum>" + p + "</SciezkaWArchiwum></Dokument>")
	}
	return "<Dokumenty>" + b.String() + "</Dokumenty>"
}

// TestEveryEntryIsOfferedOrTold: what is in an archive is read, or has a reason, or is extra.
func TestEveryEntryIsOfferedOrTold(t *testing.T) {
	t.Parallel()
	bomb := strings.Repeat("\x00", 2000)
	for _, tt := range []struct {
		name    string
		raw     []byte
		read    string            // contents, in order
		refused map[string]string // name: part of the reason
		extra   []string
	}{
		{"two listed", packed(t, "a.xml", "A", "b.xml", "B", "Deskryptor.xml", listing("a.xml", "b.xml")), "AB", nil, nil},
		{"one listed that is not there", packed(t, "a.xml", "A", "Deskryptor.xml", listing("a.xml", "b.xml")), "A", map[string]string{"b.xml": "not in the archive"}, nil},
		{"one there that is not listed", packed(t, "a.xml", "A", "b.xml", "B", "Deskryptor.xml", listing("a.xml")), "A", nil, []string{"b.xml"}},
		{"no place given", packed(t, "Deskryptor.xml", listing("")), "", map[string]string{"": "does not say where"}, nil},
		{"two of one name", packed(t, "a.xml", "A", "a.xml", "B", "Deskryptor.xml", listing("a.xml")), "", map[string]string{"a.xml": "several files"}, nil},
		{"written on Windows", packed(t, `x\a.xml`, "A", "Deskryptor.xml", listing("x/a.xml")), "A", nil, nil},
		{"listed as Windows writes", packed(t, "x/a.xml", "A", "Deskryptor.xml", listing(`.\x\a.xml`)), "A", nil, nil},
		{"all of it in a directory", packed(t, "skrytka/", "", "skrytka/a.xml", "A", "skrytka/Deskryptor.xml", listing("a.xml")), "A", nil, nil},
		{"a path out of the archive is only a name", packed(t, "../../etc/passwd", "A", "Deskryptor.xml", listing("../../etc/passwd")), "A", nil, nil},
		{"larger than a document may be", packed(t, "a.xml", bomb, "b.xml", "B", "Deskryptor.xml", listing("a.xml", "b.xml")), "B", map[string]string{"a.xml": "larger than 1000"}, nil},
		{"damaged", damaged(t, packed(t, "a.xml", "A", "b.xml", "BBBB", "Deskryptor.xml", listing("a.xml", "b.xml"))), "A", map[string]string{"b.xml": "cannot be taken out"}, nil},
		{"nothing waits", packed(t, "Deskryptor.xml", listing()), "", nil, nil},
	} {
		a := open(t, tt.raw)
		got, refused := "", map[string]string{}
		for _, e := range a.Entries {
			d, err := e.Document(1000)
			if err != nil {
				refused[e.Name] = err.Error()
				continue
			}
			got += string(d.Content)
		}
		same := maps.EqualFunc(refused, tt.refused, strings.Contains)
		if got != tt.read || !same || !slices.Equal(a.Extra, tt.extra) {
			t.Errorf("%s: read %q, refused %v, extra %q", tt.name, got, refused, a.Extra)
		}
	}
}

// damaged changes the stored bytes of the content BBBB.
func damaged(t *testing.T, raw []byte) []byte {
	t.Helper()
	r, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		t.Fatal(err)
	}
	at, err := r.File[1].DataOffset()
	if err != nil {
		t.Fatal(err)
	}
	raw[at] ^= 0xFF
	return raw
}

func TestWhatIsNoEmergencyDownload(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		raw  []byte
		want string
	}{
		{"no ZIP file", []byte("<Dokumenty/>"), "not a valid zip"},
		{"empty", nil, "not a valid zip"},
		{"no descriptor", packed(t, "a.xml", "A"), "no Deskryptor.xml"},
		{"two descriptors", packed(t, "Deskryptor.xml", listing(), "x/deskryptor.XML", listing()), "two files"},
		{"a descriptor that is no XML", packed(t, "Deskryptor.xml", "lista"), "not a list"},
		{"a descriptor of something else", packed(t, "Deskryptor.xml", "<Pliki/>"), "not a list"},
		{"a descriptor with a DTD", packed(t, "Deskryptor.xml", `<!DOCTYPE a [<!ENTITY b "c">]><Dokumenty/>`), "not a list"},
		{"a descriptor without end", packed(t, "Deskryptor.xml", strings.Repeat(" ", 16<<20+1)), "larger than"},
		{"too many files", packed(t, slices.Repeat([]string{"a", ""}, 10_001)...), "more than 10000"},
	} {
		_, err := epuap.ReadArchive(bytes.NewReader(tt.raw), int64(len(tt.raw)))
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v, want %q", tt.name, err, tt.want)
		}
	}
}

func TestWhatADescriptorSays(t *testing.T) {
	t.Parallel()
	extra := base64.StdEncoding.EncodeToString([]byte(`<a><IdentyfikatorDokumentu>77</IdentyfikatorDokumentu></a>`))
	for _, tt := range []struct{ inside, id, at, name string }{
		{"<DaneDodatkowe>" + extra + "</DaneDodatkowe><DataNadania>01.07.2026T10:00:00.500</DataNadania><NazwaPliku>Pismo.XML</NazwaPliku>", "77", "2026-07-01T08:00:00Z", "Pismo.XML"},
		{"<DaneDodatkowe>&lt;a&gt;&lt;IdentyfikatorDokumentu&gt;78&lt;/IdentyfikatorDokumentu&gt;&lt;/a&gt;</DaneDodatkowe><DataNadania>2026-11-20T10:00:00+01:00</DataNadania>", "78", "2026-11-20T09:00:00Z", "a.xml"},
		{"<DataNadania>wczoraj</DataNadania>", "", "0001-01-01T00:00:00Z", "a.xml"},
	} {
		raw := packed(t, "x/a.xml", "A", "Deskryptor.xml", "<Dokumenty><Dokument>"+tt.inside+"<SciezkaWArchiwum>x/a.xml</SciezkaWArchiwum></Dokument></Dokumenty>")
		e := open(t, raw).Entries[0]
		d, err := e.Document(10)
		if err != nil || d.ID != tt.id || e.Identified() != (tt.id != "") || d.SentAt.UTC().Format(time.RFC3339) != tt.at || d.Name != tt.name || d.MediaType != "application/xml" {
			t.Errorf("%s: %+v, %v", tt.inside, d, err)
		}
	}
}

// FuzzReadArchive: no file of an archive is forgotten, and no document is longer than allowed.
func FuzzReadArchive(f *testing.F) {
	f.Add(packed(f, "a.xml", "A", "b.xml", "B", "Deskryptor.xml", listing("a.xml", "c.xml")))
	f.Add(packed(f, `x\y.xml`, "A", "x/Deskryptor.xml", listing("y.xml")))
	f.Fuzz(func(t *testing.T, raw []byte) {
		a, err := epuap.ReadArchive(bytes.NewReader(raw), int64(len(raw)))
		if err != nil {
			return
		}
		z, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
		if err != nil {
			t.Fatal(err)
		}
		extra := map[string]bool{}
		for _, name := range a.Extra {
			extra[name] = true
		}
		for _, e := range a.Entries {
			if d, err := e.Document(1000); err == nil && (len(d.Content) > 1000 || d.Name == "") {
				t.Errorf("%d bytes called %q", len(d.Content), d.Name)
			}
		}
		if files := plainFiles(z); len(extra)+len(a.Entries)+1 < files { // one is the descriptor
			t.Errorf("%d files, %d entries, %d extra", files, len(a.Entries), len(extra))
		}
	})
}

// plainFiles counts the names of files, however often each is there.
func plainFiles(z *zip.Reader) int {
	names := map[string]bool{}
	for _, f := range z.File {
		if name := strings.TrimLeft(strings.TrimPrefix(strings.ReplaceAll(f.Name, `\`, "/"), "./"), "/"); !strings.HasSuffix(name, "/") {
			names[name] = true
		}
	}
	return len(names)
}
