package signature_test

import (
	"fmt"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"okienko/validate/signature"
	"okienko/validate/signature/signaturetest"
	"okienko/validate/signature/xmldoc"
)

// growing makes documents of n references or signatures.
type growing func(t testing.TB, n int, s *signaturetest.Signer) (doc []byte, content []signature.Content)

func alone(doc func(testing.TB, int, *signaturetest.Signer) []byte) growing {
	return func(t testing.TB, n int, s *signaturetest.Signer) ([]byte, []signature.Content) {
		return doc(t, n, s), nil
	}
}

// examineAll examines a document of n and holds that all of it is intact.
func examineAll(t testing.TB, n int, doc []byte, content []signature.Content) {
	t.Helper()
	e := signature.Examine(signature.File{Name: "a.xml", Bytes: doc}, signature.Options{Now: received, Content: content})
	if len(e.Signatures) == 0 || len(e.Signatures[0].References)*len(e.Signatures) < n {
		t.Fatalf("%d of %d: %v", len(e.Signatures), n, e.Problems)
	}
	for _, s := range e.Signatures {
		if !s.Intact {
			t.Fatalf("not intact: %s %+v", s.Problem, s.References)
		}
	}
}

// BenchmarkLinear shows what ten times as many references, documents beside and signatures cost: the metric "times" is the ratio
// of the mean run of each size, in processor time, so that a busy machine does not count. Linear is about 10; seen were 7.6 to
// 11.6, the collector's work included, whose share is smaller below its first 4 MB.
//
// Signatures around signatures cannot be linear: each digests all the ones inside it, so that 5 digest 25 KB and 50 digest
// 2.6 MB, a hundred times as much. Seen were 13 to 17 times, because digesting is the smaller part of the work.
func BenchmarkLinear(b *testing.B) {
	o := newOffice(b)
	for _, c := range []struct {
		name         string
		small, large int
		make         growing
	}{
		{"references to parts", 50, 500, alone(manyParts)},
		{"references to documents", 50, 500, manyDocuments},
		{"signatures of a letter", 5, 50, alone(manySignatures)},
		{"signatures of a letter, more", 50, 500, alone(manySignatures)},
		{"signatures of parts", 50, 500, alone(partsSigned)},
		{"signatures enveloped in parts", 50, 500, alone(partsSignedInside)},
		{"signatures around signatures", 5, 50, alone(nested)},
	} {
		b.Run(c.name, func(b *testing.B) {
			defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1)) // the collector's helpers on idle cores would count too
			mean := func(n, runs int) func() time.Duration {
				doc, content := c.make(b, n, o.minister)
				return func() time.Duration {
					before := cpu(b, syscall.RUSAGE_SELF)
					for range runs {
						examineAll(b, n, doc, content)
					}
					return (cpu(b, syscall.RUSAGE_SELF) - before) / time.Duration(runs)
				}
			}
			few, many := mean(c.small, 100), mean(c.large, 10)
			var small, large time.Duration
			for b.Loop() {
				small, large = small+few(), large+many()
			}
			small, large = small/time.Duration(b.N), large/time.Duration(b.N)
			b.ReportMetric(float64(small.Microseconds()), "µs-small")
			b.ReportMetric(float64(large.Microseconds()), "µs-large")
			b.ReportMetric(float64(large)/float64(small), "times")
		})
	}
}

// TestManySignaturesTakeMemoryInProportion: what BenchmarkLinear measures in time, held where time cannot be: ten times as many
// signatures may take ten times the memory. It is not parallel, because all that is allocated meanwhile counts.
func TestManySignaturesTakeMemoryInProportion(t *testing.T) { //nolint:paralleltest // see above
	o := newOffice(t)
	for name, shape := range map[string]growing{"of parts": alone(partsSigned), "enveloped in parts": alone(partsSignedInside), "of a letter": alone(manySignatures)} {
		taken := func(n int) float64 {
			doc, content := shape(t, n, o.person)
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			examineAll(t, n, doc, content)
			runtime.ReadMemStats(&after)
			return float64(after.TotalAlloc - before.TotalAlloc)
		}
		if times := taken(200) / taken(20); times > 10.5 {
			t.Errorf("signatures %s: ten times as many take %.1f times the memory", name, times)
		}
	}
}

