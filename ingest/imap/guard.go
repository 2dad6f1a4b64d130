package imap

import (
	"errors"
	"net"
	"os"
	"sync"
	"time"
)

// errTooMuch means that the server sent more than a sensible answer holds.
var errTooMuch = errors.New("answer too large")

// guard stands between the connection and the protocol layer, which by itself waits for ever and collects lines of any
// length in memory. It gives every Read a deadline while the server owes an answer, and counts what comes.
//
// Only the time spent waiting for the network counts: a letter may rest in accept for as long as the disk needs.
//
// Read is called by one goroutine; the other methods may be called at the same time.
type guard struct {
	net.Conn
	silence time.Duration // longest wait for the next byte of an answer that is due

	mu      sync.Mutex
	meter   meter
	owing   bool          // the server owes an answer
	left    time.Duration // network time left for it
	bytes   int64         // bytes left for it
	waiting time.Time     // since when Read waits; zero if it does not
	end     time.Time     // the last moment for anything; zero if none
	failure error         // the first one
}

// newGuard expects an answer from the start: the greeting.
func newGuard(conn net.Conn, within, silence time.Duration) *guard {
	return &guard{Conn: conn, silence: silence, owing: true, left: within, bytes: answerBytes, meter: meter{limit: lineBytes}}
}

const (
	lineBytes   = 64 << 10 // of one answer held in memory, any but that to SEARCH
	searchBytes = 8 << 20  // about 700,000 message numbers
	answerBytes = 16 << 20 // of all answers to one command, beside letters
)

// owe says that the server now owes an answer of at most n bytes, in lines of at most line bytes, and has d for it. The
// returned function says that it came.
func (g *guard) owe(d time.Duration, n int64, line int) (came func()) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.owing, g.left, g.bytes, g.meter.limit = true, d, n, line
	if !g.waiting.IsZero() {
		g.waiting = time.Now()
		g.setDeadline()
	}
	return g.rest
}

// rest says that the server owes nothing: silence is fine, and a little unasked news.
func (g *guard) rest() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.owing, g.bytes, g.meter.limit = false, answerBytes, lineBytes
	if !g.waiting.IsZero() {
		g.setDeadline()
	}
}

// hurry makes everything end within d from now.
func (g *guard) hurry(d time.Duration) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.end = time.Now().Add(d)
	if !g.waiting.IsZero() {
		g.setDeadline()
	}
	_ = g.Conn.SetWriteDeadline(g.end)
}

// noticed is the first failure the guard saw, nil if none.
func (g *guard) noticed() error {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.failure
}

func (g *guard) Read(p []byte) (int, error) {
	if err := g.begin(); err != nil {
		return 0, err
	}
	n, err := g.Conn.Read(p)
	return g.finish(p[:n], err)
}

func (g *guard) begin() error {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.failure != nil {
		return g.failure
	}
	if g.owing && g.left <= 0 {
		g.failure = os.ErrDeadlineExceeded
		return g.failure
	}
	g.waiting = time.Now()
	g.setDeadline()
	return nil
}

// finish lets nothing of what is too much through.
func (g *guard) finish(p []byte, err error) (int, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.owing {
		g.left -= time.Since(g.waiting)
	}
	g.waiting = time.Time{}
	n := len(p)
	g.bytes -= int64(n)
	if g.bytes < 0 || g.meter.pass(p) != nil {
		n, err = 0, errTooMuch
	}
	if g.failure == nil {
		g.failure = err
	}
	return n, err
}

// setDeadline is called with mu held.
func (g *guard) setDeadline() {
	t := g.end
	if g.owing {
		t = earlier(t, g.waiting.Add(min(g.silence, g.left)))
	}
	_ = g.Conn.SetReadDeadline(t) // a connection that refuses deadlines fails in Read
}

func earlier(a, b time.Time) time.Time {
	if a.IsZero() || b.Before(a) {
		return b
	}
	return a
}

// SetReadDeadline and SetDeadline do nothing: the protocol layer sets deadlines of its own, looser than ours.
func (g *guard) SetReadDeadline(time.Time) error { return nil }
func (g *guard) SetDeadline(time.Time) error     { return nil }
