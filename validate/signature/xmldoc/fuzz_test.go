package xmldoc_test

import (
	"bytes"
	"testing"

	"okienko/validate/signature/xmldoc"
)

// FuzzParse: what is accepted has one canonical form, and reading that form again changes nothing.
func FuzzParse(f *testing.F) {
	for _, s := range []string{
		`<a/>`, "<?xml version=\"1.0\"?>\r\n<a b='1'\txmlns:x=\"urn:x\" x:y=\"&#9;\"><!-- k --><?p d?>t&amp;<![CDATA[<]]></a>\n<!--e-->",
		"\xff\xfe<\x00a\x00/\x00>\x00", `<!DOCTYPE a><a xmlns="urn:a"><b xmlns=""/></a>`, `<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>`,
		"<?xml version='1.0' encoding='iso-8859-2'?><a>\xb1</a>", `<a xml:lang="pl" id="1"><b Id="1"/></a>`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		doc, err := xmldoc.Parse(raw, xmldoc.Limits{Bytes: 1 << 20, Depth: 64, Nodes: 10_000, Attrs: 100, Scope: 100})
		if err != nil {
			return
		}
		for _, m := range []xmldoc.Method{{Comments: true}, {Exclusive: true, Comments: true}, {V11: true}} {
			once := m.Bytes(doc.Whole())
			again, err := xmldoc.Parse(once, xmldoc.Limits{})
			if err != nil {
				t.Fatalf("canonical form %q is not XML: %v", once, err)
			}
			if twice := m.Bytes(again.Whole()); !bytes.Equal(once, twice) {
				t.Fatalf("canonical form changes when read again:\n%q\n%q", once, twice)
			}
		}
	})
}

// FuzzXPath: an expression compiles or not; a filter never adds a node and never runs beyond its budget.
func FuzzXPath(f *testing.F) {
	for _, s := range []string{
		`not(ancestor-or-self::x:b)`, `/descendant::x:b`, `//*[@i='1']/..`, `count(//node()) > 3 or id('1')`, `self::text() | @*`, `here()/ancestor::*[1]`,
		`string-length(substring(normalize-space(.), 2, 3)) = 3 and translate(name(), 'a', 'b') != 'c'`, `(//x:b)[last()]/namespace::*`, `-1 div 0 < 2 mod 3`,
	} {
		f.Add(s)
	}
	doc, err := xmldoc.Parse([]byte(`<a xmlns:x="urn:x" Id="1"><x:b i="1">t<c/></x:b><!--k--><?p?><x:b>u</x:b></a>`), xmldoc.Limits{})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, source string) {
		x, err := xmldoc.CompileXPath(source, doc.Element())
		if err != nil {
			return
		}
		in := doc.Whole().WithoutComments()
		out, err := x.Filter(in, xmldoc.Context{Doc: doc, Here: doc.Element()})
		if err != nil {
			return
		}
		for n := range out.Members() {
			if !in.Has(n) {
				t.Fatalf("%q added node %d", source, n.Order)
			}
		}
		xmldoc.Method{}.Bytes(out)
		xmldoc.Method{Exclusive: true, Prefixes: []string{"", "x"}}.Bytes(out)
		if _, err := x.Select(xmldoc.Context{Doc: doc}); err != nil {
			return
		}
	})
}
