// Package asic owns signature containers: ASiC-S and ASiC-E (ETSI EN 319 162) with XAdES or CAdES, and signed OpenDocument
// files, which use the same idea. It unpacks within limits, pairs signatures with the files they cover, and leaves the
// signatures themselves to packages xades and cms.
package asic

import (
	"bytes"
	"fmt"
	"net/url"
	"strings"

	"okienko/validate/signature/cms"
	"okienko/validate/signature/keys"
	"okienko/validate/signature/sig"
	"okienko/validate/signature/xades"
	"okienko/validate/signature/xmldoc"
)

// Options is what a container is verified with.
type Options struct {
	Certs  []*keys.Certificate
	Limits xmldoc.Limits
	Keep   bool // keep the digested octets in sig.Covered.Bytes
}

// Result is what was found in a container.
type Result struct {
	Signatures []*sig.Signature // Form is "ASiC-S-XAdES", "ASiC-E-CAdES" …
	Uncovered  []string         // documents no signature covers
	Problems   []string         // signature files that could not be read
	Files      [][]byte         // the signature files themselves
}

// Verify examines every signature in a container. A ZIP without signatures has none.
func Verify(raw []byte, opt Options) (Result, error) {
	c, err := open(raw)
	if err != nil {
		return Result{}, err
	}
	var res Result
	stamps := c.stamps(opt)
	for _, e := range c.entries {
		var found []*sig.Signature
		var err error
		switch {
		case isXML(e.name):
			found, err = c.xmlSignatures(e, opt)
		case isCMS(e.name):
			found, err = c.cmsSignatures(e, opt)
		default:
			continue
		}
		if err != nil {
			res.Problems = append(res.Problems, fmt.Sprintf("%s: %v", e.name, err))
			continue
		}
		attach(found, e.name, stamps)
		res.Files = append(res.Files, e.bytes)
		res.Signatures = append(res.Signatures, found...)
	}
	if len(res.Signatures) > 0 {
		res.Uncovered = c.uncovered(res.Signatures)
		if !c.wellShaped() {
			for _, s := range res.Signatures {
				s.Warn("container-shape", "")
			}
		}
	}
	return res, nil
}

// wellShaped holds what the declared type promises: ASiC-S one document in its root (EN 319 162-1 section 4.3.3.2), ASiC-E at
// least one (section 4.4.3.2). A reader could otherwise take another file for the signed one.
func (c *container) wellShaped() bool {
	data := c.data()
	switch {
	case strings.Contains(c.mimetype, "asic-s"):
		return len(data) == 1 && !strings.Contains(data[0].name, "/")
	case strings.Contains(c.mimetype, "asic-e"):
		return len(data) > 0
	}
	return true
}

// isXML follows EN 319 162-1 section 4.4.3.2 and the habits of OpenDocument and of Lithuanian ADOC.
func isXML(name string) bool {
	rest, ok := strings.CutPrefix(name, "META-INF/")
	return ok && strings.HasSuffix(strings.ToLower(rest), ".xml") && strings.Contains(strings.ToLower(rest), "signature")
}

func isCMS(name string) bool {
	rest, ok := strings.CutPrefix(name, "META-INF/")
	rest = strings.ToLower(rest)
	return ok && strings.HasSuffix(rest, ".p7s") && strings.Contains(rest, "signature")
}

func (c *container) form(base string) string {
	kind := "ASiC-E-"
	if strings.Contains(c.mimetype, "asic-s") || c.mimetype == "" && len(c.data()) == 1 {
		kind = "ASiC-S-"
	}
	return kind + base
}

func (c *container) xmlSignatures(e entry, opt Options) ([]*sig.Signature, error) {
	doc, err := xmldoc.Parse(e.bytes, opt.Limits)
	if err != nil {
		return nil, err
	}
	contents, fallback := c.contents(e)
	found, err := xades.Verify(doc, xades.Options{Name: e.name, Contents: contents, Strict: true, Fallback: fallback, Certs: opt.Certs, Limits: opt.Limits, Keep: opt.Keep})
	for _, s := range found {
		s.Form = c.form("XAdES")
	}
	return found, err
}

