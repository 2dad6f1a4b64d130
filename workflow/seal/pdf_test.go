package seal_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"codeberg.org/go-pdf/fpdf"

	"okienko/validate"
	"okienko/validate/signature"
	"okienko/validate/signature/signaturetest"
	"okienko/validate/signature/trust"
	"okienko/workflow/seal"
)

var at = time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)

type keys struct {
	authority *signaturetest.Authority
	seal      seal.Seal
	curve     seal.Seal // of a kind that cannot seal
}

var made = sync.OnceValues(func() (k keys, err error) {
	if k.authority, err = signaturetest.NewAuthority("TEST CA pieczęci"); err != nil {
		return k, err
	}
	rsa, err := k.authority.MinisterSeal()
	if err != nil {
		return k, err
	}
	ec, err := k.authority.Company("TEST urząd")
	if err != nil {
		return k, err
	}
	k.seal, k.curve = seal.Seal{Certificate: rsa.Certificate, Key: rsa.Key}, seal.Seal{Certificate: ec.Certificate, Key: ec.Key}
	return k, nil
})

func testKeys(t testing.TB) keys {
	t.Helper()
	k, err := made()
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// paper is a PDF of so many pages, compressed or not.
func paper(t testing.TB, pages int, compressed bool) []byte {
	t.Helper()
	doc := fpdf.New("P", "mm", "A4", "")
	doc.SetCompression(compressed)
	doc.SetTitle("Wezwanie", true)
	for range pages {
		doc.AddPage()
		doc.SetFont("Helvetica", "", 12)
		doc.Cell(40, 10, "Wzywam do uzupelnienia.")
	}
	var b bytes.Buffer
	if err := doc.Output(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func sealed(t testing.TB, doc []byte) []byte {
	t.Helper()
	raw, err := testKeys(t).seal.PDF(doc, "Pieczęć elektroniczna urzędu", at)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// TestASealedPDFHolds: our own examination and that of poppler accept the file, and neither a changed one.
func TestASealedPDFHolds(t *testing.T) {
	t.Parallel()
	k := testKeys(t)
	trusted, err := trust.New(map[string][]byte{"ca.pem": k.authority.PEM()})
	if err != nil {
		t.Fatal(err)
	}
	for _, pages := range []int{1, 3} {
		plain := paper(t, pages, pages == 3)
		good := sealed(t, plain)
		if !bytes.HasPrefix(good, plain) {
			t.Error("what was sealed is not what was given")
		}
		e := signature.Examine(signature.File{Name: "pismo.pdf", Bytes: good}, signature.Options{Trust: trusted, Now: at})
		if len(e.Signatures) != 1 {
			t.Fatalf("%d pages: %+v", pages, e)
		}
		if s := e.Signatures[0]; !s.Intact || s.Profile != "PAdES_BASELINE_B" || s.Indication != validate.TotalPassed || s.SigningTime == nil || !s.SigningTime.Equal(at) {
			t.Errorf("%d pages: %+v", pages, s)
		}
		bad := bytes.Replace(good, []byte("/Count"), []byte("/Kount"), 1)
		if e := signature.Examine(signature.File{Name: "pismo.pdf", Bytes: bad}, signature.Options{Now: at}); len(e.Signatures) != 0 && e.Signatures[0].Intact {
			t.Error("a changed document passes")
		}
		if out := pdfsig(t, good); !strings.Contains(out, "Signature is Valid") || !strings.Contains(out, "Total document signed") {
			t.Errorf("pdfsig of %d pages:\n%s", pages, out)
		}
		if out := pdfsig(t, bytes.Replace(good, []byte("/Lang"), []byte("/Long"), 1)); bytes.Contains(good, []byte("/Lang")) && strings.Contains(out, "Signature is Valid") {
			t.Errorf("pdfsig accepts a changed document:\n%s", out)
		}
	}
}

func pdfsig(t *testing.T, doc []byte) string {
	t.Helper()
	program, err := exec.LookPath("pdfsig")
	if err != nil {
		t.Fatal("pdfsig is needed: Debian package poppler-utils")
	}
	file := filepath.Join(t.TempDir(), "d.pdf")
	if err := os.WriteFile(file, doc, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(program, "-nocert", file).CombinedOutput()
	if err != nil {
		t.Logf("pdfsig: %v", err)
	}
	return string(out)
}

func TestWhatCannotBeSealedIsAnError(t *testing.T) {
	t.Parallel()
	k, doc := testKeys(t), paper(t, 1, true)
	for _, tt := range []struct {
		name string
		seal seal.Seal
		doc  []byte
	}{
		{"no key", seal.Seal{}, doc},
		{"a key of another kind", k.curve, doc},
		{"nothing", k.seal, nil},
		{"no PDF", k.seal, []byte("pismo")},
		{"a PDF that is cut off", k.seal, doc[:len(doc)-8]},
		{"a PDF with a cross-reference stream", k.seal, signaturetest.StreamPDF("pismo", false)},
		{"a PDF that is sealed already", k.seal, sealed(t, doc)},
	} {
		if raw, err := tt.seal.PDF(tt.doc, "", at); err == nil {
			t.Errorf("%s: %d octets and no error", tt.name, len(raw))
		}
	}
}

// Whatever the bytes, what is sealed begins with them and holds.
func FuzzPDF(f *testing.F) {
	f.Add(paper(f, 1, false))
	f.Add(signaturetest.PlainPDF("pismo"))
	f.Add([]byte("xref\n0 1\ntrailer << /Root 0 0 R /Size 1 >> startxref\n0\n%%EOF"))
	k := testKeys(f)
	f.Fuzz(func(t *testing.T, doc []byte) {
		raw, err := k.seal.PDF(doc, "x", at)
		if err == nil && !bytes.HasPrefix(raw, doc) {
			t.Error("the document was changed")
		}
	})
}
