// Package xades owns signatures in XML: XMLDSig core validation by the rules of EU DSS and the qualifying properties of
// ETSI EN 319 132 (XAdES). It takes a parsed document and the documents beside it, and returns what it found; it never
// fetches anything, runs no XSLT and believes no property that is not signed. Trust and policy are judged elsewhere
// (packages trust and signature).
package xades

import (
	"crypto"
	"errors"
	"fmt"

	"okienko/validate/signature/keys"
	"okienko/validate/signature/sig"
	"okienko/validate/signature/xmldoc"
)

// Options is what a document is verified with.
type Options struct {
	Name     string              // of the document itself
	Contents []sig.Content       // documents its signatures may refer to
	Strict   bool                // a content must match by digest or name even if it is the only one
	Fallback *sig.Content        // what a reference means that matches nothing: the one document of a container; nil if none
	Certs    []*keys.Certificate // certificates supplied from outside
	Limits   xmldoc.Limits
	Keep     bool // keep the digested octets in sig.Covered.Bytes
}

// maxSignatures bounds one document; the largest seen has 50.
const (
	maxSignatures = 500
	maxKeys       = 50 // certificates tried for one signature
)

// Verify examines every signature in doc, counter-signatures after their masters.
func Verify(doc *xmldoc.Document, opt Options) ([]*sig.Signature, error) {
	v := &verifier{doc: doc, opt: opt, sums: map[sumKey][]byte{}, byDigest: map[crypto.Hash]map[string]sig.Content{}, whole: map[string]data{}, visits: xmldoc.Budget}
	var all []*sig.Signature
	for _, el := range doc.Find(doc.Top, dsNS, "Signature") {
		if isXAdES(el.Parent) && el.Parent.Local == "CounterSignature" {
			continue // verified with its master
		}
		all = append(all, v.withCounters(el, nil)...)
		if len(all) > maxSignatures {
			return nil, fmt.Errorf("more than %d signatures in one document", maxSignatures)
		}
	}
	v.uncovered()
	return all, nil
}

type verifier struct {
	doc   *xmldoc.Document
	opt   Options
	sums  map[sumKey][]byte
	work  int64
	whole map[string]data // what was made of the whole document, by transforms and digest method
	// The contents beside the document by name and by digest; filled when first asked for.
	byName   map[string][]sig.Content
	byDigest map[crypto.Hash]map[string]sig.Content
	// visits is how many nodes its XPath expressions may still visit.
	visits int
	all    []*signature
}

// signature is one ds:Signature while it is examined.
type signature struct {
	el          *xmldoc.Node
	info        *xmldoc.Node // SignedInfo
	value       *xmldoc.Node // SignatureValue
	props       *xmldoc.Node // QualifyingProperties
	signedProps *xmldoc.Node
	propsSigned bool
	refs        []*xmldoc.Node
	index
	refersHere bool         // an intact reference points into the document
	covers     []xmldoc.Set // the parts of the document its intact references protect
	covered    map[[2]string]bool
	out        *sig.Signature
}

// withCounters verifies el and the counter-signatures in its unsigned properties.
func (v *verifier) withCounters(el *xmldoc.Node, master *signature) []*sig.Signature {
	s := v.verify(el, master)
	all := []*sig.Signature{s.out}
	for _, cs := range s.unsigned().Elements() {
		if inner := cs.Child(dsNS, "Signature"); cs.Local == "CounterSignature" && inner != nil && len(all) <= maxSignatures {
			all = append(all, v.withCounters(inner, s)...)
		}
	}
	return all
}

func (v *verifier) verify(el *xmldoc.Node, master *signature) *signature {
	s := &signature{el: el, info: el.Child(dsNS, "SignedInfo"), value: el.Child(dsNS, "SignatureValue"), covered: map[[2]string]bool{}}
	s.out = &sig.Signature{Form: "XMLDSig", ID: el.Value("Id"), Counter: master != nil}
	s.findProperties()
	s.refs = s.info.Children(dsNS, "Reference")
	s.index = s.indexed()
	if s.props != nil {
		s.out.Form = "XAdES"
	}
	if err := v.core(s); err != nil {
		s.out.Problem = err.Error()
		s.out.Unverifiable = errors.Is(err, keys.ErrAlgorithm) || errors.Is(err, errNoKey)
	}
	v.references(s)
	if master != nil {
		s.bindTo(master)
	}
	v.properties(s)
	s.level()
	v.all = append(v.all, s)
	return s
}

var errNoKey = errors.New("no key to verify with: the signature carries no certificate")

// uses notes an algorithm once.
func (s *signature) uses(name string) {
	for _, a := range s.out.Algorithms {
		if a == name {
			return
		}
	}
	s.out.Algorithms = append(s.out.Algorithms, name)
}

