package xmldoc_test

import (
	"math/rand/v2"
	"strings"
	"testing"

	"okienko/validate/signature/xmldoc"
)

// TestCommonCountsWhatBothHave compares the count by words with one by nodes, on sets made by every operation over documents
// whose sizes lie around the edges of words.
func TestCommonCountsWhatBothHave(t *testing.T) {
	t.Parallel()
	trials := 0
	for seed := range uint64(200) {
		r := rand.New(rand.NewPCG(seed, 3))
		doc, err := xmldoc.Parse([]byte("<a>"+strings.Repeat("<b>x<c/></b>", 1+r.IntN(60))+"</a>"), xmldoc.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		node := func() *xmldoc.Node { return doc.Nodes[r.IntN(len(doc.Nodes))] }
		set := func() xmldoc.Set {
			switch r.IntN(5) {
			case 0:
				return doc.Subtree(node())
			case 1:
				return doc.Whole().Minus(node(), node())
			case 2:
				return doc.Subtree(node()).Only(node())
			case 3:
				return doc.Union(doc.Subtree(node()), doc.Subtree(node()))
			}
			return doc.Where(func(*xmldoc.Node) bool { return r.IntN(3) == 0 })
		}
		for range 20 {
			a, b, want := set(), set(), 0
			for n := range a.Members() {
				if b.Has(n) {
					want++
				}
			}
			if trials++; a.Common(b) != want || b.Common(a) != want {
				t.Fatalf("seed %d: %d and %d nodes in common, want %d", seed, a.Common(b), b.Common(a), want)
			}
		}
	}
	if (xmldoc.Set{}).Common(xmldoc.Set{}) != 0 {
		t.Error("empty sets have something in common")
	}
	t.Logf("%d pairs", trials)
}
