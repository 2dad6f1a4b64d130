package xades

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"okienko/validate/signature/xmldoc"
)

// The transforms of a reference (XMLDSig section 6.6): from what is pointed at to the octets that are digested.

// transformed runs the transforms and writes the octets to be digested to w.
func (v *verifier) transformed(el *xmldoc.Node, s *signature, d data, w io.Writer) (data, error) {
	list := el.Child(dsNS, "Transforms").Children(dsNS, "Transform")
	if len(list) > maxTransforms {
		return d, fmt.Errorf("a reference with %d transforms: at most %d are followed", len(list), maxTransforms)
	}
	for i, t := range list {
		if d.nodes && i == len(list)-1 { // canonicalise straight into the digest
			if m, ok := xmldoc.MethodByURI(t.Value("Algorithm"), t); ok {
				return d, v.write(m, d.set, w)
			}
		}
		var err error
		if d, err = v.transform(t, s, d); err != nil {
			return d, err
		}
	}
	if d.nodes {
		return d, v.write(xmldoc.Method{}, d.set, w)
	}
	if err := v.spend(len(d.octets)); err != nil {
		return d, err
	}
	_, err := w.Write(d.octets)
	return d, err
}

func (v *verifier) transform(t *xmldoc.Node, s *signature, d data) (data, error) {
	uri := t.Value("Algorithm")
	if m, ok := xmldoc.MethodByURI(uri, t); ok {
		d, err := v.asNodes(d)
		if err != nil {
			return d, err
		}
		var b bytes.Buffer
		err = v.write(m, d.set, &b)
		return data{octets: b.Bytes(), name: d.name, covers: d.covers}, err
	}
	switch uri {
	case base64Transform:
		text := string(d.octets)
		if d.nodes {
			text = d.set.Text()
		}
		raw, err := decode64(text)
		if err != nil {
			return d, err
		}
		return data{octets: raw, name: d.name, covers: d.covers}, v.spend(len(raw))
	case envelopedTransform, xpathTransform, filter2Transform:
		d, err := v.asNodes(d)
		if err != nil {
			return d, err
		}
		set, err := v.filter(uri, t, s, d.set)
		if d.covers.Document() == set.Document() {
			d.covers = set
		}
		d.set = set
		return d, err
	case xsltTransform:
		return d, errors.New("XSLT transforms are not carried out: they can make anything of a document")
	}
	return d, fmt.Errorf("transform %q is not supported", uri)
}

// asNodes parses octets where a transform needs a node-set.
func (v *verifier) asNodes(d data) (data, error) {
	if d.nodes {
		return d, nil
	}
	if err := v.spend(4 * len(d.octets)); err != nil {
		return d, err
	}
	doc, err := xmldoc.Parse(d.octets, v.opt.Limits)
	if err != nil {
		return d, fmt.Errorf("the signed content is not XML: %w", err)
	}
	d.set, d.nodes = doc.Whole(), true
	return d, nil
}

func (v *verifier) filter(uri string, t *xmldoc.Node, s *signature, set xmldoc.Set) (xmldoc.Set, error) {
	if err := v.spend(8 * len(set.Document().Nodes)); err != nil {
		return set, err
	}
	switch uri {
	case envelopedTransform:
		if set.Document() != v.doc {
			return set, errors.New("an enveloped signature transform outside its own document")
		}
		return set.Minus(s.el), nil
	case xpathTransform:
		el := t.Child(dsNS, "XPath")
		x, err := v.compile(el)
		if err != nil {
			return set, err
		}
		return x.Filter(set, v.context(set, el))
	}
	return v.filter2(t, set)
}

func (v *verifier) compile(el *xmldoc.Node) (*xmldoc.XPath, error) {
	if el == nil {
		return nil, errors.New("an XPath transform without expression")
	}
	return xmldoc.CompileXPath(el.Text(), el)
}

// context is what an expression in el is evaluated in: all expressions of a document share one budget, and here() is el if it
// lies in the document filtered.
func (v *verifier) context(set xmldoc.Set, el *xmldoc.Node) xmldoc.Context {
	c := xmldoc.Context{Doc: set.Document(), Left: &v.visits}
	if c.Doc == v.doc {
		c.Here = el
	}
	return c
}

func (v *verifier) filter2(t *xmldoc.Node, set xmldoc.Set) (xmldoc.Set, error) {
	list := t.Children(filter2Transform, "XPath")
	if len(list) == 0 || len(list) > 20 {
		return set, errors.New("an XPath filter without expressions, or with more than 20")
	}
	doc := set.Document()
	filter := doc.Whole()
	for _, el := range list {
		x, err := v.compile(el)
		if err != nil {
			return set, err
		}
		nodes, err := x.Select(v.context(set, el))
		if err != nil {
			return set, err
		}
		switch el.Value("Filter") {
		case "intersect":
			filter = filter.Only(nodes...)
		case "subtract":
			filter = filter.Minus(nodes...)
		case "union":
			filter = filter.Plus(nodes...)
		default:
			return set, fmt.Errorf("XPath filter %q is not known", el.Value("Filter"))
		}
	}
	return set.Intersect(filter), nil
}
