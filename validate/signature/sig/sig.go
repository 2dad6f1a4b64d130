// Package sig owns the noun the format packages (xades, cms, pades, asic) share: one electronic signature as found in a
// file, with its cryptographic result and the material that later questions need (certificates, time-stamps, revocation
// data). It refuses to judge trust, policy or law; package validate/signature and its trust package do that.
package sig

import (
	"crypto"
	"time"

	"okienko/validate/signature/keys"
)

// Signature is one signature found in a file. Everything but Intact's parts is a claim of the file until Intact holds.
type Signature struct {
	Form    string // "XAdES", "CAdES", "PAdES", "XMLDSig"
	Profile string // the level in the vocabulary of EU DSS: "XAdES_BASELINE_LT", "CMS_NOT_ETSI" …
	ID      string // what the file calls it; "" if nothing
	Counter bool   // signs another signature, not a document

	ValueIntact bool // the signature value fits the signed octets and the key of Certificate
	References  []Reference
	Manifest    []Reference // entries of signed manifests: reported apart, they do not decide Intact
	Problem     string      // English, why ValueIntact is false, or why the signature as a whole counts as broken
	// Unverifiable: the value could not be checked at all (an algorithm or key kind not known here, no key).
	Unverifiable bool
	Broken       bool // a rule beyond value and references failed; Problem says which

	Certificate  *keys.Certificate   // whose key verified; else the one the signature names; nil if none was found
	Certificates []*keys.Certificate // all that travel with the signature
	CRLs         [][]byte            // DER
	OCSPs        [][]byte            // DER, OCSPResponse or BasicOCSPResponse
	Bound        Truth               // does the signed signing-certificate attribute name Certificate

	SigningTime *time.Time // claimed and signed by the signer; nil if absent
	Role        *Role      // podpis zaufany: on whose behalf the minister sealed; nil if none
	Policy      string     // identifier of the signature policy; "" if none or implied
	Timestamps  []Timestamp
	Algorithms  []string // digest and signature algorithms by name, for policy ("SHA-1", "RSA-1024")

	Covers   []Covered
	Warnings []Warning
}

// Truth is three-valued.
type Truth int

// The truth values.
const (
	Undecided Truth = iota
	Yes
	No
)

// Intact reports whether the cryptography of s holds as a whole.
func (s *Signature) Intact() bool {
	if !s.ValueIntact || s.Broken || len(s.References) == 0 {
		return false
	}
	for _, r := range s.References {
		if !r.Found || !r.Intact {
			return false
		}
	}
	return true
}

// Warn adds a warning once.
func (s *Signature) Warn(code, detail string) {
	w := Warning{Code: code, Detail: detail}
	for _, have := range s.Warnings {
		if have == w {
			return
		}
	}
	s.Warnings = append(s.Warnings, w)
}

// Warning is something a person should know; the code is translated for clerks.
type Warning struct {
	Code   string
	Detail string // free of personal data
}

// Reference is one signed reference.
type Reference struct {
	URI     string
	Type    string
	Found   bool
	Intact  bool
	Changed bool   // the content was found and its digest differs
	Problem string // English, why not
	// Unverifiable: the content was found, but its digest algorithm is not known here.
	Unverifiable bool
}

// Covered is content protected by a signature: exactly the octets that were digested.
type Covered struct {
	Name  string // name of the document, "" for the file the signature lies in
	Part  string // which part of it, for people; "" for all of it
	Bytes []byte // nil where only a digest was at hand
}

// Role is who a podpis zaufany names in its signed role or reason.
type Role struct {
	GivenName, FamilyName, PESEL string
	System                       string // the identity issuer or account
}

// Timestamp is one RFC 3161 token found on a signature or in a container.
type Timestamp struct {
	Kind        string // "signature", "content", "archive", "references", "document", "container"
	Time        time.Time
	Imprint     Truth // does the imprint fit what it should stamp
	Signed      bool  // the token's own signature holds
	Certificate *keys.Certificate
	Bundle      []*keys.Certificate
	CRLs, OCSPs [][]byte
	Problem     string
}

// Good reports whether t proves that what it stamps existed at t.Time, trust in its authority apart.
func (t Timestamp) Good() bool { return t.Imprint == Yes && t.Signed }

// Content is a document beside the signature file that the signature may cover.
type Content struct {
	Name  string // as a signature would call it; "" if unknown
	Bytes []byte
	// Digest stands in for Bytes where only a digest is at hand; Hash says of which algorithm.
	Digest []byte
	Hash   crypto.Hash
}

// Sum returns the digest of c, nil if it cannot be known.
func (c Content) Sum(h crypto.Hash) []byte {
	if c.Digest == nil {
		return keys.Sum(h, c.Bytes)
	}
	if c.Hash == h {
		return c.Digest
	}
	return nil
}
