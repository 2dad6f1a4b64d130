// Package pades owns signatures in PDF files (ISO 32000-1 section 12.8, ETSI EN 319 142): it finds the signature
// dictionaries, checks that their byte ranges cover what they must, hands the CMS inside to package cms, and says what was
// changed after each signature. It reads only the structure of a PDF; it renders nothing and decrypts nothing.
package pades

import (
	"bytes"
	"crypto"
	"fmt"
	"io"
	"sort"
	"strings"
	"time"
	"unicode/utf16"

	"okienko/validate/signature/cms"
	"okienko/validate/signature/keys"
	"okienko/validate/signature/sig"
)

const maxSignatures = 100

// Options is what a file is verified with.
type Options struct {
	Name  string
	Certs []*keys.Certificate
	Keep  bool // keep the digested octets in sig.Covered.Bytes
}

// Verify examines every signature in a PDF. Document time-stamps are not signatures: they are given to the signatures they
// cover.
func Verify(raw []byte, opt Options) ([]*sig.Signature, error) {
	f, err := open(raw)
	if err != nil {
		return nil, err
	}
	list := f.fields()
	if len(list) > maxSignatures {
		return nil, fmt.Errorf("more than %d signatures in one PDF", maxSignatures)
	}
	e := &examination{f: f, opt: opt, stored: map[string]int{}}
	for _, fd := range list {
		e.field(fd)
	}
	for i, s := range e.found {
		s.Timestamps = append(s.Timestamps, e.stampsAfter(e.ends[i])...)
		e.addValidationData(s)
		e.level(i)
	}
	e.laterChanges()
	return e.found, nil
}

// examination collects what one file holds.
type examination struct {
	f      *file
	opt    Options
	found  []*sig.Signature
	ends   []int // how far into the file the signed range of each reaches
	about  []about
	stamps []docStamp
	stored map[string]int // where the contents of the document security store lie
}

// about is what the level of a signature depends on beside its CMS.
type about struct {
	attrs     cms.Attributes
	subFilter object
	time      bool
	reason    bool
}

func (e *examination) field(fd field) {
	f := e.f
	if t, ok := f.documentStamp(fd); ok {
		e.stamps = append(e.stamps, t)
		return
	}
	if f.deref(fd.dict["SubFilter"]) == name("ETSI.RFC3161") {
		return
	}
	r, contents, problem := f.rangeOf(fd.dict)
	m, err := cms.Parse(contents.b)
	if len(contents.b) == 0 || err != nil {
		return // no CMS: nothing here is a signature
	}
	end := 0
	if problem == "" {
		end = r.c + r.d
	}
	_, timed := f.deref(fd.dict["M"]).(str)
	for _, s := range f.verify(fd, m, r, contents, problem, e.opt) {
		e.found, e.ends = append(e.found, s), append(e.ends, end)
		e.about = append(e.about, about{m.Attributes(), f.deref(fd.dict["SubFilter"]), timed, fd.dict["Reason"] != nil})
	}
}

// verify examines the CMS of one signature dictionary.
func (f *file) verify(fd field, m *cms.Message, r byteRange, contents str, problem string, opt Options) []*sig.Signature {
	copt := cms.Options{Form: "PAdES", Name: opt.Name, Certs: opt.Certs}
	var signed []byte
	if problem == "" {
		signed = append(append(make([]byte, 0, r.b+r.d), f.buf[:r.b]...), f.buf[r.c:r.c+r.d]...)
		copt.Contents = []sig.Content{{Name: opt.Name, Bytes: signed}}
		problem = f.contentFits(m, fd.dict, signed)
	}
	sigs := m.Verify(copt)
	for _, s := range sigs {
		if f.gapIs(r, contents) {
			f.describe(fd, s)
		} else if problem == "" {
			s.Warn("dictionary-replaced", "") // what the dictionary says now is not what was signed
		}
		if problem != "" && !s.Counter {
			s.Broken, s.Problem = true, problem
		}
		if !s.Counter {
			s.Covers = []sig.Covered{{Name: opt.Name}}
			if opt.Keep {
				s.Covers[0].Bytes = signed
			}
		}
	}
	return sigs
}

// contentFits checks an enveloped content: the SHA-1 of the range in adbe.pkcs7.sha1, else the range itself.
func (f *file) contentFits(m *cms.Message, d dict, signed []byte) string {
	if !m.HasContent {
		return ""
	}
	if f.deref(d["SubFilter"]) == name("adbe.pkcs7.sha1") {
		if !bytes.Equal(m.Content, keys.Sum(crypto.SHA1, signed)) {
			return "the digest inside the signature is not that of the document"
		}
		return ""
	}
	if !bytes.Equal(m.Content, signed) {
		return "the signature covers another content than the document"
	}
	return ""
}

