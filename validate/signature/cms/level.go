package cms

import (
	"crypto"

	"okienko/validate/signature/sig"
)

// level names how much the signature carries, in the vocabulary of EU DSS: whether it is CAdES at all (a bound signing
// certificate), then how far the baseline (ETSI EN 319 122-1 section 6) or, failing that, the extended levels go.
func (m *Message) level(s *signer, c content, out *sig.Signature) {
	if !s.isBES() || out.Bound == sig.No {
		out.Profile = "CMS_NOT_ETSI"
		return
	}
	stamped, archived := has(out, "signature"), has(out, "archive")
	lt := stamped && out.HasRevocation()
	baseline := m.isBaseline(s, c)
	switch {
	case baseline && !stamped:
		out.Profile = "CAdES_BASELINE_B"
	case lt && !archived && m.hasEvidenceRecord(s):
		out.Profile = "CAdES_ERS"
	case baseline && lt && archived:
		out.Profile = "CAdES_BASELINE_LTA"
	case baseline && lt:
		out.Profile = "CAdES_BASELINE_LT"
	case baseline:
		out.Profile = "CAdES_BASELINE_T"
	case stamped:
		out.Profile = "CAdES_" + s.extended(out, lt, archived)
	case out.Policy != "":
		out.Profile = "CAdES_EPES"
	default:
		out.Profile = "CAdES_BES"
	}
}

const (
	attrEvidenceInternal = "1.2.840.113549.1.9.16.2.49"
	attrEvidenceExternal = "1.2.840.113549.1.9.16.2.50"
)

// hasEvidenceRecord: the internal form for an enveloped content, the external one for a detached content, never both (EN
// 319 122-3 section 5).
func (m *Message) hasEvidenceRecord(s *signer) bool {
	internal, external := len(all(s.unsigned, attrEvidenceInternal)) > 0, len(all(s.unsigned, attrEvidenceExternal)) > 0
	return internal != external && internal == m.HasContent
}

// has reports a time-stamp of that kind which is over this signature.
func has(out *sig.Signature, kind string) bool {
	for _, t := range out.Timestamps {
		if t.Kind == kind && (kind != "signature" || t.Imprint != sig.No) && !t.Time.IsZero() {
			return true
		}
	}
	return false
}

func (s *signer) extended(out *sig.Signature, lt, archived bool) string {
	_, c := only(s.unsigned, attrCertRefs)
	_, r := only(s.unsigned, attrRevocationRefs)
	refs := c > 0 && r > 0
	_, certs := only(s.unsigned, attrCertValues)
	_, revocations := only(s.unsigned, attrRevocationValues)
	values := min(certs, revocations)
	switch {
	case refs && out.Complete() && values > 0 && archived:
		return "A"
	case refs && has(out, "references") && values > 0:
		return "XL"
	case refs && has(out, "references"):
		return "X"
	case refs:
		return "C"
	case lt:
		return "LT"
	}
	return "T"
}

// isBES: content type, message digest and a signing-certificate attribute whose kind fits its digest (RFC 5035).
func (s *signer) isBES() bool {
	if !s.hasSigned {
		return false
	}
	v1, n1 := only(s.signed, attrSigningCert)
	v2, n2 := only(s.signed, attrSigningCertV2)
	if n1+n2 == 0 {
		return false
	}
	if n1 > 0 {
		_, sum := essFirst(v1, crypto.SHA1)
		return len(sum) == crypto.SHA1.Size()
	}
	h, sum := essFirst(v2, crypto.SHA256)
	return h != 0 && h != crypto.SHA1 && len(sum) == h.Size() // SHA-1 belongs to the older attribute
}

// isBaseline follows EN 319 122-1 section 6.3: one signing time, and the signer's certificate in SignedData.
func (m *Message) isBaseline(s *signer, c content) bool {
	_, n := only(s.signed, attrSigningTime)
	own := m.pointedAt(s, nil)
	_, refs := only(s.unsigned, attrCertRefs)
	old := len(all(s.unsigned, attrArchiveStamp)) + len(all(s.unsigned, attrArchiveStampV2))
	return n == 1 && own != nil && refs+old == 0 && (m.ContentType == oidData || c.counter)
}

// Attributes tells the packages that wrap CMS what they need to name a level of their own.
type Attributes struct {
	BES, SigningTime, Certificate bool
	Policy                        bool
	Digested                      bool // a message digest is signed
}

// Attributes of the first signer; zero if there is none.
func (m *Message) Attributes() Attributes {
	if len(m.signers) == 0 {
		return Attributes{}
	}
	s, err := parseSigner(m.signers[0])
	if err != nil {
		return Attributes{}
	}
	_, n := only(s.signed, attrSigningTime)
	_, p := only(s.signed, attrPolicy)
	_, d := only(s.signed, attrMessageDigest)
	return Attributes{BES: s.isBES(), SigningTime: n > 0, Certificate: m.pointedAt(s, nil) != nil, Policy: p > 0, Digested: d > 0}
}
