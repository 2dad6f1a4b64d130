package torture_test

import (
	"archive/zip"
	"bytes"
	"encoding/base64"
	"fmt"
	"image"
	_ "image/png"
	"net/mail"
	"os"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"okienko/testdata/torture"
)

func mails(t *testing.T) []torture.Mail {
	t.Helper()
	all, err := torture.Mails()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestTheIndexNamesEveryMailOnce(t *testing.T) {
	t.Parallel()
	all := mails(t)
	if len(all) < 60 {
		t.Errorf("%d mails, want at least 60", len(all))
	}
	seen := map[string]string{}
	for _, m := range all {
		if m.What == "" || strings.ContainsAny(m.What, "\t\r") {
			t.Errorf("%s: the index says %q", m.Name, m.What)
		}
		if other := seen[string(m.Raw)]; other != "" {
			t.Errorf("%s has the same bytes as %s", m.Name, other)
		}
		seen[string(m.Raw)] = m.Name
	}
	files, err := os.ReadDir("mails")
	if err != nil || len(files) != len(all)+1 {
		t.Errorf("%d files beside the index, which names %d (%v)", len(files)-1, len(all), err)
	}
}

func TestEveryDomainIsInvented(t *testing.T) {
	t.Parallel()
	// in a name pattern only what looks like a sender or link; "example" alone and IP literals are part of the tricks
	pattern := regexp.MustCompile(`(?:[a-z]@|https?://)([\p{L}\d-]+(?:\.[\p{L}\d-]+)+)`)
	for _, m := range mails(t) {
		for _, found := range pattern.FindAllStringSubmatch(string(m.Raw), -1) {
			if !strings.HasSuffix(found[1], ".example") && found[1] != "www.w3.org" {
				t.Errorf("%s: domain %q does not end in .example", m.Name, found[1])
			}
		}
	}
}

// TestTheMailsAreAsWrongAsTheySay looks at those whose claim can be counted.
func TestTheMailsAreAsWrongAsTheySay(t *testing.T) {
	t.Parallel()
	raw := map[string][]byte{}
	for _, m := range mails(t) {
		raw[m.Name] = m.Raw
	}
	count := func(name, words string) int { return bytes.Count(raw[name], []byte(words)) }
	_, _, pngErr := image.DecodeConfig(bytes.NewReader(file(t, raw["png-gigapixels"])))
	for _, tt := range []struct {
		claim string
		got   any
		want  any
	}{
		{"empty is empty", len(raw["empty"]), 0},
		{"only CR", count("only-cr", "\n"), 0},
		{"only LF", count("only-lf", "\r"), 0},
		{"no From", count("no-from", "From:"), 0},
		{"two From", count("two-from", "From:"), 2},
		{"ten thousand recipients and the office", count("ten-thousand-recipients", "@b.example"), 10_000},
		{"multiparts 200 deep", count("nested-200", "multipart/mixed"), 200},
		{"mails 60 deep", count("nested-mails-60", "message/rfc822"), 60},
		{"windows-1250 is no UTF-8", utf8.Valid(raw["charset-false"]), false},
		{"the boundary is not closed", count("boundary-not-closed", "--b--"), 0},
		{"a file called passwd", count("name-passwd", `"../../etc/passwd"`), 1},
		{"the bomb has ten million bytes", unpacked(t, raw["zip-bomb"]), uint64(10_000_000)},
		{"the liar says four thousand million", unpacked(t, raw["zip-lies-about-size"]), uint64(0xfffffffe)},
		{"the picture is huge and well-formed so far", fmt.Sprint(width(t, raw["png-gigapixels"]), pngErr), "60000 <nil>"},
	} {
		if tt.got != tt.want {
			t.Errorf("%s: got %v, want %v", tt.claim, tt.got, tt.want)
		}
	}
}

// TestAStrictReaderRefusesMany tells that the collection bites: a strict reader gives up on some and reads others.
func TestAStrictReaderRefusesMany(t *testing.T) {
	t.Parallel()
	refused := 0
	for _, m := range mails(t) {
		parsed, err := mail.ReadMessage(bytes.NewReader(m.Raw))
		if err == nil {
			_, err = mail.ParseAddress(parsed.Header.Get("From"))
		}
		if err != nil {
			refused++
		}
	}
	t.Logf("net/mail refuses header or sender of %d of %d", refused, len(mails(t)))
	if refused < 10 {
		t.Errorf("only %d mails are refused, want at least 10", refused)
	}
}

// file is the attached file of a mail of the collection.
func file(t *testing.T, raw []byte) []byte {
	t.Helper()
	_, after, _ := bytes.Cut(raw, []byte("Content-Disposition: attachment"))
	_, body, _ := bytes.Cut(after, []byte("\r\n\r\n"))
	body, _, _ = bytes.Cut(body, []byte("\r\n--b"))
	content, err := base64.StdEncoding.DecodeString(strings.ReplaceAll(strings.TrimSpace(string(body)), "\r\n", ""))
	if err != nil {
		t.Fatal(err)
	}
	return content
}

// unpacked is the size a ZIP's first member claims to have.
func unpacked(t *testing.T, raw []byte) uint64 {
	t.Helper()
	content := file(t, raw)
	z, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		t.Fatal(err)
	}
	return z.File[0].UncompressedSize64
}

func width(t *testing.T, raw []byte) int {
	t.Helper()
	config, _, _ := image.DecodeConfig(bytes.NewReader(file(t, raw)))
	return config.Width
}
