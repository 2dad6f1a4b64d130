package main

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io/fs"
	"strings"
	"time"
)

// wrongNames: file names that are paths, tricks or nothing.
func wrongNames() []wrong {
	named := func(id, disposition string) string {
		return mixed(id, "Content-Type: application/octet-stream\r\nContent-Disposition: "+disposition+"\r\n\r\nzawartosc\r\n")
	}
	return []wrong{
		{"name-passwd", "a file called ../../etc/passwd", named("fn-1", `attachment; filename="../../etc/passwd"`)},
		{"name-windows-path", `a file called C:\Windows\System32\drivers\etc\hosts`, named("fn-2", `attachment; filename="C:\\Windows\\System32\\drivers\\etc\\hosts"`)},
		{"name-device", "a file called CON.pdf, which Windows cannot store", named("fn-3", `attachment; filename="CON.pdf"`)},
		{"name-right-to-left", "a right-to-left override in a file name, so that umowa…fdp.exe looks like umowaexe.pdf", named("fn-4", "attachment; filename*=utf-8''umowa%E2%80%AEfdp.exe")},
		{"name-double-ending", "umowa.pdf and 120 blanks before .exe", named("fn-5", `attachment; filename="umowa.pdf`+strings.Repeat(" ", 120)+`.exe"`)},
		{"name-newline", "a file name with a line end and a header field in it (RFC 2231)", named("fn-6", "attachment; filename*=utf-8''a%0D%0ASet-Cookie%3A%20x.pdf")},
		{"name-nul", "a file name with a NUL byte before its real ending", named("fn-7", "attachment; filename*=utf-8''umowa.pdf%00.exe")},
		{"name-html", "a file name that is a script for browsers", named("fn-8", `attachment; filename="<img src=x onerror=alert(1)>.pdf"`)},
		{"name-formula", "a file name that is a formula for spreadsheets", named("fn-9", `attachment; filename="=HYPERLINK(1;2).pdf"`)},
		{"name-4000", "a file name of 4,000 characters", named("fn-10", `attachment; filename="`+strings.Repeat("u", 4000)+`.pdf"`)},
		{"name-empty", "an empty file name", named("fn-11", `attachment; filename=""`)},
		{"name-dots", "a file called ..", named("fn-12", `attachment; filename=".."`)},
		{"name-2231-gap", "RFC 2231 pieces 0 and 2, the middle one missing, and out of order", named("fn-13", "attachment;\r\n filename*2*=.pdf;\r\n filename*0*=utf-8''umowa%20")},
		{"name-2231-bad", "RFC 2231 with an unknown charset and a cut escape", named("fn-14", "attachment; filename*=klingon'pl'umowa%C5%8")},
		{"name-disagrees", "name says .jpg, filename says .pdf, the content is HTML", mixed("fn-15", "Content-Type: image/jpeg; name=\"a.jpg\"\r\nContent-Disposition: attachment; filename=\"a.pdf\"\r\n\r\n<html><script>alert(1)</script></html>\r\n")},
		{"name-twice", "five files of the same name", mixed("fn-16", strings.Split(strings.TrimSuffix(strings.Repeat(attached("skan.txt", "text/plain", []byte("tresc"))+"\x01", 5), "\x01"), "\x01")...)},
		{"name-decomposed", "one name composed and decomposed: two files that look the same", mixed("fn-17",
			"Content-Disposition: attachment; filename*=utf-8''zg%C5%82oszenie%C3%B3.txt\r\n\r\na\r\n", "Content-Disposition: attachment; filename*=utf-8''zg%C5%82oszenieo%CC%81.txt\r\n\r\nb\r\n")},
	}
}

