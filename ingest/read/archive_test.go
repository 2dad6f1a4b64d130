package read

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"

	"okienko/ingest"
)

func TestNamesInAZIP(t *testing.T) {
	t.Parallel()
	in := func(e encoding.Encoding, s string) string {
		b, err := e.NewEncoder().String(s)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	for _, tt := range []struct {
		name  string
		entry zipEntry
		want  string
	}{
		{"UTF-8", zipEntry{name: "zażółć/gęślą jaźń.txt"}, "gęślą jaźń.txt"},
		{"UTF-8 without the flag", zipEntry{name: "gęślą jaźń.txt", raw: true}, "gęślą jaźń.txt"},
		{"DOS code page 852", zipEntry{name: in(charmap.CodePage852, "książka źle.txt"), raw: true}, "książka źle.txt"},
		{"windows-1250", zipEntry{name: in(charmap.Windows1250, "książka źle.txt"), raw: true}, "książka źle.txt"},
		{"the Unicode field of Info-ZIP", zipEntry{name: "ksi__ka.txt", raw: true, header: func(h *zip.FileHeader) {
			h.Extra = append(binary.LittleEndian.AppendUint16([]byte{0x75, 0x70}, 17), append([]byte{1, 0, 0, 0, 0}, "książka.txt"[:12]...)...)
		}}, "książka.tx"},
		{"a path with backslashes", zipEntry{name: `dom\umowa.txt`}, "umowa.txt"},
	} {
		tt.entry.data = []byte("treść")
		c := fileOf(t, "a.zip", zipOf(t, tt.entry))
		if len(c.Readings) != 2 || c.Readings[1].Document.Name != tt.want || c.Readings[1].Text != "treść" {
			t.Errorf("%s: got\n%s\nwant %q", tt.name, outline(c), tt.want)
		}
	}
}

// bomb packs zeros, n megabytes of them.
func bomb(n int) []byte { return make([]byte, n<<20) }

func TestZIPTricks(t *testing.T) {
	t.Parallel()
	small := zipEntry{name: "a.txt", data: []byte("dobry")}
	tests := []struct {
		name string
		data []byte
		want string
	}{
		{"a bomb", zipOf(t, small, zipEntry{name: "b.txt", data: bomb(50)}), "[] | [] dobry | [too_large]"},
		{"what packs well but is small is no bomb", zipOf(t, zipEntry{name: "b.txt", data: bytes.Repeat([]byte("ab "), 100<<10)}), "[] | [] ab ab ab a"},
		{"an encrypted file", zipOf(t, small, zipEntry{name: "b.pdf", data: []byte("xxx"), flags: 1}), "[] | [] dobry | [encrypted]"},
		{"a name that leads out", zipOf(t, zipEntry{name: "../../etc/passwd", data: []byte("root")}), "[suspicious] | [] root"},
		{"an absolute name", zipOf(t, zipEntry{name: "/etc/passwd", data: []byte("root")}), "[suspicious] | [] root"},
		{"the same name twice", zipOf(t, small, small), "[suspicious] | [] dobry | [] dobry"},
		{"a link", zipOf(t, zipEntry{name: "l", data: []byte("/etc/passwd"), mode: os.ModeSymlink | 0o777}), "[] | [suspicious]"},
		{"a directory is no document", zipOf(t, zipEntry{name: "dom/"}, small), "[] | [] dobry"},
		{"cut off", zipOf(t, small)[:40], "[unreadable]"},
		{"overlapping files", overlapping(t), "[suspicious] | [suspicious] | [suspicious]"},
		{"a wrong checksum", wrongChecksum(t), "[] | [malformed] dobry"},
		{"empty", zipOf(t), "[]"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := verdicts(fileOf(t, "a.zip", tt.data)); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}

// verdicts renders the problems and the first letters of each document.
func verdicts(c ingest.Contents) string {
	var all []string
	for _, r := range c.Readings {
		var problems []string
		for _, p := range r.Problems {
			problems = append(problems, string(p.Code))
		}
		text := strings.TrimSpace(r.Text)
		all = append(all, strings.TrimSpace(fmt.Sprint(problems, " ", text[:min(10, len(text))])))
	}
	return strings.Join(all, " | ")
}

// overlapping makes an archive whose two entries share their packed bytes.
func overlapping(t *testing.T) []byte {
	t.Helper()
	z := zipOf(t, zipEntry{name: "a.txt", data: []byte("jeden")}, zipEntry{name: "b.txt", data: []byte("dwa..")})
	// Both central headers point to the first local header.
	central := []byte("PK\x01\x02")
	second := bytes.LastIndex(z, central)
	copy(z[second+42:second+46], []byte{0, 0, 0, 0})
	return z
}

func wrongChecksum(t *testing.T) []byte {
	t.Helper()
	z := zipOf(t, zipEntry{name: "a.txt", data: []byte("dobry")})
	central := bytes.LastIndex(z, []byte("PK\x01\x02"))
	z[central+16] ^= 0xFF
	return z
}

func TestArchivesInArchives(t *testing.T) {
	t.Parallel()
	data := zipOf(t, zipEntry{name: "dno.txt", data: []byte("dno")})
	for i := range 6 {
		data = zipOf(t, zipEntry{name: fmt.Sprintf("%d.zip", i), data: data})
	}
	c := fileOf(t, "a.zip", data)
	last := c.Readings[len(c.Readings)-1]
	if len(c.Readings) != maxNesting+2 || !hasProblem(last, ingest.ProblemTooLarge) {
		t.Errorf("got\n%s", outline(c))
	}
}

func TestManyFiles(t *testing.T) {
	t.Parallel()
	var entries []zipEntry
	for i := range maxDocuments + 50 {
		entries = append(entries, zipEntry{name: fmt.Sprintf("%d.txt", i), data: []byte("x")})
	}
	c := fileOf(t, "a.zip", zipOf(t, entries...))
	if !hasProblem(c.Readings[0], ingest.ProblemTooLarge) || len(c.Readings) != maxDocuments+1 {
		t.Errorf("%d documents, problems %v", len(c.Readings), c.Readings[0].Problems)
	}
}

func TestAllUnpackedTogetherIsLimited(t *testing.T) {
	t.Parallel()
	r := New(Options{})
	r.sizes = sizes{document: 10 << 20, unpacked: 10 << 20, kept: 8 << 20}
	var entries []zipEntry
	for i := range 8 {
		entries = append(entries, zipEntry{name: fmt.Sprintf("%d.bin", i), data: bytes.Repeat([]byte{byte(i), 0xFE}, 400<<10), store: true})
	}
	res := examine(t, r, "a.zip", "", zipOf(t, entries...))
	var refused []string
	for _, d := range res.Contents.Readings[1:] {
		if hasProblem(d, ingest.ProblemTooLarge) {
			refused = append(refused, d.Document.ID)
			continue
		}
		// What is not kept in memory is decoded again.
		if data, ok := res.File(d.Document.ID); !ok || ingest.DigestOf(data) != d.Document.Digest {
			t.Errorf("document %s: other bytes than its digest", d.Document.ID)
		}
	}
	// The archive itself counts, 6.25 MiB; four files of 0.78 MiB fit beside it.
	if got, want := fmt.Sprint(len(res.Contents.Readings), refused), "9 [0.5 0.6 0.7 0.8]"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestTARAndGZIP(t *testing.T) {
	t.Parallel()
	var buf bytes.Buffer
	g := gzip.NewWriter(&buf)
	w := tar.NewWriter(g)
	for _, h := range []tar.Header{
		{Name: "dom/", Typeflag: tar.TypeDir, Mode: 0o755}, {Name: "dom/a.txt", Typeflag: tar.TypeReg, Size: 5, Mode: 0o644},
		{Name: "l", Typeflag: tar.TypeSymlink, Linkname: "/etc/passwd"},
	} {
		if err := w.WriteHeader(&h); err != nil {
			t.Fatal(err)
		}
		if h.Size > 0 {
			if _, err := io.WriteString(w, "dobry"); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, c := range []io.Closer{w, g} {
		if err := c.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if got, want := verdicts(fileOf(t, "a.tgz", buf.Bytes())), "[] | [] | [] dobry | [suspicious]"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	var zeros bytes.Buffer
	g = gzip.NewWriter(&zeros)
	if _, err := g.Write(bomb(60)); err != nil {
		t.Fatal(err)
	}
	if err := g.Close(); err != nil {
		t.Fatal(err)
	}
	if got, want := verdicts(fileOf(t, "a.gz", zeros.Bytes())), "[] | [too_large]"; got != want {
		t.Errorf("a bomb: got %s, want %s", got, want)
	}
}

// FuzzZIP: whatever an archive holds, what was read of it is in order.
func FuzzZIP(f *testing.F) {
	f.Add(zipOf(f, zipEntry{name: "a.txt", data: []byte("a")}, zipEntry{name: "../b", data: []byte("b"), store: true}))
	f.Add(zipOf(f, zipEntry{name: "a.zip", data: zipOf(f, zipEntry{name: "\xA5.txt", raw: true})}))
	r := New(Options{})
	r.pdf.cold = true
	f.Fuzz(func(t *testing.T, data []byte) {
		o := ingest.Original{Role: "body", Name: "a.zip", Size: int64(len(data))}
		if res, err := r.Examine(t.Context(), ingest.Submission{Originals: []ingest.Original{o}}, []Original{{o, data}}); err == nil {
			checkContents(t, res)
		}
	})
}
