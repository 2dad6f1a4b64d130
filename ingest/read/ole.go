package read

import (
	"bytes"
	"strings"
	"unicode/utf16"

	"golang.org/x/text/encoding/charmap"

	"okienko/ingest"
)

// readOLE looks at the binary formats of Microsoft Office before 2007, and at password-protected files of the later ones,
// which are wrapped in the same container. Old forms are still in use, so the text of Word files is scraped: runs of
// letters, in the order they lie in the file.
func readOLE(w *walker, at int, it item) {
	data := it.file.data
	if bytes.Contains(data, utf16Name("EncryptedPackage")) || bytes.Contains(data, utf16Name("EncryptionInfo")) {
		w.problem(at, ingest.ProblemEncrypted, "password-protected")
		return
	}
	detail := "an old binary Office format"
	if w.deep && bytes.Contains(data, utf16Name("WordDocument")) {
		w.setText(at, scrape(data))
		detail = "an old binary Word format: its text is scraped and may be incomplete or out of order"
	}
	w.problem(at, ingest.ProblemUnsupported, detail)
}

func utf16Name(s string) []byte {
	b := make([]byte, 0, 2*len(s))
	for _, c := range utf16.Encode([]rune(s)) {
		b = append(b, byte(c), byte(c>>8))
	}
	return b
}

// shortestRun is how many letters in a row are taken for text and not for chance.
const shortestRun = 24

// scrape returns the runs of text in a Word file, which keeps it as UTF-16 or, without Polish letters, in windows-1252.
func scrape(data []byte) string {
	var out strings.Builder
	for i := 0; i < len(data) && out.Len() < maxText; {
		n, text := wideRun(data[i:])
		if n == 0 {
			n, text = narrowRun(data[i:])
		}
		if n == 0 {
			i++
			continue
		}
		out.WriteString(text + "\n")
		i += n
	}
	return tidyTable(out.String())
}

// wideRun reads UTF-16, little-endian.
func wideRun(b []byte) (n int, text string) {
	var units []uint16
	for n+1 < len(b) {
		u := uint16(b[n]) | uint16(b[n+1])<<8
		if u > 0x17F && (u < 0x2010 || u > 0x2026) && u != 0x2022 || !isWordChar(byte(u), u > 0xFF) {
			break
		}
		units = append(units, u)
		n += 2
	}
	if len(units) < shortestRun || !bytes.Contains(b[:n], []byte{' ', 0}) {
		return 0, ""
	}
	return n, wordText(string(utf16.Decode(units)))
}

func narrowRun(b []byte) (n int, text string) {
	for n < len(b) && isWordChar(b[n], false) {
		n++
	}
	if n < 2*shortestRun || bytes.Count(b[:n], []byte{' '}) < n/20 {
		return 0, ""
	}
	return n, wordText(decodeWith(charmap.Windows1252, b[:n]))
}

// isWordChar: printable, or one of the marks Word puts between paragraphs, cells and lines.
func isWordChar(c byte, wide bool) bool {
	return wide || c >= ' ' && c != 0x7F || c == '\r' || c == '\t' || c == 7 || c == 11 || c == 12
}

func wordText(s string) string {
	return strings.NewReplacer("\r", "\n", "\a", "\t", "\v", "\n", "\f", "\n").Replace(s)
}
