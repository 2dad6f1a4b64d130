package signature_test

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"okienko/validate"
	"okienko/validate/signature"
	"okienko/validate/signature/signaturetest"
	"okienko/validate/signature/trust"
)

// TestAttacksOnXML holds that no rearrangement of a signed document passes as signed content. Each case says what a reader
// who trusted the result would be led to believe.
func TestAttacksOnXML(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	good := string(must(signaturetest.XAdES{Time: signedAt, Role: jan}.Sign([]byte(letter), o.minister))(t))
	sub := func(pattern, to string) string {
		out := regexp.MustCompile(`(?s)`+pattern).ReplaceAllString(good, to)
		if out == good {
			t.Fatalf("pattern %q does not occur", pattern)
		}
		return out
	}
	signedProps := regexp.MustCompile(`(?s)<xades:SignedProperties.*</xades:SignedProperties>`).FindString(good)
	fake := strings.NewReplacer(`Id="SignedProps-`, `Id="Fake-`, "TESTOWY", "PODSTAWIONY").Replace(signedProps)
	xslt := `<ds:Transform Algorithm="http://www.w3.org/TR/1999/REC-xslt-19991116"><xsl:stylesheet xmlns:xsl="http://www.w3.org/1999/XSL/Transform" version="1.0"/></ds:Transform>`
	tests := []struct{ name, doc string }{
		{"the signed document wrapped into another", strings.Replace(strings.Replace(good, "<wnio:Dokument ", "<inny><podmiana>Zezwalam</podmiana><wnio:Dokument ", 1), "</wnio:Dokument>", "</wnio:Dokument></inny>", 1)},
		{"the signed properties twice under one identifier", sub(`</wnio:TrescDokumentu>`, `<x Id="SignedProps-9c17b21b"/></wnio:TrescDokumentu>`)},
		{"an identifier again in an object nobody signed", strings.Replace(good, "</ds:Signature>", `<ds:Object><x Id="SignedProps-9c17b21b"/></ds:Object></ds:Signature>`, 1)},
		{"other properties in place, the signed ones moved away", strings.Replace(strings.Replace(good, signedProps, fake, 1), "</ds:Signature>", `<ds:Object xmlns:xades="http://uri.etsi.org/01903/v1.3.2#">`+signedProps+"</ds:Object></ds:Signature>", 1)},
		{"a second SignedInfo", sub(`</ds:SignedInfo>`, `</ds:SignedInfo><ds:SignedInfo/>`)},
		{"an element between SignedInfo and the signature", sub(`<ds:SignedInfo(.*)</ds:SignedInfo>`, `<x><ds:SignedInfo$1</ds:SignedInfo></x>`)},
		{"the reference to the document removed", sub(`<ds:Reference Id="Reference.*?</ds:Reference>`, ``)},
		{"signed without a reference to the document", string(must(signaturetest.XAdES{Time: signedAt, Role: jan, NoContent: true}.Sign([]byte(letter), o.minister))(t))},
		{"XSLT among the transforms", sub(`<ds:Transforms><ds:Transform Algorithm="http://www.w3.org/TR/1999/REC-xpath`, `<ds:Transforms>`+xslt+`<ds:Transform Algorithm="http://www.w3.org/TR/1999/REC-xpath`)},
		{"the reference points at a server", sub(`URI="">`, `URI="http://127.0.0.1:9/a.xml">`)},
		{"the reference points at a file", sub(`URI="">`, `URI="file:///etc/hostname">`)},
		{"an XPath that excludes everything", sub(`not\(ancestor-or-self::ds:Signature\)`, `false()`)},
		{"a MAC instead of a signature", sub(`xmldsig-more#rsa-sha256`, `xmldsig-more#hmac-sha256`)},
		{"a digest of nothing", sub(`<ds:DigestValue>.*?</ds:DigestValue>`, `<ds:DigestValue></ds:DigestValue>`)},
		{"junk inside base64", sub(`<ds:SignatureValue Id="SignatureValue-9c17b21b">`, `<ds:SignatureValue Id="SignatureValue-9c17b21b">!`)},
		{"an entity for the content", strings.Replace(good, "<wnio:Dokument ", `<!DOCTYPE wnio:Dokument [<!ENTITY a "b">]><wnio:Dokument `, 1)},
		{"a document type without entities", strings.Replace(good, "<wnio:Dokument ", `<!DOCTYPE wnio:Dokument><wnio:Dokument Nowy="x" `, 1)},
		{"an identifier in another spelling", sub(`</wnio:TrescDokumentu>`, `<x ID="SignedProps-9c17b21b"/></wnio:TrescDokumentu>`)},
		{"the signature moved into another document", `<inny><podmiana>Zezwalam</podmiana>` + regexp.MustCompile(`(?s)<ds:Signature.*</ds:Signature>`).FindString(good) + `</inny>`},
		{"a content included from elsewhere", sub(`<wnio:TrescDokumentu>`, `<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/hostname"/><wnio:TrescDokumentu>`)},
		{"the reference points into another part by XPointer", sub(`URI="">`, `URI="#xpointer(//wnio:TrescDokumentu)">`)},
		{"the type of a reference promises properties and names the content", sub(`<ds:Reference Id="Reference[^"]*" URI="">`, `<ds:Reference Type="http://uri.etsi.org/01903#SignedProperties" URI="#Signature-9c17b21b">`)},
		{"an external entity", strings.Replace(good, "<wnio:Dokument ", `<!DOCTYPE wnio:Dokument SYSTEM "file:///etc/hostname"><wnio:Dokument `, 1)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := o.examine(signature.File{Name: "a.xml", Bytes: []byte(tt.doc)})
			if len(got.Signatures) == 0 {
				t.Fatalf("a signed file is reported as unsigned: %v", got.Problems)
			}
			for _, r := range got.Signatures {
				if r.Intact {
					t.Errorf("reported intact: %+v", r.References)
				}
				if strings.Contains(r.Sentence.PL, "PODSTAWIONY") || strings.Contains(r.Sentence.PL, "jest ważny i") {
					t.Errorf("the sentence believes the attacker: %s", r.Sentence.PL)
				}
			}
		})
	}
	t.Run("the document itself is accepted", func(t *testing.T) {
		if got := o.examine(signature.File{Name: "a.xml", Bytes: []byte(good)}); !got.Signatures[0].Intact {
			t.Fatalf("the unchanged document is not intact: %v", got.Signatures[0].References)
		}
	})
}

