package signature_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"okienko/validate"
	"okienko/validate/signature"
	"okienko/validate/signature/signaturetest"
)

// TestPDFsOfEveryStructure: classic tables, cross-reference streams with object streams, and both at once; a changed octet of the
// page is found in each.
func TestPDFsOfEveryStructure(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	const line = "Prosze o zaswiadczenie"
	for name, plain := range map[string][]byte{
		"a table": signaturetest.PlainPDF(line), "streams": signaturetest.StreamPDF(line, false), "a table that hides streams": signaturetest.StreamPDF(line, true),
	} {
		pdf := must(signaturetest.CMS{}.SignPDF(plain, jan.Reason(), o.minister))(t)
		if got := o.examine(signature.File{Name: "a.pdf", Bytes: pdf}).Signatures; len(got) != 1 || got[0].Indication != validate.TotalPassed || got[0].Signer.Name != "JAN TESTOWY" {
			t.Errorf("%s: %+v", name, got)
		}
		changed := bytes.Replace(pdf, []byte(line), []byte("Prosze o pozwolenia   ")[:len(line)], 1)
		if got := o.examine(signature.File{Name: "a.pdf", Bytes: changed}).Signatures; len(got) != 1 || got[0].Intact {
			t.Errorf("%s, changed: %+v", name, got)
		}
		later := signaturetest.Update(pdf, map[int]string{4: "<< /Length 3 >>\nstream\nq Q\nendstream"})
		if got := o.examine(signature.File{Name: "a.pdf", Bytes: later}).Signatures; len(got) != 1 || got[0].Indication != validate.TotalFailed {
			t.Errorf("%s, replaced later: %+v", name, got)
		}
	}
}

// TestSeveralSignersOfOnePDF: each later signature covers the earlier ones, which say that the file was signed again and hold.
func TestSeveralSignersOfOnePDF(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	signers := []*signaturetest.Signer{o.person, o.citizen, o.minister}
	pdf := signaturetest.PlainPDF("Umowa")
	for i, s := range signers {
		pdf = must(signaturetest.CMS{Earlier: i}.SignPDF(pdf, jan.Reason(), s))(t)
	}
	got := o.examine(signature.File{Name: "umowa.pdf", Bytes: pdf}).Signatures
	if len(got) != 3 {
		t.Fatalf("%d signatures", len(got))
	}
	for i, want := range []validate.SignatureKind{validate.Qualified, validate.Personal, validate.Trusted} {
		r := got[i]
		if again := strings.Contains(strings.Join(r.Warnings, " "), "podpisano ponownie"); r.Kind != want || r.Indication != validate.TotalPassed || again != (i < 2) {
			t.Errorf("%d: %s %s/%s %q", i, r.Kind, r.Indication, r.SubIndication, r.Warnings)
		}
	}
}

// TestSeveralSignersBesideAndAboveEachOther: parallel signatures of one XML document, a file signed twice in a container, and a
// signed message signed as a whole.
func TestSeveralSignersBesideAndAboveEachOther(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	a := [2]string{"wniosek.txt", "Proszę o odpis"}
	xml := func(id string, s *signaturetest.Signer) string {
		return string(must(signaturetest.XAdES{Time: signedAt, ID: id, Detached: a[0], Content: []byte(a[1])}.Sign(nil, s))(t))
	}
	parallel := must(signaturetest.XAdES{Time: signedAt, ID: "s1"}.Sign([]byte(letter), o.person))(t)
	parallel = must(signaturetest.XAdES{Time: signedAt, ID: "s2"}.Sign(parallel, o.citizen))(t)
	inner := must(signaturetest.CMS{Time: signedAt}.Sign([]byte(a[1]), o.person))(t)
	outer := must(signaturetest.CMS{Time: signedAt}.Sign(inner, o.citizen))(t)
	for name, c := range map[string]struct {
		file signature.File
		want []validate.SignatureKind
	}{
		"parallel in XML":                        {signature.File{Name: "a.xml", Bytes: parallel}, []validate.SignatureKind{validate.Qualified, validate.Personal}},
		"two signature files in a container":     {signature.File{Name: "a.asice", Bytes: zipped(t, [2]string{"mimetype", asicE}, a, [2]string{"META-INF/signatures1.xml", xml("s1", o.person)}, [2]string{"META-INF/signatures2.xml", xml("s2", o.citizen)})}, []validate.SignatureKind{validate.Qualified, validate.Personal}},
		"two signatures in one signature file":   {signature.File{Name: "a.asice", Bytes: zipped(t, [2]string{"mimetype", asicE}, a, [2]string{"META-INF/signatures.xml", `<asic:XAdESSignatures xmlns:asic="http://uri.etsi.org/02918/v1.2.1#">` + bare(xml("s1", o.person)) + bare(xml("s2", o.citizen)) + `</asic:XAdESSignatures>`})}, []validate.SignatureKind{validate.Qualified, validate.Personal}},
		"one around the other: the outer speaks": {signature.File{Name: "a.p7m", Bytes: outer}, []validate.SignatureKind{validate.Personal}},
	} {
		got := o.examine(c.file)
		kinds := []validate.SignatureKind{}
		for _, r := range got.Signatures {
			if r.Indication != validate.TotalPassed {
				t.Errorf("%s: %s/%s %q", name, r.Indication, r.SubIndication, r.Problem)
			}
			kinds = append(kinds, r.Kind)
		}
		if fmt.Sprint(kinds) != fmt.Sprint(c.want) {
			t.Errorf("%s: %v, want %v (%v)", name, kinds, c.want, got.Problems)
		}
	}
}

// bare is a signature without the XML declaration before it.
func bare(doc string) string {
	_, after, _ := strings.Cut(doc, "?>\n")
	return after
}
