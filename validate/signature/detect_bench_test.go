package signature_test

import (
	"archive/zip"
	"bytes"
	"math/rand/v2"
	"testing"

	"okienko/validate/signature"
	"okienko/validate/signature/signaturetest"
)

// unsigned are attachments of an ordinary letter, of about a megabyte each, without any signature.
func unsigned(t testing.TB) map[string][]byte {
	noise := make([]byte, 1<<20)
	random := rand.NewChaCha8([32]byte{1})
	_, _ = random.Read(noise) // never fails
	pdf := signaturetest.PlainPDF("skan")
	pdf = append(pdf[:len(pdf):len(pdf)], noise...)
	var docx bytes.Buffer
	z := zip.NewWriter(&docx)
	for _, name := range []string{"[Content_Types].xml", "word/document.xml", "word/media/image1.jpeg"} {
		w, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Store})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(noise[:1<<19]); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return map[string][]byte{
		"skan.pdf": pdf, "zdjecie.jpg": append([]byte("\xFF\xD8\xFF\xE0\x00\x10JFIF\x00"), noise...), "wniosek.docx": docx.Bytes(),
		"dane.xml": bigLetter(1 << 20), "uwagi.txt": bytes.Repeat([]byte("Mam jeszcze jedno pytanie. "), 1<<20/27),
	}
}

// BenchmarkUnsigned is what every attachment without a signature costs, whatever its format.
func BenchmarkUnsigned(b *testing.B) {
	for name, raw := range unsigned(b) {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(raw)))
			b.ReportAllocs()
			for b.Loop() {
				if e := signature.ExamineAll([]signature.File{{Name: name, Bytes: raw}}, signature.Options{Now: received}); e.Signatures != nil {
					b.Fatal("a signature was found")
				}
			}
		})
	}
}

// TestUnsignedAttachmentsAreNotParsed: a file without the marks of a signature is looked through once and nothing is built of
// it, so it allocates next to nothing.
func TestUnsignedAttachmentsAreNotParsed(t *testing.T) { // not parallel: it counts allocations
	for name, raw := range unsigned(t) {
		got := testing.AllocsPerRun(5, func() {
			signature.ExamineAll([]signature.File{{Name: name, Bytes: raw}}, signature.Options{Now: received})
		})
		if got > 5 {
			t.Errorf("%s: %.0f allocations", name, got)
		}
	}
}
