package samples

import (
	"archive/zip"
	"bytes"
	"encoding/base64"
	"encoding/xml"
	"fmt"
	"io"
	"net/mail"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/jhillyerd/enmime/v2"

	"okienko/ingest"
	"okienko/internal/cases"
)

func read(dir string, label cases.Label) (ingest.Contents, error) {
	switch label.Channel {
	case ingest.Email:
		return readMail(dir, label)
	case ingest.EPUAP:
		return readEPUAP(dir, label)
	default:
		return readScan(dir, label)
	}
}

// readAny reads the first of the files that is there.
func readAny(dir string, names ...string) (data []byte, err error) {
	for _, name := range names {
		if data, err = os.ReadFile(filepath.Join(dir, name)); err == nil {
			return data, nil
		}
	}
	return nil, err
}

func readMail(dir string, label cases.Label) (ingest.Contents, error) {
	data, err := readAny(dir, "submission.eml", "message.eml")
	if err != nil {
		return ingest.Contents{}, err
	}
	env, err := enmime.ReadEnvelope(bytes.NewReader(data))
	if err != nil {
		return ingest.Contents{}, err
	}
	own, quoted := splitQuoted(env.Text)
	c := ingest.Contents{Letter: ingest.Letter{
		Subject: env.GetHeader("Subject"), Quoted: quoted, Language: label.Language, Headers: env.Root.Header,
	}}
	if from, err := env.AddressList("From"); err == nil && len(from) > 0 {
		c.Letter.From = ingest.Party{Name: from[0].Name, Address: strings.ToLower(from[0].Address)}
	}
	c.Letter.Date, _ = mail.ParseDate(env.GetHeader("Date"))
	if path, ok := env.Root.Header["Return-Path"]; ok {
		p := strings.Trim(path[0], "<> ")
		c.Letter.ReturnPath = &p
	}
	c.Readings = []ingest.Reading{letterReading(own)}
	for i, part := range append(env.Attachments, env.OtherParts...) {
		c.Readings = append(c.Readings, readFile(fmt.Sprint(i+1), part.FileName, part.Content)...)
	}
	return c, nil
}

var quoteHead = regexp.MustCompile(`(?m)^(>|.*(napisał\(a\)|wrote|pisze):\s*$|-----? ?(Original|Oryginalna|Wiadomość|Forwarded))`)

func splitQuoted(text string) (own, quoted string) {
	text = strings.ReplaceAll(text, "\r\n", "\n")
	at := quoteHead.FindStringIndex(text)
	if at == nil {
		return text, ""
	}
	return text[:at[0]], text[at[0]:]
}

func letterReading(text string) ingest.Reading {
	r := ingest.Reading{Document: ingest.Document{ID: "0", MediaType: "text/plain", Bytes: int64(len(text))}, Text: text, TextFrom: ingest.TextEmbedded}
	r.Fields = fieldsOf(r)
	return r
}

type epuapDocument struct {
	Title string   `xml:"TrescDokumentu>Tytul"`
	Info  []string `xml:"TrescDokumentu>Informacje>Informacja"`
	Files []struct {
		Name string `xml:"nazwaPliku,attr"`
		Data string `xml:"DaneZalacznika"`
		Note string `xml:"OpisZalacznika"`
	} `xml:"TrescDokumentu>Zalaczniki>Zalacznik"`
	Sender struct {
		Inner string `xml:",innerxml"`
	} `xml:"DaneDokumentu>Nadawcy"`
}

var tag = regexp.MustCompile(`<[^>]*>`)

func readEPUAP(dir string, label cases.Label) (ingest.Contents, error) {
	data, err := readAny(dir, "submission.xml", "message.xml", "document.xml")
	if err != nil {
		return ingest.Contents{}, err
	}
	var d epuapDocument
	if err := xml.Unmarshal(data, &d); err != nil {
		return ingest.Contents{}, err
	}
	sender := sentence(d.Sender.Inner)
	text := d.Title + "\n\n" + strings.Join(d.Info, "\n\n") + "\n\n" + sender
	c := ingest.Contents{Letter: ingest.Letter{Subject: d.Title, Language: label.Language}}
	c.Letter.From.Name = value(d.Sender.Inner, "Imie") + " " + value(d.Sender.Inner, "Nazwisko")
	if name := value(d.Sender.Inner, "NazwaInstytucji"); name != "" {
		c.Letter.From.Name = name
	}
	c.Readings = []ingest.Reading{letterReading(text)}
	for i, file := range d.Files {
		raw, err := base64.StdEncoding.DecodeString(strings.TrimSpace(file.Data))
		if err != nil {
			return c, err
		}
		read := readFile(fmt.Sprint(i+1), file.Name, raw)
		if file.Note != "" {
			read[0].Document.Name = file.Name + " " + file.Note
		}
		c.Readings = append(c.Readings, read...)
	}
	return c, nil
}

