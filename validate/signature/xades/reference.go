package xades

import (
	"bytes"
	"crypto"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net/url"
	"slices"
	"strings"

	"okienko/validate/signature/sig"
	"okienko/validate/signature/xmldoc"
)

const (
	maxReferences = 1000
	maxTransforms = 10
	maxWork       = 2 << 30 // octets digested for one document
)

var errWork = errors.New("the references of this document ask for too much work")

// data is what a reference yields at some step: octets, or a node-set.
type data struct {
	octets []byte
	set    xmldoc.Set
	nodes  bool // set is meant
	digest []byte
	name   string // of the detached document
	covers xmldoc.Set
	kept   []byte // what was digested, with Options.Keep
}

func integer(el *xmldoc.Node) *big.Int {
	raw, err := decode64(el.Text())
	if err != nil {
		return nil
	}
	return new(big.Int).SetBytes(raw)
}

// errNotFound says that what a reference points at is not at hand.
var errNotFound = errors.New("the signed data is not at hand")

// check verifies one ds:Reference.
func (v *verifier) check(el *xmldoc.Node, s *signature) (sig.Reference, data) {
	uri, hasURI := el.Attr("URI")
	r := sig.Reference{URI: uri, Type: el.Value("Type")}
	h, err := digestMethod(el.Child(dsNS, "DigestMethod"))
	if err != nil {
		r.Found, r.Unverifiable, r.Problem = true, true, err.Error()
		return r, data{}
	}
	s.uses(h.String())
	want, err := decode64(el.Child(dsNS, "DigestValue").Text())
	if err != nil {
		r.Found, r.Problem = true, "digest value: "+err.Error()
		return r, data{}
	}
	d, err := v.resolve(el, s, uri, hasURI, h, want)
	if err != nil {
		r.Found, r.Problem = !errors.Is(err, errNotFound), err.Error()
		return r, data{}
	}
	r.Found = true
	if d.digest == nil {
		if d, err = v.digest(el, s, d, h); err != nil {
			r.Problem = err.Error()
			return r, data{}
		}
	}
	r.Intact = len(want) > 0 && bytes.Equal(d.digest, want)
	if !r.Intact {
		r.Changed, r.Problem = true, "the content was changed: its digest differs"
	}
	return r, d
}

// digest runs the transforms and digests what comes out. Signatures of one document that say the same of the whole of it share
// the work.
func (v *verifier) digest(el *xmldoc.Node, s *signature, d data, h crypto.Hash) (data, error) {
	key := ""
	if transforms := el.Child(dsNS, "Transforms"); el.Value("URI") == "" && d.nodes && transforms != nil && samePlaceEverywhere(transforms) {
		key = h.String() + string(xmldoc.Method{}.Bytes(v.doc.Subtree(transforms)))
		if have, ok := v.whole[key]; ok {
			return have, nil
		}
	}
	sum := h.New()
	var kept bytes.Buffer
	var w io.Writer = sum
	if v.opt.Keep {
		w = io.MultiWriter(sum, &kept)
	}
	d, err := v.transformed(el, s, d, w)
	if err != nil {
		return d, err
	}
	d.digest, d.kept = sum.Sum(nil), kept.Bytes()
	if key != "" {
		v.whole[key] = d
	}
	return d, nil
}

// samePlaceEverywhere reports whether transforms give the same whichever signature they stand in.
func samePlaceEverywhere(transforms *xmldoc.Node) bool {
	return !slices.ContainsFunc(transforms.Children(dsNS, "Transform"), func(t *xmldoc.Node) bool {
		return t.Value("Algorithm") == envelopedTransform || strings.Contains(t.Text(), "here")
	})
}

// resolve finds what a reference points at, before its transforms.
func (v *verifier) resolve(el *xmldoc.Node, s *signature, uri string, hasURI bool, h crypto.Hash, want []byte) (data, error) {
	switch {
	case !hasURI:
		return v.detached(el, "", h, want)
	case uri == "":
		set := v.doc.Whole().WithoutComments()
		return data{set: set, nodes: true, covers: set}, nil
	case strings.HasPrefix(uri, "#"):
		return v.fragment(el, s, uri[1:])
	}
	return v.detached(el, uri, h, want)
}

// fragment resolves a same-document reference; only bare names and the two XPointer forms of XMLDSig section 4.4.3.3.
func (v *verifier) fragment(el *xmldoc.Node, s *signature, frag string) (data, error) {
	id, comments := frag, false
	if frag == "xpointer(/)" {
		set := v.doc.Whole()
		return data{set: set, nodes: true, covers: set}, nil
	}
	if inner, ok := strings.CutPrefix(frag, "xpointer(id("); ok {
		if inner, ok = strings.CutSuffix(inner, "))"); ok && len(inner) > 2 && (inner[0] == '\'' || inner[0] == '"') && inner[len(inner)-1] == inner[0] {
			id, comments = inner[1:len(inner)-1], true
		}
	}
	if strings.ContainsAny(id, "()='[]:,*/\" \t\n") {
		return data{}, fmt.Errorf("fragment %q is not a plain identifier", frag)
	}
	n, unique := v.doc.ByID(id)
	if n == nil {
		return data{}, errNotFound
	}
	if !unique {
		return data{}, fmt.Errorf("the identifier %q occurs more than once", id)
	}
	if err := s.placed(el.Value("Type"), n); err != nil {
		return data{}, err
	}
	set := v.doc.Subtree(n)
	if !comments {
		set = set.WithoutComments()
	}
	return data{set: set, nodes: true, covers: set}, nil
}

