package testdata_test

import (
	"math/big"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// page is the source of a story: all its text stands there, that of pictures too.
type page struct{ name, text string }

func pages(t *testing.T) []page {
	t.Helper()
	names, err := filepath.Glob("stories/*.txt")
	if err != nil || len(names) == 0 {
		t.Fatalf("no pages in stories (%v)", err)
	}
	var all []page
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, page{filepath.Base(name), string(text)})
	}
	return all
}

func TestNumbersHaveRightCheckDigits(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		find  string // the number is the first group
		least int
		holds func(string) bool
	}{
		{"PESEL", `\b(\d{11})\b`, 40, func(s string) bool { return weighed(s, "1379137913", 10) == (10-digit(s, 10))%10 }},
		{"NIP", `NIP[ |]+(\d{10})\b`, 8, func(s string) bool { return weighed(s, "657234567", 11) == digit(s, 9) }},
		{"REGON", `REGON (\d{9})\b`, 3, func(s string) bool { return weighed(s, "89234567", 11)%10 == digit(s, 8) }},
		{"account", `\b(\d{2}(?: \d{4}){6})\b`, 3, account},
		{"VIN", `\b([A-Z][A-Z0-9]{16})\b`, 10, func(s string) bool { return !strings.ContainsAny(s, "IOQ") }},
	} {
		n, pattern := 0, regexp.MustCompile(tt.find)
		for _, p := range pages(t) {
			for _, m := range pattern.FindAllStringSubmatch(p.text, -1) {
				if n++; !tt.holds(m[1]) {
					t.Errorf("%s: %s %s does not hold", p.name, tt.name, m[1])
				}
			}
		}
		if n < tt.least {
			t.Errorf("%s: found only %d, want at least %d", tt.name, n, tt.least)
		}
	}
}

// weighed is the sum of the digits, each times its weight, modulo m.
func weighed(s, weights string, m int) int {
	sum := 0
	for i := range weights {
		sum += digit(s, i) * digit(weights, i)
	}
	return sum % m
}

func digit(s string, i int) int { return int(s[i] - '0') }

// account: a Polish account number is an IBAN without PL (ISO 13616), 21 and 25 stand for P and L.
func account(s string) bool {
	s = strings.ReplaceAll(s, " ", "")
	n, _ := new(big.Int).SetString(s[2:]+"2521"+s[:2], 10)
	return n.Mod(n, big.NewInt(97)).Int64() == 1
}

func TestEveryDomainIsInvented(t *testing.T) {
	t.Parallel()
	pattern := regexp.MustCompile(`(?:@|https?://)([\p{L}\d.-]+)`)
	n := 0
	for _, p := range pages(t) {
		for _, m := range pattern.FindAllStringSubmatch(p.text, -1) {
			if n++; !strings.HasSuffix(strings.TrimRight(m[1], "."), ".example") {
				t.Errorf("%s: domain %q does not end in .example (RFC 2606)", p.name, m[1])
			}
		}
	}
	if n < 100 {
		t.Errorf("only %d domains found", n)
	}
}
