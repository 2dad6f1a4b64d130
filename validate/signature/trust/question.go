package trust

import (
	"strings"
	"time"

	"okienko/validate/signature/keys"
	"okienko/validate/signature/sig"
)

// Question is a certificate whose status can be asked for at the addresses it names.
type Question struct {
	Certificate, Issuer *keys.Certificate
	CRLs, OCSPs         []string // http and https addresses
}

// Questions lists the certificates the verdict on a signature depends on, of the signer, of the time-stamps and of the
// authorities above them, as far as they name an address. Only certificates that lead to something trusted are asked about:
// what another certificate names could be any address at all.
func (s *Store) Questions(sg *sig.Signature, existed time.Time) []Question {
	if s == nil {
		return nil
	}
	j := &judge{store: s, sig: sg, v: Verdict{Kind: KindOf(sg), For: existed}}
	j.stamps()
	var all []Question
	if sg.Certificate != nil && j.path() {
		all = j.v.Path.questions(all)
	}
	for i, t := range sg.Timestamps {
		if !j.v.Stamps[i] {
			continue
		}
		if p, err := s.Find(t.Certificate, append(t.Bundle, sg.Certificates...), t.Time, func(a Authority) bool { return stampAuthority(a, t.Time) }); err == nil {
			all = p.questions(all)
		}
	}
	return all
}

// questions appends those of a path, up to the authority that is trusted as it is.
func (p Path) questions(all []Question) []Question {
	for i, c := range p.Certificates {
		q := Question{Certificate: c, Issuer: Path{p.Certificates[i:], p.End}.issuer(), CRLs: RevocationAddresses(c), OCSPs: responders(c)}
		if !c.Equal(p.End.Certificate) && len(q.CRLs)+len(q.OCSPs) > 0 {
			all = append(all, q)
		}
	}
	return all
}

// RevocationAddresses lists the http addresses where the certificate's authority publishes its revocation list.
func RevocationAddresses(c *keys.Certificate) []string {
	if std := c.Std(); std != nil {
		return webAddresses(std.CRLDistributionPoints)
	}
	return nil
}

// responders lists the http addresses where the status of c can be asked for (RFC 6960 section 3.1).
func responders(c *keys.Certificate) []string {
	if std := c.Std(); std != nil {
		return webAddresses(std.OCSPServer)
	}
	return nil
}

// webAddresses leaves out what is not fetched: ldap and the like.
func webAddresses(list []string) []string {
	var all []string
	for _, a := range list {
		if strings.HasPrefix(a, "http://") || strings.HasPrefix(a, "https://") {
			all = append(all, a)
		}
	}
	return all
}

// OCSPAnswers reports whether raw is an answer about q that its authority, or a responder it named, signed; made is when.
func (q Question) OCSPAnswers(raw []byte) (made time.Time, ok bool) {
	leaf, issuer := q.Certificate.Std(), q.Issuer.Std()
	if leaf == nil || issuer == nil {
		return time.Time{}, false
	}
	r, ok := fromOCSP(raw, leaf, issuer)
	return r.asOf, ok
}
