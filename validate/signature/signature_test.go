package signature_test

import (
	"bytes"
	"encoding/hex"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"okienko/validate"
	"okienko/validate/signature"
	"okienko/validate/signature/signaturetest"
	"okienko/validate/signature/trust"
)

// office is a test office: an authority it trusts and one it does not, with signers of each kind.
type office struct {
	trust                              *trust.Store
	minister, person, citizen, strange *signaturetest.Signer
	stamper                            *signaturetest.Signer
	authority                          *signaturetest.Authority
}

var (
	received = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	signedAt = time.Date(2026, 3, 2, 10, 15, 0, 0, time.UTC)
	jan      = &signaturetest.Role{GivenName: "JAN", FamilyName: "TESTOWY", PESEL: "00000000000"}
)

func must[T any](v T, err error) func(t testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func newOffice(t testing.TB) office {
	t.Helper()
	ca := must(signaturetest.NewAuthority("TEST Centrum Kwalifikowane"))(t)
	idCA := must(signaturetest.NewAuthority("TEST podpis osobisty"))(t)
	other := must(signaturetest.NewAuthority("TEST kto inny"))(t)
	return office{
		authority: ca,
		trust:     must(trust.New(map[string][]byte{"ca.pem": ca.PEM(), "personal/id.pem": idCA.PEM()}))(t),
		minister:  must(ca.MinisterSeal())(t),
		person:    must(ca.Person("Anna", "Przykładowa", "00000000000"))(t),
		citizen:   must(idCA.Citizen("Ewa", "Wzorcowa", "00000000000"))(t),
		strange:   must(other.Person("Anna", "Przykładowa", "00000000000"))(t),
		stamper:   must(ca.Stamper())(t),
	}
}

func (o office) examine(f signature.File, content ...signature.Content) signature.Examination {
	return signature.Examine(f, signature.Options{Trust: o.trust, Now: received, Content: content})
}

const letter = `<?xml version="1.0" encoding="UTF-8"?>
<?xml-stylesheet type="text/xsl" href="http://crd.gov.pl/wzor/2013/12/12/1410/styl.xsl"?>
<wnio:Dokument xmlns:wnio="http://crd.gov.pl/wzor/2013/12/12/1410/"><!-- uwaga --><wnio:TrescDokumentu>Proszę o wydanie zaświadczenia &amp; kopii.</wnio:TrescDokumentu></wnio:Dokument>`

// verdict is what a case expects.
type verdict struct {
	intact     bool
	kind       validate.SignatureKind
	indication validate.Indication
	sub        string
	signer     string
	says       string // part of the Polish sentence
}

func check(t *testing.T, got signature.Examination, want verdict) {
	t.Helper()
	if len(got.Signatures) != 1 {
		t.Fatalf("%d signatures, want one (%v)", len(got.Signatures), got.Problems)
	}
	r := got.Signatures[0]
	have := verdict{r.Intact, r.Kind, r.Indication, r.SubIndication, r.Signer.Name, want.says}
	if have != want {
		t.Errorf("got  %+v (%s, %v)\nwant %+v", have, r.Problem, r.References, want)
	}
	if !strings.Contains(r.Sentence.PL, want.says) {
		t.Errorf("sentence %q does not say %q", r.Sentence.PL, want.says)
	}
}

func TestXMLSignaturesOfEachKindAreJudged(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	pz := func(x signaturetest.XAdES, s *signaturetest.Signer) []byte {
		x.Time = signedAt
		return must(x.Sign([]byte(letter), s))(t)
	}
	change := func(doc []byte) []byte { return bytes.Replace(doc, []byte("zaświadczenia"), []byte("zezwolenia"), 1) }
	tests := []struct {
		name string
		doc  []byte
		want verdict
	}{
		{"podpis zaufany with the new form of the role", pz(signaturetest.XAdES{Role: jan}, o.minister),
			verdict{true, validate.Trusted, validate.TotalPassed, "", "JAN TESTOWY", "wystarcza do wniesienia pisma"}},
		{"podpis zaufany with the old form of the role", pz(signaturetest.XAdES{Role: jan, Old: true}, o.minister),
			verdict{true, validate.Trusted, validate.TotalPassed, "", "JAN TESTOWY", "Podpis zaufany (JAN TESTOWY)"}},
		{"a role written under one's own certificate names nobody else", pz(signaturetest.XAdES{Role: jan}, o.person),
			verdict{true, validate.Qualified, validate.TotalPassed, "", "Anna Przykładowa", "Kwalifikowany podpis"}},
		{"a qualified signature", pz(signaturetest.XAdES{}, o.person),
			verdict{true, validate.Qualified, validate.TotalPassed, "", "Anna Przykładowa", "jest ważny"}},
		{"the qualified seal of a company is no signature of a person", pz(signaturetest.XAdES{}, must(o.authority.Company("Przykład sp. z o.o."))(t)),
			verdict{true, validate.Advanced, validate.TotalPassed, "", "Przykład sp. z o.o.", "podpisu osoby nie zastąpi"}},
		{"podpis osobisty under its own anchor", pz(signaturetest.XAdES{}, o.citizen),
			verdict{true, validate.Personal, validate.TotalPassed, "", "Ewa Wzorcowa", "Podpis osobisty"}},
		{"an issuer nobody trusts", pz(signaturetest.XAdES{}, o.strange),
			verdict{true, validate.Qualified, validate.Indeterminate, trust.NoChain, "Anna Przykładowa", "nie można potwierdzić, kto podpisał"}},
		{"content changed after signing", change(pz(signaturetest.XAdES{Role: jan}, o.minister)),
			verdict{false, validate.Trusted, validate.TotalFailed, trust.HashFailure, "JAN TESTOWY", "treść zmieniono"}},
		{"the person exchanged after signing", bytes.Replace(pz(signaturetest.XAdES{Role: jan}, o.minister), []byte("TESTOWY"), []byte("INNY"), 1),
			verdict{false, validate.Trusted, validate.TotalFailed, trust.HashFailure, "Minister do spraw informatyzacji - pieczęć podpisu zaufanego TEST", "NIE jest ważny"}},
		{"the stylesheet instruction is signed too", bytes.Replace(pz(signaturetest.XAdES{Role: jan}, o.minister), []byte("1410/styl"), []byte("9999/styl"), 1),
			verdict{false, validate.Trusted, validate.TotalFailed, trust.HashFailure, "JAN TESTOWY", "treść zmieniono"}},
		{"a comment is not signed", bytes.Replace(pz(signaturetest.XAdES{Role: jan}, o.minister), []byte("uwaga"), []byte("inna"), 1),
			verdict{true, validate.Trusted, validate.TotalPassed, "", "JAN TESTOWY", "jest ważny"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			check(t, o.examine(signature.File{Name: "pismo.xml", Bytes: tt.doc}), tt.want)
		})
	}
}

func TestCertificatesAreJudgedAtTheMomentOfReceipt(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	day := func(y int, m time.Month, d int) time.Time { return time.Date(y, m, d, 0, 0, 0, 0, time.UTC) }
	expired := must(o.authority.Person("Anna", "Dawna", "0", signaturetest.Valid(day(2024, 1, 1), day(2026, 1, 1))))(t)
	future := must(o.authority.Person("Anna", "Przyszła", "0", signaturetest.Valid(day(2027, 1, 1), day(2029, 1, 1))))(t)
	listed := must(o.authority.Person("Anna", "Listowa", "0", signaturetest.WithCRL("http://example.org/a.crl")))(t)
	clean := must(o.authority.CRL(day(2026, 2, 20)))(t)
	hit := must(o.authority.CRL(day(2026, 2, 20), listed))(t)
	store := func(crl []byte) *trust.Store {
		files := map[string][]byte{"ca.pem": o.authority.PEM()}
		if crl != nil {
			files["crls/a.crl"] = crl
		}
		return must(trust.New(files))(t)
	}
	tests := []struct {
		name   string
		signer *signaturetest.Signer
		x      signaturetest.XAdES
		crl    []byte
		want   validate.Indication
		sub    string
	}{
		{"expired, nothing proves the signature older", expired, signaturetest.XAdES{Time: day(2025, 6, 1)}, nil, validate.Indeterminate, trust.OutOfBounds},
		{"expired, but a trusted time-stamp shows it older", expired, signaturetest.XAdES{Time: day(2025, 6, 1), Stamp: o.stamper}, nil, validate.TotalPassed, ""},
		{"not yet valid", future, signaturetest.XAdES{Time: signedAt}, nil, validate.TotalFailed, trust.NotYetValid},
		{"revocation not looked up yet", listed, signaturetest.XAdES{Time: signedAt}, nil, validate.Indeterminate, trust.TryLater},
		{"not on the imported revocation list", listed, signaturetest.XAdES{Time: signedAt}, clean, validate.TotalPassed, ""},
		{"revoked before receipt", listed, signaturetest.XAdES{Time: signedAt}, hit, validate.TotalFailed, trust.Revoked},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			doc := must(tt.x.Sign([]byte(letter), tt.signer))(t)
			got := signature.Examine(signature.File{Name: "pismo.xml", Bytes: doc}, signature.Options{Trust: store(tt.crl), Now: received})
			if len(got.Signatures) != 1 {
				t.Fatalf("%d signatures", len(got.Signatures))
			}
			r := got.Signatures[0]
			if !r.Intact || r.Indication != tt.want || r.SubIndication != tt.sub {
				t.Errorf("intact %v, %s/%s, want %s/%s; %v", r.Intact, r.Indication, r.SubIndication, tt.want, tt.sub, r.Timestamps)
			}
		})
	}
}

