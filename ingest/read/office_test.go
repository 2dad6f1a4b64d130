package read

import (
	"bytes"
	"strings"
	"testing"

	"okienko/ingest"
)

const wordNS = `xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"`

func docxOf(t testing.TB, body string, more ...zipEntry) []byte {
	return zipOf(t, append([]zipEntry{
		{name: "[Content_Types].xml", data: []byte(`<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>`)},
		{name: "word/document.xml", data: []byte(`<?xml version="1.0"?><w:document ` + wordNS + `><w:body>` + body + `</w:body></w:document>`)},
	}, more...)...)
}

func TestOfficeTexts(t *testing.T) {
	t.Parallel()
	odf := func(kind, content string, more ...zipEntry) []byte {
		return zipOf(t, append([]zipEntry{
			{name: "mimetype", data: []byte("application/vnd.oasis.opendocument." + kind), store: true},
			{name: "content.xml", data: []byte(`<office:document-content xmlns:office="o" xmlns:text="t" xmlns:table="b"><office:body>` + content + `</office:body></office:document-content>`)},
		}, more...)...)
	}
	tests := []struct {
		name, file string
		data       []byte
		want       string
	}{
		{"paragraphs, a tab and a break in Word", "a.docx", docxOf(t, `<w:p><w:r><w:t>Żółw</w:t><w:tab/><w:t xml:space="preserve"> i</w:t><w:br/><w:t>lis</w:t></w:r></w:p><w:p><w:r><w:t>dwa</w:t></w:r></w:p>`), "Żółw\t i\nlis\ndwa"},
		{"a table in Word", "a.docx", docxOf(t, `<w:tbl><w:tr><w:tc><w:p><w:r><w:t>PESEL</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>1</w:t></w:r></w:p></w:tc></w:tr></w:tbl>`), "PESEL\t1"},
		{"deleted and hidden text in Word", "a.docx", docxOf(t, `<w:p><w:del><w:r><w:delText>nie</w:delText></w:r></w:del><w:r><w:instrText>PAGE</w:instrText><w:t>tak</w:t></w:r></w:p>`), "tak"},
		{"a text box in Word, once", "a.docx", docxOf(t, `<w:p><mc:AlternateContent><mc:Choice><w:t>raz</w:t></mc:Choice><mc:Fallback><w:t>raz</w:t></mc:Fallback></mc:AlternateContent></w:p>`), "raz"},
		{"head and foot in Word", "a.docx", docxOf(t, `<w:p><w:t>treść</w:t></w:p>`,
			zipEntry{name: "word/header1.xml", data: []byte(`<w:hdr ` + wordNS + `><w:p><w:t>Kancelaria</w:t></w:p></w:hdr>`)},
			zipEntry{name: "word/footer1.xml", data: []byte(`<w:ftr ` + wordNS + `><w:p><w:t>NIP 1</w:t></w:p></w:ftr>`)}), "Kancelaria\n\ntreść\n\nNIP 1"},
		{"Writer", "a.odt", odf("text", `<text:tracked-changes><text:p>nie</text:p></text:tracked-changes><text:h>Wniosek</text:h><text:p>a<text:s text:c="2"/>b<text:tab/>c<text:line-break/>d</text:p>`), "Wniosek\na  b\tc\nd"},
		{"Calc", "a.ods", odf("spreadsheet", `<table:table><table:table-row><table:table-cell><text:p>1</text:p></table:table-cell><table:table-cell><text:p>2</text:p></table:table-cell></table:table-row></table:table>`), "1\t2"},
		{"Excel", "a.xlsx", zipOf(t,
			zipEntry{name: "[Content_Types].xml", data: []byte("<Types/>")},
			zipEntry{name: "xl/sharedStrings.xml", data: []byte(`<sst><si><t>Lokal</t></si><si><r><t>oso</t></r><r><t>by</t></r></si></sst>`)},
			zipEntry{name: "xl/worksheets/sheet1.xml", data: []byte(`<worksheet><sheetData><row><c t="s"><v>0</v></c><c t="s"><v>1</v></c></row><row><c><v>12</v></c><c t="inlineStr"><is><t>trzy</t></is></c><c t="s"><v>99</v></c></row></sheetData></worksheet>`)},
			zipEntry{name: "xl/worksheets/sheet2.xml", data: []byte(`<worksheet><sheetData><row><c><v>7</v></c></row></sheetData></worksheet>`)}), "Lokal\tosoby\n12\ttrzy\n\n\f7"},
		{"RTF from Windows", "a.rtf", []byte(`{\rtf1\ansi\ansicpg1250{\fonttbl{\f0 Arial;}}{\*\generator X;}\f0 Za\'bf\'f3\'b3\'e6\par \u322?\u243?d\u378?\tab b{\b grub}o \{x\}\par{\pict 89504e}}`), "Zażółć\nłódź\tbgrubo {x}"},
		{"plain text from a telephone", "a.txt", []byte("Dzie\xF1 dobry\r\nprosz\xEA"), "Dzień dobry\nproszę"},
		{"a table of a spreadsheet", "a.csv", []byte("lokal;osoby\n1;2\n"), "lokal;osoby\n1;2"},
		{"a page", "a.html", []byte(`<html><head><meta charset="iso-8859-2"><title>x</title><style>p{}</style></head><body><p>prosz` + "\xEA" + `<br>o <a href="https://x.example/a">link</a></p><script>1</script></body></html>`), "proszę\no link <https://x.example/a>"},
		{"a page with a charset in UTF-16", "a.txt", []byte("\xFF\xFE\x17\x01\x20\x00\x7C\x01"), "ė ż"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := fileOf(t, tt.file, tt.data).Readings[0]
			if strings.ReplaceAll(r.Text, "\n\n\f", "\n\f") != strings.ReplaceAll(tt.want, "\n\n\f", "\n\f") || len(r.Problems) > 0 {
				t.Errorf("got %q %v, want %q", r.Text, r.Problems, tt.want)
			}
		})
	}
}

