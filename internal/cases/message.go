package cases

import (
	"archive/zip"
	"bytes"
	"encoding/base64"
	"encoding/xml"
	"fmt"
	"mime"
	"path/filepath"
	"strings"
	"time"

	"okienko/ingest"
)

// written is a case whose message is only written down. Its label has the keys of case.yaml.
type written struct {
	Label `yaml:",inline"`
	At    time.Time         `yaml:"at"`   // of arrival; 20 November 2026 if it is not given
	From  string            `yaml:"from"` // "Name <address>"; for channel epuap "Name"
	About string            `yaml:"subject"`
	Text  string            `yaml:"text"`
	Heads map[string]string `yaml:"headers"` // further header fields of a mail
	Files []struct {
		Name string `yaml:"name"` // *.txt, *.html and *.docx hold the text; another ending makes bytes that nobody can read
		Text string `yaml:"text"`
	} `yaml:"files"`
	Sender map[string]string `yaml:"sender"` // channel epuap: Imie, Nazwisko, PESEL, Ulica, Budynek, KodPocztowy …
}

func readWritten(path string) ([]Case, error) {
	var list []written
	if err := decodeYAML(path, &list); err != nil {
		return nil, err
	}
	var all []Case
	for _, w := range list {
		c, err := w.build()
		if err != nil {
			return nil, fmt.Errorf("case %q: %w", w.ID, err)
		}
		all = append(all, c)
	}
	return all, nil
}

func (w written) build() (Case, error) {
	c := Case{Label: w.Label, Received: w.At.UTC()}
	if w.At.IsZero() {
		c.Received = undated
	}
	if c.Language == "" {
		c.Language = "pl"
	}
	switch c.Channel {
	case "", ingest.Email:
		c.Channel, c.Name = ingest.Email, "message.eml"
		body, err := w.mail(c.Received)
		c.Body = body
		return c, err
	case ingest.EPUAP:
		c.Name = "document.xml"
		body, err := w.document(c.Received)
		c.Body = body
		return c, err
	}
	return c, fmt.Errorf("channel %q: a written case comes by email or epuap", c.Channel)
}

// mail writes an RFC 5322 message.
func (w written) mail(at time.Time) ([]byte, error) {
	var b bytes.Buffer
	name, address, _ := strings.Cut(strings.TrimSuffix(w.From, ">"), "<")
	head := func(key, value string) { fmt.Fprintf(&b, "%s: %s\r\n", key, value) }
	head("From", strings.TrimSpace(mime.QEncoding.Encode("utf-8", strings.TrimSpace(name))+" <"+address+">"))
	head("To", "podania@um-krakow.example")
	head("Subject", mime.QEncoding.Encode("utf-8", w.About))
	head("Date", at.Format(time.RFC1123Z))
	if w.Heads["Message-ID"] == "" {
		head("Message-ID", "<"+w.ID+"@cases.example>")
	}
	for _, key := range sortedKeys(w.Heads) {
		head(key, w.Heads[key])
	}
	head("MIME-Version", "1.0")
	const boundary = "=_case"
	if w.Heads["Content-Type"] == "" {
		head("Content-Type", `multipart/mixed; boundary="`+boundary+`"`)
	}
	b.WriteString("\r\n")
	if w.Heads["Content-Type"] != "" {
		b.WriteString(w.Text)
		return b.Bytes(), nil
	}
	part(&b, boundary, "text/plain; charset=utf-8", "", []byte(w.Text))
	for _, f := range w.Files {
		media, data, err := file(f.Name, f.Text)
		if err != nil {
			return nil, err
		}
		part(&b, boundary, media, f.Name, data)
	}
	fmt.Fprintf(&b, "--%s--\r\n", boundary)
	return b.Bytes(), nil
}

func part(b *bytes.Buffer, boundary, media, name string, data []byte) {
	fmt.Fprintf(b, "--%s\r\nContent-Type: %s\r\nContent-Transfer-Encoding: base64\r\n", boundary, media)
	if name != "" {
		fmt.Fprintf(b, "Content-Disposition: attachment; filename=\"%s\"\r\n", mime.QEncoding.Encode("utf-8", name))
	}
	b.WriteString("\r\n")
	for text := base64.StdEncoding.EncodeToString(data); text != ""; {
		n := min(76, len(text))
		b.WriteString(text[:n] + "\r\n")
		text = text[n:]
	}
}

// file makes the bytes of an attachment.
func file(name, text string) (media string, data []byte, err error) {
	switch filepath.Ext(name) {
	case ".txt":
		return "text/plain; charset=utf-8", []byte(text), nil
	case ".html":
		return "text/html; charset=utf-8", []byte(text), nil
	case ".docx":
		data, err = docx(text)
		return "application/vnd.openxmlformats-officedocument.wordprocessingml.document", data, err
	}
	if text != "" {
		return "", nil, fmt.Errorf("file %s: text is only for .txt, .html and .docx", name)
	}
	media = mime.TypeByExtension(filepath.Ext(name))
	if media == "" {
		media = "application/octet-stream"
	}
	return media, bytes.Repeat([]byte{0xff, 0xd8, 0xff, 0xe0, 0x13, 0x07}, 200), nil
}

// docx is the smallest Word document with a paragraph for each line.
func docx(text string) ([]byte, error) {
	var b, body bytes.Buffer
	for line := range strings.SplitSeq(text, "\n") {
		body.WriteString("<w:p><w:r><w:t xml:space=\"preserve\">" + escaped(line) + "</w:t></w:r></w:p>")
	}
	z := zip.NewWriter(&b)
	for _, f := range [][2]string{
		{"[Content_Types].xml", `<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>`},
		{"_rels/.rels", `<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>`},
		{"word/document.xml", `<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>` + body.String() + `</w:body></w:document>`},
	} {
		out, err := z.Create(f[0])
		if err != nil {
			return nil, err
		}
		if _, err := out.Write([]byte(f[1])); err != nil {
			return nil, err
		}
	}
	err := z.Close()
	return b.Bytes(), err
}

func escaped(s string) string {
	var b strings.Builder
	if err := xml.EscapeText(&b, []byte(s)); err != nil {
		panic(err) // a Builder takes everything
	}
	return b.String()
}