// wrongFiles: attachments that want to break out, blow up or never end.
func wrongFiles() []wrong {
	return []wrong{
		{"zip-slip", "a ZIP with ../../, an absolute path and a symbolic link", mixed("zf-1", attached("a.zip", "application/zip", slip()))},
		{"zip-bomb", "a ZIP of 10 kB that becomes 10 MB of zeros", mixed("zf-2", attached("a.zip", "application/zip", zipOf(file{"a.txt", strings.Repeat("\x00", 10_000_000)})))},
		{"zip-1010-files", "a ZIP with 1,010 files", mixed("zf-3", attached("a.zip", "application/zip", manyFiles(1010)))},
		{"zip-nested-12", "a ZIP in a ZIP, 12 deep", mixed("zf-4", attached("a.zip", "application/zip", nestedZIP(12)))},
		{"zip-lies-about-size", "a ZIP whose member says it is 4 GB long", mixed("zf-5", attached("a.zip", "application/zip", lyingZIP()))},
		{"zip-no-directory", "a ZIP cut before its directory", mixed("zf-6", attached("a.zip", "application/zip", zipOf(file{"umowa.txt", text})[:60]))},
		{"zip-same-name-twice", "a ZIP with two members of one name", mixed("zf-7", attached("a.zip", "application/zip", zipOf(file{"umowa.txt", "jedna"}, file{"umowa.txt", "druga"})))},
		{"docx-entities", "a DOCX with nested entities and an external one", mixed("zf-8", attached("a.docx", mediaTypes["docx"], hostileDOCX()))},
		{"docx-is-zip", "a ZIP of photographs called .docx", mixed("zf-9", attached("a.docx", mediaTypes["docx"], zipOf(file{"IMG_1.jpg", "\xff\xd8\xff"})))},
		{"pdf-page-cycle", "a PDF whose page tree is its own child", mixed("zf-10", attached("a.pdf", "application/pdf", cyclicPDF(1)))},
		{"pdf-huge-count", "a PDF that says it has two thousand million pages", mixed("zf-11", attached("a.pdf", "application/pdf", cyclicPDF(2_000_000_000)))},
		{"pdf-only-header", "a PDF of its first line", mixed("zf-12", attached("a.pdf", "application/pdf", []byte("%PDF-1.7\n")))},
		{"png-gigapixels", "a PNG of a few bytes that says it is 60,000 by 60,000", mixed("zf-13", attached("a.png", "image/png", hugePNG()))},
		{"jpeg-cut", "a JPEG cut after its header", mixed("zf-14", attached("a.jpg", "image/jpeg", []byte("\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00\xff\xc0\x00\x11\x08\x03\xe8\x03\xe8\x03\x01\x22\x00")))},
		{"svg-script", "an SVG with a script and a picture from elsewhere", mixed("zf-15", attached("a.svg", "image/svg+xml", []byte(`<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script><image href="https://zly.example/a.png"/></svg>`)))},
		{"xml-entities", "an XML form with a DOCTYPE of nested entities", mixed("zf-16", attached("wniosek.xml", "application/xml", []byte(laughs)))},
		{"html-tracking", "HTML only, with script, style, a form and a tracking picture", simple("zf-17", "MIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n", `<html><style>p{display:none}</style><p>ukryte</p><script>document.write("x")</script><form action="https://zly.example"><input name=pesel></form>Prosze o odpis<img src="https://zly.example/1.gif" width=1></html>`+"\r\n")},
		{"html-deep", "HTML nested 20,000 elements deep", simple("zf-18", "MIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n", strings.Repeat("<b>", 20_000)+"odpis"+"\r\n")},
		{"html-empty-shell", "HTML only that shows nothing at all", simple("zf-19", "MIME-Version: 1.0\r\nContent-Type: text/html\r\n", "<html><body><!-- nic --></body></html>\r\n")},
		{"attachment-only", "no text, only a file", simple("zf-20", "MIME-Version: 1.0\r\nContent-Type: application/zip; name=wniosek.zip\r\nContent-Transfer-Encoding: base64\r\n", string(encodeTransfer("base64", zipOf(file{"umowa.txt", text}))))},
	}
}

