package read

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"regexp"
	"strings"
	"time"
	"unicode"

	"github.com/beevik/etree"

	"okienko/ingest"
)

// What XML may have: RELIABILITY asks for a check before any XML library sees it.
const (
	maxXMLDepth = 256
	maxXMLAttrs = 256
)

// readXML renders an XML document as text and takes the attachments embedded in it out. An ePUAP letter ("Pismo ogólne" and
// its relatives of crd.gov.pl) also gives the head of the submission. Elements are known by local name: the structures have
// dozens of namespaces, one a version.
func readXML(w *walker, at int, it item) {
	if !w.deep && !w.enters(it) && it.id != "0" { // the attachments of the letter itself are "1", "2"
		return
	}
	doc, err := parseXML(it.file.data)
	if err != nil {
		w.problem(at, ingest.ProblemUnreadable, err.Error())
		w.setText(at, decodeText(it.file.data, ""))
		return
	}
	root := doc.Root()
	if it.id == "0" {
		w.letter = xmlHead(root, w.meta)
		w.structure(at, root)
	}
	if w.deep {
		w.setText(at, xmlText(root))
	}
	if w.enters(it) || it.id == "0" {
		w.xmlAttachments(it, root)
	}
}

// The reasons XML is not read. They name no content.
var (
	errXMLDoctype = errors.New("the XML has a DOCTYPE: not allowed")
	errXMLDeep    = errors.New("the XML is nested too deep or has too many attributes")
	errXMLBroken  = errors.New("the XML is not well-formed")
	errXMLCharset = errors.New("the XML declares an encoding that is not allowed")
)

// xmlDeclaration matches the encoding in an XML declaration.
var xmlDeclaration = regexp.MustCompile(`^\s*<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._:-]+)["'][^>]*\?>`)

// parseXML checks and parses XML.
func parseXML(data []byte) (*etree.Document, error) {
	text, err := xmlUTF8(data)
	if err != nil {
		return nil, err
	}
	if err := checkXML(text); err != nil {
		return nil, err
	}
	doc := etree.NewDocument()
	doc.ReadSettings.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil } // it is UTF-8 by now
	if err := doc.ReadFromBytes(text); err != nil || doc.Root() == nil {
		return nil, errXMLBroken
	}
	return doc, nil
}

// xmlUTF8 converts XML to UTF-8. Only charsets that cannot hide markup are allowed.
func xmlUTF8(data []byte) ([]byte, error) {
	if s, ok := byMark(data); ok {
		return []byte(s), nil
	}
	m := xmlDeclaration.FindSubmatch(data[:min(len(data), 512)])
	if m == nil {
		return []byte(toUTF8(data, "utf-8")), nil
	}
	switch name := strings.ToLower(string(m[1])); name {
	case "utf-8", "utf8", "us-ascii", "ascii", "iso-8859-1", "iso-8859-2", "iso-8859-15", "windows-1250", "windows-1252", "windows-1251", "cp1250":
		return []byte(toUTF8(data, name)), nil
	}
	return nil, errXMLCharset
}

// checkXML goes through the tokens without building anything.
func checkXML(data []byte) error {
	d := xml.NewDecoder(bytes.NewReader(data))
	d.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil }
	depth := 0
	for {
		t, err := d.RawToken()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return errXMLBroken
		}
		switch t := t.(type) {
		case xml.Directive:
			return errXMLDoctype
		case xml.StartElement:
			if depth++; depth > maxXMLDepth || len(t.Attr) > maxXMLAttrs {
				return errXMLDeep
			}
		case xml.EndElement:
			depth--
		}
	}
}

// xmlAttachments makes documents of embedded files: Zalacznik with DaneZalacznika in base64, and the like in other forms.
func (w *walker) xmlAttachments(it item, root *etree.Element) {
	n := 0
	for _, z := range elements(root, "Zalacznik", "ZalacznikBinarny", "Attachment") {
		data := first(z, "DaneZalacznika", "Dane", "Content", "Binary")
		if data == nil {
			continue
		}
		n++
		if isReference(z) {
			w.reference(it, n, z)
			continue
		}
		child := it.child(n, attachmentName(z), decodeBase64([]byte(data.Text())))
		if it.id == "0" {
			child.id = child.id[len("0."):] // the attachments of the letter itself are "1", "2"
		}
		child.declared = attribute1(z, "format", "typMime", "mimeType")
		if !wholeBase64([]byte(data.Text())) {
			child.problems = append(child.problems, ingest.ProblemMalformed)
		}
		w.document(child)
	}
}

func attachmentName(z *etree.Element) string {
	if n := attribute1(z, "nazwaPliku", "nazwa", "fileName", "name"); n != "" {
		return wrappedName(z, n)
	}
	if e := first(z, "NazwaPliku", "NazwaZalacznika", "OpisZalacznika"); e != nil {
		return strings.TrimSpace(e.Text())
	}
	return ""
}

// xmlHead reads sender, addressee and title of a letter form.
func xmlHead(root *etree.Element, meta map[string]string) ingest.Letter {
	l := ingest.Letter{Subject: xmlTitle(root)}
	if s := first(root, "Nadawcy", "Nadawca", "DaneNadawcy", "Wnioskodawca"); s != nil {
		l.From = ingest.Party{Name: personName(s), Address: strings.ToLower(textOf(first(s, "Email", "AdresEmail")))}
	}
	platformHead(&l, root, meta)
	if t, err := time.Parse("2006-01-02", strings.TrimSpace(textOf(first(root, "Czas", "DataDokumentu")))); err == nil {
		l.Date = t
	}
	return l
}

