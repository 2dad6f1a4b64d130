package seal

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"time"
	"unicode/utf16"
)

// signatureRoom is how many octets are kept free for the signature: a certificate of 2 kB, an RSA key of 8192 bits, and as much
// again.
const signatureRoom = 8 << 10

// PDF returns doc with a PAdES signature, level B-B (ETSI EN 319 142-1), as an update after its end: nothing of doc is changed, so
// what a reader shows is what was sealed. reason stands in the reader's list of signatures. doc must be a plain PDF with a classic
// cross-reference table, as this program writes them; anything else is an error.
func (s Seal) PDF(doc []byte, reason string, at time.Time) ([]byte, error) {
	if err := s.check(); err != nil {
		return nil, err
	}
	u, err := newUpdate(doc)
	if err != nil {
		return nil, fmt.Errorf("sealing a PDF: %w", err)
	}
	field, dict := u.size, u.size+1
	if err := errors.Join(
		u.extend(u.root, fmt.Sprintf("/AcroForm << /SigFlags 3 /Fields [%d 0 R] >>", field)),
		u.extend(u.page, fmt.Sprintf("/Annots [%d 0 R]", field)),
	); err != nil {
		return nil, fmt.Errorf("sealing a PDF: %w", err)
	}
	u.add(field, fmt.Sprintf("<< /Type /Annot /Subtype /Widget /FT /Sig /T (Pieczec) /V %d 0 R /P %d 0 R /Rect [0 0 0 0] /F 132 >>", dict, u.page))
	u.add(dict, fmt.Sprintf("<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached /Reason <%s> /M (%s) /ByteRange %s /Contents <%s> >>",
		textString(reason), at.UTC().Format("D:20060102150405Z"), byteRange(0, 0, 0), bytes.Repeat([]byte{'0'}, 2*signatureRoom)))
	return s.fill(u.finish())
}

// byteRange always has the same length, so that it can be written over.
func byteRange(before, after, rest int) string {
	return fmt.Sprintf("[0 %010d %010d %010d]", before, after, rest)
}

// fill computes the range, signs it and puts the signature into the room kept free.
func (s Seal) fill(pdf []byte) ([]byte, error) {
	room := bytes.LastIndex(pdf, []byte("/Contents <0000")) + len("/Contents ")
	end := room + 2*signatureRoom + 2
	copy(pdf[bytes.LastIndex(pdf, []byte(byteRange(0, 0, 0))):], byteRange(room, end, len(pdf)-end))
	signature, err := s.detached(append(bytes.Clone(pdf[:room]), pdf[end:]...))
	if err != nil {
		return nil, err
	}
	if len(signature) > signatureRoom {
		return nil, fmt.Errorf("sealing a PDF: the signature has %d octets, there is room for %d", len(signature), signatureRoom)
	}
	hex.Encode(pdf[room+1:], signature)
	return pdf, nil
}

// textString is a PDF text string in hexadecimal: UTF-16 with its mark.
func textString(s string) string {
	out := "FEFF"
	for _, unit := range utf16.Encode([]rune(s)) {
		out += fmt.Sprintf("%04X", unit)
	}
	return out
}

// update is an incremental update of a PDF (ISO 32000-1 section 7.5.6).
type update struct {
	doc, out         []byte
	offsets          map[int]int // of the objects of doc
	size, root, page int         // the first free number, the catalog, the first page
	info             string      // the trailer's entry; ""
	prev             int         // where the table of doc begins
	written          []entry
}

type entry struct{ object, at int }

var (
	startxref = regexp.MustCompile(`startxref\s+(\d+)\s+%%EOF\s*$`)
	rootEntry = regexp.MustCompile(`/Root (\d+) 0 R`)
	sizeEntry = regexp.MustCompile(`/Size (\d+)`)
	firstPage = regexp.MustCompile(`/Kids ?\[(\d+) 0 R`)
	pagesTree = regexp.MustCompile(`/Pages (\d+) 0 R`)
	infoEntry = regexp.MustCompile(`/Info \d+ 0 R`)
	tableLine = regexp.MustCompile(`^(\d{10}) \d{5} ([nf])`)
)

var errPDF = errors.New("it is not written as this program writes PDF")

// newUpdate reads the table of doc.
func newUpdate(doc []byte) (*update, error) {
	u := &update{doc: doc, out: append(bytes.Clone(doc), '\n'), offsets: map[int]int{}}
	var err error
	if u.prev, err = number(startxref, doc); err != nil || u.prev >= len(doc) {
		return nil, errPDF
	}
	trailer := doc[u.prev:]
	if u.root, err = number(rootEntry, trailer); err != nil {
		return nil, err
	}
	if u.size, err = number(sizeEntry, trailer); err != nil {
		return nil, err
	}
	u.info = string(infoEntry.Find(trailer))
	lines := bytes.Split(trailer, []byte("\n"))
	if len(lines) < u.size+2 || string(bytes.TrimSpace(lines[0])) != "xref" {
		return nil, errPDF
	}
	for i, line := range lines[2 : u.size+2] {
		if m := tableLine.FindSubmatch(line); m != nil && m[2][0] == 'n' {
			u.offsets[i], _ = strconv.Atoi(string(m[1])) // ten digits: the pattern says so
		}
	}
	return u, u.findPage()
}

func (u *update) findPage() error {
	pages, err := number(pagesTree, u.object(u.root))
	if err != nil {
		return err
	}
	u.page, err = number(firstPage, u.object(pages))
	return err
}

func number(pattern *regexp.Regexp, in []byte) (int, error) {
	m := pattern.FindSubmatch(in)
	if m == nil {
		return 0, errPDF
	}
	return strconv.Atoi(string(m[1]))
}

// object is the text of an object between its head and endobj; nil if there is none.
func (u *update) object(n int) []byte {
	at, ok := u.offsets[n]
	if !ok || at >= len(u.doc) {
		return nil
	}
	body, ok := bytes.CutPrefix(u.doc[at:], fmt.Appendf(nil, "%d 0 obj", n))
	if end := bytes.Index(body, []byte("endobj")); ok && end >= 0 {
		return bytes.TrimSpace(body[:end])
	}
	return nil
}

// extend writes an object that is a dictionary anew, with more entries.
func (u *update) extend(n int, entries string) error {
	body, ok := bytes.CutSuffix(u.object(n), []byte(">>"))
	if !ok || bytes.Contains(body, []byte("/Annots")) || bytes.Contains(body, []byte("/AcroForm")) {
		return errPDF
	}
	u.add(n, string(body)+" "+entries+" >>")
	return nil
}

func (u *update) add(n int, body string) {
	u.written = append(u.written, entry{n, len(u.out)})
	u.out = fmt.Appendf(u.out, "%d 0 obj\n%s\nendobj\n", n, body)
}

// finish writes the table of what was added.
func (u *update) finish() []byte {
	at := len(u.out)
	u.out = append(u.out, "xref\n"...)
	for _, e := range u.written {
		u.out = fmt.Appendf(u.out, "%d 1\n%010d 00000 n \n", e.object, e.at)
	}
	return fmt.Appendf(u.out, "trailer\n<< /Size %d /Root %d 0 R /Prev %d %s >>\nstartxref\n%d\n%%%%EOF\n", u.size+2, u.root, u.prev, u.info, at)
}