// TestACommentCutsNoNameInTwo: comments are not signed, so anybody can put one in; a reader that stops there would read another
// name out of a signature that holds.
func TestACommentCutsNoNameInTwo(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	good := must(signaturetest.XAdES{Time: signedAt, Role: jan}.Sign([]byte(letter), o.minister))(t)
	got := o.examine(signature.File{Name: "a.xml", Bytes: bytes.Replace(good, []byte("TESTOWY"), []byte("TEST<!-- -->OWY"), 1)})
	if r := got.Signatures[0]; !r.Intact || r.Signer.Name != "JAN TESTOWY" {
		t.Errorf("intact %v, signer %q", r.Intact, r.Signer.Name)
	}
}

// TestUnsignedContentIsNamed: a signature over a part is intact, but the rest of the file must not pass as signed.
func TestUnsignedContentIsNamed(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	signed := partlySigned(t, o, "Proszę o zaświadczenie")
	for name, doc := range map[string]string{
		"beside":  `<pismo>` + signed + `<dopisek>Zrzekam się wszystkiego</dopisek></pismo>`,
		"nothing": `<pismo>` + signed + `</pismo>`,
	} {
		got := o.examine(signature.File{Name: "a.xml", Bytes: []byte(doc)})
		if len(got.Signatures) != 1 || !got.Signatures[0].Intact {
			t.Fatalf("%s: not one intact signature: %+v", name, got.Signatures)
		}
		warned := strings.Contains(strings.Join(got.Signatures[0].Warnings, " "), "nikt nie podpisał")
		if warned != (name == "beside") {
			t.Errorf("%s: warnings %q", name, got.Signatures[0].Warnings)
		}
	}
	kept := signature.Examine(signature.File{Name: "a.xml", Bytes: []byte(`<pismo>` + signed + `<dopisek>Zrzekam się</dopisek></pismo>`)}, signature.Options{Now: received, Keep: true})
	if len(kept.Signed) != 1 || !bytes.Contains(kept.Signed[0].Bytes, []byte("zaświadczenie")) || bytes.Contains(kept.Signed[0].Bytes, []byte("Zrzekam")) {
		t.Errorf("signed content %+v", kept.Signed)
	}
}

func TestASignatureOfNothingSaysSo(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	doc := must(signaturetest.XAdES{Time: signedAt, Role: jan, Nothing: true}.Sign([]byte(letter), o.minister))(t)
	r := o.examine(signature.File{Name: "a.xml", Bytes: doc}).Signatures[0]
	if !r.Intact || r.Indication != validate.Indeterminate || len(r.Covers) != 0 || !strings.Contains(r.Sentence.PL, "której podpis nie obejmuje") {
		t.Errorf("intact %v covers %q: %s", r.Intact, r.Covers, r.Sentence.PL)
	}
}

