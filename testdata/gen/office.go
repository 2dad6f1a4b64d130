package main

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"fmt"
	"strings"
	"time"
)

// docx is the paper as a file of a word processor: paragraphs and tables, nothing drawn.
func docx(blocks []block, at time.Time) ([]byte, error) {
	var b strings.Builder
	for _, line := range flow(blocks) {
		if line.cells != nil {
			b.WriteString(`<w:tbl><w:tblPr><w:tblW w:w="0" w:type="auto"/></w:tblPr><w:tr>`)
			for _, cell := range line.cells {
				fmt.Fprintf(&b, `<w:tc><w:p><w:r><w:t xml:space="preserve">%s</w:t></w:r></w:p></w:tc>`, escape(cell))
			}
			b.WriteString(`</w:tr></w:tbl>`)
			continue
		}
		weight := ""
		if line.strong {
			weight = "<w:rPr><w:b/></w:rPr>"
		}
		fmt.Fprintf(&b, `<w:p><w:r>%s<w:t xml:space="preserve">%s</w:t></w:r></w:p>`, weight, escape(line.text))
	}
	const ns = `http://schemas.openxmlformats.org/wordprocessingml/2006/main`
	return pack(at, []file{
		{"[Content_Types].xml", ooxmlTypes("/word/document.xml", "wordprocessingml.document.main")},
		{"_rels/.rels", ooxmlRels("officeDocument", "word/document.xml")},
		{"word/document.xml", xml.Header + `<w:document xmlns:w="` + ns + `"><w:body>` + b.String() + `</w:body></w:document>`},
	})
}

// xlsx is the paper's tables as a sheet; running text fills the first column.
func xlsx(blocks []block, at time.Time) ([]byte, error) {
	var b strings.Builder
	for i, line := range flow(blocks) {
		fmt.Fprintf(&b, `<row r="%d">`, i+1)
		cells := line.cells
		if cells == nil {
			cells = []string{line.text}
		}
		for j, cell := range cells {
			fmt.Fprintf(&b, `<c r="%c%d" t="inlineStr"><is><t xml:space="preserve">%s</t></is></c>`, 'A'+j, i+1, escape(cell))
		}
		b.WriteString(`</row>`)
	}
	const ns = `http://schemas.openxmlformats.org/spreadsheetml/2006/main`
	types := strings.Replace(ooxmlTypes("/xl/workbook.xml", "spreadsheetml.sheet.main"), "</Types>",
		`<Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>`, 1)
	return pack(at, []file{
		{"[Content_Types].xml", types},
		{"_rels/.rels", ooxmlRels("officeDocument", "xl/workbook.xml")},
		{"xl/workbook.xml", xml.Header + `<workbook xmlns="` + ns + `" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Arkusz1" sheetId="1" r:id="rId1"/></sheets></workbook>`},
		{"xl/_rels/workbook.xml.rels", ooxmlRels("worksheet", "worksheets/sheet1.xml")},
		{"xl/worksheets/sheet1.xml", xml.Header + `<worksheet xmlns="` + ns + `"><sheetData>` + b.String() + `</sheetData></worksheet>`},
	})
}

func ooxmlTypes(part, kind string) string {
	return xml.Header + `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">` +
		`<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
		`<Default Extension="xml" ContentType="application/xml"/>` +
		`<Override PartName="` + part + `" ContentType="application/vnd.openxmlformats-officedocument.` + kind + `+xml"/></Types>`
}

func ooxmlRels(kind, target string) string {
	return xml.Header + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" ` +
		`Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/` + kind + `" Target="` + target + `"/></Relationships>`
}

// odt is the paper as an OpenDocument text. The first member must be the media type, stored (ODF 1.3 part 2, section 3.3).
func odt(blocks []block, at time.Time) ([]byte, error) {
	var b strings.Builder
	for _, line := range flow(blocks) {
		tag := "text:p"
		if line.strong {
			tag = "text:h"
		}
		fmt.Fprintf(&b, "<%s>%s</%s>", tag, escape(strings.Join(append(line.cells, line.text), "  ")), tag)
	}
	const kind = "application/vnd.oasis.opendocument.text"
	return pack(at, []file{
		{"mimetype", kind},
		{"META-INF/manifest.xml", xml.Header + `<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.3">` +
			`<manifest:file-entry manifest:full-path="/" manifest:media-type="` + kind + `"/>` +
			`<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>`},
		{"content.xml", xml.Header + `<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" ` +
			`xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.3"><office:body><office:text>` +
			b.String() + `</office:text></office:body></office:document-content>`},
	})
}

// paragraph is a line of a paper where nothing can be drawn.
type paragraph struct {
	text   string
	strong bool
	cells  []string // of a table row; then text is ""
}

// flow turns the blocks of a paper into paragraphs.
func flow(blocks []block) []paragraph {
	var lines []paragraph
	for _, b := range blocks {
		switch b.kind {
		case "|":
			lines = append(lines, paragraph{cells: b.typed()})
		case "#", "##":
			lines = append(lines, paragraph{text: b.text, strong: true})
		case "[x]":
			lines = append(lines, paragraph{text: "☒ " + b.text})
		case "[ ]":
			lines = append(lines, paragraph{text: "☐ " + b.text})
		case "~~":
			lines = append(lines, paragraph{text: "................................ " + b.text})
		case "%", "---", "***":
		default:
			lines = append(lines, paragraph{text: b.text})
		}
	}
	return lines
}

// typed are the cells without the marks of handwriting.
func (b block) typed() []string {
	cells := b.cells()
	for i := range cells {
		_, _, cells[i] = written(cells[i])
	}
	return cells
}

func escape(s string) string {
	var w bytes.Buffer
	_ = xml.EscapeText(&w, []byte(s)) // into memory
	return w.String()
}

type file struct{ name, content string }

// pack makes the ZIP container of an office file; a member called mimetype is stored.
func pack(at time.Time, members []file) ([]byte, error) {
	var w bytes.Buffer
	z := zip.NewWriter(&w)
	for _, m := range members {
		h := &zip.FileHeader{Name: m.name, Method: zip.Deflate, Modified: at.UTC()}
		if m.name == "mimetype" {
			h = &zip.FileHeader{Name: m.name, Method: zip.Store}
		}
		f, err := z.CreateHeader(h)
		if err != nil {
			return nil, err
		}
		if _, err := f.Write([]byte(m.content)); err != nil {
			return nil, err
		}
	}
	err := z.Close()
	return w.Bytes(), err
}
