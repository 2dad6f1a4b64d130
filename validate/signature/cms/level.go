package cms

import (
	"crypto"
	"slices"

	"okienko/validate/signature/keys"
	"okienko/validate/signature/sig"
)

// level names how much the signature carries, in the vocabulary of EU DSS: whether it is CAdES at all (a bound signing
// certificate), then how far the baseline (ETSI EN 319 122-1 section 6) or, failing that, the extended levels go (EN 319
// 122-2).
func (m *Message) level(s *signer, c content, out *sig.Signature) {
	baseline, stamped := m.isBaseline(s, c), out.StampedInTime()
	switch {
	case !s.isBES(c) || out.Bound == sig.No:
		out.Profile = "CMS_NOT_ETSI"
	case !stamped && baseline:
		out.Profile = "CAdES_BASELINE_B"
	case !stamped && out.Policy != "":
		out.Profile = "CAdES_EPES"
	case !stamped:
		out.Profile = "CAdES_BES"
	default:
		out.Profile = "CAdES_" + m.stampedLevel(s, out, baseline)
	}
}

// stampedLevel is the rest of the name of a signature that has a signature time-stamp.
func (m *Message) stampedLevel(s *signer, out *sig.Signature, baseline bool) string {
	lt, refs, x := m.longTerm(out), s.refersToData(out), len(all(s.unsigned, attrRefsStamp))+len(all(s.unsigned, attrEscStamp)) == 1
	archived := out.Stamped("archive") || out.Stamped("container")
	switch {
	case lt && baseline && s.keepsDataOutside() && !m.hasEvidenceRecord(s):
		return "BASELINE_" + longTermName(len(all(s.unsigned, attrArchiveStampV3)) > 0 || out.Stamped("container"))
	case lt && m.hasEvidenceRecord(s):
		return "ERS"
	case lt && archived:
		return "A"
	case lt && refs && x:
		return "XL"
	case refs && x:
		return "X"
	case refs:
		return "C"
	case lt:
		return "LT"
	case baseline:
		return "BASELINE_T"
	}
	return "T"
}

func longTermName(archived bool) string {
	if archived {
		return "LTA"
	}
	return "LT"
}

// longTerm: the validation data is complete; where there are only self-signed certificates, those of the time-stamps have
// been added to the message.
func (m *Message) longTerm(out *sig.Signature) bool {
	if !out.SelfSigned() {
		return out.Complete(sig.SignerChain)
	}
	for _, t := range out.Timestamps {
		if !slices.ContainsFunc(t.Bundle, func(c *keys.Certificate) bool { return slices.ContainsFunc(m.Certificates, c.Equal) }) {
			return false
		}
	}
	return len(out.Timestamps) > 0
}

// refersToData: the references to certificates and revocation data that make a C.
func (s *signer) refersToData(out *sig.Signature) bool {
	_, certs := only(s.unsigned, attrCertRefs)
	_, revocations := only(s.unsigned, attrRevocationRefs)
	return certs == 1 && (revocations == 1 || revocations == 0 && out.SelfSigned())
}

// keepsDataOutside: a baseline signature keeps validation data in SignedData, not in attributes (EN 319 122-1 table 1).
func (s *signer) keepsDataOutside() bool {
	for _, oid := range []string{attrCertValues, attrRevocationValues, attrCertRefs, attrRevocationRefs, attrRefsStamp} {
		if _, n := only(s.unsigned, oid); n > 0 {
			return false
		}
	}
	return true
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

// isBES: content type, message digest and one signing-certificate attribute whose kind fits its digest (RFC 5035).
func (s *signer) isBES(c content) bool {
	_, types := only(s.signed, attrContentType)
	_, digests := only(s.signed, attrMessageDigest)
	v1, n1 := only(s.signed, attrSigningCert)
	v2, n2 := only(s.signed, attrSigningCertV2)
	switch {
	case types > 1 || types == 0 && !c.counter, digests != 1, n1+n2 != 1:
		return false
	case n1 == 1:
		_, sum := essFirst(v1, crypto.SHA1)
		return len(sum) == crypto.SHA1.Size()
	}
	h, sum := essFirst(v2, crypto.SHA256)
	return h != 0 && h != crypto.SHA1 && len(sum) == h.Size() // SHA-1 belongs to the older attribute
}

// isBaseline follows EN 319 122-1 section 6.3: one signing time, and the signer's certificate in SignedData.
func (m *Message) isBaseline(s *signer, c content) bool {
	_, n := only(s.signed, attrSigningTime)
	return n == 1 && m.pointedAt(s, nil) != nil && (m.ContentType == oidData || c.counter)
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
	return Attributes{BES: s.isBES(content{}), SigningTime: n > 0, Certificate: m.pointedAt(s, nil) != nil, Policy: p > 0, Digested: d > 0}
}
