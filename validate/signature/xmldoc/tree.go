// Package xmldoc owns XML as signatures need it: a strict, namespace-aware reader that turns octets into a tree (Parse), the
// canonical forms of W3C C14N 1.0, C14N 1.1 and Exclusive C14N (Method), node-sets and the XPath 1.0 expressions that
// select them. It refuses what has no place in a signed document: document type definitions, entities, two roots,
// duplicate attributes, undeclared prefixes. It knows no signature; read package xades next.
//
// A Document does not change after Parse and may be used by several goroutines.
package xmldoc

// XMLSpace is the namespace bound to the prefix xml.
const XMLSpace = "http://www.w3.org/XML/1998/namespace"

// Kind tells what a node is.
type Kind uint8

// The kinds of tree nodes. Attributes and namespaces are not tree nodes; see Ref.
const (
	Root Kind = iota
	Element
	Text
	Comment
	Instruction
)

// Node is one node of the tree. Order numbers tree nodes in document order; a node's subtree is exactly the nodes with
// Order ≤ their order ≤ Last.
type Node struct {
	Kind        Kind
	Order, Last int32
	Parent      *Node
	First, Next *Node
	Prefix      string // elements
	Local       string // elements; target of an instruction
	Space       string // elements: namespace URI, "" for none
	Data        string // text, comment, instruction
	Attrs       []Attr // in canonical order: by namespace URI, then local name
	Decls       []Decl // namespace declarations written on this element, sorted by prefix
	end         *Node  // last child while parsing
}

// Attr is an attribute that is not a namespace declaration. Value is normalised as XML 1.0 section 3.3.3 asks.
type Attr struct{ Prefix, Local, Space, Value string }

// Decl binds Prefix ("" for the default namespace) to URI ("" undeclares the default).
type Decl struct{ Prefix, URI string }

// Document is a parsed document.
type Document struct {
	Top   *Node   // the root node, parent of the document element
	Nodes []*Node // by Order
	ids   map[string]*Node
	twice map[string]bool
}

// Element returns the document element.
func (d *Document) Element() *Node {
	for n := d.Top.First; n != nil; n = n.Next {
		if n.Kind == Element {
			return n
		}
	}
	return nil
}

// ByID returns the element with an attribute named Id, ID or id (in any namespace) of that value. unique is false when
// several elements carry it: then nobody can say which one was meant.
func (d *Document) ByID(id string) (n *Node, unique bool) {
	return d.ids[id], !d.twice[id]
}

// Is reports whether n is an element of that name.
func (n *Node) Is(space, local string) bool {
	return n != nil && n.Kind == Element && n.Local == local && n.Space == space
}

// Child returns the first child element of that name, nil if there is none. A nil n has no children.
func (n *Node) Child(space, local string) *Node {
	if n == nil {
		return nil
	}
	for c := n.First; c != nil; c = c.Next {
		if c.Is(space, local) {
			return c
		}
	}
	return nil
}

// Children returns all child elements of that name; "*" stands for any local name.
func (n *Node) Children(space, local string) []*Node {
	var all []*Node
	if n == nil {
		return nil
	}
	for c := n.First; c != nil; c = c.Next {
		if c.Is(space, local) || local == "*" && c.Kind == Element && c.Space == space {
			all = append(all, c)
		}
	}
	return all
}

// Elements returns all child elements.
func (n *Node) Elements() []*Node {
	var all []*Node
	if n == nil {
		return nil
	}
	for c := n.First; c != nil; c = c.Next {
		if c.Kind == Element {
			all = append(all, c)
		}
	}
	return all
}

// Find calls fn for every element of that name in the subtree of n, in document order.
func (d *Document) Find(n *Node, space, local string) []*Node {
	var all []*Node
	if n == nil {
		return nil
	}
	for _, c := range d.Nodes[n.Order : n.Last+1] {
		if c.Is(space, local) {
			all = append(all, c)
		}
	}
	return all
}

// Attr returns the value of the attribute without namespace of that name.
func (n *Node) Attr(local string) (value string, ok bool) {
	if n == nil {
		return "", false
	}
	for _, a := range n.Attrs {
		if a.Space == "" && a.Local == local {
			return a.Value, true
		}
	}
	return "", false
}

// Value returns the attribute's value or "".
func (n *Node) Value(local string) string {
	v, _ := n.Attr(local)
	return v
}

// Text returns the text of the subtree, without comments and instructions. A nil n has none.
func (n *Node) Text() string {
	if n == nil {
		return ""
	}
	if n.Kind == Text {
		return n.Data
	}
	if n.First != nil && n.First.Next == nil && n.First.Kind == Text {
		return n.First.Data
	}
	return string(n.appendText(nil))
}

func (n *Node) appendText(b []byte) []byte {
	for c := n.First; c != nil; c = c.Next {
		switch c.Kind {
		case Text:
			b = append(b, c.Data...)
		case Element:
			b = c.appendText(b)
		}
	}
	return b
}

// Contains reports whether m lies in the subtree of n.
func (n *Node) Contains(m *Node) bool { return n.Order <= m.Order && m.Order <= n.Last }

// lookup returns what prefix is bound to at n.
func (n *Node) lookup(prefix string) (uri string, ok bool) {
	if prefix == "xml" {
		return XMLSpace, true
	}
	for e := n; e != nil; e = e.Parent {
		for _, d := range e.Decls {
			if d.Prefix == prefix {
				return d.URI, true
			}
		}
	}
	return "", prefix == ""
}

// scope returns the bindings in force at n, sorted by prefix, without xml and without an undeclared default.
func (n *Node) scope() []Decl {
	seen := map[string]bool{}
	var all []Decl
	for e := n; e != nil; e = e.Parent {
		for _, d := range e.Decls {
			if !seen[d.Prefix] {
				seen[d.Prefix] = true
				if d.URI != "" {
					all = append(all, d)
				}
			}
		}
	}
	sortDecls(all)
	return all
}

func sortDecls(d []Decl) {
	for i := 1; i < len(d); i++ {
		for j := i; j > 0 && d[j].Prefix < d[j-1].Prefix; j-- {
			d[j], d[j-1] = d[j-1], d[j]
		}
	}
}
