package pades

import (
	"bytes"
	"errors"
	"strconv"
)

// An object of ISO 32000-1 section 7.3: nil, bool, float64 (numbers), name, str, array, dict, ref or *stream.
type (
	object any
	name   string
	array  []object
	dict   map[name]object
	ref    struct{ num, gen int }
	// str remembers where it stands: a signature's /Contents must fill the gap of its byte range exactly.
	str struct {
		b          []byte
		start, end int // offsets of the delimiters, end exclusive
		hex        bool
	}
	stream struct {
		dict dict
		raw  []byte
	}
	keyword string
)

var (
	errSyntax = errors.New("PDF: syntax error")
	errDepth  = errors.New("PDF: objects nested too deeply")
	errLimit  = errors.New("PDF: too many objects")
)

const maxDepth = 60

// lexer reads objects from buf; it never reads beyond it.
type lexer struct {
	buf    []byte
	pos    int
	budget *int // objects that may still be read
}

func isBlank(c byte) bool {
	return c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == '\f' || c == 0
}

func isDelim(c byte) bool { return bytes.IndexByte([]byte("()<>[]{}/%"), c) >= 0 }

func (l *lexer) skip() {
	for l.pos < len(l.buf) {
		c := l.buf[l.pos]
		switch {
		case isBlank(c):
			l.pos++
		case c == '%':
			for l.pos < len(l.buf) && l.buf[l.pos] != '\n' && l.buf[l.pos] != '\r' {
				l.pos++
			}
		default:
			return
		}
	}
}

func (l *lexer) peek(s string) bool {
	return bytes.HasPrefix(l.buf[min(l.pos, len(l.buf)):], []byte(s))
}

// object reads the next object; references are recognised by looking ahead.
func (l *lexer) object(depth int) (object, error) {
	if depth > maxDepth {
		return nil, errDepth
	}
	if *l.budget--; *l.budget < 0 {
		return nil, errLimit
	}
	l.skip()
	if l.pos >= len(l.buf) {
		return nil, errSyntax
	}
	switch c := l.buf[l.pos]; {
	case c == '/':
		return l.name()
	case c == '(':
		return l.literal()
	case l.peek("<<"):
		return l.dict(depth)
	case c == '<':
		return l.hex()
	case c == '[':
		return l.array(depth)
	case c == '+' || c == '-' || c == '.' || '0' <= c && c <= '9':
		return l.number()
	case isDelim(c):
		return nil, errSyntax
	}
	return l.word(), nil
}

func (l *lexer) word() object {
	start := l.pos
	for l.pos < len(l.buf) && !isBlank(l.buf[l.pos]) && !isDelim(l.buf[l.pos]) {
		l.pos++
	}
	switch w := string(l.buf[start:l.pos]); w {
	case "true":
		return true
	case "false":
		return false
	case "null":
		return nil
	default:
		return keyword(w)
	}
}

func (l *lexer) number() (object, error) {
	start := l.pos
	f, err := l.plainNumber()
	if err != nil {
		return nil, err
	}
	// "12 0 R" is a reference.
	after := l.pos
	if f >= 0 && f == float64(int(f)) && l.buf[start] != '+' && l.buf[start] != '.' {
		l.skip()
		if l.pos < len(l.buf) && '0' <= l.buf[l.pos] && l.buf[l.pos] <= '9' {
			if g, err := l.plainNumber(); err == nil {
				l.skip()
				if l.peek("R") && (l.pos+1 >= len(l.buf) || isBlank(l.buf[l.pos+1]) || isDelim(l.buf[l.pos+1])) {
					l.pos++
					return ref{int(f), int(g)}, nil
				}
			}
		}
	}
	l.pos = after
	return f, nil
}

func (l *lexer) plainNumber() (float64, error) {
	start := l.pos
	for l.pos < len(l.buf) && (bytes.IndexByte([]byte("+-."), l.buf[l.pos]) >= 0 || '0' <= l.buf[l.pos] && l.buf[l.pos] <= '9') {
		l.pos++
	}
	if l.pos-start > 40 {
		return 0, errSyntax
	}
	f, err := strconv.ParseFloat(string(l.buf[start:l.pos]), 64)
	if err != nil || f > 1e15 || f < -1e15 {
		return 0, errSyntax
	}
	return f, nil
}