func TestOfficeTroubles(t *testing.T) {
	t.Parallel()
	picture := pngOf(t, 300, 200)
	tests := []struct {
		name, file string
		data       []byte
		want       string
	}{
		{"a scan pasted into Word", "a.docx", docxOf(t, `<w:p/>`, zipEntry{name: "word/media/image1.png", data: padTo(picture, 20<<10), store: true}), "[no_text] | [no_text]"},
		{"a logo in Word", "a.docx", docxOf(t, `<w:p><w:t>treść</w:t></w:p>`, zipEntry{name: "word/media/image1.png", data: picture}), "[] treść"},
		{"Word that is cut off", "a.docx", docxOf(t, `<w:p><w:t>treść</w:t></w:p>`)[:200], "[unreadable]"},
		{"Word with damaged XML", "a.docx", docxOf(t, `<w:p><w:t>treść</w:t></w:p><w:p`), "[malformed] treść"},
		{"Word with a bomb", "a.docx", docxOf(t, `<w:p><w:t>`+strings.Repeat(" ", 5<<20)+`</w:t></w:p>`), "[suspicious no_text]"},
		{"Word with a password", "a.docx", oleOf("EncryptedPackage"), "[encrypted]"},
		{"old Word", "a.doc", append(oleOf("WordDocument"), utf16Name("Wniosek o wydanie zaświadczenia o zameldowaniu\rJan Nowak")...), "[unsupported] Wniosek o"},
		{"old Excel", "a.xls", oleOf("Workbook"), "[unsupported]"},
		{"Writer with a password", "a.odt", zipOf(t, zipEntry{name: "mimetype", data: []byte("application/vnd.oasis.opendocument.text"), store: true},
			zipEntry{name: "META-INF/manifest.xml", data: []byte("<m><encryption-data/></m>")}), "[encrypted]"},
		{"a RAR archive", "a.rar", append([]byte("Rar!\x1A\x07\x01\x00"), make([]byte, 100)...), "[unsupported]"},
		{"a 7z archive", "a.7z", append([]byte("7z\xBC\xAF\x27\x1C\x00\x04"), make([]byte, 100)...), "[unsupported]"},
		{"a HEIC picture", "a.heic", append([]byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic"), make([]byte, 100)...), "[unsupported no_text]"},
		{"a HEIC picture named JPG", "a.jpg", append([]byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic"), make([]byte, 100)...), "[wrong_name unsupported no_text]"},
		{"a picture of too many pixels", "a.png", hugePNG(), "[too_large]"},
		{"a cut picture", "a.png", picture[:len(picture)-20], "[malformed no_text]"},
		{"a PDF that is none", "a.pdf", []byte("to nie jest PDF"), "[wrong_name] to nie jes"},
		{"an empty file", "a.pdf", nil, "[empty]"},
		{"bytes", "dane.bin", bytes.Repeat([]byte{1, 0xFE, 7}, 100), "[unsupported]"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := verdicts(fileOf(t, tt.file, tt.data)); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}

func padTo(b []byte, n int) []byte { return append(b, make([]byte, max(0, n-len(b)))...) }

// oleOf makes what looks like an OLE file with a stream of a name.
func oleOf(stream string) []byte {
	b := append([]byte("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"), make([]byte, 1024)...)
	for _, c := range stream {
		b = append(b, byte(c), 0)
	}
	return append(b, make([]byte, 1024)...)
}

// FuzzOffice: whatever an office document holds, what was read of it is in order.
func FuzzOffice(f *testing.F) {
	f.Add(docxOf(f, `<w:p><w:t>a</w:t></w:p>`), "a.docx")
	f.Add([]byte(`{\rtf1\u322?\'b3{\*\x}\bin3 abc}`), "a.rtf")
	f.Add([]byte(`<table><tr><td>a<td>b<blockquote>c`), "a.html")
	f.Add([]byte("\x78\x9F\x3E\x22\x01\x00\x01\x02\x90\x06\x00"), "winmail.dat")
	f.Add([]byte("II*\x00\x08\x00\x00\x00\x01\x00\x00\x01\x03\x00"), "a.tif")
	f.Add([]byte("0\x80\x06\x09\x2A\x86\x48\x86\xF7\x0D\x01\x07\x02\xA0\x80"), "a.p7m")
	r := New(Options{})
	r.pdf.cold = true
	f.Fuzz(func(t *testing.T, data []byte, name string) {
		o := ingest.Original{Role: "body", Name: name, Size: int64(len(data))}
		if res, err := r.Examine(t.Context(), ingest.Submission{Originals: []ingest.Original{o}}, []Original{{o, data}}); err == nil {
			checkContents(t, res)
		}
	})
}
