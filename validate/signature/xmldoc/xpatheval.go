package xmldoc

import (
	"fmt"
	"math"
	"strings"
)

// Context is what an expression is evaluated against.
type Context struct {
	Doc  *Document
	Here *Node // the element that holds the expression: the function here()
	// Left is how many nodes may still be visited; evaluations that share it share the budget. nil means Budget for this one.
	Left *int
}

func (c Context) evaluation() *evaluation {
	if c.Left == nil {
		left := Budget
		c.Left = &left
	}
	return &evaluation{c}
}

// evaluation is one run; it counts the nodes visited and panics with a failure that Select and Filter turn into an error.
type evaluation struct{ Context }

type failure struct{ err error }

func (e *evaluation) visit(n int) {
	if *e.Left -= n; *e.Left < 0 {
		panic(failure{ErrBudget})
	}
}

type focus struct {
	ref       Ref
	pos, size int
}

// A value is []Ref, string, float64 or bool.
type value any

type expr interface {
	eval(e *evaluation, f focus) value
}

func guard(err *error) {
	switch r := recover().(type) {
	case nil:
	case failure:
		*err = r.err
	default:
		panic(r)
	}
}

// Select returns the tree nodes the expression selects from the root of the document. Attributes and namespaces it may
// select are left out.
func (x *XPath) Select(c Context) (nodes []*Node, err error) {
	defer guard(&err)
	v := x.tree.eval(c.evaluation(), focus{Ref{Node: c.Doc.Top}, 1, 1})
	refs, ok := v.([]Ref)
	if !ok {
		return nil, fmt.Errorf("XPath %q does not select nodes", x.source)
	}
	for _, r := range refs {
		if r.tree() {
			nodes = append(nodes, r.Node)
		}
	}
	return nodes, nil
}

// Filter returns the nodes of s for which the expression holds (XMLDSig section 6.6.3).
func (x *XPath) Filter(s Set, c Context) (out Set, err error) {
	defer guard(&err)
	if cut, ok := x.withoutSubtrees(s); ok {
		return cut, nil
	}
	e := c.evaluation()
	keep := func(r Ref) bool { return s.has(r) && toBool(x.tree.eval(e, focus{r, 1, 1})) }
	out = Set{doc: s.doc, apex: s.doc.Top, comments: s.comments, in: newBits(len(s.doc.Nodes)), leaves: map[Ref]bool{}}
	for n := range s.nodes() {
		e.visit(1)
		if keep(Ref{Node: n}) {
			out.in.set(n.Order)
		}
		if n.Kind != Element {
			continue
		}
		for _, r := range append(e.attributes(n), e.namespaces(n)...) {
			if keep(r) {
				out.leaves[r] = true
			}
		}
	}
	return out, nil
}

// nodes yields every tree node that belongs to s or may own attributes and namespaces that do.
func (s Set) nodes() func(func(*Node) bool) {
	return func(yield func(*Node) bool) {
		if s.apex == nil {
			return
		}
		for _, n := range s.doc.Nodes[s.apex.Order : s.apex.Last+1] {
			if (s.Has(n) || s.leaves != nil && n.Kind == Element) && !yield(n) {
				return
			}
		}
	}
}

// withoutSubtrees recognises not(ancestor-or-self::name), alone or joined by "and": the form podpis zaufany and qualified
// signatures use. It removes whole subtrees, so nothing has to be evaluated node by node.
func (x *XPath) withoutSubtrees(s Set) (Set, bool) {
	tests, ok := notAncestors(x.tree, nil)
	if !ok || s.apex == nil {
		return s, false
	}
	var cut []*Node
	for _, n := range s.doc.Nodes {
		for _, t := range tests {
			if n.Kind == Element && t.matches(Ref{Node: n}, "self") {
				cut = append(cut, n)
			}
		}
	}
	return s.Minus(cut...), true
}

func notAncestors(x expr, tests []nodeTest) ([]nodeTest, bool) {
	switch x := x.(type) {
	case *binaryExpr:
		if x.op == "and" {
			left, ok := notAncestors(x.left, tests)
			if !ok {
				return nil, false
			}
			return notAncestors(x.right, left)
		}
	case *callExpr:
		if x.name == "not" {
			p, ok := x.args[0].(*pathExpr)
			if ok && p.from == nil && !p.absolute && len(p.steps) == 1 && p.steps[0].axis == "ancestor-or-self" &&
				len(p.steps[0].preds) == 0 && p.steps[0].test.kind == "name" {
				return append(tests, p.steps[0].test), true
			}
		}
	}
	return nil, false
}

