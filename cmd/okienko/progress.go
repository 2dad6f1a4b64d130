package main

import (
	"fmt"
	"io"
	"strings"
)

// progress draws a bar that grows in place.
type progress struct {
	w     io.Writer
	what  string
	total int
	last  int
}

const barWidth = 40

func newProgress(w io.Writer, what string, total int) *progress {
	return &progress{w: w, what: what, total: max(total, 1), last: -1}
}

// set draws n of total, if that is news.
func (p *progress) set(n int) {
	if n == p.last {
		return
	}
	p.last = n
	full := min(barWidth*n/p.total, barWidth)
	fmt.Fprintf(p.w, "\r%s [%s%s] %d/%d", p.what, strings.Repeat("█", full), strings.Repeat("·", barWidth-full), n, p.total)
}

func (p *progress) done() { fmt.Fprintln(p.w) }
