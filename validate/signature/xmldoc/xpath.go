package xmldoc

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// XPath is a compiled XPath 1.0 expression.
type XPath struct {
	source string
	tree   expr
}

// ErrBudget says that an expression would visit too many nodes.
var ErrBudget = errors.New("the XPath expression visits too many nodes")

// Budget is how many nodes one evaluation may visit.
const Budget = 30_000_000

// CompileXPath parses an expression; prefixes are resolved in the scope of el (the element that holds it), as XMLDSig
// section 6.6.3 asks.
func CompileXPath(source string, el *Node) (*XPath, error) {
	if len(source) > 10_000 {
		return nil, fmt.Errorf("an XPath expression of %d octets: at most 10000 are read", len(source))
	}
	toks, err := lexXPath(source)
	if err != nil {
		return nil, err
	}
	p := &xparser{toks: toks, scope: el}
	tree, err := p.or()
	if err == nil && p.peek().kind != tEnd {
		err = fmt.Errorf("XPath: %q is left over", p.peek().text)
	}
	if err != nil {
		return nil, err
	}
	return &XPath{source: source, tree: tree}, nil
}

type xparser struct {
	toks  []token
	pos   int
	scope *Node
	depth int
}

func (p *xparser) peek() token { return p.toks[p.pos] }
func (p *xparser) next() token {
	t := p.toks[p.pos]
	if t.kind != tEnd {
		p.pos++
	}
	return t
}
func (p *xparser) op(text string) bool {
	if t := p.peek(); t.kind == tOp && t.text == text {
		p.pos++
		return true
	}
	return false
}
func (p *xparser) expect(text string) error {
	if !p.op(text) {
		return fmt.Errorf("XPath: %q expected, not %q", text, p.peek().text)
	}
	return nil
}

// binary parses a left-associative chain of operators.
func (p *xparser) binary(sub func() (expr, error), ops ...string) (expr, error) {
	left, err := sub()
	for err == nil {
		found := ""
		for _, op := range ops {
			if p.op(op) {
				found = op
				break
			}
		}
		if found == "" {
			return left, nil
		}
		var right expr
		if right, err = sub(); err == nil {
			left = &binaryExpr{found, left, right}
		}
	}
	return nil, err
}

func (p *xparser) or() (expr, error) {
	if p.depth++; p.depth > 50 {
		return nil, errors.New("XPath: nested too deeply")
	}
	defer func() { p.depth-- }()
	return p.binary(p.and, "or")
}
func (p *xparser) and() (expr, error)      { return p.binary(p.equality, "and") }
func (p *xparser) equality() (expr, error) { return p.binary(p.relation, "=", "!=") }
func (p *xparser) relation() (expr, error) { return p.binary(p.additive, "<=", ">=", "<", ">") }
func (p *xparser) additive() (expr, error) { return p.binary(p.product, "+", "-") }
func (p *xparser) product() (expr, error)  { return p.binary(p.unary, "*", "div", "mod") }

func (p *xparser) unary() (expr, error) {
	minus := false
	for p.op("-") {
		minus = !minus
	}
	e, err := p.binary(p.path, "|")
	if err == nil && minus {
		e = &binaryExpr{"-", number(0), e}
	}
	return e, err
}

func (p *xparser) path() (expr, error) {
	t := p.peek()
	primary := t.kind == tLiteral || t.kind == tNumber || t.kind == tOp && t.text == "(" ||
		t.kind == tName && p.toks[p.pos+1] == (token{tOp, "("}) && !isNodeType(t.text)
	if !primary {
		return p.location(nil)
	}
	e, err := p.primary()
	if err != nil {
		return nil, err
	}
	var preds []expr
	if preds, err = p.predicates(); err != nil {
		return nil, err
	}
	if len(preds) > 0 {
		e = &filterExpr{e, preds}
	}
	if n := p.peek(); n.kind == tOp && (n.text == "/" || n.text == "//") {
		return p.location(e)
	}
	return e, nil
}

func isNodeType(s string) bool {
	return s == "node" || s == "text" || s == "comment" || s == "processing-instruction"
}

