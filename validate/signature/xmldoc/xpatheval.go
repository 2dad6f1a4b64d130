package xmldoc

import (
	"fmt"
	"math"
	"sort"
	"strconv"
	"strings"
	"unicode/utf8"
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

// compare follows XPath 1.0 section 3.4.
func (e *evaluation) compare(op string, l, r value) bool {
	ls, lset := l.([]Ref)
	rs, rset := r.([]Ref)
	_, lbool := l.(bool)
	_, rbool := r.(bool)
	switch {
	case lset && rset:
		for _, a := range ls {
			for _, b := range rs {
				e.visit(1)
				if e.compareAtoms(op, e.text(a), e.text(b)) {
					return true
				}
			}
		}
		return false
	case lset && !rbool:
		for _, a := range ls {
			if e.compareAtoms(op, e.text(a), r) {
				return true
			}
		}
		return false
	case rset && !lbool:
		for _, b := range rs {
			if e.compareAtoms(op, l, e.text(b)) {
				return true
			}
		}
		return false
	case lset:
		return e.compareAtoms(op, toBool(l), r)
	case rset:
		return e.compareAtoms(op, l, toBool(r))
	}
	return e.compareAtoms(op, l, r)
}

func (e *evaluation) compareAtoms(op string, l, r value) bool {
	if op == "=" || op == "!=" {
		_, lb := l.(bool)
		_, rb := r.(bool)
		_, ln := l.(float64)
		_, rn := r.(float64)
		var same bool
		switch {
		case lb || rb:
			same = toBool(l) == toBool(r)
		case ln || rn:
			same = e.number(l) == e.number(r)
		default:
			same = e.str(l) == e.str(r)
		}
		return same == (op == "=")
	}
	a, b := e.number(l), e.number(r)
	switch op {
	case "<":
		return a < b
	case "<=":
		return a <= b
	case ">":
		return a > b
	}
	return a >= b
}

func nodeSet(v value) []Ref {
	refs, ok := v.([]Ref)
	if !ok {
		panic(failure{fmt.Errorf("XPath: a node-set was expected")})
	}
	return refs
}

func toBool(v value) bool {
	switch v := v.(type) {
	case bool:
		return v
	case float64:
		return v != 0 && !math.IsNaN(v)
	case string:
		return v != ""
	case []Ref:
		return len(v) > 0
	}
	return false
}

func (e *evaluation) number(v value) float64 {
	switch v := v.(type) {
	case float64:
		return v
	case bool:
		if v {
			return 1
		}
		return 0
	}
	s := strings.Trim(e.str(v), " \t\r\n")
	if f, err := strconv.ParseFloat(s, 64); err == nil && strings.Trim(s, "-.0123456789") == "" {
		return f
	}
	return math.NaN()
}

func (e *evaluation) str(v value) string {
	switch v := v.(type) {
	case string:
		return v
	case bool:
		return strconv.FormatBool(v)
	case float64:
		switch {
		case math.IsNaN(v):
			return "NaN"
		case math.IsInf(v, 0):
			return strings.TrimPrefix(strconv.FormatFloat(v, 'f', -1, 64), "+") + "inity"
		case v == 0:
			return "0"
		}
		return strconv.FormatFloat(v, 'f', -1, 64)
	case []Ref:
		if len(v) > 0 {
			return e.text(v[0])
		}
	}
	return ""
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

type callExpr struct {
	name string
	args []expr
}

// arity is how many arguments each function takes, least and most.
var arity = map[string][2]int{"last": {0, 0}, "position": {0, 0}, "count": {1, 1}, "id": {1, 1}, "local-name": {0, 1}, "namespace-uri": {0, 1},
	"name": {0, 1}, "string": {0, 1}, "concat": {2, 50}, "starts-with": {2, 2}, "contains": {2, 2}, "substring-before": {2, 2},
	"substring-after": {2, 2}, "substring": {2, 3}, "string-length": {0, 1}, "normalize-space": {0, 1}, "translate": {3, 3}, "boolean": {1, 1},
	"not": {1, 1}, "true": {0, 0}, "false": {0, 0}, "number": {0, 1}, "sum": {1, 1}, "floor": {1, 1}, "ceiling": {1, 1}, "round": {1, 1}, "here": {0, 0}, "lang": {1, 1}}

func (c *callExpr) check() error {
	n, ok := arity[c.name]
	if !ok {
		return fmt.Errorf("XPath: function %q is not known", c.name)
	}
	if len(c.args) < n[0] || len(c.args) > n[1] {
		return fmt.Errorf("XPath: function %q with %d arguments", c.name, len(c.args))
	}
	return nil
}

func (c *callExpr) eval(e *evaluation, f focus) value {
	args := make([]value, len(c.args))
	for i, a := range c.args {
		args[i] = a.eval(e, f)
	}
	self := func() value { // the argument that defaults to the context node
		if len(args) == 0 {
			return []Ref{f.ref}
		}
		return args[0]
	}
	switch c.name {
	case "last":
		return float64(f.size)
	case "position":
		return float64(f.pos)
	case "count":
		return float64(len(nodeSet(args[0])))
	case "true", "false":
		return c.name == "true"
	case "not":
		return !toBool(args[0])
	case "boolean":
		return toBool(args[0])
	case "id":
		return e.byID(args[0])
	case "here":
		if e.Here == nil {
			return []Ref{}
		}
		return []Ref{{Node: e.Here}}
	case "local-name", "namespace-uri", "name":
		return nameOf(c.name, nodeSet(self()))
	case "lang":
		return e.lang(f.ref, e.str(args[0]))
	case "number":
		return e.number(self())
	case "sum":
		total := 0.0
		for _, r := range nodeSet(args[0]) {
			total += e.number(e.text(r))
		}
		return total
	case "floor":
		return math.Floor(e.number(args[0]))
	case "ceiling":
		return math.Ceil(e.number(args[0]))
	case "round":
		return math.Floor(e.number(args[0]) + 0.5)
	}
	if len(args) == 0 {
		args = []value{self()}
	}
	text := make([]string, len(args))
	for i, a := range args {
		text[i] = e.str(a)
	}
	return c.onText(e, args, text)
}

func (c *callExpr) onText(e *evaluation, args []value, s []string) value {
	switch c.name {
	case "concat":
		return strings.Join(s, "")
	case "starts-with":
		return strings.HasPrefix(s[0], s[1])
	case "contains":
		return strings.Contains(s[0], s[1])
	case "substring-before":
		before, _, ok := strings.Cut(s[0], s[1])
		if !ok {
			return ""
		}
		return before
	case "substring-after":
		_, after, _ := strings.Cut(s[0], s[1])
		return after
	case "substring":
		from, to := math.Floor(e.number(args[1])+0.5), math.Inf(1)
		if len(args) == 3 {
			to = from + math.Floor(e.number(args[2])+0.5)
		}
		var b strings.Builder
		pos := 0.0
		for _, r := range s[0] {
			if pos++; pos >= from && pos < to {
				b.WriteRune(r)
			}
		}
		return b.String()
	case "string-length":
		return float64(utf8.RuneCountInString(s[0]))
	case "normalize-space":
		return strings.Join(strings.FieldsFunc(s[0], func(r rune) bool { return r == ' ' || r == '\t' || r == '\n' || r == '\r' }), " ")
	case "translate":
		return translate(s[0], []rune(s[1]), []rune(s[2]))
	}
	return s[0] // string()
}

func translate(s string, from, to []rune) string {
	return strings.Map(func(r rune) rune {
		for i, f := range from {
			if f != r {
				continue
			}
			if i < len(to) {
				return to[i]
			}
			return -1
		}
		return r
	}, s)
}

func nameOf(fn string, refs []Ref) string {
	if len(refs) == 0 {
		return ""
	}
	prefix, local, space := refs[0].Node.Prefix, refs[0].Node.Local, refs[0].Node.Space
	switch {
	case refs[0].IsNS:
		prefix, local, space = "", refs[0].NS, ""
	case refs[0].Attr != nil:
		prefix, local, space = refs[0].Attr.Prefix, refs[0].Attr.Local, refs[0].Attr.Space
	}
	switch {
	case fn == "local-name":
		return local
	case fn == "namespace-uri":
		return space
	case prefix != "":
		return prefix + ":" + local
	}
	return local
}

func (e *evaluation) byID(v value) []Ref {
	var names []string
	if refs, ok := v.([]Ref); ok {
		for _, r := range refs {
			names = append(names, strings.Fields(e.text(r))...)
		}
	} else {
		names = strings.Fields(e.str(v))
	}
	var hits []Ref
	for _, name := range names {
		if n, unique := e.Doc.ByID(name); n != nil && unique {
			hits = append(hits, Ref{Node: n})
		}
	}
	return ordered(e, hits)
}

func (e *evaluation) lang(r Ref, want string) bool {
	for n := r.Node; n != nil; n = n.Parent {
		for _, a := range n.Attrs {
			if a.Space == XMLSpace && a.Local == "lang" {
				have, want := strings.ToLower(a.Value), strings.ToLower(want)
				return have == want || strings.HasPrefix(have, want+"-")
			}
		}
	}
	return false
}