// partlySigned is an enveloping signature: the text lies in an object of it.
func partlySigned(t *testing.T, o office, text string) string {
	t.Helper()
	return string(must(signaturetest.Enveloping(text, o.person))(t))
}

func TestAttacksOnPDF(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	good := must(signaturetest.CMS{}.PDF("Prosze o zaswiadczenie", jan.Reason(), o.minister))(t)
	ranges := regexp.MustCompile(`/ByteRange (\[[^\]]*\])`).FindSubmatch(good)[1]
	var b, c, d int
	if _, err := fmt.Sscanf(string(ranges), "[0 %d %d %d]", &b, &c, &d); err != nil {
		t.Fatal(err)
	}
	withRange := func(r string) []byte {
		padded := r + strings.Repeat(" ", len(ranges)-len(r))
		return bytes.Replace(bytes.Clone(good), ranges, []byte(padded), 1)
	}
	form := func(v string) map[int]string {
		return map[int]string{10: "<< /Type /Annot /Subtype /Widget /FT /Sig /T (Podpis1) /V 11 0 R /P 3 0 R /Rect [0 0 0 0] >>",
			12: v, 1: "<< /Type /Catalog /Pages 2 0 R /AcroForm << /SigFlags 3 /Fields [14 0 R] >> >>",
			14: "<< /Type /Annot /Subtype /Widget /FT /Sig /T (Podpis2) /V 12 0 R /Rect [0 0 0 0] >>"}
	}
	other := must(signaturetest.CMS{Detached: true}.Sign([]byte("co innego"), o.person))(t)
	signed := func(c signaturetest.CMS) []byte {
		return must(c.PDF("Prosze o zaswiadczenie", jan.Reason(), o.minister))(t)
	}
	tests := []struct {
		name string
		pdf  []byte
	}{
		{"signed with a gap wider than the contents, where anything could stand", signed(signaturetest.CMS{WideGap: 30, Extra: "/Padding (" + strings.Repeat("x", 40) + ")"})},
		{"signed with a byte range that says it begins later", signed(signaturetest.CMS{Begin: 9})},
		{"signed with two contents in the dictionary", signed(signaturetest.CMS{Extra: "/Contents <3000>"})},
		{"a byte range copied to another signature's contents", signaturetest.Update(good, form(fmt.Sprintf("<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached /ByteRange %s /Contents <%x> >>", ranges, other)))},
		{"a byte range that does not begin with the file", withRange(fmt.Sprintf("[9 %d %d %d]", b-9, c, d))},
		{"a byte range beyond the end", withRange(fmt.Sprintf("[0 %d %d %d]", b, c, d+1000000))},
		{"a gap wider than the contents", withRange(fmt.Sprintf("[0 %d %d %d]", b-40, c, d))},
		{"the halves overlap", withRange(fmt.Sprintf("[0 %d %d %d]", b, b-1, d))},
		{"an empty second half", withRange(fmt.Sprintf("[0 %d %d 0]", b, c))},
		{"three numbers", withRange(fmt.Sprintf("[0 %d %d]", b, c))},
		{"the contents twice in one dictionary", bytes.Replace(bytes.Clone(good), []byte("/Reason <FEFF004F"), []byte("/Contents <FEFF00"), 1)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			for _, r := range o.examine(signature.File{Name: "a.pdf", Bytes: tt.pdf}).Signatures {
				if r.Intact {
					t.Errorf("reported intact: %+v", r.References)
				}
			}
		})
	}
}

func TestAReplacedSignatureDictionaryIsNotBelieved(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	good := must(signaturetest.CMS{}.PDF("Prosze", jan.Reason(), o.minister))(t)
	dict := regexp.MustCompile(`(?s)<< /Type /Sig.*?>>`).Find(good)
	evil := &signaturetest.Role{GivenName: "ADAM", FamilyName: "PODSTAWIONY", PESEL: "1"}
	swap := regexp.MustCompile(`/Reason <[^>]*>`).ReplaceAll(dict, []byte("/Reason ("+evil.Reason()+")"))
	got := o.examine(signature.File{Name: "a.pdf", Bytes: signaturetest.Update(good, map[int]string{11: string(swap)})})
	if len(got.Signatures) != 1 || !got.Signatures[0].Intact {
		t.Fatalf("not one intact signature: %+v", got.Signatures)
	}
	if r := got.Signatures[0]; strings.Contains(r.Signer.Name, "PODSTAWIONY") || !strings.Contains(strings.Join(r.Warnings, " "), "zmieniono po podpisaniu") {
		t.Errorf("signer %q, warnings %q", r.Signer.Name, r.Warnings)
	}
}

