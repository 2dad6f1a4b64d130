package xmldoc

import (
	"sort"
)

// walk visits an axis in its own order.
func (e *evaluation) walk(axis string, r Ref, fn func(Ref)) {
	n := r.Node
	switch axis {
	case "self":
		fn(r)
	case "child":
		if r.tree() {
			for c := n.First; c != nil; c = c.Next {
				fn(Ref{Node: c})
			}
		}
	case "descendant", "descendant-or-self":
		if axis == "descendant-or-self" {
			fn(r)
		}
		if r.tree() {
			for _, c := range e.Doc.Nodes[n.Order+1 : n.Last+1] {
				fn(Ref{Node: c})
			}
		}
	case "parent":
		if p := r.parent(); p != nil {
			fn(Ref{Node: p})
		}
	case "ancestor", "ancestor-or-self":
		if axis == "ancestor-or-self" {
			fn(r)
		}
		for p := r.parent(); p != nil; p = p.Parent {
			fn(Ref{Node: p})
		}
	case "attribute":
		if r.tree() {
			for _, a := range e.attributes(n) {
				fn(a)
			}
		}
	case "namespace":
		if r.tree() && n.Kind == Element {
			for _, a := range e.namespaces(n) {
				fn(a)
			}
		}
	default:
		e.walkAside(axis, r, fn)
	}
}

func (e *evaluation) walkAside(axis string, r Ref, fn func(Ref)) {
	n := r.Node
	switch axis {
	case "following":
		from := n.Last + 1
		if !r.tree() {
			from = n.Order + 1
		}
		for _, c := range e.Doc.Nodes[from:] {
			fn(Ref{Node: c})
		}
	case "preceding":
		for i := n.Order - 1; i >= 0; i-- {
			if c := e.Doc.Nodes[i]; !c.Contains(n) {
				fn(Ref{Node: c})
			}
		}
	case "following-sibling":
		if r.tree() {
			for c := n.Next; c != nil; c = c.Next {
				fn(Ref{Node: c})
			}
		}
	case "preceding-sibling":
		if r.tree() && n.Parent != nil {
			var before []*Node
			for c := n.Parent.First; c != n; c = c.Next {
				before = append(before, c)
			}
			for i := len(before) - 1; i >= 0; i-- {
				fn(Ref{Node: before[i]})
			}
		}
	}
}

func (r Ref) parent() *Node {
	if !r.tree() {
		return r.Node
	}
	return r.Node.Parent
}

func (e *evaluation) attributes(n *Node) []Ref {
	e.visit(len(n.Attrs))
	refs := make([]Ref, len(n.Attrs))
	for i := range n.Attrs {
		refs[i] = Ref{Node: n, Attr: &n.Attrs[i]}
	}
	return refs
}

func (e *evaluation) namespaces(n *Node) []Ref {
	refs := []Ref{{Node: n, NS: "xml", IsNS: true}}
	for _, d := range n.scope() {
		refs = append(refs, Ref{Node: n, NS: d.Prefix, IsNS: true})
	}
	e.visit(len(refs))
	return refs
}

// ordered sorts into document order and drops duplicates.
func ordered(e *evaluation, refs []Ref) []Ref {
	e.visit(len(refs))
	rank := func(r Ref) int {
		switch {
		case r.IsNS:
			return 1
		case r.Attr != nil:
			return 2
		}
		return 0
	}
	less := func(a, b Ref) bool {
		if a.Node.Order != b.Node.Order {
			return a.Node.Order < b.Node.Order
		}
		if rank(a) != rank(b) {
			return rank(a) < rank(b)
		}
		if a.IsNS {
			return a.NS < b.NS
		}
		return a.Attr != nil && (a.Attr.Space < b.Attr.Space || a.Attr.Space == b.Attr.Space && a.Attr.Local < b.Attr.Local)
	}
	sort.SliceStable(refs, func(i, j int) bool { return less(refs[i], refs[j]) })
	out := refs[:0]
	for i, r := range refs {
		if i == 0 || r != refs[i-1] {
			out = append(out, r)
		}
	}
	return out
}
