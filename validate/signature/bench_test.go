package signature_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

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
	before := cpu(b, syscall.RUSAGE_SELF)
	for b.Loop() {
		e := signature.Examine(signature.File{Name: "a.xml", Bytes: doc}, signature.Options{Now: received})
		if len(e.Signatures) != 1 || !e.Signatures[0].Intact {
			b.Fatal("not intact")
		}
	}
	perCore(b, len(doc), cpu(b, syscall.RUSAGE_SELF)-before)
}

// perCore reports what one processor core does in a second.
func perCore(b *testing.B, size int, spent time.Duration) {
	per := float64(b.N) / spent.Seconds()
	b.ReportMetric(per, "docs/core-s")
	b.ReportMetric(per*float64(size)/1e6, "MB/core-s")
}

func BenchmarkEnveloped10KB(b *testing.B) { benchmarkXML(b, 10_000) }
func BenchmarkEnveloped5MB(b *testing.B)  { benchmarkXML(b, 5_000_000) }

// BenchmarkXmlsec1 is xmlsec1 --verify on the same files, one process a file, as a yardstick. The 5 MB file is left out: its XPath
// filter takes xmlsec1 longer than the 44 seconds of processor time after which it was last looked at.
func BenchmarkXmlsec1(b *testing.B) {
	tool, err := exec.LookPath("xmlsec1")
	if err != nil {
		b.Fatal("xmlsec1 is missing: apt install xmlsec1")
	}
	for _, size := range []int{10_000, 200_000} {
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
			before := cpu(b, syscall.RUSAGE_CHILDREN)
			for b.Loop() {
				out, err := exec.Command(tool, "--verify", "--insecure", "--id-attr:Id", "SignedProperties", path).CombinedOutput()
				if err != nil {
					b.Fatalf("%v\n%s", err, out)
				}
			}
			perCore(b, len(doc), cpu(b, syscall.RUSAGE_CHILDREN)-before)
		})
	}
}

// cpu is the processor time this process or its children have used.
func cpu(b *testing.B, who int) time.Duration {
	var r syscall.Rusage
	if err := syscall.Getrusage(who, &r); err != nil {
		b.Fatal(err)
	}
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}
