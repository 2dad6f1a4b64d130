package xmldoc

import (
	"math"
	"strconv"
	"strings"
)

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
