package signature_test

import (
	"strings"
	"testing"

	"okienko/validate/signature"
	"okienko/validate/signature/signaturetest"
)

// TestWhoSignedWhatIsToldApart: text another signature protects was signed by somebody else, text no intact signature protects by
// nobody; a broken signature lends no cover.
func TestWhoSignedWhatIsToldApart(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	two := string(partsSignedInside(t, 2, o.person))
	whole := string(must(signaturetest.XAdES{Time: signedAt}.Sign([]byte(two), o.citizen))(t))
	note := func(doc string) string { return strings.Replace(doc, "<pisma>", "<pisma><dopisek>Zgoda</dopisek>", 1) }
	const none, others, nobody, both = "", "others", "nobody", "nobody others"
	for _, tt := range []struct {
		name, doc string
		want      []string // of each signature
	}{
		{"one of one", string(partsSignedInside(t, 1, o.person)), []string{none}},
		{"each its own part", two, []string{others, others}},
		{"each its own part, and a note", note(two), []string{both, both}},
		{"parts, and somebody all of it", whole, []string{others, others, none}},
		{"the same with a note, which breaks the whole", note(whole), []string{both, both, none}},
		{"one of two broken", strings.Replace(two, `<pismo id="p1"><a>t`, `<pismo id="p1"><a>T`, 1), []string{nobody, none}},
		{"white space is no text", strings.Replace(two, "<pisma>", "<pisma> \n\t", 1), []string{others, others}},
	} {
		got := o.examine(signature.File{Name: "a.xml", Bytes: []byte(tt.doc)}).Signatures
		if len(got) != len(tt.want) {
			t.Fatalf("%s: %d signatures", tt.name, len(got))
		}
		for i, r := range got {
			warnings := strings.Join(r.Warnings, " ")
			for word, says := range map[string]string{"nobody": "nikt nie podpisał", "others": "podpisał ktoś inny"} {
				if strings.Contains(warnings, says) != strings.Contains(tt.want[i], word) {
					t.Errorf("%s: signature %d: %q, want %q", tt.name, i, warnings, tt.want[i])
				}
			}
		}
	}
}
