package signaturetest

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"sort"
)

// PDF returns a one-page PDF with text, signed by s as podpis zaufany signs: ETSI.CAdES.detached, person in /Reason.
func (c CMS) PDF(line, reason string, s *Signer) ([]byte, error) {
	return c.SignPDF(PlainPDF(line), reason, s)
}

// PlainPDF is a one-page PDF with one line of ASCII text.
func PlainPDF(line string) []byte {
	var b bytes.Buffer
	var at []int
	obj := func(body string) {
		at = append(at, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", len(at), body)
	}
	b.WriteString("%PDF-1.7\n")
	obj("<< /Type /Catalog /Pages 2 0 R >>")
	obj("<< /Type /Pages /Kids [3 0 R] /Count 1 >>")
	obj("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>")
	content := fmt.Sprintf("BT /F1 12 Tf 72 770 Td (%s) Tj ET", line)
	obj(fmt.Sprintf("<< /Length %d >>\nstream\n%s\nendstream", len(content), content))
	obj("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>")
	xref := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(at)+1)
	for _, o := range at {
		fmt.Fprintf(&b, "%010d 00000 n \n", o)
	}
	fmt.Fprintf(&b, "trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(at)+1, xref)
	return b.Bytes()
}

// Update appends an incremental revision of objects by number; prev is the startxref it follows.
func Update(pdf []byte, objects map[int]string) []byte {
	b := bytes.NewBuffer(bytes.Clone(pdf))
	prev := bytes.LastIndex(pdf, []byte("startxref\n"))
	var prevAt int
	fmt.Sscanf(string(pdf[prev+len("startxref\n"):]), "%d", &prevAt)
	nums := make([]int, 0, len(objects))
	size := 20
	for n := range objects {
		nums = append(nums, n)
		size = max(size, n+1)
	}
	sort.Ints(nums)
	at := map[int]int{}
	for _, n := range nums {
		at[n] = b.Len()
		fmt.Fprintf(b, "%d 0 obj\n%s\nendobj\n", n, objects[n])
	}
	xref := b.Len()
	b.WriteString("xref\n")
	for _, n := range nums {
		fmt.Fprintf(b, "%d 1\n%010d 00000 n \n", n, at[n])
	}
	fmt.Fprintf(b, "trailer\n<< /Size %d /Root 1 0 R /Prev %d >>\nstartxref\n%d\n%%%%EOF\n", size, prevAt, xref)
	return b.Bytes()
}

const contentsSize = 9472

// SignPDF signs a file made by PlainPDF.
func (c CMS) SignPDF(pdf []byte, reason string, s *Signer) ([]byte, error) {
	hole := string(bytes.Repeat([]byte{'0'}, 2*contentsSize))
	dict := fmt.Sprintf("<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached /ByteRange [0 0000000000 0000000000 0000000000] %s /Contents <%s> /Reason <%s> /M (D:20260302101500Z) >>", c.Extra, hole, utf16Hex(reason))
	fields := ""
	for i := range c.Earlier + 1 {
		fields += fmt.Sprintf("%d 0 R ", 10+2*i)
	}
	n := 10 + 2*c.Earlier
	out := Update(pdf, map[int]string{
		1:     "<< /Type /Catalog /Pages 2 0 R /AcroForm << /SigFlags 3 /Fields [" + fields + "] >> >>",
		3:     "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> /Annots [" + fields + "] >>",
		n:     fmt.Sprintf("<< /Type /Annot /Subtype /Widget /FT /Sig /T (Podpis%d) /V %d 0 R /P 3 0 R /Rect [0 0 0 0] /F 132 >>", c.Earlier+1, n+1),
		n + 1: dict,
	})
	start := bytes.Index(out, []byte("/Contents <00000")) + len("/Contents ")
	end := start + len(hole) + 2
	r := fmt.Sprintf("[%d %010d %010d %010d]", c.Begin, start-c.WideGap, end, len(out)-end)
	copy(out[bytes.Index(out, []byte("[0 0000000000")):], r)
	c.Detached = true
	sig, err := c.Sign(append(bytes.Clone(out[:start-c.WideGap]), out[end:]...), s)
	if err != nil {
		return nil, err
	}
	if len(sig) > contentsSize {
		return nil, fmt.Errorf("a signature of %d octets, room is for %d", len(sig), contentsSize)
	}
	hex.Encode(out[start+1:], sig)
	return out, nil
}

// Reason is what podpis zaufany writes into /Reason.
func (r Role) Reason() string {
	return fmt.Sprintf("Opatrzono pieczęcią ministra właściwego do spraw informatyzacji w imieniu: %s %s, PESEL: %s, PZ ID: test", r.GivenName, r.FamilyName, r.PESEL)
}

func utf16Hex(s string) string {
	var b bytes.Buffer
	b.WriteString("FEFF")
	for _, r := range s {
		fmt.Fprintf(&b, "%04X", r)
	}
	return b.String()
}

// StreamPDF is PlainPDF as programs have written it since PDF 1.5: its catalog and page tree in an object stream, and a
// cross-reference stream. With hybrid, a table for older readers stands beside, which hides the object stream from them.
func StreamPDF(line string, hybrid bool) []byte {
	var b bytes.Buffer
	b.WriteString("%PDF-1.7\n")
	at := map[int]int{}
	put := func(n int, dict, stream string) {
		at[n] = b.Len()
		fmt.Fprintf(&b, "%d 0 obj\n<< %s /Length %d >>\nstream\n%s\nendstream\nendobj\n", n, dict, len(stream), stream)
	}
	packed := []string{"<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
		"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>"}
	head, body := "", ""
	for i, o := range packed {
		head += fmt.Sprintf("%d %d ", i+1, len(body))
		body += o + " "
	}
	put(4, "", "BT /F1 12 Tf 72 770 Td ("+line+") Tj ET")
	put(6, fmt.Sprintf("/Type /ObjStm /N %d /First %d", len(packed), len(head)), head+body)
	at[5] = b.Len()
	b.WriteString("5 0 obj\n<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>\nendobj\n")
	at[7] = b.Len()
	var rows bytes.Buffer
	for n := range 8 {
		switch {
		case n == 0:
			rows.Write([]byte{0, 0, 0, 0})
		case n <= len(packed):
			rows.Write([]byte{2, 0, 6, byte(n - 1)})
		default:
			rows.Write([]byte{1, byte(at[n] >> 8), byte(at[n]), 0})
		}
	}
	put(7, "/Type /XRef /Size 8 /Root 1 0 R /W [1 2 1]", rows.String())
	start := at[7]
	if hybrid {
		start = b.Len()
		fmt.Fprintf(&b, "xref\n0 8\n0000000000 65535 f \n%s%010d 00000 n \n%010d 00000 n \n0000000000 00000 f \n0000000000 00000 f \ntrailer\n<< /Size 8 /Root 1 0 R /XRefStm %d >>\n",
			"0000000000 00000 f \n0000000000 00000 f \n0000000000 00000 f \n", at[4], at[5], at[7])
	}
	fmt.Fprintf(&b, "startxref\n%d\n%%%%EOF\n", start)
	return b.Bytes()
}
