package signaturetest

import (
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"io"
	"math/big"
	"net/http"
	"time"

	"golang.org/x/crypto/ocsp"

	"okienko/validate/signature/der"
)

// WithCRL adds a place to ask for revocation.
func WithCRL(url string) Change {
	return func(c *x509.Certificate) { c.CRLDistributionPoints = []string{url} }
}

// WithOCSP adds a responder to ask.
func WithOCSP(url string) Change {
	return func(c *x509.Certificate) { c.OCSPServer = []string{url} }
}

// WithIssuer adds a place where the authority's own certificate can be had.
func WithIssuer(url string) Change {
	return func(c *x509.Certificate) { c.IssuingCertificateURL = []string{url} }
}

// CertificatesOnly is the message without signatures in which authorities publish certificates (RFC 5652 section 5.1).
func CertificatesOnly(certs ...*x509.Certificate) []byte {
	var all [][]byte
	for _, c := range certs {
		all = append(all, c.Raw)
	}
	signed := seq([]byte{der.Integer, 1, 1}, set(), seq(oidData), der.Append(nil, der.Explicit(0), all...), set())
	return seq(oidSigned, der.Append(nil, der.Explicit(0), signed))
}

// CRL issues a revocation list.
func (a *Authority) CRL(at time.Time, revoked ...*Signer) ([]byte, error) {
	tmpl := &x509.RevocationList{Number: big.NewInt(at.Unix()), ThisUpdate: at, NextUpdate: at.AddDate(0, 1, 0)}
	for _, s := range revoked {
		tmpl.RevokedCertificateEntries = append(tmpl.RevokedCertificateEntries, x509.RevocationListEntry{SerialNumber: s.Certificate.SerialNumber, RevocationTime: at})
	}
	return x509.CreateRevocationList(rand.Reader, tmpl, a.Certificate, a.key)
}

// Responder issues a certificate for answering OCSP requests.
func (a *Authority) Responder(changes ...Change) (*Signer, error) {
	keys, err := Keys()
	if err != nil {
		return nil, err
	}
	purpose := func(c *x509.Certificate) { c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageOCSPSigning} }
	return a.issue(pkix.Name{Country: []string{"PL"}, CommonName: "TEST OCSP"}, keys["P-256"], nil, append(changes, purpose))
}

// Answer is an OCSP response about s, made and signed by the authority itself, or by another if by is not nil.
func (a *Authority) Answer(at time.Time, s *Signer, revoked bool, by *Signer) ([]byte, error) {
	tmpl := ocsp.Response{Status: ocsp.Good, SerialNumber: s.Certificate.SerialNumber, ThisUpdate: at, NextUpdate: at.AddDate(0, 0, 1)}
	if revoked {
		tmpl.Status, tmpl.RevokedAt = ocsp.Revoked, at
	}
	responder, key := a.Certificate, a.key
	if by != nil {
		responder, key, tmpl.Certificate = by.Certificate, by.Key, by.Certificate
	}
	return ocsp.CreateResponse(a.Certificate, responder, tmpl, key)
}

// Responses answers OCSP requests about signers over HTTP with an answer an hour old; of others it knows nothing.
func (a *Authority) Responses(revoked bool, by *Signer, about ...*Signer) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		raw, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 64<<10))
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		req, err := ocsp.ParseRequest(raw)
		if err != nil || r.Header.Get("Content-Type") != "application/ocsp-request" {
			http.Error(w, fmt.Sprint("not an OCSP request: ", err), http.StatusBadRequest)
			return
		}
		for _, s := range about {
			if s.Certificate.SerialNumber.Cmp(req.SerialNumber) == 0 {
				answer, err := a.Answer(time.Now().Add(-time.Hour), s, revoked, by)
				if err != nil {
					http.Error(w, err.Error(), http.StatusInternalServerError)
					return
				}
				_, _ = w.Write(answer) // the client sees what is missing
				return
			}
		}
		http.NotFound(w, r)
	})
}