func TestSignedPDFs(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	plain := must(signaturetest.CMS{}.PDF("Prosze o zaswiadczenie", jan.Reason(), o.minister))(t)
	added := signaturetest.Update(plain, map[int]string{4: "<< /Length 44 >>\nstream\nBT /F1 12 Tf 72 770 Td (Prosze o zgode!!) Tj ET\nendstream"})
	second := signaturetest.Update(plain, map[int]string{2: "<< /Type /Pages /Kids [3 0 R 12 0 R] /Count 2 >>", 12: "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>"})
	note := signaturetest.Update(plain, map[int]string{
		3:  "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> /Annots [10 0 R 13 0 R] >>",
		13: "<< /Type /Annot /Subtype /FreeText /Contents (ZGODA) /Rect [10 10 200 40] >>"})
	tests := []struct {
		name string
		pdf  []byte
		want verdict
		warn string
	}{
		{"podpis zaufany in a PDF names the person", plain, verdict{true, validate.Trusted, validate.TotalPassed, "", "JAN TESTOWY", "jest ważny"}, ""},
		{"one octet of a page changed", bytes.Replace(plain, []byte("Prosze"), []byte("Zadam!"), 1),
			verdict{false, validate.Trusted, validate.TotalFailed, trust.HashFailure, "JAN TESTOWY", "treść zmieniono"}, ""},
		{"a page rewritten in a later revision", added, verdict{true, validate.Trusted, validate.TotalFailed, trust.FormatFailure, "JAN TESTOWY", "NIE jest ważny"}, "zmieniono treść stron"},
		{"a page added in a later revision", second, verdict{true, validate.Trusted, validate.TotalFailed, trust.FormatFailure, "JAN TESTOWY", "NIE jest ważny"}, "zmieniono treść stron"},
		{"a note laid over the page later", note, verdict{true, validate.Trusted, validate.TotalPassed, "", "JAN TESTOWY", "jest ważny"}, "dodano do dokumentu adnotacje"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := o.examine(signature.File{Name: "pismo.pdf", Bytes: tt.pdf})
			check(t, got, tt.want)
			if all := strings.Join(got.Signatures[0].Warnings, " "); !strings.Contains(all, tt.warn) || tt.warn == "" && strings.Contains(all, "Po podpisaniu") {
				t.Errorf("warnings %q, want %q", all, tt.warn)
			}
		})
	}
}

