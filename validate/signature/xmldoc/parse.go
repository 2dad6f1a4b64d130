package xmldoc

import (
	"errors"
	"fmt"
	"strings"
)

// Limits bound what a document may cost. The zero value means Defaults.
type Limits struct {
	Bytes int // of the document as given
	Depth int // of nested elements
	Nodes int // elements, texts, comments, instructions
	Attrs int // on one element
	Scope int // namespace declarations in force at one place
}

// Defaults are far beyond any letter to an office.
var Defaults = Limits{Bytes: 128 << 20, Depth: 256, Nodes: 4 << 20, Attrs: 1000, Scope: 1000}

// ErrDTD says that a document type definition was met. It is refused: it can rewrite what was signed.
var ErrDTD = errors.New("a document type definition (DTD) is not allowed in a signed document")

// SyntaxError tells where a document stops being well-formed XML.
type SyntaxError struct {
	Line    int
	Problem string
}

func (e *SyntaxError) Error() string { return fmt.Sprintf("line %d: %s", e.Line, e.Problem) }

// Parse reads a document strictly. A document type declaration is accepted only when it is empty (<!DOCTYPE name>): it then
// means nothing.
func Parse(raw []byte, lim Limits) (*Document, error) {
	if lim == (Limits{}) {
		lim = Defaults
	}
	if len(raw) > lim.Bytes {
		return nil, fmt.Errorf("XML of %d octets: at most %d are read", len(raw), lim.Bytes)
	}
	text, err := decode(raw)
	if err != nil {
		return nil, err
	}
	p := &parser{src: text, lim: lim, doc: &Document{ids: map[string]*Node{}, twice: map[string]bool{}}}
	if err := p.document(); err != nil {
		return nil, err
	}
	return p.doc, nil
}

type parser struct {
	src   string
	pos   int
	lim   Limits
	doc   *Document
	cur   *Node
	depth int
	scope []Decl // bindings in force, innermost last
	slab  []Node
	attrs []rawAttr
	text  []byte // scratch for text with references
}

type rawAttr struct{ prefix, local, value string }

func (p *parser) fail(format string, args ...any) error {
	return &SyntaxError{Line: 1 + strings.Count(p.src[:min(p.pos, len(p.src))], "\n"), Problem: fmt.Sprintf(format, args...)}
}

// node appends a new node to the current element.
func (p *parser) node(kind Kind) (*Node, error) {
	if len(p.doc.Nodes) >= p.lim.Nodes {
		return nil, p.fail("more than %d nodes", p.lim.Nodes)
	}
	if len(p.slab) == 0 {
		p.slab = make([]Node, min(256, 16+len(p.doc.Nodes)))
	}
	n := &p.slab[0]
	p.slab = p.slab[1:]
	n.Kind, n.Parent, n.Order = kind, p.cur, int32(len(p.doc.Nodes))
	n.Last = n.Order
	p.doc.Nodes = append(p.doc.Nodes, n)
	if p.cur != nil {
		if p.cur.end == nil {
			p.cur.First = n
		} else {
			p.cur.end.Next = n
		}
		p.cur.end = n
	}
	return n, nil
}

func (p *parser) document() error {
	top, err := p.node(Root)
	if err != nil {
		return err
	}
	p.doc.Top, p.cur = top, top
	if err := p.declaration(); err != nil {
		return err
	}
	for p.pos < len(p.src) {
		if p.src[p.pos] == '<' {
			err = p.markup()
		} else {
			err = p.chars()
		}
		if err != nil {
			return err
		}
	}
	if p.cur != top {
		return p.fail("element %q is not closed", p.cur.Local)
	}
	if p.doc.Element() == nil {
		return p.fail("no element at all")
	}
	top.Last = int32(len(p.doc.Nodes) - 1)
	return nil
}

func (p *parser) declaration() error {
	if !strings.HasPrefix(p.src, "<?xml") || len(p.src) < 6 || !isSpace(p.src[5]) {
		return nil
	}
	end := strings.Index(p.src, "?>")
	if end < 0 {
		return p.fail("the XML declaration does not end")
	}
	decl := p.src[5:end]
	if i := strings.Index(decl, "version"); i < 0 {
		return p.fail("the XML declaration names no version")
	} else if v := strings.TrimLeft(decl[i+7:], " \t\n="); !strings.HasPrefix(v, `"1.0"`) && !strings.HasPrefix(v, `'1.0'`) {
		return p.fail("only XML 1.0 is read")
	}
	p.pos = end + 2
	return nil
}

func (p *parser) markup() error {
	rest := p.src[p.pos:]
	switch {
	case strings.HasPrefix(rest, "</"):
		return p.endTag()
	case strings.HasPrefix(rest, "<!--"):
		return p.comment()
	case strings.HasPrefix(rest, "<![CDATA["):
		return p.chars()
	case strings.HasPrefix(rest, "<?"):
		return p.instruction()
	case strings.HasPrefix(rest, "<!"):
		return p.doctype()
	}
	return p.startTag()
}

// doctype accepts <!DOCTYPE name> before the document element and nothing else.
func (p *parser) doctype() error {
	rest, ok := strings.CutPrefix(p.src[p.pos:], "<!DOCTYPE")
	if !ok {
		return p.fail("unknown markup declaration")
	}
	inner, _, closed := strings.Cut(rest, ">")
	if !closed || strings.ContainsAny(strings.TrimSpace(inner), " \t\n[\"'") {
		return ErrDTD
	}
	if p.cur != p.doc.Top || p.doc.Element() != nil {
		return p.fail("a document type declaration after the start")
	}
	p.pos += len("<!DOCTYPE") + len(inner) + 1
	return nil
}

