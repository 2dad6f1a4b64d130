package signature

import (
	"bytes"
	"strings"

	"okienko/validate"
)

// ExamineAll examines the documents of one submission. A detached signature finds what it covers among the other documents:
// by the digest it signed or the name it gives, whatever the order. Containers stand before what was unpacked from them; the
// signature files of a container are examined with it and not again by themselves.
func ExamineAll(docs []File, opt Options) Examination {
	var all Examination
	for i, d := range docs {
		if !Detect(d.Name, d.MediaType, d.Bytes) || all.examined(d.Bytes) {
			continue
		}
		e := Examine(d, opt.beside(docs, i))
		all.Signatures = append(all.Signatures, e.Signatures...)
		all.Problems = append(all.Problems, e.Problems...)
		all.files = append(all.files, e.files...)
		before := len(all.Signatures) - len(e.Signatures)
		for _, c := range e.Signed {
			c.Signature += before
			all.Signed = append(all.Signed, c)
		}
		for _, r := range e.Errands {
			r.Signature += before
			all.Errands = append(all.Errands, r)
		}
	}
	nameDocuments(docs, all.Signatures)
	return all
}

// examined reports whether b is a signature file of a container already examined.
func (e *Examination) examined(b []byte) bool {
	for _, f := range e.files {
		if bytes.Equal(f, b) {
			return true
		}
	}
	return false
}

// beside offers the other documents as detached content. They must prove by digest or name that they are meant, except one
// that is called as the signature file without its extension (wniosek.pdf for wniosek.pdf.p7s): it is the one meant even if
// it was changed. A CMS signature covers one document, so it gets no other; XML may cover several.
func (o Options) beside(docs []File, own int) Options {
	o.Strict = true
	given := o.Content
	o.Content = nil
	for i, d := range docs {
		if i == own || len(d.Bytes) == 0 {
			continue
		}
		c := Content{Name: d.Name, Bytes: d.Bytes}
		if o.fallback == nil && detachedName(docs[own].Name, d.Name) {
			o.fallback = &c
		}
		o.Content = append(o.Content, c)
	}
	if o.fallback != nil && formatOf(docs[own].Name, docs[own].Bytes) == cmsFormat {
		o.Content, o.Strict = []Content{*o.fallback}, false
		return o
	}
	o.Content = append(o.Content, given...)
	return o
}

var detachedSuffixes = []string{".p7s", ".p7m", ".sig", ".xades", ".xml", ".sig.xml", ".xades.xml"}

func detachedName(signature, document string) bool {
	s, d := strings.ToLower(signature), strings.ToLower(document)
	for _, suffix := range detachedSuffixes {
		base, ok := strings.CutSuffix(s, suffix)
		if ok && base != "" && (base == d || strings.TrimSuffix(d, ext(d)) == base && ext(d) != "") {
			return true
		}
	}
	return false
}

func ext(name string) string {
	if i := strings.LastIndexByte(name, '.'); i > 0 {
		return name[i:]
	}
	return ""
}

// nameDocuments gives covered documents of the submission their ids, which the rest of the pipeline knows them by.
func nameDocuments(docs []File, reports []validate.SignatureReport) {
	for i := range reports {
		for _, name := range reports[i].Covers {
			for _, d := range docs {
				if d.Name == name && d.ID != "" && reports[i].Document != d.ID {
					reports[i].CoveredIDs = append(reports[i].CoveredIDs, d.ID)
				}
			}
		}
	}
}
