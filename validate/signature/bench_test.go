package signature_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"okienko/validate/signature"
	"okienko/validate/signature/signaturetest"
)

// bigLetter is a letter of about size octets.
func bigLetter(size int) []byte {
	var b bytes.Buffer
	b.WriteString(`<?xml version="1.0" encoding="UTF-8"?><wnio:Dokument xmlns:wnio="http://crd.gov.pl/wzor/2013/12/12/1410/" xmlns:str="http://crd.gov.pl/xml/schematy/struktura/2009/11/16/">`)
	for i := 0; b.Len() < size; i++ {
		fmt.Fprintf(&b, `<str:Pole nr="%d" opis="wartość">Treść pola numer %d, zażółć gęślą jaźń &amp; reszta zdania o niczym.</str:Pole>`, i, i)
	}
	b.WriteString(`</wnio:Dokument>`)
	return b.Bytes()
}

func signedLetter(b testing.TB, size int) []byte {
	ca := must(signaturetest.NewAuthority("TEST"))(b)
	seal := must(ca.MinisterSeal())(b)
	return must(signaturetest.XAdES{Time: signedAt, Role: jan}.Sign(bigLetter(size), seal))(b)
}

func benchmarkXML(b *testing.B, size int) {
	doc := signedLetter(b, size)
	b.SetBytes(int64(len(doc)))
	b.ReportAllocs()
	for b.Loop() {
		e := signature.Examine(signature.File{Name: "a.xml", Bytes: doc}, signature.Options{Now: received})
		if len(e.Signatures) != 1 || !e.Signatures[0].Intact {
			b.Fatal("not intact")
		}
	}
}

func BenchmarkEnveloped10KB(b *testing.B) { benchmarkXML(b, 10_000) }
func BenchmarkEnveloped5MB(b *testing.B)  { benchmarkXML(b, 5_000_000) }

// BenchmarkXmlsec1 is xmlsec1 --verify on the same files, one process a file, as a yardstick.
func BenchmarkXmlsec1(b *testing.B) {
	tool, err := exec.LookPath("xmlsec1")
	if err != nil {
		b.Fatal("xmlsec1 is missing: apt install xmlsec1")
	}
	for _, size := range []int{10_000, 200_000} { // on 5 MB its XPath filter takes minutes
		b.Run(fmt.Sprint(size), func(b *testing.B) {
			ca := must(signaturetest.NewAuthority("TEST"))(b)
			seal := must(ca.MinisterSeal())(b)
			seal.OmitNull = false // OpenSSL refuses what podpis zaufany does
			doc := must(signaturetest.XAdES{Time: signedAt, Role: jan}.Sign(bigLetter(size), seal))(b)
			path := filepath.Join(b.TempDir(), "a.xml")
			if err := os.WriteFile(path, doc, 0o600); err != nil {
				b.Fatal(err)
			}
			b.SetBytes(int64(len(doc)))
			for b.Loop() {
				out, err := exec.Command(tool, "--verify", "--insecure", "--id-attr:Id", "SignedProperties", path).CombinedOutput()
				if err != nil {
					b.Fatalf("%v\n%s", err, out)
				}
			}
		})
	}
}

// BenchmarkReferences shows that time is linear in the number of references.
func BenchmarkReferences(b *testing.B) {
	for _, n := range []int{50, 500} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			doc := manyReferences(b, n)
			for b.Loop() {
				e := signature.Examine(signature.File{Name: "a.xml", Bytes: doc}, signature.Options{Now: received})
				if len(e.Signatures) != 1 || len(e.Signatures[0].References) < n {
					b.Fatal("references are missing")
				}
			}
		})
	}
}

// BenchmarkSignatures shows that time is linear in the number of signatures of one document.
func BenchmarkSignatures(b *testing.B) {
	ca := must(signaturetest.NewAuthority("TEST"))(b)
	person := must(ca.Person("Anna", "Przykładowa", "0"))(b)
	for _, n := range []int{5, 50} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			doc := bigLetter(10_000)
			for i := range n {
				doc = must(signaturetest.XAdES{Time: signedAt, ID: fmt.Sprint("s", i)}.Sign(doc, person))(b)
			}
			for b.Loop() {
				e := signature.Examine(signature.File{Name: "a.xml", Bytes: doc}, signature.Options{Now: received})
				if len(e.Signatures) != n || !e.Signatures[n-1].Intact {
					b.Fatal("not all intact")
				}
			}
		})
	}
}

// manyReferences is an unsigned but well-formed signature with n references: they are all digested although the value is
// wrong.
func manyReferences(b testing.TB, n int) []byte {
	var refs, objects strings.Builder
	for i := range n {
		fmt.Fprintf(&refs, `<ds:Reference URI="#o%d"><ds:Transforms><ds:Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/></ds:Transforms><ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/><ds:DigestValue>AA==</ds:DigestValue></ds:Reference>`, i)
		fmt.Fprintf(&objects, `<ds:Object Id="o%d">%s</ds:Object>`, i, strings.Repeat("treść ", 50))
	}
	return []byte(`<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:SignedInfo><ds:CanonicalizationMethod Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/><ds:SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"/>` +
		refs.String() + `</ds:SignedInfo><ds:SignatureValue>AA==</ds:SignatureValue>` + objects.String() + `</ds:Signature>`)
}