func (p *parser) comment() error {
	body := p.src[p.pos+4:]
	end := strings.Index(body, "--")
	if end < 0 || end+2 >= len(body) || body[end+2] != '>' {
		return p.fail("a comment that does not end, or with -- inside")
	}
	if err := p.checkChars(body[:end]); err != nil {
		return err
	}
	n, err := p.node(Comment)
	if err != nil {
		return err
	}
	n.Data = body[:end]
	p.pos += 4 + end + 3
	return nil
}

func (p *parser) instruction() error {
	p.pos += 2
	target, err := p.name()
	if err != nil {
		return err
	}
	if strings.EqualFold(target, "xml") || strings.Contains(target, ":") {
		return p.fail("processing instruction %q is reserved", target)
	}
	end := strings.Index(p.src[p.pos:], "?>")
	if end < 0 {
		return p.fail("a processing instruction that does not end")
	}
	data := p.src[p.pos : p.pos+end]
	if data != "" && !isSpace(data[0]) {
		return p.fail("no blank after the target of a processing instruction")
	}
	if err := p.checkChars(data); err != nil {
		return err
	}
	n, err := p.node(Instruction)
	if err != nil {
		return err
	}
	n.Local, n.Data = target, strings.TrimLeft(data, " \t\n")
	p.pos += end + 2
	return nil
}

func (p *parser) startTag() error {
	p.pos++
	if p.cur == p.doc.Top && p.doc.Element() != nil {
		return p.fail("a second document element")
	}
	if p.depth++; p.depth > p.lim.Depth {
		return p.fail("elements nested deeper than %d", p.lim.Depth)
	}
	n, err := p.node(Element)
	if err != nil {
		return err
	}
	if n.Prefix, n.Local, err = p.qname(); err != nil {
		return err
	}
	if err := p.attributes(n); err != nil {
		return err
	}
	if err := p.resolve(n); err != nil {
		return err
	}
	p.cur = n
	if p.src[p.pos] == '/' {
		p.pos += 2
		p.close()
		return nil
	}
	p.pos++
	return nil
}

// attributes reads up to > or /> into p.attrs and n.Decls and leaves the position on it.
func (p *parser) attributes(n *Node) error {
	p.attrs = p.attrs[:0]
	for {
		blank := p.skipSpace()
		rest := p.src[p.pos:]
		if strings.HasPrefix(rest, ">") || strings.HasPrefix(rest, "/>") {
			return nil
		}
		if !blank {
			return p.fail("a blank is missing in tag %q", n.Local)
		}
		if len(p.attrs)+len(n.Decls) >= p.lim.Attrs {
			return p.fail("more than %d attributes on one element", p.lim.Attrs)
		}
		if err := p.attribute(n); err != nil {
			return err
		}
	}
}

func (p *parser) attribute(n *Node) error {
	prefix, local, err := p.qname()
	if err != nil {
		return err
	}
	p.skipSpace()
	if p.pos >= len(p.src) || p.src[p.pos] != '=' {
		return p.fail("attribute %q without a value", local)
	}
	p.pos++
	p.skipSpace()
	value, err := p.attrValue()
	if err != nil {
		return err
	}
	switch {
	case prefix == "xmlns":
		return p.declare(n, local, value)
	case prefix == "" && local == "xmlns":
		return p.declare(n, "", value)
	}
	p.attrs = append(p.attrs, rawAttr{prefix, local, value})
	return nil
}

// attrValue reads a quoted value; literal white space becomes a blank, a character reference to it stays.
func (p *parser) attrValue() (string, error) {
	if p.pos >= len(p.src) || p.src[p.pos] != '"' && p.src[p.pos] != '\'' {
		return "", p.fail("an attribute value must stand in quotation marks")
	}
	quote := p.src[p.pos]
	p.pos++
	end := strings.IndexByte(p.src[p.pos:], quote)
	if end < 0 {
		return "", p.fail("an attribute value that does not end")
	}
	raw := p.src[p.pos : p.pos+end]
	if err := p.checkChars(raw); err != nil {
		return "", err
	}
	if strings.IndexByte(raw, '<') >= 0 {
		return "", p.fail("< in an attribute value")
	}
	if !strings.ContainsAny(raw, "&\t\n") {
		p.pos += end + 1
		return raw, nil
	}
	buf, stop := p.text[:0], p.pos+end
	var err error
	for p.pos < stop {
		switch c := p.src[p.pos]; c {
		case '&':
			if buf, err = p.reference(buf); err != nil {
				return "", err
			}
		case '\t', '\n':
			buf = append(buf, ' ')
			p.pos++
		default:
			buf = append(buf, c)
			p.pos++
		}
	}
	p.text = buf
	p.pos = stop + 1
	return string(buf), nil
}

func (p *parser) endTag() error {
	p.pos += 2
	prefix, local, err := p.qname()
	if err != nil {
		return err
	}
	p.skipSpace()
	if p.pos >= len(p.src) || p.src[p.pos] != '>' {
		return p.fail("an end tag that does not end")
	}
	if p.cur == p.doc.Top || p.cur.Prefix != prefix || p.cur.Local != local {
		return p.fail("end tag %q does not close the open element", local)
	}
	p.pos++
	p.close()
	return nil
}

func (p *parser) close() {
	p.cur.Last = int32(len(p.doc.Nodes) - 1)
	p.scope = p.scope[:len(p.scope)-len(p.cur.Decls)]
	p.cur.end = nil
	p.cur = p.cur.Parent
	p.depth--
}
