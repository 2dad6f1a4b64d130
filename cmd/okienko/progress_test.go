package main

import (
	"io"
	"strings"
	"testing"
)

func TestALogStandsAboveTheBar(t *testing.T) {
	t.Parallel()
	var screen strings.Builder
	p := newProgress(&screen, "x", 1)
	for _, line := range []string{"before\n", "during\n", "after\n"} {
		if line == "during\n" {
			p.set(1)
		}
		if _, err := io.WriteString(p, line); err != nil {
			t.Fatal(err)
		}
		if line == "during\n" {
			p.done()
		}
	}
	bar := "\rx [" + strings.Repeat("█", barWidth) + "] 1/1"
	if want := "before\n" + bar + "\r\x1b[Kduring\n" + bar + "\nafter\n"; screen.String() != want {
		t.Errorf("got %q, want %q", screen.String(), want)
	}
}
