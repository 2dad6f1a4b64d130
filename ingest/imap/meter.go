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

	held  int    // bytes of the answer so far
	skip  int64  // bytes left of a literal
	head  []byte // the first bytes of the answer: what is it?
	tail  []byte // the last bytes of the line: does it announce a literal?
	open  bool   // inside a quoted string
	esc   bool   // after a backslash in one
	depth int    // of lists
	after bool   // behind a list of capabilities
}

const (
	headBytes = 32
	tailBytes = 80
	// maxDepth bounds lists in lists. What we ask for has three; the protocol layer recurses without a bound, and takes
	// time in the square of the depth.
	maxDepth = 64
)

var (
	// capsHead begins a list of capabilities. A bracket in one sends the protocol layer into an endless loop.
	capsHead    = regexp.MustCompile(`(?i)^(\* CAPABILITY|[^ ]+ [^ ]+ \[CAPABILITY)`)
	textHead    = regexp.MustCompile(`(?i)^(\* (OK|NO|BAD|BYE|PREAUTH)\b|\+|[^*])`) // free text follows
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
	if capsHead.Match(m.head) && !m.after {
		list, _, end := bytes.Cut(p, []byte("]"))
		if m.after = end; bytes.IndexByte(list, '(') >= 0 {
			return errTooMuch
		}
	}
	if !textHead.Match(m.head) {
		m.structure(p)
	}
	if m.depth > maxDepth {
		return errTooMuch
	}
	if !whole {
		return nil
	}
	return m.endLine()
}

// endLine decides whether the answer ends with the line or goes on with a literal.
func (m *meter) endLine() error {
	literal := anyLiteral.FindSubmatch(m.tail)
	if literal == nil {
		*m = meter{limit: m.limit, head: m.head[:0], tail: m.tail[:0]}
		return nil
	}
	size, err := strconv.ParseInt(string(literal[1]), 10, 64)
	if err != nil || size > math.MaxInt64/2 {
		return errTooMuch
	}
	// Inside a quoted string the protocol layer would not see an announcement, and collect what follows.
	if !fetchHead.Match(m.head) || m.open || !bodyLiteral.Match(m.tail) {
		if size > int64(m.limit-m.held) {
			return errTooMuch
		}
		m.held += int(size)
	}
	m.skip, m.tail = size, m.tail[:0]
	return nil
}

// structure follows quoted strings and lists.
func (m *meter) structure(p []byte) {
	for _, b := range p {
		switch {
		case m.esc:
			m.esc = false
		case m.open && b == '\\':
			m.esc = true
		case b == '"':
			m.open = !m.open
		case m.open:
		case b == '(':
			m.depth++
		case b == ')':
			m.depth--
		}
	}
}
