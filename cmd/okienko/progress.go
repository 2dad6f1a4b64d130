package main

import (
	"fmt"
	"io"
	"strings"
	"sync"
)

// progress draws a bar that grows in place. What is written to it, such as a log, stands on lines above the bar. Its methods may
// be called concurrently.
type progress struct {
	mu    sync.Mutex
	w     io.Writer
	what  string
	total int
	at    int // -1 while no bar is on the screen
}

const barWidth = 40

func newProgress(w io.Writer, what string, total int) *progress {
	return &progress{w: w, what: what, total: max(total, 1), at: -1}
}

// set draws n of total, if that is news.
func (p *progress) set(n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if n != p.at {
		p.at = n
		p.draw()
	}
}

func (p *progress) draw() {
	full := min(barWidth*p.at/p.total, barWidth)
	fmt.Fprintf(p.w, "\r%s [%s%s] %d/%d", p.what, strings.Repeat("█", full), strings.Repeat("·", barWidth-full), p.at, p.total)
}

// Write puts whole lines above the bar.
func (p *progress) Write(lines []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.at < 0 {
		return p.w.Write(lines)
	}
	fmt.Fprint(p.w, "\r\x1b[K") // ECMA-48: erase to the end of the line
	n, err := p.w.Write(lines)
	p.draw()
	return n, err
}

func (p *progress) done() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.at = -1
	fmt.Fprintln(p.w)
}
