package cms

import (
	"bytes"
	"crypto"
	"errors"
	"fmt"

	"okienko/validate/signature/der"
	"okienko/validate/signature/keys"
	"okienko/validate/signature/sig"
)

// Options is what a message is verified with.
type Options struct {
	Form     string              // "CAdES" or "PAdES"
	Name     string              // of the file itself: what an enveloped content is called
	Contents []sig.Content       // candidates for detached content
	Strict   bool                // a content must match by digest even if it is the only one
	Certs    []*keys.Certificate // supplied from outside
}

// Verify examines every signer of raw and their counter-signatures. A time-stamp token by itself is signed by an authority
// that never saw the document: it is no signature.
func Verify(raw []byte, opt Options) ([]*sig.Signature, error) {
	m, err := Parse(raw)
	if err == nil && m.ContentType == oidTSTInfo {
		err = fmt.Errorf("%w: it is a time-stamp token", ErrNotSigned)
	}
	if err != nil {
		return nil, err
	}
	return m.Verify(opt), nil
}

// Verify examines every signer of m and their counter-signatures.
func (m *Message) Verify(opt Options) []*sig.Signature {
	var found []*sig.Signature
	for _, v := range m.signers {
		found = append(found, m.verifySigner(v, opt)...)
	}
	return found
}

// content is what one signer info signs.
type content struct {
	octets  sig.Content
	found   bool
	counter bool
}

func (m *Message) verifySigner(v der.Value, opt Options) []*sig.Signature {
	out := m.newSignature(opt)
	s, err := parseSigner(v)
	if err != nil {
		out.Broken, out.Problem = true, err.Error()
		out.References = []sig.Reference{{}}
		return []*sig.Signature{out}
	}
	c := m.content(s, opt)
	if c.found {
		out.Covers = append(out.Covers, sig.Covered{Name: coveredName(c.octets, opt), Bytes: c.octets.Bytes})
	}
	m.judge(s, c, out, opt)
	m.properties(s, c, out)
	all := []*sig.Signature{out}
	return append(all, m.counters(s, opt, 0)...)
}

func coveredName(c sig.Content, opt Options) string {
	if c.Name == "" {
		return opt.Name
	}
	return c.Name
}

func (m *Message) newSignature(opt Options) *sig.Signature {
	out := &sig.Signature{Form: opt.Form, Certificates: m.Certificates, CRLs: m.CRLs, OCSPs: m.OCSPs}
	if m.Unreadable > 0 {
		out.Warn("certificate-unreadable", "")
	}
	return out
}

// content finds what s signs: the enveloped content, the only document given, or the one whose digest is signed.
func (m *Message) content(s *signer, opt Options) content {
	if m.HasContent {
		return content{octets: sig.Content{Bytes: m.Content}, found: true}
	}
	if len(opt.Contents) == 1 && !opt.Strict {
		return content{octets: opt.Contents[0], found: true}
	}
	want, n := only(s.signed, attrMessageDigest)
	h := keys.HashByIdentifier(s.digest)
	if n == 1 && h != 0 {
		for _, c := range opt.Contents {
			if sum := c.Sum(h); sum != nil && bytes.Equal(sum, want.Content) {
				return content{octets: c, found: true}
			}
		}
	}
	return content{}
}

const (
	maxCounterDepth = 5
	maxKeys         = 50 // certificates tried for one signature
)

func (m *Message) counters(s *signer, opt Options, depth int) []*sig.Signature {
	var found []*sig.Signature
	for i, v := range all(s.unsigned, attrCounterSignature) {
		if i >= maxSigners || depth >= maxCounterDepth {
			break
		}
		out := m.newSignature(opt)
		out.Counter = true
		inner, err := parseSigner(v)
		if err != nil {
			out.Broken, out.Problem, out.References = true, err.Error(), []sig.Reference{{}}
			found = append(found, out)
			continue
		}
		c := content{octets: sig.Content{Bytes: s.signature}, found: true, counter: true}
		m.judge(inner, c, out, opt)
		m.properties(inner, c, out)
		found = append(append(found, out), m.counters(inner, opt, depth+1)...)
	}
	return found
}

// judge verifies one signer info over c.
func (m *Message) judge(s *signer, c content, out *sig.Signature, opt Options) {
	out.Certificate = m.pointedAt(s, opt.Certs)
	h := keys.HashByIdentifier(s.digest)
	alg, err := keys.ParseAlgorithm(s.algorithm)
	if err == nil && alg.Scheme != keys.EdDSA {
		if alg.Hash == 0 {
			alg.Hash = h
		}
		if h == 0 {
			err = fmt.Errorf("digest algorithm: %w", keys.ErrAlgorithm)
		} else if h != alg.Hash {
			err = errors.New("the digest algorithm is not the one inside the signature algorithm")
		}
	}
	out.Algorithms = append(out.Algorithms, alg.Name())
	ref := m.reference(s, c, h)
	out.References = []sig.Reference{ref}
	if err != nil {
		out.Problem, out.Unverifiable = err.Error(), errors.Is(err, keys.ErrAlgorithm)
		return
	}
	signed, err := s.signedOctets(c)
	if err == nil {
		err = m.attributesHold(s, c)
		out.Broken = err != nil
	}
	if err == nil {
		err = m.tryKeys(s, alg, h, signed, c, out, opt.Certs)
	}
	if err != nil {
		out.Problem = err.Error()
		out.Unverifiable = errors.Is(err, keys.ErrAlgorithm) || errors.Is(err, errNoKey) || errors.Is(err, errNoContent)
	}
}