// TestRealSealOfPodpisZaufany verifies the CMS of two real documents. The documents themselves are not here, only the digest
// of their signed range, so the digest stands in for them.
func TestRealSealOfPodpisZaufany(t *testing.T) {
	t.Parallel()
	dir := shared(t)
	if dir == "" {
		return
	}
	for file, sum := range map[string]string{
		"pz_2024_cms.p7s": "b7062dcbef91a3840b8a9ea0423b6924ab4d2d75745c0be6a1a8793b0ceebb90",
		"pz_2021_cms.p7s": "07fa5dedd5f2d52e286650490e1a8eb03a170754d8c0837c5840de4ea0e5024e",
	} {
		t.Run(file, func(t *testing.T) {
			t.Parallel()
			raw := must(os.ReadFile(filepath.Join(dir, "epuap", "samples", "pz-pades", file)))(t)
			digest := must(hex.DecodeString(sum))(t)
			content := signature.Content{Digest: digest, Hash: hashNamed("SHA256")}
			check(t, signature.Examine(signature.File{Name: file, Bytes: raw}, signature.Options{Now: received, Content: []signature.Content{content}}),
				verdict{true, validate.Trusted, validate.Indeterminate, trust.NoChain, mustName(file), "Podpis zaufany"})
			digest[0]++
			check(t, signature.Examine(signature.File{Name: file, Bytes: raw}, signature.Options{Now: received, Content: []signature.Content{content}}),
				verdict{false, validate.Trusted, validate.TotalFailed, trust.HashFailure, mustName(file), "treść zmieniono"})
		})
	}
}

