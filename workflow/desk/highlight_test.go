package desk

import (
	"strings"
	"testing"
	"unicode/utf8"

	"okienko/ingest"
)

func at(document string, start, end int) highlight {
	return highlight{place: ingest.Place{Document: document, Start: start, End: end}, kind: markWhy}
}

func TestSegments(t *testing.T) {
	t.Parallel()
	const text = "Zażółć gęślą jaźń" // ż ó ł ć and the like take two bytes
	for _, tt := range []struct {
		name  string
		marks []highlight
		limit int
		want  string // highlights in brackets
		cut   bool
	}{
		{"nothing highlighted", nil, 0, text, false},
		{"one word", []highlight{at("0", 0, 10)}, 0, "[Zażółć] gęślą jaźń", false},
		{"two words, given in the wrong order", []highlight{at("0", 11, 19), at("0", 0, 10)}, 0, "[Zażółć] [gęślą] jaźń", false},
		{"overlapping: the earlier one stays", []highlight{at("0", 0, 10), at("0", 3, 12)}, 0, "[Zażółć] gęślą jaźń", false},
		{"beginning together: the longer one stays", []highlight{at("0", 0, 2), at("0", 0, 10)}, 0, "[Zażółć] gęślą jaźń", false},
		{"a place in another document", []highlight{at("1", 0, 10)}, 0, text, false},
		{"a place past the end", []highlight{at("0", 11, 400)}, 0, text, false},
		{"a place before the beginning", []highlight{at("0", -3, 4)}, 0, text, false},
		{"a place that ends before it begins", []highlight{at("0", 10, 4)}, 0, text, false},
		{"a place inside a character", []highlight{at("0", 3, 4)}, 0, text, false},
		{"cut at a limit, never inside a character", []highlight{at("0", 0, 10)}, 14, "[Zażółć] gę", true},
		{"a highlight behind the limit is not shown", []highlight{at("0", 11, 19)}, 14, "Zażółć gę", true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			list, cut := segments("0", text, tt.marks, tt.limit, false)
			if got := bracketed(list); got != tt.want || cut != tt.cut {
				t.Errorf("segments = %q, cut %t; want %q, cut %t", got, cut, tt.want, tt.cut)
			}
		})
	}
}

func bracketed(list []segment) string {
	var b strings.Builder
	for _, s := range list {
		if s.Kind != "" {
			b.WriteString("[" + s.Text + "]")
		} else {
			b.WriteString(s.Text)
		}
	}
	return b.String()
}

// FuzzSegments holds that no text is lost, doubled or broken, whatever places the reader reports.
func FuzzSegments(f *testing.F) {
	f.Add("Zażółć gęślą jaźń", 0, 10, 11, 18, 0)
	f.Add("a", 0, 1, 0, 1, 1)
	f.Fuzz(func(t *testing.T, text string, a, b, c, d, limit int) {
		limit = max(0, limit%200)
		list, cut := segments("0", text, []highlight{at("0", a, b), at("0", c, d)}, limit, false)
		joined := ""
		for _, s := range list {
			joined += s.Text
		}
		if !strings.HasPrefix(text, joined) || !cut && joined != text {
			t.Errorf("segments of %q give %q", text, joined)
		}
		if utf8.ValidString(text) && !utf8.ValidString(joined) {
			t.Errorf("segments of %q break a character", text)
		}
		for _, p := range []ingest.Place{{Start: a, End: b}, {Start: c, End: d}} {
			quote(text, p, 5)
		}
	})
}
