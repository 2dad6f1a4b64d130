package imap

import (
	"bytes"
	"math"
	"regexp"
	"strconv"
)

// meter reads along with the protocol layer and measures how much of an answer that layer holds in memory: all of it but
// the literal of a BODY[…] item, which is streamed. It may count more than is held, never less.
type meter struct {
	limit int // bytes of one answer outside BODY literals

	held int    // bytes of the answer so far
	skip int64  // bytes left of a literal
	head []byte // the first bytes of the answer: is it a FETCH?
	tail []byte // the last bytes of the line: does it announce a literal?
	open bool   // inside a quoted string of a FETCH answer
	esc  bool   // after a backslash in one
}

const (
	headBytes = 24
	tailBytes = 80
)

var (
	fetchHead   = regexp.MustCompile(`(?i)^\* [0-9]+ FETCH ?\(`)
	bodyLiteral = regexp.MustCompile(`(?i)[( ]BODY\[[A-Z0-9.]*\](<[0-9]+>)? \{[0-9]+\}\r?\n$`)
	anyLiteral  = regexp.MustCompile(`\{([0-9]+)\}\r?\n$`)
)

// pass measures the next bytes of the stream.
func (m *meter) pass(p []byte) error {
	for len(p) > 0 {
		if m.skip > 0 {
			n := min(m.skip, int64(len(p)))
			m.skip -= n
			p = p[n:]
			continue
		}
		n := bytes.IndexByte(p, '\n') + 1
		whole := n > 0
		if !whole {
			n = len(p)
		}
		if err := m.line(p[:n], whole); err != nil {
			return err
		}
		p = p[n:]
	}
	return nil
}

// line measures a piece of a line; whole says that the piece ends it.
func (m *meter) line(p []byte, whole bool) error {
	if m.held += len(p); m.held > m.limit {
		return errTooMuch
	}
	if room := headBytes - len(m.head); room > 0 {
		m.head = append(m.head, p[:min(room, len(p))]...)
	}
	m.tail = append(m.tail, p[max(0, len(p)-tailBytes):]...)
	if over := len(m.tail) - tailBytes; over > 0 {
		m.tail = append(m.tail[:0], m.tail[over:]...)
	}
	fetch := fetchHead.Match(m.head)
	if fetch {
		m.quotes(p)
	}
	if !whole {
		return nil
	}
	return m.endLine(fetch)
}

// endLine decides whether the answer ends with the line or goes on with a literal.
func (m *meter) endLine(fetch bool) error {
	literal := anyLiteral.FindSubmatch(m.tail)
	if literal == nil {
		m.held, m.head, m.tail, m.open, m.esc = 0, m.head[:0], m.tail[:0], false, false
		return nil
	}
	size, err := strconv.ParseInt(string(literal[1]), 10, 64)
	if err != nil || size > math.MaxInt64/2 {
		return errTooMuch
	}
	// Inside a quoted string the protocol layer would not see an announcement, and collect what follows.
	if !fetch || m.open || !bodyLiteral.Match(m.tail) {
		if size > int64(m.limit-m.held) {
			return errTooMuch
		}
		m.held += int(size)
	}
	m.skip, m.tail = size, m.tail[:0]
	return nil
}

func (m *meter) quotes(p []byte) {
	for _, b := range p {
		switch {
		case m.esc:
			m.esc = false
		case m.open && b == '\\':
			m.esc = true
		case b == '"':
			m.open = !m.open
		}
	}
}