// contents are the files a XAdES signature may name: all but its own. Where the container has one document, that is also
// what a reference under an unknown name means.
func (c *container) contents(own entry) (list []sig.Content, fallback *sig.Content) {
	for _, e := range c.entries {
		if e.name != own.name {
			list = append(list, sig.Content{Name: e.name, Bytes: e.bytes})
		}
	}
	if data := c.data(); len(data) == 1 {
		fallback = &sig.Content{Name: data[0].name, Bytes: data[0].bytes}
	}
	return list, fallback
}

func (c *container) cmsSignatures(e entry, opt Options) ([]*sig.Signature, error) {
	man, entries, err := c.manifestFor(e.name, opt)
	if err != nil {
		return nil, err
	}
	copt := cms.Options{Form: c.form("CAdES"), Name: e.name, Certs: opt.Certs}
	switch {
	case man != nil:
		copt.Contents = []sig.Content{{Name: man.name, Bytes: man.bytes}}
	default:
		for _, d := range c.data() {
			copt.Contents = append(copt.Contents, sig.Content{Name: d.name, Bytes: d.bytes})
		}
	}
	found, err := cms.Verify(e.bytes, copt)
	if err != nil {
		return nil, err
	}
	for _, s := range found {
		if man != nil && !s.Counter {
			s.Manifest = entries
			for _, r := range entries {
				if r.Intact {
					s.Covers = append(s.Covers, sig.Covered{Name: r.URI, Bytes: c.get(r.URI).bytes})
				}
			}
		}
	}
	return found, nil
}

// manifestFor finds the manifest that names a signature file and checks every digest in it.
func (c *container) manifestFor(name string, opt Options) (*entry, []sig.Reference, error) {
	for i := range c.entries {
		e := &c.entries[i]
		if !inMeta(e.name) || !strings.HasSuffix(e.name, ".xml") || !strings.Contains(strings.ToLower(e.name), "manifest") {
			continue
		}
		doc, err := xmldoc.Parse(e.bytes, opt.Limits)
		if err != nil {
			continue
		}
		root := doc.Element()
		if root.Local != "ASiCManifest" || plain(child(root, "SigReference").Value("URI")) != name {
			continue
		}
		return e, c.checkEntries(root), nil
	}
	return nil, nil, nil
}

func child(n *xmldoc.Node, local string) *xmldoc.Node {
	for _, c := range n.Elements() {
		if c.Local == local {
			return c
		}
	}
	return nil
}

func plain(uri string) string {
	if p, err := url.PathUnescape(uri); err == nil {
		return p
	}
	return uri
}

func (c *container) checkEntries(root *xmldoc.Node) []sig.Reference {
	var all []sig.Reference
	for _, o := range root.Elements() {
		if o.Local != "DataObjectReference" {
			continue
		}
		r := sig.Reference{URI: plain(o.Value("URI"))}
		e := c.get(r.URI)
		h, want, err := xades.Digest(o)
		switch {
		case e == nil:
			r.Problem = "the file is not in the container"
		case err != nil:
			r.Found, r.Problem = true, err.Error()
		default:
			r.Found = true
			if r.Intact = bytes.Equal(keys.Sum(h, e.bytes), want); !r.Intact {
				r.Changed, r.Problem = true, "the file was changed: its digest differs"
			}
		}
		all = append(all, r)
	}
	return all
}

// uncovered lists the documents that no intact signature covers.
func (c *container) uncovered(found []*sig.Signature) []string {
	covered := map[string]bool{}
	for _, s := range found {
		if !s.Intact() {
			continue
		}
		for _, k := range s.Covers {
			covered[k.Name] = true
		}
	}
	var out []string
	for _, e := range c.data() {
		if !covered[e.name] {
			out = append(out, e.name)
		}
	}
	return out
}