func xmlTitle(root *etree.Element) string {
	for _, name := range []string{"Tytul", "TytulPisma", "NazwaDokumentu", "Nazwa"} {
		if t := textOf(first(root, name)); t != "" {
			return strings.Join(strings.Fields(t), " ")
		}
	}
	return words(root.Tag)
}

func personName(e *etree.Element) string {
	person := strings.TrimSpace(textOf(first(e, "Imie")) + " " + textOf(first(e, "Nazwisko")))
	if person != "" {
		return person
	}
	return textOf(first(e, "NazwaInstytucji", "NazwaPodmiotu", "PelnaNazwa", "Nazwa"))
}

// xmlText renders a document for people: first what the sender wrote, then everything else as "label: value".
func xmlText(root *etree.Element) string {
	var r xmlRenderer
	r.line(xmlTitle(root))
	r.element(root, 0)
	return strings.TrimSpace(strings.Join(r.lines, "\n"))
}

type xmlRenderer struct{ lines []string }

func (r *xmlRenderer) line(s string) {
	if s = strings.TrimSpace(normaliseLines(s)); s != "" {
		r.lines = append(r.lines, s)
	}
}

// silent elements are no text for people: signatures, file contents, technical heads.
var silent = names("Signature DaneZalacznika Dane Binary OpisDokumentu MetaDane CID Tytul TytulPisma")

// prose elements are what a sender wrote: their text stands without a label.
var prose = names("Informacja Tresc TrescPisma Akapit Uzasadnienie Opis NazwaDokumentu Zadanie p")

func (r *xmlRenderer) element(e *etree.Element, depth int) {
	if silent[e.Tag] || depth > maxXMLDepth {
		return
	}
	if e.Tag == "Adres" {
		r.line("Adres: " + addressLine(e))
		return
	}
	if e.Tag == "Osoba" {
		r.line("Osoba: " + personName(e))
	}
	children := e.ChildElements()
	if len(children) == 0 {
		r.leaf(e)
		return
	}
	if own := strings.TrimSpace(e.Text()); own != "" {
		r.line(own)
	}
	switch e.Tag {
	case "Adresaci", "Nadawcy", "Zalaczniki", "Wnioskodawca", "Pelnomocnik":
		r.lines = append(r.lines, "", words(e.Tag)+":")
	}
	for _, c := range children {
		r.element(c, depth+1)
		r.line(c.Tail())
	}
}

func (r *xmlRenderer) leaf(e *etree.Element) {
	text := strings.TrimSpace(e.Text())
	switch {
	case text == "", e.Tag == "Imie", e.Tag == "Nazwisko":
	case prose[e.Tag]:
		r.line(text)
	default:
		r.line(words(e.Tag) + ": " + text)
	}
}

// addressLine writes an address as people do.
func addressLine(e *etree.Element) string {
	street, house, flat := textOf(first(e, "Ulica")), textOf(first(e, "Budynek", "NrDomu")), textOf(first(e, "Lokal", "NrLokalu"))
	code, town := textOf(first(e, "KodPocztowy")), textOf(first(e, "Miejscowosc", "Poczta"))
	if street == "" {
		street = town
	}
	if flat != "" {
		house += "/" + flat
	}
	place := strings.TrimSpace(code + " " + town)
	line := strings.TrimSpace(street + " " + house)
	if line == "" || place == "" {
		return line + place
	}
	return line + ", " + place
}

// words splits a CamelCase name: "MiejscowoscDokumentu" is "Miejscowosc dokumentu".
func words(tag string) string {
	var b strings.Builder
	prev := ' '
	for _, r := range tag {
		if unicode.IsUpper(r) && unicode.IsLower(prev) {
			b.WriteByte(' ')
			b.WriteRune(unicode.ToLower(r))
		} else {
			b.WriteRune(r)
		}
		prev = r
	}
	return polish(b.String())
}

// polish gives the commonest names their diacritics: element names have none.
func polish(s string) string {
	return strings.NewReplacer(
		"Zalaczniki", "Załączniki", "Opis zalacznika", "Opis załącznika", "Miejscowosc", "Miejscowość", "Oswiadczenie", "Oświadczenie",
		"Pelnomocni", "Pełnomocni", "Zalacznik", "Załącznik", "Tresc", "Treść", "zalacznik", "załącznik", "Wlasciciel", "Właściciel",
	).Replace(s)
}

// elements returns all descendants with one of the tags, in document order; those inside a found one are not looked for.
func elements(e *etree.Element, tags ...string) []*etree.Element {
	var all []*etree.Element
	for _, c := range e.ChildElements() {
		if isOneOf(c.Tag, tags) {
			all = append(all, c)
			continue
		}
		all = append(all, elements(c, tags...)...)
	}
	return all
}

// first returns the first descendant with the earliest possible of the tags, nil if there is none.
func first(e *etree.Element, tags ...string) *etree.Element {
	if e == nil {
		return nil
	}
	for _, tag := range tags {
		if found := elements(e, tag); len(found) > 0 {
			return found[0]
		}
	}
	return nil
}

func isOneOf(s string, all []string) bool {
	for _, a := range all {
		if s == a {
			return true
		}
	}
	return false
}

func textOf(e *etree.Element) string {
	if e == nil {
		return ""
	}
	return strings.TrimSpace(e.Text())
}

func attribute1(e *etree.Element, names ...string) string {
	for _, n := range names {
		if v := e.SelectAttrValue(n, ""); v != "" {
			return v
		}
	}
	return ""
}
