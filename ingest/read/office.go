package read

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"sort"
	"strconv"
	"strings"

	"okienko/ingest"
)

// maxPart bounds one XML part of an office document; what is longer is cut.
const maxPart = 64 << 20

// office is an opened office document: a ZIP package of XML parts.
type office struct {
	w   *walker
	at  int
	it  item
	zip *zip.Reader
}

func openOffice(w *walker, at int, it item) (office, bool) {
	z, err := zip.NewReader(bytes.NewReader(it.file.data), int64(len(it.file.data)))
	if err != nil || overlaps(z) {
		w.problem(at, ingest.ProblemUnreadable, "not a whole office document")
		return office{}, false
	}
	return office{w, at, it, z}, true
}

// parts returns the names of parts in a folder with a prefix, in the order of their numbers.
func (o office) parts(prefix string) []string {
	var names []string
	for _, f := range o.zip.File {
		if strings.HasPrefix(f.Name, prefix) && strings.HasSuffix(f.Name, ".xml") && !strings.Contains(f.Name[len(prefix):], "/") {
			names = append(names, f.Name)
		}
	}
	number := func(s string) int {
		n, _ := strconv.Atoi(strings.Trim(s[len(prefix):], ".xml")) // names without a number come first
		return n
	}
	sort.SliceStable(names, func(i, j int) bool { return number(names[i]) < number(names[j]) })
	return names
}

// part reads one part within the limits, nil if there is none.
func (o office) part(name string) []byte {
	for _, f := range o.zip.File {
		if f.Name != name {
			continue
		}
		data, err := readPacked(int64(f.CompressedSize64), maxPart, maxPart, f.Open)
		var limit *limitError
		if errors.As(err, &limit) {
			o.w.problem(o.at, ingest.ProblemSuspicious, limit.why)
		} else if err != nil {
			o.w.problem(o.at, ingest.ProblemMalformed, "a damaged part")
		}
		return data
	}
	return nil
}

// text renders a part with the given rules.
func (o office) text(name string, rules xmlRules) string {
	data := o.part(name)
	if data == nil {
		return ""
	}
	s, err := renderXML(data, rules)
	if err != nil {
		o.w.problem(o.at, ingest.ProblemMalformed, "a damaged part")
	}
	return s
}

// pictures lists the larger pictures of a folder as documents inside: residents paste scans into Word. In a document that
// has a text of its own they are decoration more often than not.
func (o office) pictures(folder string) {
	const smallest = 10 << 10 // below are bullets and lines
	hasText := len(strings.Fields(o.w.readings[o.at].Text)) > 20
	n := 0
	for _, f := range o.zip.File {
		if path.Dir(f.Name) != folder || f.UncompressedSize64 < smallest || n >= 100 {
			continue
		}
		n++
		it := o.it.child(n, f.Name, nil)
		it.inline = hasText
		o.w.unpack(it, int64(f.CompressedSize64), true, f.Open)
	}
}

func readDOCX(w *walker, at int, it item) {
	o, ok := openOffice(w, at, it)
	if !ok {
		return
	}
	if w.deep {
		var texts []string
		names := append(o.parts("word/header"), "word/document.xml")
		names = append(append(names, o.parts("word/footnotes")...), o.parts("word/footer")...)
		for _, name := range names {
			if t := strings.TrimSpace(o.text(name, wordRules)); t != "" {
				texts = append(texts, t)
			}
		}
		w.setText(at, strings.Join(texts, "\n\n"))
	}
	if w.enters(it) {
		o.pictures("word/media")
	}
	o.needsText()
}

// needsText says so when a document holds only pictures.
func (o office) needsText() {
	if o.w.deep && o.w.readings[o.at].Text == "" {
		o.w.problem(o.at, ingest.ProblemNoText, "no text in the document")
	}
}

func readPPTX(w *walker, at int, it item) {
	o, ok := openOffice(w, at, it)
	if !ok {
		return
	}
	if w.deep {
		slides := o.parts("ppt/slides/slide")
		var texts []string
		for _, name := range slides {
			texts = append(texts, strings.TrimSpace(o.text(name, slideRules)))
		}
		w.readings[at].Pages = len(slides)
		w.setText(at, strings.Join(texts, "\n\f"))
	}
	if w.enters(it) {
		o.pictures("ppt/media")
	}
	o.needsText()
}

