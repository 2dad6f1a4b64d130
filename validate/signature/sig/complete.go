package sig

import (
	"bytes"
	"math/big"

	"okienko/validate/signature/der"
	"okienko/validate/signature/keys"
)

// HasRevocation reports whether revocation data for the signer's certificate travels with s: what level LT promises at
// least. The data is not judged here.
func (s *Signature) HasRevocation() bool { return s.revocationFor(1) }

// Complete reports whether revocation data travels with s for every certificate between the signer and a self-signed one, as
// far as the chain can be followed: what the extended levels XL and A promise.
func (s *Signature) Complete() bool { return s.revocationFor(10) }

func (s *Signature) revocationFor(certificates int) bool {
	if s.Certificate == nil || len(s.CRLs)+len(s.OCSPs) == 0 {
		return len(s.CRLs)+len(s.OCSPs) > 0
	}
	issuers := crlIssuers(s.CRLs)
	serials := ocspSerials(s.OCSPs)
	chain := []*keys.Certificate{s.Certificate}
	for len(chain) <= certificates {
		c := chain[len(chain)-1]
		if bytes.Equal(c.RawIssuer, c.RawSubject) {
			return true
		}
		if !issuers[string(c.RawIssuer)] && !serials[c.Serial.String()] {
			return false
		}
		next := issuerOf(c, s.Certificates)
		if next == nil {
			return true
		}
		chain = append(chain, next)
	}
	return true
}

func issuerOf(c *keys.Certificate, list []*keys.Certificate) *keys.Certificate {
	for _, i := range list {
		if bytes.Equal(i.RawSubject, c.RawIssuer) && !i.Equal(c) {
			return i
		}
	}
	return nil
}

// crlIssuers are the raw names of who issued the lists (RFC 5280 section 5.1.2.3).
func crlIssuers(crls [][]byte) map[string]bool {
	found := map[string]bool{}
	for _, raw := range crls {
		v, err := der.Parse(raw)
		if err != nil {
			continue
		}
		outer, err := v.Children()
		if err != nil || len(outer) == 0 {
			continue
		}
		tbs, err := outer[0].Children()
		if err != nil {
			continue
		}
		if len(tbs) > 0 && tbs[0].Tag == der.Integer {
			tbs = tbs[1:]
		}
		if len(tbs) > 1 {
			found[string(tbs[1].Full)] = true
		}
	}
	return found
}

// ocspSerials are the serial numbers the responses speak of: every CertID (RFC 6960 section 4.1.1), however the response is
// wrapped.
func ocspSerials(ocsps [][]byte) map[string]bool {
	found := map[string]bool{}
	for _, raw := range ocsps {
		if v, err := der.Parse(raw); err == nil {
			collectSerials(v, 0, func(n *big.Int) { found[n.String()] = true })
		}
	}
	return found
}

func collectSerials(v der.Value, depth int, add func(*big.Int)) {
	if depth > 12 {
		return
	}
	if v.Tag == der.OctetString {
		if inner, err := der.Parse(v.Content); err == nil && inner.Tag == der.Sequence {
			collectSerials(inner, depth+1, add)
		}
		return
	}
	if v.Tag&0x20 == 0 {
		return
	}
	kids, err := v.Children()
	if err != nil {
		return
	}
	if len(kids) == 4 && kids[0].Tag == der.Sequence && kids[1].Tag == der.OctetString && kids[2].Tag == der.OctetString && kids[3].Tag == der.Integer {
		add(kids[3].Int())
	}
	for _, k := range kids {
		collectSerials(k, depth+1, add)
	}
}