func mustName(file string) string {
	if strings.Contains(file, "2021") {
		return "Minister do spraw informatyzacji - pieczec podpisu zaufanego"
	}
	return "Minister do spraw informatyzacji - pieczęć podpisu zaufanego"
}

func TestDetachedSignaturesFindTheirDocumentInTheSubmission(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	pdf, other := []byte("%PDF-1.4 wniosek"), []byte("inny plik")
	p7s := must(signaturetest.CMS{Time: signedAt, Detached: true}.Sign(pdf, o.person))(t)
	xml := must(signaturetest.XAdES{Time: signedAt, Detached: "wniosek%20o%20odpis.pdf", Content: pdf}.Sign(nil, o.person))(t)
	text := signature.File{ID: "0", Name: "tekst", Bytes: []byte("Dzień dobry")}
	tests := []struct {
		name string
		docs []signature.File
		want verdict
		ids  string
	}{
		{"x.pdf.p7s beside x.pdf and another file", []signature.File{text, {ID: "1", Name: "x.pdf.p7s", Bytes: p7s}, {ID: "2", Name: "x.pdf", Bytes: pdf}, {ID: "3", Name: "y", Bytes: other}},
			verdict{true, validate.Qualified, validate.TotalPassed, "", "Anna Przykładowa", "Obejmuje: x.pdf"}, "2"},
		{"found by digest under another name", []signature.File{text, {ID: "1", Name: "podpis.p7s", Bytes: p7s}, {ID: "2", Name: "skan0001.pdf", Bytes: pdf}},
			verdict{true, validate.Qualified, validate.TotalPassed, "", "Anna Przykładowa", "Obejmuje: skan0001.pdf"}, "2"},
		{"XAdES by its percent-encoded name", []signature.File{text, {ID: "1", Name: "wniosek.xades", Bytes: xml}, {ID: "2", Name: "wniosek o odpis.pdf", Bytes: pdf}},
			verdict{true, validate.Qualified, validate.TotalPassed, "", "Anna Przykładowa", "Obejmuje: wniosek o odpis.pdf"}, "2"},
		{"XAdES by the name of its file, the document changed", []signature.File{text, {ID: "1", Name: "skan.pdf.xades", Bytes: xml}, {ID: "2", Name: "skan.pdf", Bytes: other}},
			verdict{false, validate.Qualified, validate.TotalFailed, trust.HashFailure, "Anna Przykładowa", "treść zmieniono"}, ""},
		{"the document of that name was changed", []signature.File{text, {ID: "1", Name: "x.pdf.p7s", Bytes: p7s}, {ID: "2", Name: "x.pdf", Bytes: other}},
			verdict{false, validate.Qualified, validate.TotalFailed, trust.HashFailure, "Anna Przykładowa", "treść zmieniono"}, "2"},
		{"the document is not there: not found is not changed", []signature.File{text, {ID: "1", Name: "x.pdf.p7s", Bytes: p7s}},
			verdict{false, validate.Qualified, validate.Indeterminate, trust.DataNotFound, "Anna Przykładowa", "brakuje pliku"}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := signature.ExamineAll(tt.docs, signature.Options{Trust: o.trust, Now: received})
			check(t, got, tt.want)
			if ids := strings.Join(got.Signatures[0].CoveredIDs, ","); ids != tt.ids {
				t.Errorf("covers documents %q, want %q", ids, tt.ids)
			}
		})
	}
}

