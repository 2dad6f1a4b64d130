package xades

import (
	"okienko/validate/signature/xmldoc"
)

// index finds the parts of one signature by identifier, so that a signature of many references costs no more for each.
type index struct {
	refsByID    map[string]*xmldoc.Node
	objectsByID map[string]*xmldoc.Node
	furniture   map[string]bool // identifiers of its properties and its KeyInfo: not content
	formats     []*xmldoc.Node  // DataObjectFormat
	formatted   map[string]bool // what the formats refer to, as they write it
}

func (s *signature) indexed() index {
	x := index{refsByID: map[string]*xmldoc.Node{}, objectsByID: map[string]*xmldoc.Node{}, furniture: map[string]bool{}, formatted: map[string]bool{}}
	for _, r := range s.refs {
		eachID(r, func(id string) { x.refsByID[id] = r })
	}
	own := []*xmldoc.Node{s.signedProps, s.el.Child(dsNS, "KeyInfo")}
	for _, o := range s.el.Children(dsNS, "Object") {
		eachID(o, func(id string) { x.objectsByID[id] = o })
		own = append(own, o.Children(dsNS, "SignatureProperties")...)
	}
	for _, n := range own {
		eachID(n, func(id string) { x.furniture[id] = true })
	}
	for _, e := range part(s.signedProps, "SignedDataObjectProperties").Elements() {
		if e.Local == "DataObjectFormat" {
			x.formats = append(x.formats, e)
			x.formatted[e.Value("ObjectReference")] = true
		}
	}
	return x
}

// eachID calls fn for every identifier of n, in the three spellings in use.
func eachID(n *xmldoc.Node, fn func(id string)) {
	if n == nil {
		return
	}
	for _, a := range n.Attrs {
		if a.Local == "Id" || a.Local == "ID" || a.Local == "id" {
			fn(a.Value)
		}
	}
}

func hasID(n *xmldoc.Node, id string) bool {
	found := false
	eachID(n, func(have string) { found = found || have == id })
	return found
}
