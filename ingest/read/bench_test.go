package read

import (
	"bytes"
	"fmt"
	"os/exec"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// BenchmarkStart is what a new child pays for the PDF engine when the cache is warm.
func BenchmarkStart(b *testing.B) {
	newReader(b)
	defer reportCPU(b)()
	for b.Loop() {
		r := New(Options{CacheDir: cacheDir()})
		if err := r.Prepare(); err != nil {
			b.Fatal(err)
		}
		_ = r.Close()
	}
}

// BenchmarkMail is a letter of some paragraphs with one PDF of text, as an office gets them by the thousand. The target is
// 6 ms of processor time.
func BenchmarkMail(b *testing.B) {
	text := strings.Repeat("Zażółć gęślą jaźń, wnoszę o wydanie zaświadczenia o zameldowaniu.\n", 30)
	for _, bb := range []struct {
		name string
		body string
	}{
		{"without attachment", mailWith(text)},
		{"with a PDF of one page", mailWith(text, attached{"umowa.pdf", "application/pdf", padded(pdfOf(text), 40<<10)})},
		{"with a PDF of three pages", mailWith(text, attached{"umowa.pdf", "application/pdf", padded(pdfOf(text, text, text), 100<<10)})},
	} {
		b.Run(bb.name, func(b *testing.B) {
			r := newReader(b)
			if err := r.Prepare(); err != nil {
				b.Fatal(err)
			}
			defer reportCPU(b)()
			for b.Loop() {
				examine(b, r, "message.eml", "message/rfc822", []byte(bb.body))
			}
		})
	}
}

// reportCPU reports processor time a round, which a busy machine does not distort as it does the clock.
func reportCPU(b *testing.B) func() {
	start := cpuTime()
	return func() { b.ReportMetric(float64((cpuTime()-start).Microseconds())/1000/float64(b.N), "cpu-ms/op") }
}

func cpuTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// padded makes a PDF as large as real ones are: fonts and logos weigh more than words.
func padded(pdf []byte, size int) []byte {
	if len(pdf) >= size {
		return pdf
	}
	return append(pdf, []byte("\n%"+strings.Repeat("x", size-len(pdf)-2))...)
}

// attached is one attachment of a mail made for a test.
type attached struct {
	name, media string
	data        []byte
}

// mailWith makes a mail in Polish with attachments.
func mailWith(text string, files ...attached) string {
	var b strings.Builder
	b.WriteString("From: Jan Kowalski <jan@poczta.example>\r\nTo: podania@um.example\r\nSubject: =?utf-8?q?Wniosek_o_za=C5=9Bwiadczenie?=\r\n" +
		"Date: Mon, 9 Nov 2026 10:00:00 +0100\r\nMessage-ID: <1@poczta.example>\r\nMIME-Version: 1.0\r\n" +
		"Content-Type: multipart/mixed; boundary=\"=-=-=\"\r\n\r\n--=-=-=\r\nContent-Type: text/plain; charset=utf-8\r\n" +
		"Content-Transfer-Encoding: base64\r\n\r\n" + encode64([]byte(text)) + "\r\n")
	for _, f := range files {
		fmt.Fprintf(&b, "--=-=-=\r\nContent-Type: %s; name=\"%s\"\r\nContent-Disposition: attachment; filename=\"%s\"\r\n"+
			"Content-Transfer-Encoding: base64\r\n\r\n%s\r\n", f.media, f.name, f.name, encode64(f.data))
	}
	return b.String() + "--=-=-=--\r\n"
}

// BenchmarkPDFText reads the text of twenty PDFs, and has pdftotext read the same ones, one at a time.
func BenchmarkPDFText(b *testing.B) {
	text := strings.Repeat("Zażółć gęślą jaźń, wnoszę o wydanie zaświadczenia o zameldowaniu.\n", 30)
	var files [][]byte
	for n := range 20 {
		files = append(files, pdfOf(slices.Repeat([]string{text}, 1+n%5)...))
	}
	b.Run("okienko", func(b *testing.B) {
		r := newReader(b)
		if err := r.Prepare(); err != nil {
			b.Fatal(err)
		}
		for b.Loop() {
			for _, f := range files {
				doc, err := r.pdf.open(f)
				if err != nil {
					b.Fatal(err)
				}
				n, err := doc.pages()
				for i := range n {
					var page string
					if page, err = doc.pageText(i); page == "" {
						b.Fatal("no text")
					}
				}
				if err != nil {
					b.Fatal(err)
				}
				doc.close()
			}
		}
	})
	b.Run("pdftotext", func(b *testing.B) {
		for b.Loop() {
			for _, f := range files {
				cmd := exec.Command("pdftotext", "-", "-")
				cmd.Stdin = bytes.NewReader(f)
				if out, err := cmd.Output(); err != nil || len(out) == 0 {
					b.Fatalf("pdftotext (Debian package poppler-utils): %d bytes, %v", len(out), err)
				}
			}
		}
	})
}