// describe takes from the dictionary what the CMS does not say; it lies inside the signed range.
func (f *file) describe(fd field, s *sig.Signature) {
	s.ID = fd.label
	if s.SigningTime == nil {
		if t, ok := f.deref(fd.dict["M"]).(str); ok {
			if at, ok := pdfTime(string(t.b)); ok {
				s.SigningTime = &at
			}
		}
	}
	if reason, ok := f.deref(fd.dict["Reason"]).(str); ok {
		s.Role = roleFromReason(text(reason.b))
	}
}

// roleFromReason reads the person from the reason podpis zaufany writes: "Opatrzono pieczęcią ministra … w imieniu: JAN
// TESTOWY, PESEL: 00000000000, PZ ID: login".
func roleFromReason(reason string) *sig.Role {
	_, rest, ok := strings.Cut(reason, "w imieniu:")
	if !ok {
		return nil
	}
	r := &sig.Role{}
	for i, p := range strings.Split(rest, ",") {
		p = strings.TrimSpace(p)
		label, value, labelled := strings.Cut(p, ":")
		switch {
		case i == 0 && !labelled:
			given, family, _ := cutLast(p)
			r.GivenName, r.FamilyName = given, family
		case strings.TrimSpace(label) == "PESEL":
			r.PESEL = strings.TrimSpace(value)
		case strings.TrimSpace(label) == "PZ ID":
			r.System = strings.TrimSpace(value)
		}
	}
	return r
}

func cutLast(s string) (before, after string, ok bool) {
	i := strings.LastIndexByte(s, ' ')
	if i < 0 {
		return "", s, false
	}
	return s[:i], s[i+1:], true
}

// text decodes a text string: UTF-16 with byte order mark, UTF-8 with its mark, else Latin-1 as an approximation of
// PDFDocEncoding.
func text(b []byte) string {
	switch {
	case bytes.HasPrefix(b, []byte{0xFE, 0xFF}):
		var u []uint16
		for i := 2; i+1 < len(b); i += 2 {
			u = append(u, uint16(b[i])<<8|uint16(b[i+1]))
		}
		return string(utf16.Decode(u))
	case bytes.HasPrefix(b, []byte{0xEF, 0xBB, 0xBF}):
		return strings.ToValidUTF8(string(b[3:]), "\uFFFD")
	}
	r := make([]rune, len(b))
	for i, c := range b {
		r[i] = rune(c)
	}
	return string(r)
}

// pdfTime reads "D:YYYYMMDDHHmmSSOHH'mm'".
func pdfTime(s string) (time.Time, bool) {
	s = strings.ReplaceAll(strings.TrimPrefix(s, "D:"), "'", "")
	if strings.HasSuffix(s, "Z0000") {
		s = strings.TrimSuffix(s, "0000")
	}
	for _, layout := range []string{"20060102150405-0700", "20060102150405Z", "20060102150405", "200601021504-0700"} {
		if t, err := time.Parse(layout, s); err == nil {
			return t.UTC(), true
		}
	}
	return time.Time{}, false
}

// docStamp is a document time-stamp and how far it reaches.
type docStamp struct {
	token sig.Timestamp
	end   int
}

func (f *file) documentStamp(fd field) (docStamp, bool) {
	t := f.deref(fd.dict["Type"])
	if f.deref(fd.dict["SubFilter"]) != name("ETSI.RFC3161") || t != name("DocTimeStamp") && t != nil {
		return docStamp{}, false
	}
	r, contents, problem := f.rangeOf(fd.dict)
	if problem != "" {
		return docStamp{token: sig.Timestamp{Kind: "document", Problem: problem}}, true
	}
	return docStamp{end: r.c + r.d, token: cms.Token("document", contents.b, func(w io.Writer) error {
		if _, err := w.Write(f.buf[:r.b]); err != nil {
			return err
		}
		_, err := w.Write(f.buf[r.c : r.c+r.d])
		return err
	})}, true
}

// stampsAfter are the document time-stamps whose range holds a signature that ends at end.
func (e *examination) stampsAfter(end int) []sig.Timestamp {
	var all []sig.Timestamp
	for _, t := range e.stamps {
		if end > 0 && t.end > end {
			all = append(all, t.token)
		}
	}
	return all
}

func sortInts(n []int) { sort.Ints(n) }
