package xades

import (
	"slices"
	"strings"

	"okienko/validate/signature/sig"
	"okienko/validate/signature/xmldoc"
)

// level names how much the signature carries, in the vocabulary of EU DSS: first whether it is XAdES at all (ETSI EN 319
// 132-2), then how far the baseline (EN 319 132-1 section 6) or, failing that, the extended levels go.
func (s *signature) level() {
	out := s.out
	if !s.isBES() {
		out.Profile = "XML_NOT_ETSI"
		return
	}
	baseline, stamped := s.isBaseline(), out.StampedInTime()
	switch {
	case !stamped && baseline:
		out.Profile = "XAdES_BASELINE_B"
	case !stamped && (out.Policy != "" || part(s.signedProps, "SignedSignatureProperties", "SignaturePolicyIdentifier") != nil):
		out.Profile = "XAdES_EPES"
	case !stamped:
		out.Profile = "XAdES_BES"
	default:
		out.Profile = "XAdES_" + s.stampedLevel(baseline && s.stampsAreSingle())
	}
}

// stampedLevel is the rest of the name of a signature that has a signature time-stamp.
func (s *signature) stampedLevel(baseline bool) string {
	lt, refs, x := s.longTerm(), s.refersToData(), s.out.Stamped("references")
	archived := s.out.Stamped("archive")
	switch {
	case lt && s.evidenceRecord():
		return "ERS"
	case lt && baseline && s.keepsNoReferences() && archived:
		return "BASELINE_LTA"
	case lt && baseline && s.keepsNoReferences():
		return "BASELINE_LT"
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

// longTerm: the validation data is complete; where there are only self-signed certificates, they have been added.
func (s *signature) longTerm() bool {
	if s.out.SelfSigned() {
		return s.unsignedLocal("CertificateValues") || s.unsignedLocal("AttrAuthoritiesCertValues")
	}
	return s.out.Complete(sig.Signer)
}

// refersToData: the references to certificates and revocation data that make a C.
func (s *signature) refersToData() bool {
	certs := s.unsignedLocal("CompleteCertificateRefs") || s.unsignedLocal("CompleteCertificateRefsV2")
	return certs && s.unsignedLocal("CompleteRevocationRefs") || s.out.SelfSigned()
}

// keepsNoReferences: a baseline signature has the data itself, no references to it (EN 319 132-1 table 2).
func (s *signature) keepsNoReferences() bool {
	return !slices.ContainsFunc(s.unsigned().Elements(), func(e *xmldoc.Node) bool {
		return isRefs(e.Local) && !strings.HasPrefix(e.Local, "Attribute") || timestampKinds[e.Local] == "references"
	})
}

func (s *signature) evidenceRecord() bool {
	return part(s.unsigned(), "SealingEvidenceRecords") != nil || s.unsignedLocal("SealingEvidenceRecords")
}

func (s *signature) unsignedLocal(local string) bool {
	for _, e := range s.unsigned().Elements() {
		if e.Local == local {
			return true
		}
	}
	return false
}

// isBES: a signing-certificate property, signed or KeyInfo signed, and well-formed data object formats.
func (s *signature) isBES() bool {
	ssp := part(s.signedProps, "SignedSignatureProperties")
	if ssp == nil {
		return false
	}
	if part(ssp, "SigningCertificate") == nil && part(ssp, "SigningCertificateV2") == nil {
		return false
	}
	for _, f := range s.formats {
		if !s.formatHolds(f) {
			return false
		}
	}
	return true
}

func (s *signature) propsReferenced() bool {
	for _, el := range s.refs {
		uri := el.Value("URI")
		if len(uri) > 1 && hasID(s.signedProps, uri[1:]) {
			return true
		}
	}
	return false
}

// formatHolds follows EN 319 132-1 section 5.2.4: it names a reference and says something about it.
func (s *signature) formatHolds(f *xmldoc.Node) bool {
	uri := f.Value("ObjectReference")
	if len(uri) < 2 || uri[0] != '#' || s.refsByID[uri[1:]] == nil && s.objectsByID[uri[1:]] == nil {
		return false
	}
	mime := part(f, "MimeType")
	if mime == nil {
		return part(f, "Description") != nil || part(f, "ObjectIdentifier") != nil
	}
	return mimeHolds(strings.TrimSpace(mime.Text())) && s.formatFits(f, uri[1:])
}

// formatFits: what a format says of a ds:Object must not contradict the object itself.
func (s *signature) formatFits(f *xmldoc.Node, id string) bool {
	o := s.objectsByID[strings.TrimPrefix(s.refsByID[id].Value("URI"), "#")]
	for _, name := range []string{"MimeType", "Encoding"} {
		said := strings.TrimSpace(part(f, name).Text())
		if has, ok := o.Attr(name); ok && said != "" && said != has {
			return false
		}
	}
	return true
}

func mimeHolds(m string) bool {
	kind, sub, ok := strings.Cut(m, "/")
	return ok && kind != "" && sub != "" && !strings.ContainsAny(kind, " \t") && !strings.Contains(sub, "/")
}

// isBaseline follows EN 319 132-1 section 6.3 for what stands in the signed part.
func (s *signature) isBaseline() bool {
	ssp := part(s.signedProps, "SignedSignatureProperties")
	certs := 0
	for _, x := range s.el.Child(dsNS, "KeyInfo").Children(dsNS, "X509Data") {
		certs += len(x.Children(dsNS, "X509Certificate"))
	}
	return certs > 0 && s.keyInfoHolds() && part(ssp, "SigningTime") != nil && s.propsReferenced() && s.formatsName()
}

// formatsName reports whether every reference to content that can be named has a format with a media type (EN 319 132-1
// section 6.3, requirement g); a counter-signature signs no content.
func (s *signature) formatsName() bool {
	for _, f := range s.formats {
		if part(f, "MimeType") == nil {
			return false
		}
	}
	for _, r := range s.refs {
		id, named := r.Attr("Id")
		if !named || s.out.Counter || s.isOwnProperty(r) || strings.HasSuffix(r.Value("Type"), "#SignedProperties") {
			continue
		}
		if !s.formatted["#"+id] {
			return false
		}
	}
	return true
}

// keyInfoHolds reports whether KeyInfo itself carries the certificate that the signing-certificate property names.
func (s *signature) keyInfoHolds() bool {
	c := s.out.Certificate
	if c == nil || s.out.Bound == sig.No {
		return false
	}
	for _, x := range s.el.Child(dsNS, "KeyInfo").Children(dsNS, "X509Data") {
		for _, e := range x.Children(dsNS, "X509Certificate") {
			if raw, err := decode64(e.Text()); err == nil && string(raw) == string(c.Raw) {
				return true
			}
		}
	}
	return false
}

// stampsAreSingle: a baseline time-stamp property holds one token.
func (s *signature) stampsAreSingle() bool {
	for _, p := range s.unsigned().Elements() {
		if timestampKinds[p.Local] == "" {
			continue
		}
		n := 0
		for _, e := range p.Elements() {
			if e.Local == "EncapsulatedTimeStamp" {
				n++
			}
		}
		if n > 1 {
			return false
		}
	}
	return true
}
