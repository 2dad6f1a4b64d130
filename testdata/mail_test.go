package testdata_test

import (
	"archive/zip"
	"bytes"
	"encoding/base64"
	"fmt"
	"image"
	_ "image/jpeg"
	_ "image/png"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/http"
	"net/mail"
	"net/textproto"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jhillyerd/enmime/v2"

	"okienko/testdata"
)

// spoiled are the files that must not open, by story and name, and why. Every other file must.
var spoiled = map[string]string{
	"rejestracja-golf-za-ciemna/IMG_4712.jpg":                       "an upload that broke off",
	"drzewo-inwestycja-firma/IMG_0098.jpg":                          "an upload that broke off",
	"zbycie-umowa-uszkodzona/skan0007.pdf":                          "cut",
	"odpis-pusty-plik/potwierdzenie.pdf":                            "empty",
	"dodatek-zip-z-haslem/dokumenty_dodatek.zip":                    "password",
	"prawo-jazdy-wtornik/potwierdzenie_przelewu_20261119.pdf":       "password",
	"wyrejestrowanie-kradziez-zip/motocykl/__MACOSX/._DSC_0031.jpg": "a Mac's resource fork",
}

// undeclared is the story whose header holds raw bytes of windows-1250, which no standard lets a reader understand.
const undeclared = "crw-najem-windows1250"

// anyCharset leaves encoded words in other charsets as they are.
var anyCharset = mail.AddressParser{WordDecoder: &mime.WordDecoder{
	CharsetReader: func(_ string, r io.Reader) (io.Reader, error) { return r, nil },
}}

// document is a file found in a mail, also inside an enclosed mail or an archive.
type document struct {
	name    string
	content []byte
}

func TestEveryMailIsReadByTwoReaders(t *testing.T) {
	t.Parallel()
	for _, s := range stories(t) {
		if m, err := mail.ReadMessage(bytes.NewReader(s.Message)); err != nil {
			t.Errorf("%s: net/mail: %v", s.Name, err)
		} else if _, err := anyCharset.Parse(m.Header.Get("From")); (err != nil) != (s.Name == undeclared) {
			t.Errorf("%s: From: %v", s.Name, err)
		}
		env, err := enmime.ReadEnvelope(bytes.NewReader(s.Message))
		if err != nil {
			t.Errorf("%s: enmime: %v", s.Name, err)
			continue
		}
		for _, problem := range env.Errors {
			if problem.Severe {
				t.Errorf("%s: enmime: %v", s.Name, problem)
			}
		}
	}
}

func TestEveryFileOpensUnlessItIsMeantNotTo(t *testing.T) {
	t.Parallel()
	need(t, "pdftotext", "poppler-utils")
	need(t, "unzip", "unzip")
	seen := map[string]bool{}
	for _, s := range stories(t) {
		docs, err := documents(s)
		if err != nil {
			t.Errorf("%s: %v", s.Name, err)
		}
		for _, d := range docs {
			id := s.Name + "/" + d.name
			seen[id] = true
			err := opens(t, d)
			if why := spoiled[id]; why != "" && err == nil {
				t.Errorf("%s opens, though it is meant not to: %s", id, why)
			} else if why == "" && err != nil {
				t.Errorf("%s: %v", id, err)
			}
		}
	}
	for id := range spoiled {
		if !seen[id] {
			t.Errorf("%s is not in any mail", id)
		}
	}
}

func need(t *testing.T, program, debian string) {
	t.Helper()
	if _, err := exec.LookPath(program); err != nil {
		t.Fatalf("%s is missing: install the Debian package %s", program, debian)
	}
}

// opens asks a program that had no part in making the file.
func opens(t *testing.T, d document) error {
	switch kind := http.DetectContentType(d.content); kind {
	case "image/jpeg", "image/png":
		img, _, err := image.Decode(bytes.NewReader(d.content))
		if err == nil && img.Bounds().Dx() < 200 {
			err = fmt.Errorf("only %d pixels wide", img.Bounds().Dx())
		}
		return err
	case "application/pdf":
		return ask(t, d, "pdftotext", "%s", "-")
	case "application/zip":
		return ask(t, d, "unzip", "-tqq", "-P", "", "%s")
	default:
		return fmt.Errorf("%d bytes of %s", len(d.content), kind)
	}
}

func ask(t *testing.T, d document, program string, args ...string) error {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, d.content, 0o600); err != nil {
		return err
	}
	for i := range args {
		args[i] = strings.Replace(args[i], "%s", file, 1)
	}
	if out, err := exec.Command(program, args...).CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w: %.200s", program, err, out)
	}
	return nil
}

// documents lists the named files of a mail, found with the standard library alone.
func documents(s testdata.Story) ([]document, error) {
	m, err := mail.ReadMessage(bytes.NewReader(s.Message))
	if err != nil {
		return nil, err
	}
	return inPart(textproto.MIMEHeader(m.Header), m.Body)
}

func inPart(h textproto.MIMEHeader, body io.Reader) ([]document, error) {
	kind, params, _ := mime.ParseMediaType(h.Get("Content-Type"))
	switch {
	case strings.HasPrefix(kind, "multipart/"):
		return inMultipart(multipart.NewReader(body, params["boundary"]))
	case kind == "message/rfc822":
		m, err := mail.ReadMessage(body)
		if err != nil {
			return nil, err
		}
		return inPart(textproto.MIMEHeader(m.Header), m.Body)
	}
	name := fileName(h, params)
	if name == "" {
		return nil, nil
	}
	content, err := io.ReadAll(decoded(h, body))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	inside, err := inArchive(name, content)
	return append([]document{{name, content}}, inside...), err
}

func inMultipart(r *multipart.Reader) ([]document, error) {
	var docs []document
	for {
		p, err := r.NextRawPart()
		if err == io.EOF {
			return docs, nil
		}
		if err != nil {
			return docs, err
		}
		found, err := inPart(p.Header, p)
		if err != nil {
			return docs, err
		}
		docs = append(docs, found...)
	}
}

// fileName is the declared name, wherever the sender's program put it.
func fileName(h textproto.MIMEHeader, params map[string]string) string {
	_, disposition, _ := mime.ParseMediaType(h.Get("Content-Disposition"))
	name := disposition["filename"]
	if name == "" {
		name = params["name"]
	}
	if plain, err := new(mime.WordDecoder).DecodeHeader(name); err == nil {
		return plain
	}
	return name
}

func decoded(h textproto.MIMEHeader, body io.Reader) io.Reader {
	switch strings.ToLower(h.Get("Content-Transfer-Encoding")) {
	case "base64":
		return base64.NewDecoder(base64.StdEncoding, body)
	case "quoted-printable":
		return quotedprintable.NewReader(body)
	}
	return body
}

// inArchive lists the files of a ZIP that a sender packed; an office document, or one that is locked, has none.
func inArchive(name string, content []byte) ([]document, error) {
	if !strings.HasSuffix(name, ".zip") {
		return nil, nil
	}
	z, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		return nil, err
	}
	var docs []document
	for _, f := range z.File {
		if f.Flags&1 != 0 {
			return nil, nil
		}
		r, err := f.Open()
		if err != nil {
			return nil, err
		}
		inside, err := io.ReadAll(r)
		if err != nil {
			return nil, err
		}
		docs = append(docs, document{f.Name, inside})
	}
	return docs, nil
}