func (p *xparser) primary() (expr, error) {
	t := p.next()
	switch t.kind {
	case tLiteral:
		return literal(t.text), nil
	case tNumber:
		f, err := strconv.ParseFloat(t.text, 64)
		return number(f), err
	case tOp: // "("
		e, err := p.or()
		if err != nil {
			return nil, err
		}
		return e, p.expect(")")
	}
	p.pos++ // "("
	call := &callExpr{name: t.text}
	for !p.op(")") {
		if len(call.args) > 0 {
			if err := p.expect(","); err != nil {
				return nil, err
			}
		}
		arg, err := p.or()
		if err != nil {
			return nil, err
		}
		call.args = append(call.args, arg)
	}
	return call, call.check()
}

func (p *xparser) predicates() ([]expr, error) {
	var preds []expr
	for p.op("[") {
		e, err := p.or()
		if err != nil {
			return nil, err
		}
		if err := p.expect("]"); err != nil {
			return nil, err
		}
		preds = append(preds, e)
	}
	return preds, nil
}

var anyDescendant = &step{axis: "descendant-or-self", test: nodeTest{kind: "node"}}

// location parses a location path; from is the expression before its first slash, nil for a path that starts here.
func (p *xparser) location(from expr) (expr, error) {
	path := &pathExpr{from: from}
	switch {
	case p.op("//"):
		path.absolute = from == nil
		path.steps = append(path.steps, anyDescendant)
	case p.op("/"):
		path.absolute = from == nil
		if t := p.peek(); from == nil && t.kind != tName && t.kind != tStar && !(t.kind == tOp && strings.Contains(". .. @", t.text)) {
			return path, nil
		}
	}
	for {
		s, err := p.step()
		if err != nil {
			return nil, err
		}
		path.steps = append(path.steps, s)
		switch {
		case p.op("//"):
			path.steps = append(path.steps, anyDescendant)
		case p.op("/"):
		default:
			return path, nil
		}
	}
}

var axes = map[string]bool{"child": true, "descendant": true, "descendant-or-self": true, "self": true, "parent": true, "ancestor": true,
	"ancestor-or-self": true, "attribute": true, "namespace": true, "following": true, "preceding": true, "following-sibling": true, "preceding-sibling": true}

func (p *xparser) step() (*step, error) {
	switch {
	case p.op("."):
		return &step{axis: "self", test: nodeTest{kind: "node"}}, nil
	case p.op(".."):
		return &step{axis: "parent", test: nodeTest{kind: "node"}}, nil
	}
	s := &step{axis: "child"}
	if p.op("@") {
		s.axis = "attribute"
	} else if p.peek().kind == tName && p.toks[p.pos+1] == (token{tOp, "::"}) {
		s.axis = p.next().text
		p.pos++
		if !axes[s.axis] {
			return nil, fmt.Errorf("XPath: unknown axis %q", s.axis)
		}
	}
	var err error
	if s.test, err = p.nodeTest(); err != nil {
		return nil, err
	}
	s.preds, err = p.predicates()
	return s, err
}

func (p *xparser) nodeTest() (nodeTest, error) {
	t := p.next()
	switch {
	case t.kind == tStar:
		return nodeTest{kind: "name", anySpace: true, local: "*"}, nil
	case t.kind != tName:
		return nodeTest{}, fmt.Errorf("XPath: a node test expected, not %q", t.text)
	case isNodeType(t.text) && p.op("("):
		nt := nodeTest{kind: t.text}
		if l := p.peek(); l.kind == tLiteral {
			nt.local = p.next().text
		}
		return nt, p.expect(")")
	}
	prefix, local, ok := strings.Cut(t.text, ":")
	if !ok {
		return nodeTest{kind: "name", local: t.text}, nil
	}
	space, found := p.scope.lookup(prefix)
	if !found {
		return nodeTest{}, fmt.Errorf("XPath: prefix %q is not declared", prefix)
	}
	return nodeTest{kind: "name", space: space, local: local}, nil
}