var (
	errNoKey     = errors.New("no key to verify with: the signature carries no certificate")
	errNoContent = errors.New("the signed data is not at hand")
)

// signedOctets is what the signature value is over: the signed attributes re-encoded in DER, or the content itself. Only
// the DER order counts: signatures over another order verify elsewhere, but not by RFC 5652 section 5.4.
func (s *signer) signedOctets(c content) ([]byte, error) {
	if s.hasSigned {
		return der.SortedSet(s.signedAttrs)
	}
	if !c.found {
		return nil, errNoContent
	}
	return c.octets.Bytes, nil
}

// reference compares the signed message digest with the content.
func (m *Message) reference(s *signer, c content, h crypto.Hash) sig.Reference {
	r := sig.Reference{URI: c.octets.Name, Found: c.found}
	switch {
	case !c.found:
		r.Problem = "the signed data is not at hand"
	case h == 0 || !h.Available():
		r.Unverifiable, r.Problem = true, "the digest algorithm is not supported"
	case !s.hasSigned:
		r.Intact = true // the signature value itself covers the content
	default:
		sum := c.octets.Sum(h)
		want, n := only(s.signed, attrMessageDigest)
		switch {
		case sum == nil:
			r.Found, r.Problem = false, "only a digest of another kind is at hand"
		case n != 1 || want.Tag != der.OctetString:
			r.Problem = "not exactly one message digest is signed"
		case !bytes.Equal(sum, want.Content):
			r.Changed, r.Problem = true, "the content was changed: its digest differs"
		default:
			r.Intact = true
		}
	}
	return r
}

// attributesHold checks the signed attributes against RFC 5652 sections 11.1 to 11.4 and RFC 6211.
func (m *Message) attributesHold(s *signer, c content) error {
	if !s.hasSigned {
		return nil
	}
	ct, n := only(s.signed, attrContentType)
	switch {
	case c.counter && n > 0:
		return errors.New("a counter-signature with a content type")
	case !c.counter && (n != 1 || ct.OID() != m.ContentType):
		return errors.New("the signed content type is missing or differs from the content's")
	}
	if _, n := only(s.signed, attrMessageDigest); n != 1 {
		return errors.New("not exactly one message digest is signed")
	}
	if _, n := only(s.signed, attrSigningTime); n > 1 {
		return errors.New("more than one signing time is signed")
	}
	if _, n := only(s.signed, attrCounterSignature); n > 0 {
		return errors.New("a counter-signature among the signed attributes")
	}
	if p, n := only(s.signed, attrProtection); n > 0 {
		f, err := p.Children()
		if n > 1 || err != nil || len(f) < 2 || !bytes.Equal(f[0].Full, s.digest.Full) ||
			f[1].Tag != der.Explicit(1) || !bytes.Equal(f[1].Content, s.algorithm.Content) {
			return errors.New("the protected algorithms are not those of the signature")
		}
	}
	return nil
}

// properties reads what the attributes say.
func (m *Message) properties(s *signer, c content, out *sig.Signature) {
	out.Certificates = append(append([]*keys.Certificate{}, m.Certificates...), m.otherCertificates(s)...)
	if v, n := only(s.signed, attrSigningTime); n == 1 {
		if t, err := v.Time(); err == nil {
			out.SigningTime = &t
		}
	}
	out.Bound = s.boundTo(out.Certificate)
	if v, n := only(s.signed, attrPolicy); n == 1 {
		if f, err := v.Children(); err == nil && len(f) > 0 {
			out.Policy = f[0].OID()
		}
	}
	m.revocations(s, out)
	m.timestamps(s, c, out)
	m.level(s, c, out)
}

// revocations reads revocation values: those of CAdES and the one Adobe keeps among the signed attributes.
func (m *Message) revocations(s *signer, out *sig.Signature) {
	for _, v := range append(all(s.unsigned, attrRevocationValues), all(s.signed, attrAdobeRevocation)...) {
		f, err := v.Children()
		if err != nil {
			continue
		}
		for _, x := range f {
			list, err := der.Parse(x.Content)
			if err != nil {
				continue
			}
			items, err := list.Children()
			if err != nil {
				continue
			}
			for _, it := range items {
				switch x.Tag {
				case der.Explicit(0):
					out.CRLs = append(out.CRLs, it.Full)
				case der.Explicit(1):
					out.OCSPs = append(out.OCSPs, it.Full)
				}
			}
		}
	}
}
