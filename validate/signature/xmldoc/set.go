package xmldoc

import (
	"iter"
	bits64 "math/bits"
)

// Set is a node-set: the part of a document a reference covers. The zero value is empty. Sets are values; operations
// return new ones.
type Set struct {
	doc      *Document
	apex     *Node // everything lies in its subtree
	comments bool  // false: no comment belongs to it
	in       bits  // by Order; nil: the whole subtree of apex
	// leaves holds the attribute and namespace nodes chosen one by one; nil: they go with their element.
	leaves map[Ref]bool
}

// Ref names any node of the XPath data model: a tree node, an attribute, or a namespace node (of a prefix in scope at Node).
type Ref struct {
	Node *Node
	Attr *Attr
	NS   string
	IsNS bool
}

func (r Ref) tree() bool { return r.Attr == nil && !r.IsNS }

type bits []uint64

func newBits(n int) bits        { return make(bits, (n+63)/64) }
func (b bits) has(i int32) bool { return b[i>>6]&(1<<(i&63)) != 0 }
func (b bits) set(i int32)      { b[i>>6] |= 1 << (i & 63) }
func (b bits) clear(i int32)    { b[i>>6] &^= 1 << (i & 63) }
func (b bits) fill(from, to int32, on bool) {
	for i := from; i <= to; i++ {
		switch {
		case i&63 == 0 && to-i >= 63 && on:
			b[i>>6] = ^uint64(0)
			i += 63
		case i&63 == 0 && to-i >= 63:
			b[i>>6] = 0
			i += 63
		case on:
			b.set(i)
		default:
			b.clear(i)
		}
	}
}

// Whole is the whole document, comments included.
func (d *Document) Whole() Set { return Set{doc: d, apex: d.Top, comments: true} }

// Subtree is n and everything below it, comments included.
func (d *Document) Subtree(n *Node) Set { return Set{doc: d, apex: n, comments: true} }

// WithoutComments returns s without any comment.
func (s Set) WithoutComments() Set {
	s.comments = false
	return s
}

// Document is the document the set is part of.
func (s Set) Document() *Document { return s.doc }

// Has reports whether the tree node n belongs to s.
func (s Set) Has(n *Node) bool {
	if s.apex == nil || !s.apex.Contains(n) || n.Kind == Comment && !s.comments {
		return false
	}
	return s.in == nil || s.in.has(n.Order)
}

func (s Set) has(r Ref) bool {
	if r.tree() {
		return s.Has(r.Node)
	}
	if s.leaves != nil {
		return s.leaves[r]
	}
	return s.Has(r.Node)
}

// Empty reports whether s has no tree node.
func (s Set) Empty() bool {
	for range s.Members() {
		return false
	}
	return true
}

// Members yields the tree nodes of s in document order.
func (s Set) Members() iter.Seq[*Node] {
	return func(yield func(*Node) bool) {
		if s.apex == nil {
			return
		}
		for _, n := range s.doc.Nodes[s.apex.Order : s.apex.Last+1] {
			if s.Has(n) && !yield(n) {
				return
			}
		}
	}
}

// Minus returns s without the subtrees of nodes.
func (s Set) Minus(nodes ...*Node) Set {
	if s.apex == nil || len(nodes) == 0 {
		return s
	}
	s.in = s.copyBits()
	for _, n := range nodes {
		s.in.fill(n.Order, n.Last, false)
	}
	return s.dropLeaves()
}

// Only returns the part of s that lies in the subtrees of nodes.
func (s Set) Only(nodes ...*Node) Set {
	if s.apex == nil {
		return s
	}
	keep := newBits(len(s.doc.Nodes))
	for _, n := range nodes {
		keep.fill(n.Order, n.Last, true)
	}
	in := s.copyBits()
	for i := range in {
		in[i] &= keep[i]
	}
	s.in = in
	return s.dropLeaves()
}

// Plus returns s with the subtrees of nodes added.
func (s Set) Plus(nodes ...*Node) Set {
	s.in = s.copyBits()
	s.apex = s.doc.Top
	for _, n := range nodes {
		s.in.fill(n.Order, n.Last, true)
	}
	return s
}

// Text is the text of all text nodes in s: what a base64 transform decodes.
func (s Set) Text() string {
	var b []byte
	for n := range s.Members() {
		if n.Kind == Text {
			b = append(b, n.Data...)
		}
	}
	return string(b)
}

func (s Set) copyBits() bits {
	in := newBits(len(s.doc.Nodes))
	if s.in != nil {
		copy(in, s.in)
		return in
	}
	in.fill(s.apex.Order, s.apex.Last, true)
	return in
}

// dropLeaves removes single attributes and namespaces whose element left the set.
func (s Set) dropLeaves() Set {
	if s.leaves == nil {
		return s
	}
	left := map[Ref]bool{}
	for r := range s.leaves {
		if s.in.has(r.Node.Order) {
			left[r] = true
		}
	}
	s.leaves = left
	return s
}

// Union is what belongs to any of sets, comments aside; all must be of d.
func (d *Document) Union(sets ...Set) Set {
	u := Set{doc: d, apex: d.Top, in: newBits(len(d.Nodes))}
	for _, s := range sets {
		switch {
		case s.apex == nil:
		case s.in == nil:
			u.in.fill(s.apex.Order, s.apex.Last, true)
		default:
			for i := range s.in {
				u.in[i] |= s.in[i]
			}
		}
	}
	return u
}

// Where is the set of the nodes that pick takes.
func (d *Document) Where(pick func(*Node) bool) Set {
	s := Set{doc: d, apex: d.Top, comments: true, in: newBits(len(d.Nodes))}
	for _, n := range d.Nodes {
		if pick(n) {
			s.in.set(n.Order)
		}
	}
	return s
}

// Common counts the tree nodes that belong to both s and o, comments whether the sets want them or not. Both must be of the
// same document. It costs in proportion to the smaller subtree.
func (s Set) Common(o Set) int {
	if s.apex == nil || o.apex == nil {
		return 0
	}
	from, to := max(s.apex.Order, o.apex.Order), min(s.apex.Last, o.apex.Last)
	count := 0
	for w := from >> 6; from <= to && w <= to>>6; w++ {
		count += bits64.OnesCount64(s.word(w) & o.word(w) & between(from, to, w))
	}
	return count
}

// word is the w-th word of s; outside its subtree it says nothing.
func (s Set) word(w int32) uint64 {
	if s.in == nil {
		return ^uint64(0)
	}
	return s.in[w]
}

// between has the bits of word w that stand for from to to.
func between(from, to, w int32) uint64 {
	mask := ^uint64(0)
	if w == from>>6 {
		mask <<= from & 63
	}
	if w == to>>6 {
		mask &= ^uint64(0) >> (63 - to&63)
	}
	return mask
}

// Intersect returns what belongs to both s and o, which must be of the same document.
func (s Set) Intersect(o Set) Set {
	in := s.copyBits()
	other := o.copyBits()
	for i := range in {
		in[i] &= other[i]
	}
	s.in = in
	return s.dropLeaves()
}
