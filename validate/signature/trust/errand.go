package trust

import (
	"encoding/pem"
	"fmt"
	"slices"
	"time"

	"golang.org/x/crypto/ocsp"

	"okienko/validate/signature/der"
	"okienko/validate/signature/keys"
	"okienko/validate/signature/sig"
)

// Kind is what can be asked for at an address a certificate names.
type Kind string

// The kinds. An OCSP responder learns about which certificate the office asks; who fetches a list or an issuer tells nothing.
const (
	CRL    Kind = "crl"
	OCSP   Kind = "ocsp"
	Issuer Kind = "issuer" // the certificate of the authority (caIssuers, RFC 5280 section 4.2.2.1)
)

// Errand is a piece of trust data a judgement lacked, and where a certificate says it can be had. Who runs it needs to understand
// nothing of it: Body is taken to Address, and what is there is an Answer. Whoever signed a letter may have written the address
// of an Issuer, so only known hosts may be asked for one.
type Errand struct {
	Signature int    `json:"signature"` // index in Examination.Signatures
	About     string `json:"about"`     // the certificate, by the SHA-256 in hexadecimal
	Kind      Kind   `json:"kind"`
	Address   string `json:"address"`        // http or https
	Body      []byte `json:"body,omitempty"` // to be posted; nil: a plain GET
}

// Answer is what an errand brought back. It may be anything: only what an authority signed is believed.
type Answer struct {
	Kind Kind
	Raw  []byte
}

// Errands lists what could turn an undecided verdict on sg into another one: revocation data where only that is missing, the
// certificate of an authority where the path breaks off.
func (s *Store) Errands(sg *sig.Signature, existed time.Time) []Errand {
	j := s.judged(sg, existed)
	switch j.v.SubIndication {
	case TryLater:
		return j.revocationErrands()
	case NoChain:
		return j.issuerErrands()
	}
	return nil
}

// revocationErrands are about the certificates of the path nothing at hand speaks of.
func (j *judge) revocationErrands() []Errand {
	var all []Errand
	crls, ocsps := j.statements()
	for _, q := range j.v.Path.questions(nil) {
		if status(q.Certificate, q.Issuer, crls, ocsps, j.v.For).known {
			continue
		}
		for _, a := range q.CRLs {
			all = append(all, errand(q.Certificate, CRL, a, nil))
		}
		if leaf, issuer := q.Certificate.Std(), q.Issuer.Std(); leaf != nil && issuer != nil {
			request, err := ocsp.CreateRequest(leaf, issuer, nil)
			for _, a := range q.OCSPs {
				if err == nil {
					all = append(all, errand(q.Certificate, OCSP, a, request))
				}
			}
		}
	}
	return all
}

// issuerErrands are about the certificate at which the path to an authority breaks off.
func (j *judge) issuerErrands() []Errand {
	if j.store == nil || j.sig.Certificate == nil {
		return nil
	}
	last := j.store.finder(j.bundle(), j.v.For, nil).last(j.sig.Certificate)
	if last.SelfIssued() || last.Std() == nil {
		return nil
	}
	var all []Errand
	for _, a := range webAddresses(last.Std().IssuingCertificateURL) {
		all = append(all, errand(last, Issuer, a, nil))
	}
	return all
}

func errand(c *keys.Certificate, kind Kind, address string, body []byte) Errand {
	return Errand{About: fmt.Sprintf("%x", c.Fingerprint()), Kind: kind, Address: address, Body: body}
}

// last is where the path from c breaks off: the certificate whose issuer is not at hand.
func (f *finder) last(c *keys.Certificate) *keys.Certificate {
	for range maxPath {
		next := slices.IndexFunc(f.bySubject[string(c.RawIssuer)], func(i *keys.Certificate) bool {
			return f.step() && !i.Equal(c) && mayIssue(i, f.at) && c.SignedBy(i) == nil
		})
		if next < 0 {
			break
		}
		c = f.bySubject[string(c.RawIssuer)][next]
	}
	return c
}

// With is the store with answers added to what is at hand. They make nobody trusted: statements count when the right authority
// signed them, certificates help to build paths. s stays as it is.
func (s *Store) With(answers []Answer) *Store {
	if s == nil {
		return nil
	}
	more := *s
	more.CRLs, more.OCSPs, more.Others = slices.Clip(s.CRLs), slices.Clip(s.OCSPs), slices.Clip(s.Others)
	for _, a := range answers {
		switch a.Kind {
		case CRL:
			raw := a.Raw
			if p, _ := pem.Decode(raw); p != nil {
				raw = p.Bytes
			}
			more.CRLs = append(more.CRLs, raw)
		case OCSP:
			more.OCSPs = append(more.OCSPs, a.Raw)
		case Issuer:
			more.Others = append(more.Others, issuersIn(a.Raw)...)
		}
	}
	return &more
}

// issuersIn reads one certificate, or a message that carries some; junk has none.
func issuersIn(raw []byte) []*keys.Certificate {
	if certs, err := certificates(raw); err == nil {
		return certs
	}
	var found []*keys.Certificate
	for _, c := range certificateSet(raw) {
		if cert, err := keys.ParseCertificate(c.Full); err == nil && len(found) < maxIssuers {
			found = append(found, cert)
		}
	}
	return found
}

const maxIssuers = 20 // certificates taken from one answer

// certificateSet returns the certificates field of a SignedData (RFC 5652 section 5.1).
func certificateSet(raw []byte) []der.Value {
	raw, _, err := der.Normalise(raw)
	if err != nil {
		return nil
	}
	v, err := der.Parse(raw)
	for _, step := range []func(f []der.Value) int{
		func([]der.Value) int { return 1 }, // ContentInfo: content
		func([]der.Value) int { return 0 }, // SignedData
		func(f []der.Value) int {
			return slices.IndexFunc(f, func(v der.Value) bool { return v.Tag == der.Explicit(0) })
		},
	} {
		if err != nil {
			return nil
		}
		var fields []der.Value
		fields, err = v.Children()
		if i := step(fields); err == nil && i >= 0 && i < len(fields) {
			v = fields[i]
			continue
		}
		return nil
	}
	set, err := v.Children()
	if err != nil {
		return nil
	}
	return set
}