// sentence renders the sender block with labels, as a reader would.
func sentence(inner string) string {
	get := func(name string) string { return value(inner, name) }
	lines := []string{
		strings.TrimSpace(get("Imie") + " " + get("Nazwisko")), get("NazwaInstytucji"),
		strings.TrimSuffix("ul. "+get("Ulica")+" "+get("Budynek")+"/"+get("Lokal"), "/"),
		get("KodPocztowy") + " " + get("Miejscowosc"),
	}
	for _, f := range []string{"PESEL", "NIP", "REGON", "Telefon", "Email"} {
		if v := get(f); v != "" {
			lines = append(lines, f+" "+v)
		}
	}
	return strings.Join(lines, "\n")
}

func value(inner, name string) string {
	m := regexp.MustCompile(`<(?:\w+:)?` + name + `>([^<]*)<`).FindStringSubmatch(inner)
	if m == nil {
		return ""
	}
	return m[1]
}

func readScan(dir string, label cases.Label) (ingest.Contents, error) {
	files, err := filepath.Glob(filepath.Join(dir, "scan-*"))
	if err != nil {
		return ingest.Contents{}, err
	}
	c := ingest.Contents{Letter: ingest.Letter{Language: label.Language}}
	for i, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			return c, err
		}
		c.Readings = append(c.Readings, readFile(fmt.Sprint(i+1), filepath.Base(f), data)...)
	}
	return c, nil
}

// readFile reads an attachment: office files and archives, and pictures where the environment asks for OCR.
func readFile(id, name string, data []byte) []ingest.Reading {
	r := ingest.Reading{Document: ingest.Document{ID: id, Name: name, Bytes: int64(len(data)), Digest: ingest.DigestOf(data)}, TextFrom: ingest.TextNone}
	var inside []ingest.Reading
	if bytes.HasPrefix(data, []byte("PK")) {
		if z, err := zip.NewReader(bytes.NewReader(data), int64(len(data))); err == nil {
			r.Text, inside = readZip(id, z)
		}
	}
	embedded := r.Text != ""
	if !embedded && inside == nil {
		r.Text, r.Pages = ocr(data), 1
	}
	switch {
	case inside != nil:
		r.TextFrom, r.Document.MediaType = ingest.TextEmbedded, "application/zip"
	case embedded:
		r.TextFrom = ingest.TextEmbedded
	case r.Text != "":
		r.TextFrom = ingest.TextOCR
	default:
		r.Problems = []ingest.Problem{{Code: ingest.ProblemNoText, Document: id}}
	}
	r.Kinds = kindsOf(name, r.Text)
	r.Fields = fieldsOf(r)
	return append([]ingest.Reading{r}, inside...)
}

func readZip(id string, z *zip.Reader) (text string, inside []ingest.Reading) {
	for i, f := range z.File {
		in, err := f.Open()
		if err != nil {
			continue
		}
		data, _ := io.ReadAll(in)
		in.Close()
		if f.Name == "word/document.xml" {
			plain := strings.NewReplacer("</w:p>", "\n", "</w:tc>", " ").Replace(string(data))
			return tag.ReplaceAllString(plain, ""), nil
		}
		if !strings.HasSuffix(f.Name, "/") {
			inside = append(inside, readFile(fmt.Sprintf("%s.%d", id, i+1), filepath.Base(f.Name), data)...)
		}
	}
	return "", inside
}

// ocr reads pictures with tesseract when OKIENKO_SAMPLE_OCR names a directory to keep the texts in; else it reads nothing.
func ocr(data []byte) string {
	dir := os.Getenv("OKIENKO_SAMPLE_OCR")
	if dir == "" {
		return ""
	}
	cached := filepath.Join(dir, string(ingest.DigestOf(data))+".txt")
	if text, err := os.ReadFile(cached); err == nil {
		return string(text)
	}
	script := `set -e; cd "$(mktemp -d)"; cat >in; if head -c 4 in | grep -q %PDF; then pdftoppm -r 200 -gray in p; else cp in p-1.img; fi
for f in p-*; do OMP_THREAD_LIMIT=1 tesseract "$f" - -l pol 2>/dev/null || true; printf '\n\f'; done`
	cmd := exec.Command("nice", "bash", "-c", script)
	cmd.Stdin = bytes.NewReader(data)
	text, err := cmd.Output()
	if err != nil {
		return ""
	}
	_ = os.WriteFile(cached, text, 0o644)
	return string(text)
}
