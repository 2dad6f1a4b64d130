package xmldoc

import (
	"strings"
	"unicode/utf8"
)

// chars reads text, CDATA sections and references up to the next other markup as one node.
func (p *parser) chars() error {
	start := p.pos
	data, err := p.textRun()
	if err != nil {
		return err
	}
	if p.cur == p.doc.Top {
		if strings.Trim(data, " \t\n") != "" || strings.IndexByte(p.src[start:p.pos], '&') >= 0 || strings.Contains(p.src[start:p.pos], "<![") {
			return p.fail("text outside the document element")
		}
		return nil
	}
	if data == "" {
		return nil
	}
	n, err := p.node(Text)
	if err != nil {
		return err
	}
	n.Data = data
	return nil
}

func (p *parser) textRun() (string, error) {
	plain, err := p.plain()
	if err != nil || p.atTag() {
		return plain, err
	}
	buf := append(p.text[:0], plain...)
	for !p.atTag() {
		switch {
		case p.src[p.pos] == '&':
			if buf, err = p.reference(buf); err != nil {
				return "", err
			}
		case p.src[p.pos] == '<': // a CDATA section
			body := p.src[p.pos+9:]
			end := strings.Index(body, "]]>")
			if end < 0 {
				return "", p.fail("a CDATA section that does not end")
			}
			if err := p.checkChars(body[:end]); err != nil {
				return "", err
			}
			buf = append(buf, body[:end]...)
			p.pos += 9 + end + 3
		default:
			plain, err := p.plain()
			if err != nil {
				return "", err
			}
			buf = append(buf, plain...)
		}
	}
	p.text = buf
	return string(buf), nil
}

// atTag reports whether text ends here: at the end, or at markup other than a CDATA section.
func (p *parser) atTag() bool {
	return p.pos >= len(p.src) || p.src[p.pos] == '<' && !strings.HasPrefix(p.src[p.pos:], "<![CDATA[")
}

// plain reads up to the next < or &.
func (p *parser) plain() (string, error) {
	rest := p.src[p.pos:]
	end := strings.IndexByte(rest, '<')
	if end < 0 {
		end = len(rest)
	}
	if amp := strings.IndexByte(rest[:end], '&'); amp >= 0 {
		end = amp
	}
	run := rest[:end]
	if err := p.checkChars(run); err != nil {
		return "", err
	}
	if strings.Contains(run, "]]>") {
		return "", p.fail("]]> in text")
	}
	p.pos += end
	return run, nil
}

// checkChars refuses what XML 1.0 production [2] excludes. The source is valid UTF-8 already.
func (p *parser) checkChars(s string) error {
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c < 0x20 && c != '\t' && c != '\n' {
			return p.fail("character U+%04X is not allowed", c)
		}
		if c == 0xEF && (strings.HasPrefix(s[i:], "\uFFFE") || strings.HasPrefix(s[i:], "\uFFFF")) {
			return p.fail("characters U+FFFE and U+FFFF are not allowed")
		}
	}
	return nil
}

var predefined = map[string]byte{"amp": '&', "lt": '<', "gt": '>', "quot": '"', "apos": '\''}

func (p *parser) reference(buf []byte) ([]byte, error) {
	body := p.src[p.pos+1:]
	end := strings.IndexByte(body[:min(len(body), 16)], ';')
	if end < 0 {
		return nil, p.fail("& without a reference")
	}
	name := body[:end]
	p.pos += end + 2
	if c, ok := predefined[name]; ok {
		return append(buf, c), nil
	}
	if !strings.HasPrefix(name, "#") {
		return nil, p.fail("entity %q is not defined", name)
	}
	r, ok := charRef(name[1:])
	if !ok {
		return nil, p.fail("&%s; is not a character", name)
	}
	return utf8.AppendRune(buf, r), nil
}

func charRef(s string) (rune, bool) {
	base := rune(10)
	if strings.HasPrefix(s, "x") {
		s, base = s[1:], 16
	}
	var r rune
	for _, c := range s {
		switch {
		case '0' <= c && c <= '9':
			c -= '0'
		case base == 16 && 'a' <= c && c <= 'f':
			c -= 'a' - 10
		case base == 16 && 'A' <= c && c <= 'F':
			c -= 'A' - 10
		default:
			return 0, false
		}
		if r = r*base + c; r > utf8.MaxRune {
			return 0, false
		}
	}
	valid := r == '\t' || r == '\n' || r == '\r' || r >= 0x20 && utf8.ValidRune(r) && r != 0xFFFE && r != 0xFFFF
	return r, s != "" && valid
}

func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

func (p *parser) skipSpace() bool {
	start := p.pos
	for p.pos < len(p.src) && isSpace(p.src[p.pos]) {
		p.pos++
	}
	return p.pos > start
}

// name reads an XML name, colons included.
func (p *parser) name() (string, error) {
	start := p.pos
	for p.pos < len(p.src) {
		c := p.src[p.pos]
		if c < utf8.RuneSelf {
			if !nameByte[c] {
				break
			}
			p.pos++
			continue
		}
		r, size := utf8.DecodeRuneInString(p.src[p.pos:])
		if !nameRune(r) {
			break
		}
		p.pos += size
	}
	name := p.src[start:p.pos]
	if name == "" || name[0] == '-' || name[0] == '.' || '0' <= name[0] && name[0] <= '9' || strings.HasPrefix(name, "\u00B7") {
		return "", p.fail("a name was expected")
	}
	return name, nil
}

var nameByte = func() (t [utf8.RuneSelf]bool) {
	for c := range t {
		t[c] = 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || strings.IndexByte("-._:", byte(c)) >= 0
	}
	return t
}()

// nameRune follows productions [4] and [4a] of XML 1.0 (fifth edition).
func nameRune(r rune) bool {
	switch {
	case r == 0xB7, r == 0x203F, r == 0x2040, 0x0300 <= r && r <= 0x036F:
		return true
	case r == 0xD7, r == 0xF7, r == 0x37E:
		return false
	}
	return 0xC0 <= r && r <= 0x1FFF || r == 0x200C || r == 0x200D || 0x2070 <= r && r <= 0x218F || 0x2C00 <= r && r <= 0x2FEF ||
		0x3001 <= r && r <= 0xD7FF || 0xF900 <= r && r <= 0xFDCF || 0xFDF0 <= r && r <= 0xFFFD || 0x10000 <= r && r <= 0xEFFFF
}

func (p *parser) qname() (prefix, local string, err error) {
	name, err := p.name()
	if err != nil {
		return "", "", err
	}
	i := strings.IndexByte(name, ':')
	if i < 0 {
		return "", name, nil
	}
	prefix, local = name[:i], name[i+1:]
	if prefix == "" || local == "" || strings.IndexByte(local, ':') >= 0 || local[0] == '-' || local[0] == '.' || '0' <= local[0] && local[0] <= '9' {
		return "", "", p.fail("name %q is not a qualified name", name)
	}
	return prefix, local, nil
}
