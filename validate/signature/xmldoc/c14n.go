package xmldoc

import (
	"io"
	"sort"
	"strings"
)

// Method is a canonicalisation method.
type Method struct {
	Exclusive bool     // Exclusive XML Canonicalization 1.0
	V11       bool     // Canonical XML 1.1; ignored when Exclusive
	Comments  bool     // keep comments
	Prefixes  []string // InclusiveNamespaces PrefixList, "" for #default; only with Exclusive
}

// The canonicalisation algorithms by URI.
const (
	C14N10          = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
	C14N11          = "http://www.w3.org/2006/12/xml-c14n11"
	C14NExclusive   = "http://www.w3.org/2001/10/xml-exc-c14n#"
	withComments    = "WithComments"
	exclusiveEC     = "http://www.w3.org/2001/10/xml-exc-c14n#"
	inclusivePrefix = "InclusiveNamespaces"
)

// MethodByURI returns the method an Algorithm attribute names; el may hold InclusiveNamespaces and may be nil.
func MethodByURI(uri string, el *Node) (Method, bool) {
	switch uri {
	case C14N10:
		return Method{}, true
	case C14N10 + "#" + withComments:
		return Method{Comments: true}, true
	case C14N11:
		return Method{V11: true}, true
	case C14N11 + "#" + withComments:
		return Method{V11: true, Comments: true}, true
	case C14NExclusive, C14NExclusive + withComments:
		m := Method{Exclusive: true, Comments: uri != C14NExclusive}
		if list, ok := el.Child(exclusiveEC, inclusivePrefix).Attr("PrefixList"); ok {
			for _, p := range strings.Fields(list) {
				if p == "#default" {
					p = ""
				}
				m.Prefixes = append(m.Prefixes, p)
			}
		}
		return m, true
	}
	return Method{}, false
}

// Write writes the canonical form of s.
func (m Method) Write(w io.Writer, s Set) error {
	if s.apex == nil {
		return nil
	}
	c := &canon{Method: m, set: s, w: w, buf: make([]byte, 0, 8<<10)}
	c.subtree(s.apex, nil)
	c.flush()
	return c.err
}

// Bytes returns the canonical form of s.
func (m Method) Bytes(s Set) []byte {
	var b sliceWriter
	_ = m.Write(&b, s) // a sliceWriter never fails
	return b
}

type sliceWriter []byte

func (b *sliceWriter) Write(p []byte) (int, error) {
	*b = append(*b, p...)
	return len(p), nil
}

type canon struct {
	Method
	set      Set
	w        io.Writer
	err      error
	buf      []byte
	rendered []Decl // namespaces in force in the output, innermost last
	decls    []Decl // scratch
}

func (c *canon) flush() {
	if c.err == nil && len(c.buf) > 0 {
		_, c.err = c.w.Write(c.buf)
	}
	c.buf = c.buf[:0]
}

// subtree writes n and what is below it. parent is the nearest element above n that is in the output, nil if there is none.
func (c *canon) subtree(n *Node, parent *Node) {
	if len(c.buf) > 7<<10 {
		c.flush()
	}
	switch n.Kind {
	case Root:
		for k := n.First; k != nil; k = k.Next {
			c.subtree(k, nil)
		}
	case Element:
		c.element(n, parent)
	case Text:
		if c.set.Has(n) {
			c.buf = appendText(c.buf, n.Data)
		}
	case Comment:
		if c.Comments && c.set.Has(n) {
			c.outside(n, func() { c.buf = append(append(append(c.buf, "<!--"...), n.Data...), "-->"...) })
		}
	case Instruction:
		if c.set.Has(n) {
			c.outside(n, func() { c.instruction(n) })
		}
	}
}

// outside separates comments and instructions beside the document element from it by a line end.
func (c *canon) outside(n *Node, write func()) {
	if n.Parent.Kind != Root {
		write()
		return
	}
	before := n.Order < c.set.doc.Element().Order
	if !before {
		c.buf = append(c.buf, '\n')
	}
	write()
	if before {
		c.buf = append(c.buf, '\n')
	}
}

func (c *canon) instruction(n *Node) {
	c.buf = append(append(c.buf, "<?"...), n.Local...)
	if n.Data != "" {
		c.buf = append(c.buf, ' ')
		for i := 0; i < len(n.Data); i++ {
			if n.Data[i] == '\r' {
				c.buf = append(c.buf, "&#xD;"...)
			} else {
				c.buf = append(c.buf, n.Data[i])
			}
		}
	}
	c.buf = append(c.buf, "?>"...)
}