type literal string
type number float64

func (l literal) eval(*evaluation, focus) value { return string(l) }
func (n number) eval(*evaluation, focus) value  { return float64(n) }

type nodeTest struct {
	kind     string // "name" or a node type
	anySpace bool
	space    string
	local    string
}

func (t nodeTest) matches(r Ref, axis string) bool {
	switch t.kind {
	case "node":
		return true
	case "text":
		return r.tree() && r.Node.Kind == Text
	case "comment":
		return r.tree() && r.Node.Kind == Comment
	case "processing-instruction":
		return r.tree() && r.Node.Kind == Instruction && (t.local == "" || t.local == r.Node.Local)
	}
	switch axis {
	case "attribute":
		return r.Attr != nil && (t.local == "*" || t.local == r.Attr.Local) && (t.anySpace || t.space == r.Attr.Space)
	case "namespace":
		return r.IsNS && (t.local == "*" || t.local == r.NS) && (t.anySpace || t.space == "")
	}
	return r.tree() && r.Node.Kind == Element && (t.local == "*" || t.local == r.Node.Local) && (t.anySpace || t.space == r.Node.Space)
}

type step struct {
	axis  string
	test  nodeTest
	preds []expr
}

type pathExpr struct {
	from     expr
	absolute bool
	steps    []*step
}

func (p *pathExpr) eval(e *evaluation, f focus) value {
	set := []Ref{f.ref}
	switch {
	case p.from != nil:
		set = nodeSet(p.from.eval(e, f))
	case p.absolute:
		set = []Ref{{Node: e.Doc.Top}}
	}
	for _, s := range p.steps {
		var next []Ref
		for _, r := range set {
			next = append(next, s.from(e, r)...)
		}
		if len(set) > 1 || s.reverse() {
			next = ordered(e, next)
		}
		set = next
	}
	return set
}

func (s *step) reverse() bool {
	return strings.HasPrefix(s.axis, "ancestor") || strings.HasPrefix(s.axis, "preceding")
}

func (s *step) from(e *evaluation, r Ref) []Ref {
	var hits []Ref
	e.walk(s.axis, r, func(c Ref) {
		e.visit(1)
		if s.test.matches(c, s.axis) {
			hits = append(hits, c)
		}
	})
	return filterBy(e, hits, s.preds)
}

func filterBy(e *evaluation, refs []Ref, preds []expr) []Ref {
	for _, p := range preds {
		var kept []Ref
		for i, r := range refs {
			v := p.eval(e, focus{r, i + 1, len(refs)})
			n, isNumber := v.(float64)
			if isNumber && n == float64(i+1) || !isNumber && toBool(v) {
				kept = append(kept, r)
			}
		}
		refs = kept
	}
	return refs
}

type filterExpr struct {
	of    expr
	preds []expr
}

func (x *filterExpr) eval(e *evaluation, f focus) value {
	return filterBy(e, nodeSet(x.of.eval(e, f)), x.preds)
}

type binaryExpr struct {
	op          string
	left, right expr
}

func (b *binaryExpr) eval(e *evaluation, f focus) value {
	l := b.left.eval(e, f)
	switch b.op {
	case "or":
		return toBool(l) || toBool(b.right.eval(e, f))
	case "and":
		return toBool(l) && toBool(b.right.eval(e, f))
	}
	r := b.right.eval(e, f)
	switch b.op {
	case "|":
		return ordered(e, append(append([]Ref{}, nodeSet(l)...), nodeSet(r)...))
	case "+":
		return e.number(l) + e.number(r)
	case "-":
		return e.number(l) - e.number(r)
	case "*":
		return e.number(l) * e.number(r)
	case "div":
		return e.number(l) / e.number(r)
	case "mod":
		return math.Mod(e.number(l), e.number(r))
	}
	return e.compare(b.op, l, r)
}

func nodeSet(v value) []Ref {
	refs, ok := v.([]Ref)
	if !ok {
		panic(failure{fmt.Errorf("XPath: a node-set was expected")})
	}
	return refs
}

// text is the string-value of a node (XPath 1.0 section 5).
func (e *evaluation) text(r Ref) string {
	switch {
	case r.Attr != nil:
		return r.Attr.Value
	case r.IsNS:
		uri, _ := r.Node.lookup(r.NS)
		return uri
	case r.Node.Kind == Element || r.Node.Kind == Root:
		e.visit(int(r.Node.Last - r.Node.Order))
		return r.Node.Text()
	}
	return r.Node.Data
}
