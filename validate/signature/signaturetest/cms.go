package signaturetest

import (
	"bytes"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"sort"
	"time"

	"okienko/validate/signature/der"
)

// CMS says how to sign octets.
type CMS struct {
	Time     time.Time // signing time; the zero value leaves it out, as podpis zaufany does
	Detached bool
	Stamp    *Signer // adds a signature time-stamp of Time
	// Attrs changes the signed attributes before they are signed; nil leaves them. Unsorted signs them in that order instead
	// of the order of DER, as some old programs did.
	Attrs    func([][]byte) [][]byte
	Unsorted bool
	// Of a PDF: WideGap leaves that many octets before /Contents out of the signed range; Begin is what the byte range says
	// its first number is; Extra stands in the dictionary before /Contents.
	WideGap, Begin int
	Extra          string
	// Counter adds a counter-signature of that signer.
	Counter *Signer
	tst     bool
}

var (
	oidData          = oid(1, 2, 840, 113549, 1, 7, 1)
	oidSigned        = oid(1, 2, 840, 113549, 1, 7, 2)
	oidTST           = oid(1, 2, 840, 113549, 1, 9, 16, 1, 4)
	oidSHA256        = oid(2, 16, 840, 1, 101, 3, 4, 2, 1)
	oidRSA           = oid(1, 2, 840, 113549, 1, 1, 11)
	oidECDSA         = oid(1, 2, 840, 10045, 4, 3, 2)
	oidContentType   = oid(1, 2, 840, 113549, 1, 9, 3)
	oidDigest        = oid(1, 2, 840, 113549, 1, 9, 4)
	oidTime          = oid(1, 2, 840, 113549, 1, 9, 5)
	oidSigningCertV2 = oid(1, 2, 840, 113549, 1, 9, 16, 2, 47)
	oidCounter       = oid(1, 2, 840, 113549, 1, 9, 6)
	oidStamp         = oid(1, 2, 840, 113549, 1, 9, 16, 2, 14)
)

func seq(parts ...[]byte) []byte        { return der.Append(nil, der.Sequence, parts...) }
func set(parts ...[]byte) []byte        { return der.Append(nil, der.Set, parts...) }
func octetString(b []byte) []byte       { return der.Append(nil, der.OctetString, b) }
func attribute(id, value []byte) []byte { return seq(id, set(value)) }

// Sign returns a SignedData over content.
func (c CMS) Sign(content []byte, s *Signer) ([]byte, error) {
	contentType := oidData
	if c.tst {
		contentType = oidTST
	}
	sum := sha256.Sum256(content)
	certSum := sha256.Sum256(s.Certificate.Raw)
	attrs := [][]byte{
		attribute(oidContentType, contentType),
		attribute(oidDigest, octetString(sum[:])),
		attribute(oidSigningCertV2, seq(seq(seq(octetString(certSum[:]))))),
	}
	if !c.Time.IsZero() && !c.tst {
		attrs = append(attrs, attribute(oidTime, der.Append(nil, der.UTCTime, []byte(c.Time.UTC().Format("060102150405Z")))))
	}
	if c.Attrs != nil {
		attrs = c.Attrs(attrs)
	}
	if !c.Unsorted {
		sort.Slice(attrs, func(i, j int) bool { return bytes.Compare(attrs[i], attrs[j]) < 0 })
	}
	value, err := s.sign(set(attrs...), false)
	if err != nil {
		return nil, err
	}
	alg := seq(oidECDSA)
	if _, ok := s.Key.(*rsa.PrivateKey); ok {
		alg = seq(oidRSA, []byte{der.Null, 0})
	}
	serial := der.Append(nil, der.Integer, intBytes(s.Certificate.SerialNumber.Bytes()))
	info := [][]byte{{der.Integer, 1, 1}, seq(s.Certificate.RawIssuer, serial), seq(oidSHA256), der.Append(nil, der.Explicit(0), attrs...), alg, octetString(value)}
	var unsigned [][]byte
	if c.Counter != nil {
		counter, err := c.Counter.counter(value)
		if err != nil {
			return nil, err
		}
		unsigned = append(unsigned, attribute(oidCounter, counter))
	}
	if c.Stamp != nil {
		token, err := c.Stamp.Token(value, c.Time)
		if err != nil {
			return nil, err
		}
		unsigned = append(unsigned, attribute(oidStamp, token))
	}
	if unsigned != nil {
		info = append(info, der.Append(nil, der.Explicit(1), unsigned...))
	}
	encap := [][]byte{contentType}
	if !c.Detached {
		encap = append(encap, der.Append(nil, der.Explicit(0), octetString(content)))
	}
	certs := [][]byte{s.Certificate.Raw}
	if c.Counter != nil {
		certs = append(certs, c.Counter.Certificate.Raw)
	}
	signed := seq([]byte{der.Integer, 1, 1}, set(seq(oidSHA256)), seq(encap...), der.Append(nil, der.Explicit(0), certs...), set(seq(info...)))
	return seq(oidSigned, der.Append(nil, der.Explicit(0), signed)), nil
}

// counter is the SignerInfo of a counter-signature over a signature value (RFC 5652 section 11.4).
func (s *Signer) counter(value []byte) ([]byte, error) {
	sum := sha256.Sum256(value)
	attrs := attribute(oidDigest, octetString(sum[:]))
	sig, err := s.sign(set(attrs), false)
	if err != nil {
		return nil, err
	}
	alg := seq(oidECDSA)
	if _, ok := s.Key.(*rsa.PrivateKey); ok {
		alg = seq(oidRSA, []byte{der.Null, 0})
	}
	serial := der.Append(nil, der.Integer, intBytes(s.Certificate.SerialNumber.Bytes()))
	return seq([]byte{der.Integer, 1, 1}, seq(s.Certificate.RawIssuer, serial), seq(oidSHA256), der.Append(nil, der.Explicit(0), attrs), alg, octetString(sig)), nil
}

func intBytes(b []byte) []byte {
	if len(b) == 0 || b[0]&0x80 != 0 {
		return append([]byte{0}, b...)
	}
	return b
}

// Token makes an RFC 3161 time-stamp token over octets.
func (s *Signer) Token(octets []byte, at time.Time) ([]byte, error) {
	sum := sha256.Sum256(octets)
	info := seq([]byte{der.Integer, 1, 1}, oid(1, 2, 3, 4), seq(seq(oidSHA256), octetString(sum[:])), []byte{der.Integer, 1, 7},
		der.Append(nil, der.GenTime, []byte(at.UTC().Format("20060102150405Z"))))
	return CMS{tst: true}.Sign(info, s)
}

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
	out := Update(pdf, map[int]string{
		1:  "<< /Type /Catalog /Pages 2 0 R /AcroForm << /SigFlags 3 /Fields [10 0 R] >> >>",
		3:  "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> /Annots [10 0 R] >>",
		10: "<< /Type /Annot /Subtype /Widget /FT /Sig /T (Podpis1) /V 11 0 R /P 3 0 R /Rect [0 0 0 0] /F 132 >>",
		11: dict,
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
