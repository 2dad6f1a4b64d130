package read

import (
	"archive/zip"
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"image"
	"image/png"
	"os"
	"strings"
	"testing"
)

// zipEntry is one file of a ZIP archive made for a test.
type zipEntry struct {
	name   string
	data   []byte
	raw    bool // name is in a code page, without the UTF-8 flag
	store  bool
	mode   os.FileMode
	flags  uint16
	header func(*zip.FileHeader)
}

func zipOf(t testing.TB, entries ...zipEntry) []byte {
	t.Helper()
	var buf bytes.Buffer
	z := zip.NewWriter(&buf)
	for _, e := range entries {
		h := &zip.FileHeader{Name: e.name, NonUTF8: e.raw, Method: zip.Deflate}
		if e.store {
			h.Method = zip.Store
		}
		if e.mode != 0 {
			h.SetMode(e.mode)
		}
		h.Flags |= e.flags
		if e.header != nil {
			e.header(h)
		}
		w, err := z.CreateHeader(h)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(e.data); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

// encode64 writes base64 in lines, as mailers do.
func encode64(b []byte) string {
	s := base64.StdEncoding.EncodeToString(b)
	var out strings.Builder
	for len(s) > 76 {
		out.WriteString(s[:76] + "\r\n")
		s = s[76:]
	}
	return out.String() + s
}

// pdfFile builds a PDF object by object.
type pdfFile struct {
	objects []string // from number 1
}

// add appends an object and returns its number.
func (p *pdfFile) add(body string) int {
	p.objects = append(p.objects, body)
	return len(p.objects)
}

func (p *pdfFile) stream(dict, data string) int {
	return p.add(fmt.Sprintf("<< %s /Length %d >>\nstream\n%s\nendstream", dict, len(data), data))
}

// bytes writes the file with the catalogue root and more in the trailer.
func (p *pdfFile) bytes(root int, trailer string) []byte {
	var b bytes.Buffer
	b.WriteString("%PDF-1.7\n%\xE2\xE3\xCF\xD3\n")
	var at []int
	for i, o := range p.objects {
		at = append(at, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	xref := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(at)+1)
	for _, a := range at {
		fmt.Fprintf(&b, "%010d 00000 n \n", a)
	}
	fmt.Fprintf(&b, "trailer\n<< /Size %d /Root %d 0 R %s >>\nstartxref\n%d\n%%%%EOF\n", len(at)+1, root, trailer, xref)
	return b.Bytes()
}

// polishGlyphs are the letters beyond WinAnsi, at codes from 128.
var polishGlyphs = []struct {
	letter rune
	glyph  string
}{
	{'ą', "aogonek"}, {'ć', "cacute"}, {'ę', "eogonek"}, {'ł', "lslash"}, {'ń', "nacute"}, {'ś', "sacute"}, {'ź', "zacute"},
	{'ż', "zdotaccent"}, {'Ą', "Aogonek"}, {'Ć', "Cacute"}, {'Ę', "Eogonek"}, {'Ł', "Lslash"}, {'Ń', "Nacute"}, {'Ś', "Sacute"},
	{'Ź', "Zacute"}, {'Ż', "Zdotaccent"},
}

func (p *pdfFile) font() int {
	var diff strings.Builder
	for _, g := range polishGlyphs {
		diff.WriteString(" /" + g.glyph)
	}
	return p.add("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding << /Type /Encoding /BaseEncoding /WinAnsiEncoding " +
		"/Differences [128" + diff.String() + "] >> >>")
}

// show writes a text as the operand of Tj.
func show(text string) string {
	var b strings.Builder
	for _, r := range text {
		c := byte(r)
		for i, g := range polishGlyphs {
			if g.letter == r {
				c = byte(128 + i)
			}
		}
		fmt.Fprintf(&b, "%02X", c)
	}
	return "<" + b.String() + ">"
}

// pages adds pages with the given texts and returns the number of the page tree, which must be object tree.
func (p *pdfFile) pages(tree int, texts []string, extra string) (kids []string) {
	font := p.font()
	for _, text := range texts {
		var c strings.Builder
		c.WriteString("BT /F1 12 Tf 14 TL 50 780 Td ")
		for _, line := range strings.Split(text, "\n") {
			c.WriteString(show(line) + " Tj T* ")
		}
		c.WriteString("ET")
		content := p.stream("", c.String())
		page := p.add(fmt.Sprintf("<< /Type /Page /Parent %d 0 R /MediaBox [0 0 595 842] /Contents %d 0 R /Resources << /Font << /F1 %d 0 R >> >> %s >>",
			tree, content, font, extra))
		kids = append(kids, fmt.Sprintf("%d 0 R", page))
	}
	return kids
}

// pdfOf makes a PDF with one text a page; an empty text makes an empty page.
func pdfOf(texts ...string) []byte {
	var p pdfFile
	catalog := p.add("<< /Type /Catalog /Pages 2 0 R >>")
	p.add("")
	kids := p.pages(2, texts, "")
	p.objects[1] = fmt.Sprintf("<< /Type /Pages /Count %d /Kids [%s] >>", len(kids), strings.Join(kids, " "))
	return p.bytes(catalog, "")
}

func pngOf(t testing.TB, width, height int) []byte {
	t.Helper()
	var buf bytes.Buffer
	if err := png.Encode(&buf, image.NewGray(image.Rect(0, 0, width, height))); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

// hugePNG is a PNG whose head claims 20,000 x 20,000 pixels.
func hugePNG() []byte {
	head := []byte("IHDR\x00\x00\x4E\x20\x00\x00\x4E\x20\x08\x00\x00\x00\x00")
	b := append([]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\x0D"), head...)
	return append(binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(head)), make([]byte, 100)...)
}
