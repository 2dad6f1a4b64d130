package xmldoc

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

type tokKind int

const (
	tEnd  tokKind = iota
	tOp           // ( ) [ ] . .. @ , :: / // | + - = != < <= > >= and or mod div *
	tName         // QName, NCName:*
	tStar         // * as a name test
	tLiteral
	tNumber
	tVariable
)

type token struct {
	kind tokKind
	text string
}

func lexXPath(s string) ([]token, error) {
	var toks []token
	for i := 0; i < len(s); {
		c := s[i]
		if isSpace(c) {
			i++
			continue
		}
		// XPath 1.0 section 3.7: after an operand, * and names are operators.
		operand := len(toks) > 0 && (toks[len(toks)-1].kind != tOp || strings.Contains(")].", toks[len(toks)-1].text) || toks[len(toks)-1].text == "..")
		switch {
		case c == '"' || c == '\'':
			end := strings.IndexByte(s[i+1:], c)
			if end < 0 {
				return nil, errors.New("XPath: a string that does not end")
			}
			toks = append(toks, token{tLiteral, s[i+1 : i+1+end]})
			i += end + 2
		case '0' <= c && c <= '9' || c == '.' && i+1 < len(s) && '0' <= s[i+1] && s[i+1] <= '9':
			start := i
			for i < len(s) && ('0' <= s[i] && s[i] <= '9' || s[i] == '.') {
				i++
			}
			toks = append(toks, token{tNumber, s[start:i]})
		case c == '*':
			kind := tStar
			if operand {
				kind = tOp
			}
			toks = append(toks, token{kind, "*"})
			i++
		case c == '$':
			return nil, errors.New("XPath: there are no variables")
		default:
			if op := xpathOp(s[i:]); op != "" {
				toks = append(toks, token{tOp, op})
				i += len(op)
				continue
			}
			name := xpathName(s[i:])
			if name == "" {
				return nil, fmt.Errorf("XPath: unexpected %q", s[i:])
			}
			kind := tName
			if operand && (name == "and" || name == "or" || name == "mod" || name == "div") {
				kind = tOp
			}
			toks = append(toks, token{kind, name})
			i += len(name)
		}
	}
	return append(toks, token{}), nil
}

func xpathOp(s string) string {
	for _, op := range []string{"::", "..", "//", "!=", "<=", ">=", "(", ")", "[", "]", ".", "@", ",", "/", "|", "+", "-", "=", "<", ">"} {
		if strings.HasPrefix(s, op) {
			return op
		}
	}
	return ""
}

// xpathName cuts a QName, or NCName:*, off the front of s.
func xpathName(s string) string {
	part := func(s string) int {
		i := 0
		for i < len(s) {
			if s[i] < utf8.RuneSelf {
				if !nameByte[s[i]] || s[i] == ':' {
					break
				}
				i++
				continue
			}
			r, size := utf8.DecodeRuneInString(s[i:])
			if !nameRune(r) {
				break
			}
			i += size
		}
		return i
	}
	n := part(s)
	if n == 0 || n+1 >= len(s) || s[n] != ':' || s[n+1] == ':' {
		return s[:n]
	}
	if s[n+1] == '*' {
		return s[:n+2]
	}
	return s[:n+1+part(s[n+1:])]
}
