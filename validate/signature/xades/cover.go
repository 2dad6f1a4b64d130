package xades

import (
	"strings"

	"okienko/validate/signature/sig"
	"okienko/validate/signature/xmldoc"
)

// What a signature covers of the document it stands in, and what it leaves open.

// cover notes what an intact reference protects.
func (v *verifier) cover(s *signature, el *xmldoc.Node, d data) {
	c := sig.Covered{Name: d.name}
	uri := el.Value("URI")
	switch {
	case d.covers.Document() == v.doc && d.covers.Empty():
		s.refersHere = true
		s.out.Warn("covers-nothing", "")
		return
	case d.covers.Document() == v.doc:
		s.refersHere = true
		s.covers = append(s.covers, d.covers)
		if uri != "" && uri != "#xpointer(/)" {
			c.Part = uri
		}
		c.Name = v.opt.Name
	case d.name == "":
		c.Name = uri
	}
	c.Bytes = d.kept
	if key := [2]string{c.Name, c.Part}; !s.covered[key] {
		s.covered[key] = true
		s.out.Covers = append(s.out.Covers, c)
	}
}

// uncovered warns of text in the document that a signature does not protect: what another intact signature protects was
// signed by somebody else, the rest by nobody. Only intact signatures count, so a broken one cannot lend its cover. Counting
// what each protects, instead of asking about each text, keeps many signatures linear.
func (v *verifier) uncovered() {
	var good []*signature
	var covers []xmldoc.Set
	for _, s := range v.all {
		if s.out.Intact() && s.refersHere {
			good, covers = append(good, s), append(covers, s.covers...)
		}
	}
	if len(good) == 0 {
		return
	}
	texts := v.doc.Where(isContent)
	all, signed := texts.Common(texts), texts.Common(v.doc.Union(covers...))
	for _, s := range good {
		if signed < all {
			s.out.Warn("unsigned-content", "")
		}
		if texts.Common(v.protected(s)) < signed {
			s.out.Warn("signed-by-others", "")
		}
	}
}

func (v *verifier) protected(s *signature) xmldoc.Set {
	if len(s.covers) == 1 {
		return s.covers[0]
	}
	return v.doc.Union(s.covers...)
}

// isContent reports whether n is text that says something to a reader.
func isContent(n *xmldoc.Node) bool {
	return n.Kind == xmldoc.Text && strings.Trim(n.Data, " \t\r\n") != "" && !inSignature(n)
}

// inSignature reports whether n is part of a signature's own structure: not of an object it carries as content.
func inSignature(n *xmldoc.Node) bool {
	for ; n != nil; n = n.Parent {
		if n.Is(dsNS, "Object") && n.Parent.Is(dsNS, "Signature") {
			for _, c := range n.Elements() {
				if isXAdES(c) || c.Is(dsNS, "SignatureProperties") || c.Is(dsNS, "Manifest") {
					return true
				}
			}
			return false
		}
		if n.Is(dsNS, "Signature") {
			return true
		}
	}
	return false
}