// zipped makes an archive; the mimetype first and stored.
func zipped(t testing.TB, files ...[2]string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, f := range files {
		fw := must(w.CreateHeader(&zip.FileHeader{Name: f[0], Method: zip.Deflate}))(t)
		if _, err := fw.Write([]byte(f[1])); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

const asicE = "application/vnd.etsi.asic-e+zip"

// asicManifest lists files with their digests, for a CAdES signature.
func asicManifest(files ...[2]string) string {
	var b strings.Builder
	b.WriteString(`<asic:ASiCManifest xmlns:asic="http://uri.etsi.org/02918/v1.2.1#" xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><asic:SigReference URI="META-INF/signature001.p7s" MimeType="application/pkcs7-signature"/>`)
	for _, f := range files {
		fmt.Fprintf(&b, `<asic:DataObjectReference URI="%s"><ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/><ds:DigestValue>%s</ds:DigestValue></asic:DataObjectReference>`, f[0], base64.StdEncoding.EncodeToString(sha([]byte(f[1]))))
	}
	return b.String() + `</asic:ASiCManifest>`
}

func TestContainers(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	a, b := [2]string{"wniosek.txt", "Proszę o odpis"}, [2]string{"mapa.txt", "mapa"}
	mime := [2]string{"mimetype", asicE}
	man := asicManifest(a, b)
	p7s := [2]string{"META-INF/signature001.p7s", string(must(signaturetest.CMS{Time: signedAt, Detached: true}.Sign([]byte(man), o.person))(t))}
	manifest := [2]string{"META-INF/ASiCManifest.xml", man}
	xml := [2]string{"META-INF/signatures.xml", string(must(signaturetest.XAdES{Time: signedAt, Detached: a[0], Content: []byte(a[1])}.Sign(nil, o.person))(t))}
	tests := []struct {
		name      string
		zip       []byte
		found     int
		intact    bool
		verdict   string
		uncovered string
	}{
		{"ASiC-E with CAdES over a manifest", zipped(t, mime, a, b, manifest, p7s), 1, true, "TOTAL_PASSED/", ""},
		{"a file of the manifest changed", zipped(t, mime, [2]string{a[0], "Proszę o zgodę"}, b, manifest, p7s), 1, true, "TOTAL_FAILED/HASH_FAILURE", a[0]},
		{"a file of the manifest removed", zipped(t, mime, a, manifest, p7s), 1, true, "INDETERMINATE/SIGNED_DATA_NOT_FOUND", ""},
		{"the manifest changed", zipped(t, mime, a, b, [2]string{manifest[0], strings.Replace(man, "mapa.txt", "plan.txt", 1)}, p7s), 1, false, "TOTAL_FAILED/HASH_FAILURE", a[0] + ", " + b[0]},
		{"a file nobody signed beside", zipped(t, mime, a, b, manifest, p7s, [2]string{"aneks.txt", "dopisane"}), 1, true, "TOTAL_PASSED/", "aneks.txt"},
		{"ASiC-E with XAdES over one of two files", zipped(t, mime, a, b, xml), 1, true, "TOTAL_PASSED/", b[0]},
		{"the file signed with XAdES changed", zipped(t, mime, [2]string{a[0], "inne"}, b, xml), 1, false, "TOTAL_FAILED/HASH_FAILURE", a[0] + ", " + b[0]},
		{"ASiC-S with two documents", zipped(t, [2]string{"mimetype", "application/vnd.etsi.asic-s+zip"}, a, b, xml), 1, true, "TOTAL_FAILED/FORMAT_FAILURE", b[0]},
		{"ASiC-S with its one document", zipped(t, [2]string{"mimetype", "application/vnd.etsi.asic-s+zip"}, a, xml), 1, true, "TOTAL_PASSED/", ""},
		{"one name twice", zipped(t, mime, a, a, manifest, p7s), 0, false, "", ""},
		{"a name that leaves the archive", zipped(t, mime, [2]string{"../wniosek.txt", "x"}, manifest, p7s), 0, false, "", ""},
		{"a plain archive", zipped(t, a, b), 0, false, "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := o.examine(signature.File{Name: "a.asice", Bytes: tt.zip})
			if len(got.Signatures) != tt.found {
				t.Fatalf("%d signatures, want %d (%v)", len(got.Signatures), tt.found, got.Problems)
			}
			for _, r := range got.Signatures {
				if v := fmt.Sprintf("%s/%s", r.Indication, r.SubIndication); r.Intact != tt.intact || v != tt.verdict || strings.Join(r.Uncovered, ", ") != tt.uncovered {
					t.Errorf("intact %v %s uncovered %q, want %v %s %q (%s)", r.Intact, v, r.Uncovered, tt.intact, tt.verdict, tt.uncovered, r.Problem)
				}
			}
		})
	}
}

// TestContainerTimeStampsProveTheFilesTheirManifestLists: an expired certificate is saved by a time-stamp over a manifest that
// lists the signature file, and only while that file is the one listed.
func TestContainerTimeStampsProveTheFilesTheirManifestLists(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	then := time.Date(2025, 6, 1, 0, 0, 0, 0, time.UTC)
	expired := must(o.authority.Person("Anna", "Dawna", "0", signaturetest.Valid(signaturetest.From, then.AddDate(0, 1, 0))))(t)
	a := [2]string{"wniosek.txt", "Proszę o odpis"}
	man := asicManifest(a)
	p7s := [2]string{"META-INF/signature001.p7s", string(must(signaturetest.CMS{Time: then, Detached: true}.Sign([]byte(man), expired))(t))}
	again := [2]string{p7s[0], string(must(signaturetest.CMS{Time: then, Detached: true}.Sign([]byte(man), expired))(t))}
	archive := strings.Replace(asicManifest(a, p7s), "META-INF/signature001.p7s", "META-INF/timestamp001.tst", 1)
	tst := [2]string{"META-INF/timestamp001.tst", string(must(o.stamper.Token([]byte(archive), then))(t))}
	for name, c := range map[string]struct {
		sig  [2]string
		want string
	}{"the signature listed": {p7s, ""}, "another signature in its place": {again, trust.OutOfBounds}} {
		got := o.examine(signature.File{Name: "a.asice", Bytes: zipped(t, [2]string{"mimetype", asicE}, a, [2]string{"META-INF/ASiCManifest.xml", man}, c.sig, [2]string{"META-INF/ASiCArchiveManifest.xml", archive}, tst)})
		if len(got.Signatures) != 1 || !got.Signatures[0].Intact || got.Signatures[0].SubIndication != c.want {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

func TestAZipBombIsRefusedWithoutUnpackingIt(t *testing.T) {
	t.Parallel()
	bomb := zipped(t, [2]string{"mimetype", asicE}, [2]string{"META-INF/signatures.xml", "<a/>"}, [2]string{"a.txt", strings.Repeat("\x00", 64<<20)})
	got := signature.Examine(signature.File{Name: "a.asice", Bytes: bomb}, signature.Options{Now: received})
	if len(got.Problems) != 1 || !strings.Contains(got.Problems[0], "unpacks to more") {
		t.Errorf("problems %q", got.Problems)
	}
}

func TestLimitsAreNamed(t *testing.T) {
	t.Parallel()
	many := strings.Repeat(`<ds:Reference URI=""><ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/><ds:DigestValue>AA==</ds:DigestValue></ds:Reference>`, 1001)
	sig := func(inner string) string {
		return `<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:SignedInfo>` + inner + `</ds:SignedInfo><ds:SignatureValue>AA==</ds:SignatureValue></ds:Signature>`
	}
	transforms := strings.Repeat(`<ds:Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/>`, 11)
	for name, c := range map[string]struct{ doc, want string }{
		"depth":      {strings.Repeat("<a>", 300) + "Signature" + strings.Repeat("</a>", 300), "nested deeper than 256"},
		"references": {sig(many), "1001 references: at most 1000"},
		"transforms": {sig(`<ds:Reference URI=""><ds:Transforms>` + transforms + `</ds:Transforms><ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/><ds:DigestValue>AA==</ds:DigestValue></ds:Reference>`), "11 transforms: at most 10"},
		"attributes": {"<a " + manyAttributes(1500) + ">Signature</a>", "more than 1000 attributes"},
	} {
		got := signature.Examine(signature.File{Name: "a.xml", Bytes: []byte(c.doc)}, signature.Options{Now: received})
		text := strings.Join(got.Problems, " ")
		for _, r := range got.Signatures {
			text += r.Problem
			for _, ref := range r.References {
				text += ref.Problem
			}
		}
		if !strings.Contains(text, c.want) {
			t.Errorf("%s: %.200q does not say %q", name, text, c.want)
		}
	}
}

func sha(b []byte) []byte {
	sum := sha256.Sum256(b)
	return sum[:]
}

func manyAttributes(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, ` a%d=""`, i)
	}
	return b.String()
}