func (l *lexer) name() (object, error) {
	l.pos++
	var b []byte
	for l.pos < len(l.buf) && !isBlank(l.buf[l.pos]) && !isDelim(l.buf[l.pos]) {
		c := l.buf[l.pos]
		if c == '#' && l.pos+2 < len(l.buf) && unhex(l.buf[l.pos+1]) >= 0 && unhex(l.buf[l.pos+2]) >= 0 {
			c = byte(unhex(l.buf[l.pos+1])<<4 | unhex(l.buf[l.pos+2]))
			l.pos += 2
		}
		b = append(b, c)
		l.pos++
	}
	return name(b), nil
}

func unhex(c byte) int {
	switch {
	case '0' <= c && c <= '9':
		return int(c - '0')
	case 'a' <= c && c <= 'f':
		return int(c-'a') + 10
	case 'A' <= c && c <= 'F':
		return int(c-'A') + 10
	}
	return -1
}

func (l *lexer) hex() (object, error) {
	start := l.pos
	end := bytes.IndexByte(l.buf[start:], '>')
	if end < 0 {
		return nil, errSyntax
	}
	end += start + 1
	b := make([]byte, 0, (end-start)/2)
	high := -1
	for _, c := range l.buf[start+1 : end-1] {
		d := unhex(c)
		switch {
		case d < 0 && isBlank(c):
		case d < 0:
			return nil, errSyntax
		case high < 0:
			high = d
		default:
			b = append(b, byte(high<<4|d))
			high = -1
		}
	}
	if high >= 0 {
		b = append(b, byte(high<<4))
	}
	l.pos = end
	return str{b: b, start: start, end: end, hex: true}, nil
}

func (l *lexer) literal() (object, error) {
	start := l.pos
	var b []byte
	depth := 0
	for ; l.pos < len(l.buf); l.pos++ {
		switch c := l.buf[l.pos]; c {
		case '(':
			if depth++; depth > 1 {
				b = append(b, c)
			}
		case ')':
			if depth--; depth == 0 {
				l.pos++
				return str{b: b, start: start, end: l.pos}, nil
			}
			b = append(b, c)
		case '\\':
			b = l.escape(b)
		default:
			b = append(b, c)
		}
	}
	return nil, errSyntax
}

// escape reads the sequence at pos and leaves pos on its last octet.
func (l *lexer) escape(b []byte) []byte {
	l.pos++
	if l.pos >= len(l.buf) {
		return b
	}
	c := l.buf[l.pos]
	if i := bytes.IndexByte([]byte("nrtbf"), c); i >= 0 {
		return append(b, "\n\r\t\b\f"[i])
	}
	switch {
	case c == '\r' && l.pos+1 < len(l.buf) && l.buf[l.pos+1] == '\n':
		l.pos++
		return b
	case c == '\r' || c == '\n':
		return b
	case '0' <= c && c <= '7':
		v, n := 0, 0
		for n < 3 && l.pos < len(l.buf) && '0' <= l.buf[l.pos] && l.buf[l.pos] <= '7' {
			v = v<<3 | int(l.buf[l.pos]-'0')
			l.pos++
			n++
		}
		l.pos--
		return append(b, byte(v))
	}
	return append(b, c)
}

func (l *lexer) array(depth int) (object, error) {
	l.pos++
	var a array
	for {
		l.skip()
		if l.peek("]") {
			l.pos++
			return a, nil
		}
		o, err := l.object(depth + 1)
		if err != nil {
			return nil, err
		}
		a = append(a, o)
	}
}

func (l *lexer) dict(depth int) (object, error) {
	l.pos += 2
	d := dict{}
	for {
		l.skip()
		if l.peek(">>") {
			l.pos += 2
			return d, nil
		}
		if !l.peek("/") {
			return nil, errSyntax
		}
		k, err := l.name()
		if err != nil {
			return nil, err
		}
		v, err := l.object(depth + 1)
		if err != nil {
			return nil, err
		}
		if _, again := d[k.(name)]; again && (k == name("Contents") || k == name("ByteRange")) {
			return nil, errSyntax // two values: nobody can say which is signed
		}
		d[k.(name)] = v
	}
}
