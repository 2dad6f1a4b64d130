package desk

import (
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestMask(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, in, want string }{
		{"a PESEL in a sentence", "Anna Nowak, PESEL 82051404583, Kraków", "Anna Nowak, PESEL ********583, Kraków"},
		{"a PESEL alone", "82051404583", "********583"},
		{"two with one blank between them", "82051404583 79030812376", "********583 ********376"},
		{"one with a wrong check digit is masked too: people mistype", "82051404580", "********580"},
		{"one written in groups", "820514 04583", "********583"},
		{"one written with hyphens", "82-05-14-04583", "********583"},
		{"a no-break space between the groups", "820514\u00a004583", "********583"},
		{"grouped digits without the check digit are something else", "820514 04580", "820514 04580"},
		{"a phone number with country code", "+48601234567", "+48601234567"},
		{"a phone number of nine digits", "601 234 567", "601 234 567"},
		{"an account number", "49 1020 2892 2276 3005 0000 0000", "49 1020 2892 2276 3005 0000 0000"},
		{"an account number in one piece", "49102028922276300500000000", "49102028922276300500000000"},
		{"a registry number", "RPW/12345/2026", "RPW/12345/2026"},
		{"next to letters", "PESEL:82051404583.", "PESEL:********583."},
		{"nothing to mask", "Zażółć gęślą jaźń", "Zażółć gęślą jaźń"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := mask(tt.in); got != tt.want {
				t.Errorf("mask(%q) = %q, want %q", tt.in, got, tt.want)
			}
		})
	}
}

var elevenDigits = regexp.MustCompile(`(^|[^\d+])\d{11}($|\D)`)

func FuzzMask(f *testing.F) {
	for _, s := range []string{"82051404583", "a82051404583b82051404583", "820514 04583 820514 04583", "+48601234567", "1234567890123"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		masked := mask(s)
		if elevenDigits.MatchString(masked) {
			t.Errorf("mask(%q) = %q still shows a personal number", s, masked)
		}
		if utf8.ValidString(s) && !utf8.ValidString(masked) {
			t.Errorf("mask(%q) broke a character", s)
		}
		if mask(masked) != masked {
			t.Errorf("masking %q twice gives %q", masked, mask(masked))
		}
		if strings.Trim(s, "0123456789 -\u00a0") == s && masked != s && !strings.ContainsAny(s, "0123456789") {
			t.Errorf("mask(%q) = %q: nothing was there to mask", s, masked)
		}
	})
}
