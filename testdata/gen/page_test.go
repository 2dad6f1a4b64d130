package main

import (
	"bytes"
	"io"
	"mime/quotedprintable"
	"strings"
	"testing"
)

const page = `story: One sentence.
received: 2026-11-02T08:00:00+01:00
from: Jan Żak <jan@poczta.example>
to: podania@um-krakow.example
subject: Próba
want: {language: pl, nature: submission}
---
Treść
=== a.zip | password=x, name=raw
==== b.txt
w środku
=== c.eml
received: 2026-11-01T08:00:00+01:00
from: ktos@poczta.example
---
list
==== d.txt
w liście
`

func TestAPageIsReadToItsDepth(t *testing.T) {
	t.Parallel()
	s, err := parseStory("próba", page)
	if err != nil {
		t.Fatal(err)
	}
	l := s.letter
	if l.body != "Treść" || len(l.parts) != 2 || l.parts[0].flags["password"] != "x" || l.parts[0].parts[0].text != "w środku" {
		t.Errorf("read %q with %d parts: %+v", l.body, len(l.parts), l.parts)
	}
	inner, err := parseLetter(l.parts[1].text, 1)
	if err != nil || inner.body != "list" || len(inner.parts) != 1 || inner.parts[0].name != "d.txt" {
		t.Errorf("the enclosed letter: %+v, %v", inner, err)
	}
}

func TestABadPageIsRefusedWithItsReason(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, from, to, complains string }{
		{"without a rule", "\n---\nTreść", "\nTreść", "---"},
		{"with an unknown key", "subject:", "subjekt:", "subjekt"},
		{"with an unknown key in the label", "nature:", "natura:", "natura"},
		{"without its sentence", "story: One sentence.", "", "story"},
		{"without a time", "received: 2026-11-02T08:00:00+01:00\nfrom: Jan", "from: Jan", "received"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			// the enclosed letter has a rule of its own, which must not stand in for the missing one
			outer, _, _ := strings.Cut(page, "=== c.eml")
			_, err := parseStory("próba", strings.Replace(outer, tt.from, tt.to, 1))
			if err == nil || !strings.Contains(err.Error(), tt.complains) {
				t.Errorf("error %v, want one with %q", err, tt.complains)
			}
		})
	}
}

func TestANameThatIsNoStoryIsRefused(t *testing.T) {
	t.Parallel()
	s := &story{name: "a", letter: letter{head: head{From: "a@b.example", Answers: []string{"nikt"}}}}
	if err := resolve([]*story{s}); err == nil || !strings.Contains(err.Error(), "nikt") {
		t.Errorf("error %v, want one that names the missing story", err)
	}
}

func TestTextSurvivesItsTransferEncoding(t *testing.T) {
	t.Parallel()
	const text = "Zażółć gęślą jaźń, a potem jeszcze raz zażółć gęślą jaźń i niech będzie długo = długo.\r\nhttps://bank.example/?a=b\r\n"
	for name, raw := range map[string][]byte{
		"quoted-printable": encodeTransfer("quoted-printable", []byte(text)),
		"broken":           brokenQP([]byte(text)),
	} {
		got, err := io.ReadAll(quotedprintable.NewReader(bytes.NewReader(raw)))
		if name == "broken" && !bytes.Contains(raw, []byte("=\r\n")) {
			t.Error("nothing is broken")
		}
		if err != nil || string(got) != text {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
}
