package xades

import (
	"io"

	"okienko/validate/signature/xmldoc"
)

// stamped returns the writer of the octets a time-stamp property covers (ETSI EN 319 132-1 sections 5.2.8 and 5.4 and annex
// A); nil where this package cannot say.
func (v *verifier) stamped(s *signature, p *xmldoc.Node, kind string) func(io.Writer) error {
	m := xmldoc.Method{}
	if cm := p.Child(dsNS, "CanonicalizationMethod"); cm != nil {
		var ok bool
		if m, ok = xmldoc.MethodByURI(cm.Value("Algorithm"), cm); !ok {
			return nil
		}
	}
	switch p.Local {
	case "SignatureTimeStamp":
		return func(w io.Writer) error { return v.write(m, v.doc.Subtree(s.value), w) }
	case "SigAndRefsTimeStamp", "SigAndRefsTimeStampV2":
		return func(w io.Writer) error {
			if err := v.write(m, v.doc.Subtree(s.value), w); err != nil {
				return err
			}
			return v.writeProps(s, p, m, w, func(local string) bool { return local == "SignatureTimeStamp" || isRefs(local) })
		}
	case "RefsOnlyTimeStamp", "RefsOnlyTimeStampV2":
		return func(w io.Writer) error { return v.writeProps(s, p, m, w, isRefs) }
	case "ArchiveTimeStamp":
		return func(w io.Writer) error { return v.archived(s, p, m, w) }
	case "AllDataObjectsTimeStamp":
		return func(w io.Writer) error {
			for _, el := range s.refs {
				if v.target(el) == s.signedProps && s.signedProps != nil {
					continue
				}
				if err := v.rewrite(s, el, m, w); err != nil {
					return err
				}
			}
			return nil
		}
	case "IndividualDataObjectsTimeStamp":
		return func(w io.Writer) error { return v.included(s, p, m, w) }
	}
	return nil
}

func isRefs(local string) bool {
	switch local {
	case "CompleteCertificateRefs", "CompleteCertificateRefsV2", "CompleteRevocationRefs", "AttributeCertificateRefs", "AttributeCertificateRefsV2", "AttributeRevocationRefs":
		return true
	}
	return false
}

// writeProps writes the chosen unsigned properties that stand before p.
func (v *verifier) writeProps(s *signature, p *xmldoc.Node, m xmldoc.Method, w io.Writer, want func(local string) bool) error {
	for _, u := range s.unsigned().Elements() {
		if u == p {
			break
		}
		if want(u.Local) {
			if err := v.write(m, v.doc.Subtree(u), w); err != nil {
				return err
			}
		}
	}
	return nil
}

// rewrite writes what a reference digested once more.
func (v *verifier) rewrite(s *signature, el *xmldoc.Node, m xmldoc.Method, w io.Writer) error {
	h, err := digestMethod(el.Child(dsNS, "DigestMethod"))
	if err != nil {
		return err
	}
	want, err := decode64(el.Child(dsNS, "DigestValue").Text())
	if err != nil {
		return err
	}
	uri, has := el.Attr("URI")
	d, err := v.resolve(el, s, uri, has, h, want)
	if err != nil {
		return err
	}
	if d.digest != nil {
		return errNotFound
	}
	// The result of the transforms; a node-set is canonicalised with the time-stamp's own method.
	for _, t := range el.Child(dsNS, "Transforms").Children(dsNS, "Transform") {
		if d, err = v.transform(t, s, d); err != nil {
			return err
		}
	}
	if d.nodes {
		return v.write(m, d.set, w)
	}
	_, err = spender{v, w}.Write(d.octets)
	return err
}

// archived follows EN 319 132-1 section 5.5.2.2: references, SignedInfo, SignatureValue, KeyInfo, the unsigned properties
// before the time-stamp, then the objects that hold no qualifying properties.
func (v *verifier) archived(s *signature, p *xmldoc.Node, m xmldoc.Method, w io.Writer) error {
	for _, el := range s.refs {
		if err := v.rewrite(s, el, m, w); err != nil {
			return err
		}
	}
	for _, n := range []*xmldoc.Node{s.info, s.value, s.el.Child(dsNS, "KeyInfo")} {
		if n != nil {
			if err := v.write(m, v.doc.Subtree(n), w); err != nil {
				return err
			}
		}
	}
	err := v.writeProps(s, p, m, w, func(local string) bool { return true })
	if err != nil {
		return err
	}
	for _, o := range s.el.Children(dsNS, "Object") {
		if part(o, "QualifyingProperties") == nil {
			if err := v.write(m, v.doc.Subtree(o), w); err != nil {
				return err
			}
		}
	}
	return nil
}

// included writes the references an individual time-stamp lists.
func (v *verifier) included(s *signature, p *xmldoc.Node, m xmldoc.Method, w io.Writer) error {
	for _, inc := range p.Elements() {
		uri := inc.Value("URI")
		if inc.Local != "Include" || len(uri) < 2 {
			continue
		}
		el := s.refsByID[uri[1:]]
		if el == nil {
			return errNotFound
		}
		if err := v.rewrite(s, el, m, w); err != nil {
			return err
		}
	}
	return nil
}
