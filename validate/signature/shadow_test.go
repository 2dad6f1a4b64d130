package signature_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"strings"
	"testing"

	"okienko/validate"
	"okienko/validate/signature"
	"okienko/validate/signature/signaturetest"
	"okienko/validate/signature/trust"
)

// TestShadowedPDFs: what was hidden in a PDF before it was signed does not come to light afterwards under the signature (the shadow
// attacks: hide, replace, and both). The signed range itself is untouched in every case, so the cryptography holds; the verdict
// must not.
func TestShadowedPDFs(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	hidden := signaturetest.Update(signaturetest.PlainPDF("Prosze o zaswiadczenie"), map[int]string{
		20: "<< /Length 44 >>\nstream\nBT /F1 12 Tf 72 770 Td (Zrzekam sie praw) Tj ET\nendstream",
		21: "<< /Type /Catalog /Pages 22 0 R >>",
		22: "<< /Type /Pages /Kids [23 0 R] /Count 1 >>",
		23: "<< /Type /Page /Parent 22 0 R /MediaBox [0 0 595 842] /Contents 20 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
	})
	signed := must(signaturetest.CMS{Time: signedAt}.SignPDF(hidden, jan.Reason(), o.person))(t)
	at := func(n int) int { return bytes.Index(signed, fmt.Appendf(nil, "\n%d 0 obj", n)) + 1 }
	form := "/AcroForm << /SigFlags 3 /Fields [10 0 R] >>"
	update := func(objects map[int]string) []byte { return signaturetest.Update(signed, objects) }
	swapped := func(n, by int) []byte { return appendXref(signed, fmt.Sprintf("%d 1\n%010d 00000 n \n", n, at(by)), 1) }
	for name, c := range map[string]struct {
		pdf  []byte
		want validate.Indication
		sub  string
	}{
		"as signed":                                   {signed, validate.TotalPassed, ""},
		"the hidden catalog becomes the root":         {appendXref(signed, "0 0\n", 21), "", ""},
		"the hidden pages under the catalog":          {update(map[int]string{1: "<< /Type /Catalog /Pages 22 0 R " + form + " >>"}), validate.TotalFailed, trust.FormatFailure},
		"the page shows the hidden content":           {update(map[int]string{3: "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 20 0 R /Resources << /Font << /F1 5 0 R >> >> /Annots [10 0 R] >>"}), validate.TotalFailed, trust.FormatFailure},
		"the cross-reference table swaps the content": {swapped(4, 20), validate.TotalFailed, trust.FormatFailure},
		"another font draws other letters":            {update(map[int]string{5: "<< /Type /Font /Subtype /Type3 /BaseFont /Helvetica >>"}), validate.TotalFailed, trust.FormatFailure},
		"the content is emptied":                      {update(map[int]string{4: "<< /Length 0 >>\nstream\n\nendstream"}), validate.TotalFailed, trust.FormatFailure},
		"the pages were never readable":               {signaturetest.Update(must(signaturetest.CMS{Time: signedAt}.SignPDF(signaturetest.Update(hidden, map[int]string{2: "null"}), jan.Reason(), o.person))(t), map[int]string{24: "null"}), validate.Indeterminate, trust.DataNotFound},
		"a page is taken away":                        {update(map[int]string{2: "<< /Type /Pages /Kids [] /Count 0 >>"}), validate.TotalFailed, trust.FormatFailure},
		"a script runs on opening":                    {update(map[int]string{1: "<< /Type /Catalog /Pages 2 0 R " + form + " /OpenAction << /S /JavaScript /JS (x) >> >>"}), validate.TotalFailed, trust.FormatFailure},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := o.examine(signature.File{Name: "pismo.pdf", Bytes: c.pdf}).Signatures
			if c.want == "" { // the form is gone with the catalog: then there is no signature to believe
				if len(got) != 0 {
					t.Errorf("%+v", got)
				}
				return
			}
			if len(got) != 1 || !got[0].Intact || got[0].Indication != c.want || got[0].SubIndication != c.sub {
				t.Errorf("want %s/%s: %+v", c.want, c.sub, got)
			}
		})
	}
}

