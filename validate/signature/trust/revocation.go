package trust

import (
	"crypto/sha256"
	"crypto/x509"
	"fmt"
	"slices"
	"time"

	"golang.org/x/crypto/ocsp"

	"okienko/validate/signature/der"
	"okienko/validate/signature/keys"
)

// revocation is what the data at hand says about a certificate.
type revocation struct {
	known   bool
	revoked bool
	at      time.Time // of the revocation
	asOf    time.Time // until when the statement speaks
	source  string    // the statement, for the record
	stale   time.Time // the latest asOf of the statements that were too old to say anything; zero if there were none
}

// checkable reports whether the certificate says where its status can be asked: without that, nobody can revoke it in a
// way others could see.
func checkable(c *keys.Certificate) bool {
	return c.Extension("2.5.29.31") != nil || hasOCSP(c)
}

func hasOCSP(c *keys.Certificate) bool {
	v, err := der.Parse(c.Extension("1.3.6.1.5.5.7.1.1"))
	if err != nil {
		return false
	}
	list, err := v.Children()
	if err != nil {
		return false
	}
	for _, a := range list {
		if p, err := a.Children(); err == nil && len(p) > 0 && p[0].OID() == "1.3.6.1.5.5.7.48.1" {
			return true
		}
	}
	return false
}

// status consults OCSP responses and revocation lists that issuer, or a responder it named, signed. A statement made before
// at says nothing about at, unless it already says "revoked".
func status(c, issuer *keys.Certificate, crls, ocsps [][]byte, at time.Time) revocation {
	var best revocation
	take := func(r revocation) {
		if r.revoked || !r.asOf.Before(at) && !best.revoked {
			best, best.known, best.stale = r, true, time.Time{}
		} else if !best.known && r.asOf.After(best.stale) {
			best.stale = r.asOf
		}
	}
	std, leaf := issuer.Std(), c.Std()
	if std == nil || leaf == nil {
		return best
	}
	for _, raw := range ocsps {
		if r, ok := fromOCSP(raw, leaf, std); ok {
			take(r)
		}
	}
	for _, raw := range crls {
		if r, ok := fromCRL(raw, c, std); ok {
			take(r)
		}
	}
	return best
}

func fromOCSP(raw []byte, leaf, issuer *x509.Certificate) (revocation, bool) {
	r, err := ocsp.ParseResponseForCert(raw, leaf, issuer)
	if err != nil {
		if r, err = ocsp.ParseResponseForCert(wrapOCSP(raw), leaf, issuer); err != nil {
			return revocation{}, false
		}
	}
	if r.Status == ocsp.Unknown || !mayAnswer(r.Certificate, issuer, r.ProducedAt) {
		return revocation{}, false
	}
	found := revocation{revoked: r.Status == ocsp.Revoked, at: r.RevokedAt, asOf: r.ThisUpdate, source: statement("OCSP response", r.ProducedAt, raw)}
	found.until(r.NextUpdate)
	return found, true
}

// until: a statement that has not expired still speaks for the time until the next one is due.
func (r *revocation) until(next time.Time) {
	if !r.revoked && next.After(r.asOf) {
		r.asOf = next
	}
}

// mayAnswer holds RFC 6960 section 4.2.2.2: the authority answers itself, or names a responder by the purpose it writes into the
// responder's certificate. Anybody else with a certificate of the same authority could call a revoked certificate good.
func mayAnswer(responder, issuer *x509.Certificate, at time.Time) bool {
	if responder == nil || responder.Equal(issuer) {
		return true
	}
	return slices.Contains(responder.ExtKeyUsage, x509.ExtKeyUsageOCSPSigning) && !at.Before(responder.NotBefore) && !at.After(responder.NotAfter)
}

// statement names what was relied on, as List.Title does.
func statement(what string, made time.Time, raw []byte) string {
	sum := sha256.Sum256(raw)
	return fmt.Sprintf("%s of %s (SHA-256 %x)", what, made.UTC().Format(time.RFC3339), sum[:8])
}

// wrapOCSP makes an OCSPResponse of a BasicOCSPResponse, which is what some signatures embed (RFC 6960 section 4.2.1).
func wrapOCSP(basic []byte) []byte {
	oid := []byte{0x06, 0x09, 0x2B, 0x06, 0x01, 0x05, 0x05, 0x07, 0x30, 0x01, 0x01}
	bytes := der.Append(nil, der.Sequence, oid, der.Append(nil, der.OctetString, basic))
	return der.Append(nil, der.Sequence, []byte{0x0A, 0x01, 0x00}, der.Append(nil, der.Explicit(0), bytes))
}

func fromCRL(raw []byte, c *keys.Certificate, issuer *x509.Certificate) (revocation, bool) {
	list, err := x509.ParseRevocationList(raw)
	if err != nil || list.CheckSignatureFrom(issuer) != nil {
		return revocation{}, false
	}
	r := revocation{asOf: list.ThisUpdate, source: statement("revocation list of "+issuer.Subject.CommonName, list.ThisUpdate, raw)}
	for _, e := range list.RevokedCertificateEntries {
		if e.SerialNumber.Cmp(c.Serial) == 0 && e.ReasonCode != 8 { // 8: removeFromCRL
			r.revoked, r.at = true, e.RevocationTime
		}
	}
	r.until(list.NextUpdate)
	return r, true
}