func readODF(w *walker, at int, it item) {
	o, ok := openOffice(w, at, it)
	if !ok {
		return
	}
	if bytes.Contains(o.part("META-INF/manifest.xml"), []byte("encryption-data")) {
		w.problem(at, ingest.ProblemEncrypted, "password-protected")
		return
	}
	if w.deep {
		w.setText(at, o.text("content.xml", odfRules))
	}
	if w.enters(it) {
		o.pictures("Pictures")
	}
	o.needsText()
}

// xmlRules say how the elements of an office format look as text, by local name.
type xmlRules struct {
	text  map[string]bool   // only text inside these counts; nil: all text
	skip  map[string]bool   // with all that is inside
	open  map[string]string // what an element puts before its content
	close map[string]string // and after it
	// spaces is an element for several blanks with their number in the attribute "c" (ODF).
	spaces string
}

func names(s string) map[string]bool {
	m := make(map[string]bool)
	for _, n := range strings.Fields(s) {
		m[n] = true
	}
	return m
}

var (
	wordRules = xmlRules{
		text:  names("t"),
		skip:  names("Fallback del moveFrom pPr rPr sectPr tblPr instrText"),
		open:  map[string]string{"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"},
		close: map[string]string{"p": "\n", "tc": "\t", "tr": "\n"},
	}
	slideRules = xmlRules{
		text: names("t"), skip: names("Fallback"), open: map[string]string{"br": "\n"},
		close: map[string]string{"p": "\n", "tc": "\t", "tr": "\n"},
	}
	odfRules = xmlRules{
		skip:   names("tracked-changes annotation script font-face-decls automatic-styles forms"),
		open:   map[string]string{"tab": "\t", "line-break": "\n"},
		close:  map[string]string{"p": "\n", "h": "\n", "table-cell": "\t", "table-row": "\n"},
		spaces: "s",
	}
)

// renderXML renders XML as text and returns what it has when the XML turns out to be damaged.
func renderXML(data []byte, rules xmlRules) (string, error) {
	d := xmlDecoder(data)
	var b bytes.Buffer
	var open []string
	skipping, inText := 0, 0
	for {
		t, err := d.Token()
		if errors.Is(err, io.EOF) {
			return tidyTable(b.String()), nil
		}
		if err != nil {
			return tidyTable(b.String()), fmt.Errorf("reading XML: %w", err)
		}
		switch t := t.(type) {
		case xml.StartElement:
			open = append(open, t.Name.Local)
			if skipping > 0 || rules.skip[t.Name.Local] {
				skipping++
				continue
			}
			if rules.text[t.Name.Local] {
				inText++
			}
			b.WriteString(rules.open[t.Name.Local])
			if t.Name.Local == rules.spaces {
				b.WriteString(strings.Repeat(" ", blanks(t)))
			}
		case xml.EndElement:
			open = open[:len(open)-1]
			if skipping > 0 {
				skipping--
				continue
			}
			if rules.text[t.Name.Local] {
				inText--
			}
			endCell(&b, rules.close[t.Name.Local])
		case xml.CharData:
			if skipping == 0 && (rules.text == nil || inText > 0) && len(open) > 0 {
				b.Write(t)
			}
		}
		if len(open) > 1000 || b.Len() > 2*maxText {
			return tidyTable(b.String()), nil
		}
	}
}

// endCell writes what ends an element. A cell ends with its last paragraph: the tab takes the place of the line end.
func endCell(b *bytes.Buffer, s string) {
	if s == "\t" {
		b.Truncate(len(bytes.TrimRight(b.Bytes(), "\n")))
	}
	b.WriteString(s)
}

func blanks(t xml.StartElement) int {
	for _, a := range t.Attr {
		if a.Name.Local == "c" {
			if n, err := strconv.Atoi(a.Value); err == nil && n > 0 && n < 200 {
				return n
			}
		}
	}
	return 1
}

// tidyTable removes the tab behind the last cell of each row and more than one empty line in a row.
func tidyTable(s string) string {
	lines := strings.Split(normaliseLines(s), "\n")
	out := lines[:0]
	empty := 0
	for _, l := range lines {
		l = strings.TrimRight(l, " \t")
		if l == "" {
			empty++
		} else {
			empty = 0
		}
		if empty < 2 {
			out = append(out, l)
		}
	}
	return strings.Join(out, "\n")
}

// xmlDecoder reads XML in any charset and forgives loose XML. It expands no entities but the five of the standard.
func xmlDecoder(data []byte) *xml.Decoder {
	d := xml.NewDecoder(bytes.NewReader(data))
	d.Strict = false
	d.CharsetReader = func(charset string, r io.Reader) (io.Reader, error) {
		b, err := io.ReadAll(r)
		return strings.NewReader(toUTF8(b, charset)), err
	}
	return d
}