func TestFilesUnpackedFromAContainerAreNotJudgedTwice(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	a := [2]string{"wniosek.txt", "Proszę o odpis"}
	xml := must(signaturetest.XAdES{Time: signedAt, Detached: a[0], Content: []byte(a[1])}.Sign(nil, o.person))(t)
	pdf := must(signaturetest.CMS{}.PDF("Prosze", jan.Reason(), o.minister))(t)
	docs := []signature.File{
		{ID: "0", Name: "tekst", Bytes: []byte("Dzień dobry")},
		{ID: "1", Name: "a.asice", Bytes: zipped(t, [2]string{"mimetype", asicE}, a, [2]string{"zal.pdf", string(pdf)}, [2]string{"META-INF/signatures.xml", string(xml)})},
		{ID: "1.1", Name: "wniosek.txt", Bytes: []byte(a[1])}, {ID: "1.2", Name: "zal.pdf", Bytes: pdf}, {ID: "1.3", Name: "signatures.xml", Bytes: xml},
	}
	got := signature.ExamineAll(docs, signature.Options{Trust: o.trust, Now: received, Keep: true})
	if len(got.Signatures) != 2 || got.Signatures[0].Document != "1" || got.Signatures[1].Document != "1.2" || !got.Signatures[1].Intact {
		t.Fatalf("%+v", got.Signatures)
	}
	if len(got.Signed) != 2 || got.Signed[0].Signature != 0 || got.Signed[1].Signature != 1 {
		t.Errorf("signed content %+v", got.Signed)
	}
}

func TestMailWithoutSignaturesCostsNothing(t *testing.T) {
	t.Parallel()
	for _, f := range []signature.File{
		{Name: "tekst.txt", Bytes: []byte("Dzień dobry, proszę o odpis.")}, {Name: "a.xml", Bytes: []byte("<a>tekst</a>")},
		{Name: "a.html", Bytes: []byte("<html><body>Podpis</body></html>")}, {Name: "a.pdf", Bytes: signaturetest.PlainPDF("tekst")}, {Name: "pusty", Bytes: nil},
	} {
		if signature.Detect(f.Name, f.MediaType, f.Bytes) {
			t.Errorf("%s: a signature suspected", f.Name)
		}
		if got := signature.Examine(f, signature.Options{Now: received}); len(got.Signatures) > 0 {
			t.Errorf("%s: %d signatures found", f.Name, len(got.Signatures))
		}
	}
}
