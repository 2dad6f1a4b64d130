package xmldoc

// Which namespace declarations the canonical form writes, and where: all in scope (inclusive), or those in use (exclusive).

// namespaces writes the namespace declarations due at n.
func (c *canon) namespaces(n *Node, parent *Node, visible bool) {
	c.decls = c.decls[:0]
	if c.Exclusive {
		c.utilised(n, parent, visible)
	} else {
		c.inclusive(n, parent)
	}
	if len(c.decls) > 1 {
		sortDecls(c.decls)
	}
	for _, d := range c.decls {
		c.buf = append(c.buf, " xmlns"...)
		if d.Prefix != "" {
			c.buf = append(append(c.buf, ':'), d.Prefix...)
		}
		c.buf = append(c.buf, '=', '"')
		c.buf = appendAttr(c.buf, d.URI)
		c.buf = append(c.buf, '"')
	}
	if visible {
		c.rendered = append(c.rendered, c.decls...)
	}
}

func (c *canon) hasNS(n *Node, prefix string) bool {
	return c.set.leaves == nil || c.set.leaves[Ref{Node: n, NS: prefix, IsNS: true}]
}

// want adds a declaration unless the output has it already.
func (c *canon) want(d Decl) {
	if d.Prefix == "xml" || c.renderedAs(d.Prefix) == d.URI {
		return
	}
	for _, have := range c.decls {
		if have.Prefix == d.Prefix {
			return
		}
	}
	c.decls = append(c.decls, d)
}

// inclusive considers every namespace in scope; below an element that was written, only what n itself declares can be new.
func (c *canon) inclusive(n *Node, parent *Node) {
	if parent != nil && parent == n.Parent && c.set.leaves == nil {
		for _, d := range n.Decls {
			c.want(d)
		}
		return
	}
	hasDefault := false
	for _, d := range n.scope() {
		if c.hasNS(n, d.Prefix) {
			hasDefault = hasDefault || d.Prefix == ""
			c.wantBelow(d, parent)
		}
	}
	if !hasDefault && c.set.Has(n) {
		c.wantBelow(Decl{}, parent)
	}
}

// wantBelow is want where namespace nodes were chosen one by one: then only those of the nearest element in the output
// count as known (C14N section 2.3), not what was written further up.
func (c *canon) wantBelow(d Decl, parent *Node) {
	if c.set.leaves == nil {
		c.want(d)
		return
	}
	known := ""
	if parent != nil && c.hasNS(parent, d.Prefix) {
		known, _ = parent.lookup(d.Prefix)
	}
	if known != d.URI {
		c.decls = append(c.decls, d)
	}
}

// utilised considers what the element and its attributes visibly use, and the prefixes of the inclusive list.
func (c *canon) utilised(n, parent *Node, visible bool) {
	if visible {
		c.use(n, Decl{n.Prefix, n.Space})
		for i := range n.Attrs {
			if a := &n.Attrs[i]; a.Prefix != "" && c.hasAttr(n, a) {
				c.use(n, Decl{a.Prefix, a.Space})
			}
		}
	}
	for _, p := range c.Prefixes {
		uri, ok := n.lookup(p)
		switch {
		case !ok || uri == "" && p != "":
		case uri != "" && c.hasNS(n, p):
			c.wantBelow(Decl{p, uri}, parent)
		case p == "" && visible:
			c.wantBelow(Decl{}, parent)
		}
	}
}

// use declares what n visibly uses. Where its namespace node was left out of the set, the output below no longer counts as
// having it (Exclusive C14N section 3, step 3.2).
func (c *canon) use(n *Node, d Decl) {
	for _, p := range c.Prefixes {
		if p == d.Prefix {
			return // treated as in inclusive canonicalisation
		}
	}
	switch {
	case d.URI == "" || c.hasNS(n, d.Prefix):
		c.want(d)
	case d.Prefix == "":
		c.want(Decl{})
	case d.Prefix != "xml":
		c.rendered = append(c.rendered, Decl{d.Prefix, ""})
	}
}
