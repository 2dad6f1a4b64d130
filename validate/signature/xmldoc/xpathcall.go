package xmldoc

import (
	"fmt"
	"math"
	"strings"
	"unicode/utf8"
)

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