// placed holds the position rules against signature wrapping: what the type of a reference promises must be the part of
// this very signature it names.
func (s *signature) placed(typ string, n *xmldoc.Node) error {
	if n == s.el.Child(dsNS, "KeyInfo") || n.Is(dsNS, "SignatureProperties") && s.el.Contains(n) {
		return nil
	}
	object := n.Parent
	switch {
	case strings.HasSuffix(typ, "#SignedProperties"):
		if n != s.signedProps {
			return fmt.Errorf("the signed properties are not those of this signature: %w", errNotFound)
		}
	case typ == dsNS+"Object":
		if !n.Is(dsNS, "Object") || n.Parent != s.el {
			return fmt.Errorf("the signed object is not part of this signature: %w", errNotFound)
		}
	case typ == dsNS+"Manifest":
		if !n.Is(dsNS, "Manifest") || !object.Is(dsNS, "Object") || object.Parent != s.el {
			return fmt.Errorf("the signed manifest is not part of this signature: %w", errNotFound)
		}
	}
	return nil
}

// detached finds a document outside: the only one given, else the one with the right digest, else the one with that name.
// Nothing is ever fetched.
func (v *verifier) detached(el *xmldoc.Node, uri string, h crypto.Hash, want []byte) (data, error) {
	plain := el.Child(dsNS, "Transforms") == nil
	pick := func(c sig.Content) (data, error) {
		if c.Digest == nil {
			return data{octets: c.Bytes, name: c.Name}, nil
		}
		if sum := c.Sum(h); sum != nil && plain {
			return data{digest: sum, name: c.Name}, nil
		}
		return data{}, fmt.Errorf("only a digest of another kind is at hand: %w", errNotFound)
	}
	all := v.opt.Contents
	if len(all) == 1 && !v.opt.Strict {
		return pick(all[0])
	}
	name, err := url.PathUnescape(uri)
	if err != nil {
		name = uri
	}
	var named []sig.Content
	if uri != "" {
		named = v.named(name, uri, strings.TrimPrefix(name, "./"))
	}
	if plain {
		for _, c := range named {
			if bytes.Equal(v.sum(c, h), want) {
				return pick(c)
			}
		}
		if c, ok := v.digested(h)[string(want)]; ok {
			return pick(c)
		}
	}
	if len(named) > 0 {
		return pick(named[0])
	}
	if v.opt.Fallback != nil {
		return pick(*v.opt.Fallback)
	}
	return data{}, errNotFound
}

// named are the contents of any of these names, in that order.
func (v *verifier) named(names ...string) []sig.Content {
	if v.byName == nil {
		v.byName = map[string][]sig.Content{}
		for _, c := range v.opt.Contents {
			v.byName[c.Name] = append(v.byName[c.Name], c)
		}
	}
	var all []sig.Content
	for i, n := range names {
		if !slices.Contains(names[:i], n) {
			all = append(all, v.byName[n]...)
		}
	}
	return all
}

// digested finds the contents by digest; each is digested once with each algorithm.
func (v *verifier) digested(h crypto.Hash) map[string]sig.Content {
	if have, ok := v.byDigest[h]; ok {
		return have
	}
	all := map[string]sig.Content{}
	for _, c := range slices.Backward(v.opt.Contents) { // of equal contents the first stands
		if sum := v.sum(c, h); sum != nil {
			all[string(sum)] = c
		}
	}
	v.byDigest[h] = all
	return all
}

// sum digests a content once for all references.
func (v *verifier) sum(c sig.Content, h crypto.Hash) []byte {
	if c.Digest != nil || len(c.Bytes) == 0 {
		return c.Sum(h)
	}
	key := sumKey{&c.Bytes[0], len(c.Bytes), h}
	if have, ok := v.sums[key]; ok {
		return have
	}
	s := c.Sum(h)
	v.sums[key] = s
	return s
}

type sumKey struct {
	first *byte
	size  int
	hash  crypto.Hash
}

func (v *verifier) spend(n int) error {
	if v.work += int64(n); v.work > maxWork {
		return errWork
	}
	return nil
}

type spender struct {
	v *verifier
	w io.Writer
}

func (s spender) Write(b []byte) (int, error) {
	if err := s.v.spend(len(b)); err != nil {
		return 0, err
	}
	return s.w.Write(b)
}

func (v *verifier) write(m xmldoc.Method, set xmldoc.Set, w io.Writer) error {
	return m.Write(spender{v, w}, set)
}

// The transforms of XMLDSig section 6.6 and XPath Filter 2.0.
const (
	envelopedTransform = dsNS + "enveloped-signature"
	base64Transform    = dsNS + "base64"
	xpathTransform     = "http://www.w3.org/TR/1999/REC-xpath-19991116"
	filter2Transform   = "http://www.w3.org/2002/06/xmldsig-filter2"
	xsltTransform      = "http://www.w3.org/TR/1999/REC-xslt-19991116"
)
