package xmldoc

import (
	"sort"
)

// The scope of an element: which namespaces its prefixes stand for, and the identifiers of the document.

func (p *parser) declare(n *Node, prefix, uri string) error {
	switch {
	case prefix == "xmlns", prefix != "xml" && uri == XMLSpace, uri == "http://www.w3.org/2000/xmlns/", prefix == "xml" && uri != XMLSpace:
		return p.fail("prefix %q must not be declared so", prefix)
	case prefix != "" && uri == "":
		return p.fail("prefix %q is bound to nothing", prefix)
	case len(p.scope) >= p.lim.Scope:
		return p.fail("more than %d namespace declarations in force", p.lim.Scope)
	}
	for _, d := range n.Decls {
		if d.Prefix == prefix {
			return p.fail("prefix %q is declared twice on one element", prefix)
		}
	}
	if prefix != "xml" {
		n.Decls = append(n.Decls, Decl{prefix, uri})
		p.scope = append(p.scope, Decl{prefix, uri})
	}
	return nil
}

func (p *parser) bound(prefix string) (string, error) {
	if prefix == "xml" {
		return XMLSpace, nil
	}
	for i := len(p.scope) - 1; i >= 0; i-- {
		if p.scope[i].Prefix == prefix {
			return p.scope[i].URI, nil
		}
	}
	if prefix == "" {
		return "", nil
	}
	return "", p.fail("prefix %q is not declared", prefix)
}

// resolve gives the element and its attributes their namespaces, sorts and checks them, and enters identifiers.
func (p *parser) resolve(n *Node) (err error) {
	sortDecls(n.Decls)
	if n.Space, err = p.bound(n.Prefix); err != nil || len(p.attrs) == 0 {
		return err
	}
	n.Attrs = make([]Attr, len(p.attrs))
	for i, a := range p.attrs {
		n.Attrs[i] = Attr{Prefix: a.prefix, Local: a.local, Value: a.value}
		if a.prefix != "" {
			if n.Attrs[i].Space, err = p.bound(a.prefix); err != nil {
				return err
			}
		}
		if a.local == "Id" || a.local == "ID" || a.local == "id" {
			p.enter(a.value, n)
		}
	}
	if len(n.Attrs) > 1 {
		sort.Slice(n.Attrs, func(i, j int) bool {
			a, b := &n.Attrs[i], &n.Attrs[j]
			return a.Space < b.Space || a.Space == b.Space && a.Local < b.Local
		})
	}
	for i := 1; i < len(n.Attrs); i++ {
		if n.Attrs[i].Local == n.Attrs[i-1].Local && n.Attrs[i].Space == n.Attrs[i-1].Space {
			return p.fail("attribute %q stands twice on one element", n.Attrs[i].Local)
		}
	}
	return nil
}

func (p *parser) enter(id string, n *Node) {
	if have := p.doc.ids[id]; have != nil && have != n {
		p.doc.twice[id] = true
		return
	}
	p.doc.ids[id] = n
}
