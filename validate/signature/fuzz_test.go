package signature_test

import (
	"bytes"
	"testing"

	"okienko/validate/signature"
	"okienko/validate/signature/signaturetest"
)

// The invariant of every target here: nobody but the holder of a key can make a signature, so whatever is done to a signed
// file, a signature reported intact covers the sentence that was signed, and nothing else. (The keys are made anew in every
// process; the sentence is the same in all of them.)

const sentence = "Prosze o odpis aktu urodzenia"

func fuzzFile(f *testing.F, name string, seeds [][]byte, covers func([]byte) bool) {
	for _, s := range seeds {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		e := signature.Examine(signature.File{Name: name, Bytes: raw}, signature.Options{Now: received, Keep: true, Content: []signature.Content{{Name: "pismo.txt", Bytes: []byte(sentence)}}})
		for _, s := range e.Signed {
			r := e.Signatures[s.Signature]
			if !r.Intact {
				t.Fatal("content of a broken signature is offered as signed")
			}
			if !r.Counter && !covers(s.Bytes) {
				t.Fatalf("an intact signature covers %q", s.Bytes)
			}
		}
	})
}

func FuzzXML(f *testing.F) {
	o := newOffice(f)
	doc := []byte(`<pismo xmlns="urn:p"><tresc>` + sentence + `</tresc></pismo>`)
	pz := must(signaturetest.XAdES{Time: signedAt, Role: jan}.Sign(doc, o.minister))(f)
	twice := must(signaturetest.XAdES{Time: signedAt, ID: "s2", Stamp: o.stamper}.Sign(pz, o.person))(f)
	detached := must(signaturetest.XAdES{Time: signedAt, Detached: "pismo.txt", Content: []byte(sentence)}.Sign(nil, o.person))(f)
	enveloping := must(signaturetest.Enveloping(sentence, o.person))(f)
	fuzzFile(f, "a.xml", [][]byte{pz, twice, detached, enveloping}, func(b []byte) bool { return bytes.Contains(b, []byte(sentence)) })
}

func FuzzCMS(f *testing.F) {
	o := newOffice(f)
	attached := must(signaturetest.CMS{Time: signedAt, Stamp: o.stamper}.Sign([]byte(sentence), o.person))(f)
	detached := must(signaturetest.CMS{Detached: true}.Sign([]byte(sentence), o.minister))(f)
	fuzzFile(f, "a.p7m", [][]byte{attached, detached}, func(b []byte) bool { return string(b) == sentence })
}

func FuzzPDF(f *testing.F) {
	o := newOffice(f)
	pdf := must(signaturetest.CMS{}.PDF(sentence, jan.Reason(), o.minister))(f)
	more := signaturetest.Update(pdf, map[int]string{4: "<< /Length 4 >>\nstream\nBT\nE\nendstream"})
	fuzzFile(f, "a.pdf", [][]byte{pdf, more, signaturetest.PlainPDF(sentence)}, func(b []byte) bool { return bytes.Contains(b, []byte(sentence)) })
}

func FuzzContainer(f *testing.F) {
	o := newOffice(f)
	a := [2]string{"pismo.txt", sentence}
	man := asicManifest(a)
	p7s := string(must(signaturetest.CMS{Detached: true}.Sign([]byte(man), o.person))(f))
	xml := string(must(signaturetest.XAdES{Time: signedAt, Detached: a[0], Content: []byte(a[1])}.Sign(nil, o.person))(f))
	mime := [2]string{"mimetype", asicE}
	fuzzFile(f, "a.asice", [][]byte{
		zipped(f, mime, a, [2]string{"META-INF/ASiCManifest.xml", man}, [2]string{"META-INF/signature001.p7s", p7s}),
		zipped(f, mime, a, [2]string{"META-INF/signatures.xml", xml}),
	}, func(b []byte) bool { return string(b) == sentence || bytes.Contains(b, []byte("ASiCManifest")) })
}
