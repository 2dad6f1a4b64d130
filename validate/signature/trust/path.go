package trust

import (
	"time"

	"okienko/validate/signature/keys"
)

// Path is a chain from a certificate to an authority: Certificates[0] is the certificate itself, the last one is signed by
// End (or is End itself).
type Path struct {
	Certificates []*keys.Certificate
	End          Authority
}

const (
	maxPath  = 8
	maxSteps = 200 // certificates tried for one path
	certSign = 5   // keyUsage bit keyCertSign
)

// accept decides whether an authority may end a path; it is asked for every one reached, most specific first.
type accept func(a Authority) bool

// Find looks for a path from c through bundle and the store's own certificates to an authority that accept takes. at is the
// moment for which issuing certificates must be valid; anchors are trusted as they are.
func (s *Store) Find(c *keys.Certificate, bundle []*keys.Certificate, at time.Time, ok accept) (Path, error) {
	if s == nil {
		return Path{}, errNoPath
	}
	f := s.finder(bundle, at, ok)
	if p, found := f.from([]*keys.Certificate{c}); found {
		return p, nil
	}
	return Path{}, errNoPath
}

func (s *Store) finder(bundle []*keys.Certificate, at time.Time, ok accept) *finder {
	f := &finder{store: s, at: at, ok: ok, bySubject: map[string][]*keys.Certificate{}}
	for _, list := range [][]*keys.Certificate{bundle, s.Others} {
		for _, b := range list {
			f.bySubject[string(b.RawSubject)] = append(f.bySubject[string(b.RawSubject)], b)
		}
	}
	return f
}

type finder struct {
	store     *Store
	at        time.Time
	ok        accept
	bySubject map[string][]*keys.Certificate
	steps     int
}

func (f *finder) from(chain []*keys.Certificate) (Path, bool) {
	last := chain[len(chain)-1]
	for _, a := range f.store.issuers[string(last.RawSubject)] {
		if a.Certificate.Equal(last) && f.ok(a) {
			return Path{chain, a}, true
		}
	}
	for _, a := range f.store.issuers[string(last.RawIssuer)] {
		if f.step() && !a.Certificate.Equal(last) && f.ok(a) && last.SignedBy(a.Certificate) == nil {
			return Path{chain, a}, true
		}
	}
	if len(chain) >= maxPath {
		return Path{}, false
	}
	for _, issuer := range f.bySubject[string(last.RawIssuer)] {
		if !f.step() {
			return Path{}, false
		}
		if inChain(chain, issuer) || !mayIssue(issuer, f.at) || last.SignedBy(issuer) != nil {
			continue
		}
		if p, found := f.from(append(chain[:len(chain):len(chain)], issuer)); found {
			return p, true
		}
	}
	return Path{}, false
}

func (f *finder) step() bool {
	f.steps++
	return f.steps <= maxSteps
}

func inChain(chain []*keys.Certificate, c *keys.Certificate) bool {
	for _, k := range chain {
		if k.Equal(c) {
			return true
		}
	}
	return false
}

// mayIssue follows RFC 5280 section 6.1.4 (k) to (n) as far as the profiles in use need.
func mayIssue(c *keys.Certificate, at time.Time) bool {
	if !c.IsCA() || at.Before(c.NotBefore) || at.After(c.NotAfter) {
		return false
	}
	allowed, stated := c.KeyUsage(certSign)
	return allowed || !stated
}

// issuer is the certificate that issued the first one of the path.
func (p Path) issuer() *keys.Certificate {
	if len(p.Certificates) > 1 {
		return p.Certificates[1]
	}
	return p.End.Certificate
}
