package trust_test

import (
	"encoding/pem"
	"strings"
	"testing"
	"time"

	"okienko/validate/signature/signaturetest"
)

// TestWhoMaySignAList: a pinned signer, whom an earlier list of lists names for the next, and whom the newest list of lists
// names for a country; nobody else.
func TestWhoMaySignAList(t *testing.T) {
	t.Parallel()
	ca, err := signaturetest.NewAuthority("TEST")
	if err != nil {
		t.Fatal(err)
	}
	signer := func(name string) *signaturetest.Signer {
		s, err := ca.Company(name)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	first, second, third, poland, oldPoland, germany, stranger := signer("1"), signer("2"), signer("3"), signer("PL"), signer("PL dawny"), signer("DE"), signer("X")
	type list = signaturetest.List
	pointer := func(territory string, s ...*signaturetest.Signer) signaturetest.ListPointer {
		return signaturetest.ListPointer{Territory: territory, Location: "https://lists.example/" + territory, Signers: s}
	}
	issued := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	sign := func(l list, s *signaturetest.Signer) []byte {
		l.Issued, l.NextUpdate = issued, issued.AddDate(0, 6, 0)
		raw, err := l.Sign(s)
		if err != nil {
			t.Fatal(err)
		}
		return raw
	}
	lotl := func(n int, next, of *signaturetest.Signer) list {
		return list{Territory: "EU", Sequence: n, OfLists: true, Pointers: []signaturetest.ListPointer{pointer("EU", next), pointer("PL", of), pointer("DE", germany)}}
	}
	printed := lotl(1, first, first)
	printed.Pointers = []signaturetest.ListPointer{{Territory: "PL", Mime: "application/pdf", Signers: []*signaturetest.Signer{poland}}}
	national := sign(list{Territory: "PL", Sequence: 7}, poland)
	tests := []struct {
		name  string
		files map[string][]byte
		want  string // what is used
	}{
		{"named for the country", map[string][]byte{"a.xml": sign(lotl(1, first, poland), first), "pl.xml": national}, "EU 1, PL 7"},
		{"nobody signed the list of lists", map[string][]byte{"a.xml": sign(lotl(1, first, poland), stranger), "pl.xml": national}, ""},
		{"a signer of another country", map[string][]byte{"a.xml": sign(lotl(1, first, poland), first), "pl.xml": sign(list{Territory: "PL", Sequence: 7}, germany)}, "EU 1"},
		{"a signer named for the printed form only", map[string][]byte{"a.xml": sign(printed, first), "pl.xml": national}, "EU 1"},
		{"two pivots later", map[string][]byte{"c.xml": sign(lotl(1, second, oldPoland), first), "b.xml": sign(lotl(2, third, oldPoland), second), "a.xml": sign(lotl(3, third, poland), third), "pl.xml": national}, "EU 3, PL 7"},
		{"a pivot is missing", map[string][]byte{"c.xml": sign(lotl(1, second, oldPoland), first), "a.xml": sign(lotl(3, third, poland), third), "pl.xml": national}, "EU 1"},
		{"a later signer may not go back in time", map[string][]byte{"a.xml": sign(lotl(5, second, poland), first), "b.xml": sign(lotl(4, third, germany), second)}, "EU 5"},
		{"the newest list of lists no longer names the signer", map[string][]byte{"a.xml": sign(lotl(1, first, oldPoland), first), "b.xml": sign(lotl(2, first, poland), first), "pl.xml": sign(list{Territory: "PL", Sequence: 8}, oldPoland)}, "EU 2"},
		{"a national signer makes a list of lists", map[string][]byte{"a.xml": sign(lotl(1, first, poland), first), "pl.xml": sign(list{Territory: "PL", Sequence: 9, OfLists: true, Pointers: []signaturetest.ListPointer{pointer("DE", stranger)}}, poland),
			"de.xml": sign(list{Territory: "DE", Sequence: 1}, stranger)}, "EU 1"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			tt.files["signers/eu.pem"] = pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: first.Certificate.Raw})
			var used []string
			for _, title := range store(t, tt.files).Describe() {
				title = strings.TrimPrefix(title, "trusted list ")
				title, _, _ = strings.Cut(title, " of ")
				used = append(used, strings.Replace(title, "no. ", "", 1))
			}
			if got := strings.Join(used, ", "); got != tt.want {
				t.Errorf("used %q, want %q", got, tt.want)
			}
		})
	}
}
