package signature_test

import (
	"encoding/json"
	"strings"
	"testing"

	"okienko/validate/signature"
	"okienko/validate/signature/signaturetest"
)

func TestReportsAreWrittenForPeopleAndPrograms(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	doc := must(signaturetest.XAdES{Time: signedAt, Role: jan}.Sign([]byte(letter), o.minister))(t)
	r := signature.Report(signature.File{Name: "pismo.xml", Bytes: doc}, signature.Options{Trust: o.trust, Now: received})
	var b strings.Builder
	if err := r.WriteText(&b); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(b.String(), "Podpis zaufany (JAN TESTOWY)") || strings.Contains(b.String(), jan.PESEL) {
		t.Errorf("text:\n%s", b.String())
	}
	raw := must(json.Marshal(r))(t)
	for _, want := range []string{`"file":"pismo.xml"`, `"intact":true`, `"indication":"TOTAL_PASSED"`, `"sub_indication":""`, `"kind":"trusted"`, `"covers":["pismo.xml"]`, `"level":`, `"warnings":[`, `"signing_time":"2026-03-02T10:15:00Z"`} {
		if !strings.Contains(string(raw), want) {
			t.Errorf("%s is missing in %s", want, raw)
		}
	}
	none := must(json.Marshal(signature.Report(signature.File{Name: "a.txt", Bytes: []byte("tekst")}, signature.Options{})))(t)
	if string(none) != `{"file":"a.txt","signatures":[]}` {
		t.Errorf("a file without signatures: %s", none)
	}
}

func TestContentArguments(t *testing.T) {
	t.Parallel()
	for arg, want := range map[string][2]string{
		"a.pdf": {"a.pdf", "a.pdf"}, "dir/a.pdf": {"a.pdf", "dir/a.pdf"}, "wniosek.pdf=dir/x=1.pdf": {"wniosek.pdf", "dir/x=1.pdf"}, "dir/a=b.pdf": {"a=b.pdf", "dir/a=b.pdf"}, "=a.pdf": {"=a.pdf", "=a.pdf"},
	} {
		if name, path := signature.ParseContent(arg); name != want[0] || path != want[1] {
			t.Errorf("%q: %q, %q", arg, name, path)
		}
	}
}
