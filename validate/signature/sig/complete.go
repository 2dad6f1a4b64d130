package sig

import (
	"slices"
	"sort"

	"okienko/validate/signature/keys"
)

// Scope says whose certificates need revocation data for a long-term level. EU DSS asks for the data of everybody below an
// anchor that its caller trusts; which those are, no file says, and a level here does not depend on trust data. So each format
// takes the scope that comes nearest to its verdicts.
type Scope int

// The scopes.
const (
	Signer      Scope = iota // the signer alone: the issuing authority is an anchor, and so are those of the time-stamps
	SignerChain              // the signer and the authorities above, to a self-signed one
	EndEntities              // the signer, the time-stamps and the OCSP responders: every issuing authority is an anchor
)

// Complete reports whether revocation data travels with s for every certificate in scope that needs any, and the certificate
// of whoever issued that data (ETSI EN 319 122-1 section 6.3). The last archive time-stamp is left out: only the next one
// could hold its data. The data is looked for, not judged.
func (s *Signature) Complete(scope Scope) bool {
	if len(s.CRLs)+len(s.OCSPs) == 0 || s.Certificate == nil {
		return len(s.CRLs)+len(s.OCSPs) > 0
	}
	certs := []*keys.Certificate{s.Certificate}
	if scope == EndEntities {
		certs = append(certs, s.stampers()...)
	}
	return s.material().complete(certs, scope)
}

// Statements returns the revocation data at hand for each certificate of the chain from c that needs any.
func (s *Signature) Statements(c *keys.Certificate) [][]Statement {
	m := s.material()
	var all [][]Statement
	for _, link := range m.chain(c) {
		if list := m.about(link); len(list) > 0 {
			all = append(all, list)
		}
	}
	return all
}

// SelfSigned reports whether all certificates at hand are self-signed: then there is no revocation data to ask for.
func (s *Signature) SelfSigned() bool {
	found := slices.Clone(s.Certificates)
	for _, t := range s.counted() {
		found = append(found, t.Bundle...)
	}
	return len(found) > 0 && !slices.ContainsFunc(found, func(c *keys.Certificate) bool { return !c.SelfIssued() })
}

// stampers are the certificates of the time-stamps that count.
func (s *Signature) stampers() []*keys.Certificate {
	var certs []*keys.Certificate
	for _, t := range s.counted() {
		certs = append(certs, t.Certificate)
	}
	return certs
}

// counted are the time-stamps but the last archive one. Where one archive time-stamp is all there is, the level rests on it,
// and it counts.
func (s *Signature) counted() []Timestamp {
	var plain, archive []Timestamp
	for _, t := range s.Timestamps {
		switch t.Kind {
		case "archive", "document", "container":
			archive = append(archive, t)
		default:
			plain = append(plain, t)
		}
	}
	sort.SliceStable(archive, func(i, j int) bool { return archive[i].Time.Before(archive[j].Time) })
	if len(archive) > 1 || len(archive) == 1 && len(plain) > 0 {
		archive = archive[:len(archive)-1]
	}
	return append(plain, archive...)
}

// Stamped reports whether s carries a time-stamp of that kind that can be read. Whether it is good is another question: a level
// says what a signature carries.
func (s *Signature) Stamped(kind string) bool {
	return slices.ContainsFunc(s.Timestamps, func(t Timestamp) bool {
		return t.Kind == kind && !t.Time.IsZero()
	})
}

// StampedInTime reports whether s has signature time-stamps, all made before the signer's certificate expired.
func (s *Signature) StampedInTime() bool {
	return s.Stamped("signature") && !slices.ContainsFunc(s.Timestamps, func(t Timestamp) bool {
		return t.Kind == "signature" && s.Certificate != nil && !t.Time.Before(s.Certificate.NotAfter)
	})
}

// material is what a signature and its time-stamps carry.
type material struct {
	certs      map[string][]*keys.Certificate // by subject
	statements []Statement
}

func (s *Signature) material() *material {
	m := &material{certs: map[string][]*keys.Certificate{}}
	m.add(s.Certificates, s.CRLs, s.OCSPs)
	for _, t := range s.Timestamps {
		m.add(t.Bundle, t.CRLs, t.OCSPs)
	}
	return m
}

func (m *material) add(certs []*keys.Certificate, crls, ocsps [][]byte) {
	for _, c := range certs {
		m.certs[string(c.RawSubject)] = append(m.certs[string(c.RawSubject)], c)
	}
	for _, raw := range crls {
		if st, ok := readCRL(raw); ok {
			m.statements = append(m.statements, st)
		}
	}
	for _, raw := range ocsps {
		if st, ok := readOCSP(raw); ok {
			m.statements = append(m.statements, st)
			m.add(st.certs, nil, nil)
		}
	}
}

const maxChain = 10

// chain follows the issuers from c as far as certificates are at hand.
func (m *material) chain(c *keys.Certificate) []*keys.Certificate {
	var chain []*keys.Certificate
	for c != nil && len(chain) < maxChain && !slices.ContainsFunc(chain, c.Equal) {
		chain = append(chain, c)
		c = m.issuer(c)
	}
	return chain
}

func (m *material) issuer(c *keys.Certificate) *keys.Certificate {
	for i, candidate := range m.certs[string(c.RawIssuer)] {
		if i < maxChain && !candidate.Equal(c) && c.SignedBy(candidate) == nil {
			return candidate
		}
	}
	return nil
}

func (m *material) about(c *keys.Certificate) []Statement {
	var all []Statement
	for _, st := range m.statements {
		if st.speaksOf(c) {
			all = append(all, st)
		}
	}
	return all
}

// complete holds the rule for certs and for the responders whose word is relied on.
func (m *material) complete(certs []*keys.Certificate, scope Scope) bool {
	seen := map[*keys.Certificate]bool{}
	for len(certs) > 0 {
		c := certs[0]
		certs = certs[1:]
		for i, link := range m.chain(c) {
			if link.SelfIssued() || scope == Signer && i > 0 || scope == EndEntities && link.IsCA() {
				break
			}
			if seen[link] || exempt(link) {
				continue
			}
			seen[link] = true
			list := m.about(link)
			if len(list) == 0 || m.issuer(link) == nil {
				return false
			}
			for _, st := range list {
				if r := st.responder(m); scope == EndEntities && r != nil && !seen[r] {
					certs = append(certs, r)
				}
			}
		}
	}
	return true
}

// exempt certificates need no revocation data: responders that say so (RFC 6960 section 4.2.2.2.1), certificates that live so
// short (ETSI EN 319 412-1 section 5.2) or whose authority publishes nothing (RFC 9608).
func exempt(c *keys.Certificate) bool {
	for _, oid := range []string{"1.3.6.1.5.5.7.48.1.5", "0.4.0.194121.2.1", "2.5.29.56"} {
		if c.Extension(oid) != nil {
			return true
		}
	}
	return false
}