const partText = "treść zażółć gęślą jaźń "

func manyParts(t testing.TB, n int, s *signaturetest.Signer) []byte {
	var x signaturetest.XMLSig
	for i := range n {
		x.Refs = append(x.Refs, signaturetest.Ref{URI: fmt.Sprint("#o", i)})
		x.Objects = append(x.Objects, fmt.Sprintf(`<ds:Object Id="o%d"><a>%s</a><b>%[2]s</b></ds:Object>`, i, strings.Repeat(partText, 20)))
	}
	return must(x.Sign(s))(t)
}

func manyDocuments(t testing.TB, n int, s *signaturetest.Signer) (doc []byte, beside []signature.Content) {
	var x signaturetest.XMLSig
	for i := range n {
		c := signature.Content{Name: fmt.Sprintf("zalacznik%d.txt", i), Bytes: []byte(strings.Repeat(fmt.Sprint(partText, i), 40))}
		x.Refs = append(x.Refs, signaturetest.Ref{URI: c.Name, Octets: c.Bytes})
		beside = append(beside, c)
	}
	return must(x.Sign(s))(t), beside
}

func manySignatures(t testing.TB, n int, s *signaturetest.Signer) []byte {
	doc := bigLetter(10_000)
	for i := range n {
		doc = must(signaturetest.XAdES{Time: signedAt, ID: fmt.Sprint("s", i)}.Sign(doc, s))(t)
	}
	return doc
}

// partsSigned is n signatures side by side, each over an object of its own.
func partsSigned(t testing.TB, n int, s *signaturetest.Signer) []byte {
	return together(t, n, s, func(i int) signaturetest.XMLSig {
		id := fmt.Sprint("o", i)
		return signaturetest.XMLSig{Refs: []signaturetest.Ref{{URI: "#" + id}}, Objects: []string{fmt.Sprintf(`<ds:Object Id="%s"><a>%s</a></ds:Object>`, id, strings.Repeat(partText, 20))}}
	})
}

// partsSignedInside is n parts of a document, each with its signature in it.
func partsSignedInside(t testing.TB, n int, s *signaturetest.Signer) []byte {
	inside := `<ds:Transforms><ds:Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"/><ds:Transform Algorithm="` + xmldoc.C14NExclusive + `"/></ds:Transforms>`
	return together(t, n, s, func(i int) signaturetest.XMLSig {
		begin, end := fmt.Sprintf(`<pismo id="p%d"><a>%s</a>`, i, strings.Repeat(partText, 20)), `</pismo>`
		return signaturetest.XMLSig{Before: begin, After: end, Refs: []signaturetest.Ref{{URI: fmt.Sprint("#p", i), Inside: inside, Octets: []byte(begin + end)}}}
	})
}

// together puts n documents with one signature each into one.
func together(t testing.TB, n int, s *signaturetest.Signer, shape func(i int) signaturetest.XMLSig) []byte {
	var b strings.Builder
	b.WriteString("<pisma>")
	for i := range n {
		b.Write(must(shape(i).Sign(s))(t))
	}
	return []byte(b.String() + "</pisma>")
}

// nested is n signatures, each of the object that holds the one before.
func nested(t testing.TB, n int, s *signaturetest.Signer) []byte {
	doc := `<a>` + strings.Repeat(partText, 20) + `</a>`
	for i := range n {
		id := fmt.Sprint("o", i)
		x := signaturetest.XMLSig{Refs: []signaturetest.Ref{{URI: "#" + id}}, Objects: []string{fmt.Sprintf(`<ds:Object Id="%s">%s</ds:Object>`, id, doc)}}
		doc = string(must(x.Sign(s))(t))
	}
	return []byte(doc)
}