func (c *canon) element(n *Node, parent *Node) {
	visible := c.set.Has(n)
	if !visible && c.set.leaves == nil && c.set.in != nil && c.subtreeHidden(n) {
		return
	}
	mark := len(c.rendered)
	inside := parent
	if visible {
		c.buf = append(c.buf, '<')
		c.qname(n.Prefix, n.Local)
		inside = n
	}
	if visible || c.set.leaves != nil {
		c.namespaces(n, parent, visible)
		c.attributes(n, visible)
	}
	if visible {
		c.buf = append(c.buf, '>')
	}
	for k := n.First; k != nil; k = k.Next {
		c.subtree(k, inside)
	}
	if visible {
		c.buf = append(c.buf, "</"...)
		c.qname(n.Prefix, n.Local)
		c.buf = append(c.buf, '>')
	}
	c.rendered = c.rendered[:mark]
}

// subtreeHidden reports whether whole words of the set say that nothing below n is in it: removed signatures are skipped
// in one step.
func (c *canon) subtreeHidden(n *Node) bool {
	for i := n.Order; i <= n.Last; {
		if i&63 == 0 && n.Last-i >= 63 {
			if c.set.in[i>>6] != 0 {
				return false
			}
			i += 64
			continue
		}
		if c.set.in.has(i) {
			return false
		}
		i++
	}
	return true
}

func (c *canon) qname(prefix, local string) {
	if prefix != "" {
		c.buf = append(append(c.buf, prefix...), ':')
	}
	c.buf = append(c.buf, local...)
}

// renderedAs returns the binding of prefix in the output; "" for none.
func (c *canon) renderedAs(prefix string) string {
	for i := len(c.rendered) - 1; i >= 0; i-- {
		if c.rendered[i].Prefix == prefix {
			return c.rendered[i].URI
		}
	}
	return ""
}

func (c *canon) hasAttr(n *Node, a *Attr) bool {
	return c.set.leaves == nil || c.set.leaves[Ref{Node: n, Attr: a}]
}

func (c *canon) attributes(n *Node, visible bool) {
	attrs := n.Attrs
	if visible && !c.Exclusive && n.Parent != nil && n.Parent.Kind == Element && !c.set.Has(n.Parent) {
		attrs = c.inherited(n)
	}
	for i := range attrs {
		a := &attrs[i]
		if c.set.leaves != nil && !c.set.leaves[Ref{Node: n, Attr: a}] && n.owns(a) {
			continue
		}
		c.buf = append(c.buf, ' ')
		c.qname(a.Prefix, a.Local)
		c.buf = append(c.buf, '=', '"')
		c.buf = appendAttr(c.buf, a.Value)
		c.buf = append(c.buf, '"')
	}
}

func (n *Node) owns(a *Attr) bool {
	for i := range n.Attrs {
		if &n.Attrs[i] == a {
			return true
		}
	}
	return false
}

// inherited adds the xml: attributes in force above n, whose parent is omitted: all of them in C14N 1.0 section 2.4; xml:lang
// and xml:space as they are, and xml:base joined over the omitted elements, in C14N 1.1.
func (c *canon) inherited(n *Node) []Attr {
	have := map[string]bool{}
	var own []Attr
	for i := range n.Attrs {
		if n.Attrs[i].Space == XMLSpace && c.hasAttr(n, &n.Attrs[i]) {
			have[n.Attrs[i].Local] = true
		}
		if c.hasAttr(n, &n.Attrs[i]) {
			own = append(own, n.Attrs[i])
		}
	}
	var bases []string
	omitted := true // up to the first ancestor in the output
	for e := n.Parent; e != nil && e.Kind == Element; e = e.Parent {
		omitted = omitted && !c.set.Has(e)
		for _, a := range e.Attrs {
			switch {
			case a.Space != XMLSpace:
			case c.V11 && a.Local == "base":
				if omitted {
					bases = append(bases, a.Value)
				}
			case c.V11 && a.Local != "lang" && a.Local != "space":
			case !have[a.Local]:
				have[a.Local] = true
				own = append(own, a)
			}
		}
	}
	if len(bases) > 0 {
		own = joinBase(own, bases)
	}
	sort.SliceStable(own, func(i, j int) bool {
		return own[i].Space < own[j].Space || own[i].Space == own[j].Space && own[i].Local < own[j].Local
	})
	return own
}

var textEscapes = [256]string{'&': "&amp;", '<': "&lt;", '>': "&gt;", '\r': "&#xD;"}
var attrEscapes = [256]string{'&': "&amp;", '<': "&lt;", '"': "&quot;", '\t': "&#x9;", '\n': "&#xA;", '\r': "&#xD;"}

func appendText(b []byte, s string) []byte {
	start := 0
	for i := 0; i < len(s); i++ {
		if c := s[i]; c == '&' || c == '<' || c == '>' || c == '\r' {
			b = append(append(b, s[start:i]...), textEscapes[c]...)
			start = i + 1
		}
	}
	return append(b, s[start:]...)
}

func appendAttr(b []byte, s string) []byte {
	start := 0
	for i := 0; i < len(s); i++ {
		if e := attrEscapes[s[i]]; e != "" {
			b = append(append(b, s[start:i]...), e...)
			start = i + 1
		}
	}
	return append(b, s[start:]...)
}
