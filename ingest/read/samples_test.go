package read

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"okienko/ingest"
)

// TestEveryPartOfEverySampleIsFound counts the attachments of the sample submissions in a way of its own, by the marks that
// stand in the raw bytes, and compares.
func TestEveryPartOfEverySampleIsFound(t *testing.T) {
	t.Parallel()
	dir, ok := shared(t, "samples")
	if !ok {
		return
	}
	r := newReader(t)
	files, err := filepath.Glob(filepath.Join(dir, "*", "s*-01.*"))
	if err != nil {
		t.Fatal(err)
	}
	letters, err := filepath.Glob(filepath.Join(dir, "*", "submission.*"))
	if err != nil {
		t.Fatal(err)
	}
	if len(files)+len(letters) != 48 {
		t.Fatalf("%d samples, want 48", len(files)+len(letters))
	}
	for _, f := range append(files, letters...) {
		data, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		checkSample(t, r, f, data)
	}
}

func checkSample(t *testing.T, r *Reader, path string, data []byte) {
	name := filepath.Base(filepath.Dir(path))
	media, want, withText := "", 0, false
	switch filepath.Ext(path) {
	case ".eml":
		media, withText = "message/rfc822", true
		want = bytes.Count(data, []byte("Content-Disposition: attachment")) + bytes.Count(data, []byte("message/delivery-status")) +
			bytes.Count(data, []byte("Content-Type: message/rfc822"))
	case ".xml":
		media, withText = "application/xml", true
		want = bytes.Count(data, []byte("<str:DaneZalacznika"))
	}
	c := examine(t, r, filepath.Base(path), media, data).Contents
	got := 0
	for _, d := range c.Readings[1:] {
		if !strings.Contains(d.Document.ID, ".") {
			got++
		}
		if !d.Document.Digest.Valid() || d.Document.Bytes == 0 || d.Document.Name == "" {
			t.Errorf("%s: document %+v", name, d.Document)
		}
		if (d.Text == "") != (d.TextFrom == ingest.TextNone) {
			t.Errorf("%s: document %s has text %q from %s", name, d.Document.ID, d.Text, d.TextFrom)
		}
	}
	if got != want {
		t.Errorf("%s: %d documents, want %d", name, got, want)
	}
	if has := c.Readings[0].Text != ""; has != withText {
		t.Errorf("%s: text of the letter is %q", name, c.Readings[0].Text)
	}
	if withText && (c.Letter.Subject == "" || c.Letter.From.Name+c.Letter.From.Address == "" || c.Letter.Date.IsZero()) {
		t.Errorf("%s: head %+v", name, c.Letter)
	}
	if want := map[string]string{"uk": "uk", "en": "en"}[labelled(t, path, "language")]; withText && name != "em-zwrotka" && want != "" && c.Letter.Language != want {
		t.Errorf("%s: language %q, want %q", name, c.Letter.Language, want)
	}
}

// labelled reads one simple label of a sample's case.yaml.
func labelled(t *testing.T, path, key string) string {
	data, err := os.ReadFile(filepath.Join(filepath.Dir(path), "case.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range strings.Split(string(data), "\n") {
		if v, ok := strings.CutPrefix(l, key+": "); ok {
			return v
		}
	}
	return ""
}

// TestSampleTexts looks for words that only careful reading brings out.
func TestSampleTexts(t *testing.T) {
	t.Parallel()
	dir, ok := shared(t, "samples")
	if !ok {
		return
	}
	r := newReader(t)
	for _, tt := range []struct{ file, document, words, what string }{
		{"em-udip-slupki/submission.eml", "0", "słupków blokujących", "windows-1250"},
		{"em-skarga-okienko/submission.eml", "0", "wzruszyła ramionami", "ISO-8859-2"},
		{"em-odpady-html/submission.eml", "0", "jest\t49", "a table in HTML"},
		{"em-in1-docx/submission.eml", "1", "PESEL\t87120137511", "a table in Word"},
		{"em-zlomowanie-zip/submission.eml", "1.3", "wyrejestrowanie KR6814C", "a PDF in a ZIP"},
		{"em-dwie-sprawy/submission.eml", "1", "Kwota 17,00 PLN", "a PDF"},
		{"ep-podatek-i-smieci/submission.xml", "1", "Grunty pozostałe (m²) 612", "the second page of a PDF in ePUAP XML"},
		{"ep-zbycie-astra/submission.xml", "0", "Nabywca: Tomasz Widła", "ePUAP XML"},
	} {
		data, err := os.ReadFile(filepath.Join(dir, tt.file))
		if err != nil {
			t.Fatal(err)
		}
		media := "message/rfc822"
		if strings.HasSuffix(tt.file, ".xml") {
			media = "application/xml"
		}
		found := false
		for _, rd := range examine(t, r, filepath.Base(tt.file), media, data).Contents.Readings {
			found = found || rd.Document.ID == tt.document && strings.Contains(rd.Text, tt.words)
		}
		if !found {
			t.Errorf("%s: %q (%s) is not in document %s", tt.file, tt.words, tt.what, tt.document)
		}
	}
}