// appendXref appends a revision of nothing but a cross-reference table.
func appendXref(pdf []byte, entries string, root int) []byte {
	prev := bytes.LastIndex(pdf, []byte("startxref\n"))
	number, _, _ := strings.Cut(string(pdf[prev+len("startxref\n"):]), "\n")
	return fmt.Appendf(bytes.Clone(pdf), "xref\n%strailer\n<< /Size 40 /Root %d 0 R /Prev %s >>\nstartxref\n%d\n%%%%EOF\n", entries, root, number, len(pdf))
}

// TestZipTricks: an archive that shows different programs different files is not examined, and that is said.
func TestZipTricks(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	a := [2]string{"wniosek.txt", "Proszę o odpis"}
	xml := [2]string{"META-INF/signatures.xml", string(must(signaturetest.XAdES{Time: signedAt, Detached: a[0], Content: []byte(a[1])}.Sign(nil, o.person))(t))}
	good := zipped(t, [2]string{"mimetype", asicE}, a, xml)
	at := func(mark string) int { return bytes.LastIndex(good, []byte(mark)) }
	end, directory := at("PK\x05\x06"), bytes.Index(good, []byte("PK\x01\x02"))
	evil := zipped(t, [2]string{"wniosek.txt", "Zrzekam się"})
	file := evil[:bytes.Index(evil, []byte("PK\x01\x02"))]
	hidden := append(append(append([]byte{}, good[:directory]...), file...), good[directory:]...)
	binary.LittleEndian.PutUint32(hidden[end+len(file)+16:], uint32(directory+len(file)))
	patched := func(offset int, b ...byte) []byte {
		z := bytes.Clone(good)
		copy(z[offset:], b)
		return z
	}
	first := bytes.Index(good, []byte("wniosek.txt"))
	for name, c := range map[string]struct {
		zip  []byte
		want string // "": examined
	}{
		"as it should be": {good, ""},
		"with a comment":  {append(patched(end+20, 5, 0), "uwaga"...), ""},
		"the file has another name before its content":      {patched(first+len("wniosek."), 'd', 'o', 'c'), `calls one file "wniosek.txt" and "wniosek.doc"`},
		"a file the directory does not list":                {hidden, "does not list"},
		"the directory points at nothing":                   {patched(directory+42, 9, 9, 0, 0), "does not fit"},
		"two entries of the directory point at one file":    {patched(bytes.Index(good[directory+1:], []byte("PK\x01\x02"))+directory+1+42, 0, 0, 0, 0), "calls one file"},
		"the directory is shorter than its end record says": {patched(end+12, 1, 0, 0, 0), "does not fit"},
		"a ZIP64 directory somewhere else":                  {patched(end+16, 0xFF, 0xFF, 0xFF, 0xFF), "ZIP64"},
		"a name that differs only in an invisible octet":    {zipped(t, [2]string{"mimetype", asicE}, a, [2]string{"wniosek.txt\x00", "inne"}, xml), "points outside"},
		"a name of Windows that leaves the archive":         {zipped(t, [2]string{"mimetype", asicE}, a, [2]string{`..\wniosek.txt`, "inne"}, xml), "points outside"},
		"an absolute name":                                  {zipped(t, [2]string{"mimetype", asicE}, a, [2]string{"/etc/wniosek.txt", "inne"}, xml), "points outside"},
		"encrypted":                                         {patched(directory+8, good[directory+8]|1), "encrypted"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := o.examine(signature.File{Name: "a.asice", Bytes: c.zip})
			if c.want == "" {
				if len(got.Signatures) != 1 || got.Signatures[0].Indication != validate.TotalPassed {
					t.Errorf("%+v", got)
				}
				return
			}
			if len(got.Signatures) != 0 || len(got.Problems) != 1 || !strings.Contains(got.Problems[0], c.want) {
				t.Errorf("%d signatures, problems %q, want %q", len(got.Signatures), got.Problems, c.want)
			}
		})
	}
}