// packed is the time inside all archives.
var packed = time.Date(2026, time.November, 2, 7, 0, 0, 0, time.UTC)

// zipOf packs files; it cannot fail in memory.
func zipOf(members ...file) []byte {
	raw, err := pack(packed, members)
	if err != nil {
		panic(err)
	}
	return raw
}

func slip() []byte {
	var w bytes.Buffer
	z := zip.NewWriter(&w)
	for _, name := range []string{"../../etc/cron.d/zly", "/etc/passwd", `..\..\zly.txt`, "link"} {
		h := &zip.FileHeader{Name: name, Modified: packed}
		if name == "link" {
			h.SetMode(fs.ModeSymlink | 0o777)
		}
		f, err := z.CreateHeader(h)
		if err == nil {
			_, err = f.Write([]byte("/etc/passwd"))
		}
		if err != nil {
			panic(err) // into memory
		}
	}
	if err := z.Close(); err != nil {
		panic(err)
	}
	return w.Bytes()
}

func manyFiles(n int) []byte {
	members := make([]file, n)
	for i := range members {
		members[i] = file{fmt.Sprintf("%d.txt", i), ""}
	}
	return zipOf(members...)
}

func nestedZIP(depth int) []byte {
	inner := []byte(text)
	name := "umowa.txt"
	for range depth {
		inner, name = zipOf(file{name, string(inner)}), "a.zip"
	}
	return inner
}

// lyingZIP changes the size in the directory entry (APPNOTE 4.3.12: signature, then 20 bytes, then the size).
func lyingZIP() []byte {
	raw := zipOf(file{"umowa.txt", text})
	at := bytes.Index(raw, []byte("PK\x01\x02")) + 24
	copy(raw[at:], "\xfe\xff\xff\xff")
	return raw
}

func hostileDOCX() []byte {
	document := strings.Replace(laughs, "<wniosek>", `<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>`, 1)
	document = strings.Replace(document, "</wniosek>", `&plik;</w:t></w:r></w:p></w:body></w:document>`, 1)
	return zipOf(file{"[Content_Types].xml", ooxmlTypes("/word/document.xml", "wordprocessingml.document.main")},
		file{"_rels/.rels", ooxmlRels("officeDocument", "word/document.xml")}, file{"word/document.xml", document})
}

const laughs = `<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">` +
	`<!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;"><!ENTITY e "&d;&d;&d;&d;&d;&d;&d;&d;"><!ENTITY plik SYSTEM "file:///etc/passwd">]><wniosek>&e;</wniosek>`

// cyclicPDF is a small PDF whose page tree contains itself and says that it has count pages.
func cyclicPDF(count int) []byte {
	var w bytes.Buffer
	var offsets []int
	w.WriteString("%PDF-1.4\n")
	for i, object := range []string{"<</Type/Catalog/Pages 2 0 R>>", fmt.Sprintf("<</Type/Pages/Kids[2 0 R]/Count %d>>", count)} {
		offsets = append(offsets, w.Len())
		fmt.Fprintf(&w, "%d 0 obj%sendobj\n", i+1, object)
	}
	table := w.Len()
	fmt.Fprintf(&w, "xref\n0 3\n0000000000 65535 f \n%010d 00000 n \n%010d 00000 n \n", offsets[0], offsets[1])
	fmt.Fprintf(&w, "trailer<</Size 3/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n", table)
	return w.Bytes()
}

// hugePNG is a signature and an IHDR chunk of 60,000 by 60,000 with its checksum; the picture itself is missing.
func hugePNG() []byte {
	header := "IHDR\x00\x00\xea\x60\x00\x00\xea\x60\x08\x02\x00\x00\x00"
	raw := []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\x0d" + header)
	return binary.BigEndian.AppendUint32(raw, crc32.ChecksumIEEE([]byte(header)))
}