// core verifies the signature value over the canonical SignedInfo with every candidate key.
func (v *verifier) core(s *signature) error {
	v.certificates(s)
	if len(s.el.Children(dsNS, "SignedInfo")) != 1 || len(s.el.Children(dsNS, "SignatureValue")) != 1 {
		return errors.New("a signature needs one SignedInfo and one SignatureValue")
	}
	cm := s.info.Child(dsNS, "CanonicalizationMethod")
	m, ok := xmldoc.MethodByURI(cm.Value("Algorithm"), cm)
	if !ok {
		return fmt.Errorf("canonicalisation %q is not supported", cm.Value("Algorithm"))
	}
	alg, err := signatureMethod(s.info.Child(dsNS, "SignatureMethod"))
	if err != nil {
		return err
	}
	s.out.Algorithms = append(s.out.Algorithms, alg.Name())
	value, err := decode64(s.value.Text())
	if err != nil {
		return fmt.Errorf("signature value: %w", err)
	}
	signed := m.Bytes(v.doc.Subtree(s.info))
	if err := v.spend(len(signed)); err != nil {
		return err
	}
	return v.tryKeys(s, alg, signed, value)
}

// tryKeys looks for the key that fits: a wrong or missing pointer to the certificate does not make a signature wrong.
func (v *verifier) tryKeys(s *signature, alg keys.Algorithm, signed, value []byte) error {
	candidates := append(append([]*keys.Certificate{}, s.out.Certificates...), v.opt.Certs...)
	err := errNoKey
	for i, c := range candidates {
		if i >= maxKeys {
			break
		}
		if c.Key == nil {
			err = c.KeyError
			continue
		}
		if err = c.Key.Verify(alg, signed, value); err == nil {
			s.out.Certificate, s.out.ValueIntact = c, true
			return nil
		}
	}
	if k := keyValue(s.el.Child(dsNS, "KeyInfo")); k != nil {
		if err = k.Verify(alg, signed, value); err == nil {
			s.out.ValueIntact = true
			s.out.Warn("bare-key", "")
			return nil
		}
	}
	if len(s.out.Certificates) > 0 {
		s.out.Certificate = s.out.Certificates[0]
	}
	return err
}

// certificates collects the certificates that travel with the signature: KeyInfo first, then the unsigned values.
func (v *verifier) certificates(s *signature) {
	var els []*xmldoc.Node
	for _, x := range s.el.Child(dsNS, "KeyInfo").Children(dsNS, "X509Data") {
		els = append(els, x.Children(dsNS, "X509Certificate")...)
	}
	for _, p := range s.unsigned().Elements() {
		if p.Local == "CertificateValues" || p.Local == "AttrAuthoritiesCertValues" || p.Local == "TimeStampValidationData" {
			for _, n := range v.doc.Nodes[p.Order : p.Last+1] {
				if isXAdES(n) && n.Local == "EncapsulatedX509Certificate" {
					els = append(els, n)
				}
			}
		}
	}
	for i, el := range els {
		if i >= 500 {
			break
		}
		raw, err := decode64(el.Text())
		if err != nil {
			continue
		}
		c, err := keys.ParseCertificate(raw)
		if err != nil {
			s.out.Warn("certificate-unreadable", err.Error())
			continue
		}
		s.out.Certificates = append(s.out.Certificates, c)
	}
}

// references verifies every ds:Reference, and the entries of signed manifests apart.
func (v *verifier) references(s *signature) {
	if len(s.refs) > maxReferences {
		s.out.Broken, s.out.Problem = true, fmt.Sprintf("%d references: at most %d are followed", len(s.refs), maxReferences)
		return
	}
	content := false
	for _, el := range s.refs {
		r, d := v.check(el, s)
		s.out.References = append(s.out.References, r)
		if !r.Intact {
			content = content || !s.isOwnProperty(el)
			continue
		}
		target := v.target(el)
		switch {
		case target != nil && target == s.signedProps:
			s.propsSigned = true
			continue
		case s.isOwnProperty(el):
			continue
		case target.Is(dsNS, "Manifest"):
			v.manifest(s, target)
		}
		content = true
		v.cover(s, el, d)
	}
	if !content {
		s.out.References = append(s.out.References, sig.Reference{Problem: "no reference to any document: nothing is signed but the signature's own properties"})
	}
}

// target is the element of this document a reference names by a bare identifier.
func (v *verifier) target(el *xmldoc.Node) *xmldoc.Node {
	uri := el.Value("URI")
	if len(uri) < 2 || uri[0] != '#' {
		return nil
	}
	n, _ := v.doc.ByID(uri[1:])
	return n
}

// isOwnProperty reports whether a reference covers only the signature's own furniture.
func (s *signature) isOwnProperty(el *xmldoc.Node) bool {
	uri := el.Value("URI")
	return len(uri) > 1 && uri[0] == '#' && s.furniture[uri[1:]]
}

func (v *verifier) manifest(s *signature, m *xmldoc.Node) {
	refs := m.Children(dsNS, "Reference")
	if len(refs) > maxReferences {
		s.out.Warn("manifest-too-long", "")
		return
	}
	for _, el := range refs {
		r, d := v.check(el, s)
		s.out.Manifest = append(s.out.Manifest, r)
		if r.Intact {
			v.cover(s, el, d)
		}
	}
}

// bindTo holds the rule of counter-signatures: one reference must cover the master's signature value.
func (s *signature) bindTo(master *signature) {
	for i, el := range s.refs {
		if i >= len(s.out.References) || !s.out.References[i].Intact || master.value == nil {
			continue
		}
		uri := el.Value("URI")
		if len(uri) > 1 && uri[0] == '#' && hasID(master.value, uri[1:]) {
			return
		}
	}
	s.out.Broken, s.out.Problem = true, "the counter-signature does not cover the signature it stands in"
}
