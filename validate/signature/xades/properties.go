package xades

import (
	"bytes"
	"strings"
	"time"

	"okienko/validate/signature/cms"
	"okienko/validate/signature/keys"
	"okienko/validate/signature/sig"
	"okienko/validate/signature/xmldoc"
)

// isXAdES recognises the namespaces of XAdES 1.1.1 to 1.4.1 by URI, whatever the prefix.
func isXAdES(n *xmldoc.Node) bool {
	return n != nil && n.Kind == xmldoc.Element && strings.HasPrefix(n.Space, "http://uri.etsi.org/01903/v1.")
}

// part returns the first child of that local name in a XAdES namespace.
func part(n *xmldoc.Node, path ...string) *xmldoc.Node {
	for _, local := range path {
		var next *xmldoc.Node
		for _, c := range n.Elements() {
			if isXAdES(c) && c.Local == local {
				next = c
				break
			}
		}
		n = next
	}
	return n
}

func (s *signature) findProperties() {
	for _, o := range s.el.Children(dsNS, "Object") {
		if s.props = part(o, "QualifyingProperties"); s.props != nil {
			s.signedProps = part(s.props, "SignedProperties")
			return
		}
	}
}

// unsigned is the UnsignedSignatureProperties element, nil if there is none.
func (s *signature) unsigned() *xmldoc.Node {
	return part(s.props, "UnsignedProperties", "UnsignedSignatureProperties")
}

// properties reads the qualifying properties. What is not covered by an intact reference is not believed.
func (v *verifier) properties(s *signature) {
	if s.props == nil {
		return
	}
	v.validationData(s)
	v.timestamps(s)
	if !s.propsSigned {
		s.out.Warn("properties-not-signed", "")
		return
	}
	ssp := part(s.signedProps, "SignedSignatureProperties")
	if t, ok := xsdTime(part(ssp, "SigningTime").Text()); ok {
		s.out.SigningTime = &t
	}
	s.out.Policy = strings.TrimSpace(part(ssp, "SignaturePolicyIdentifier", "SignaturePolicyId", "SigPolicyId", "Identifier").Text())
	s.out.Bound = s.boundTo(ssp)
	for _, name := range []string{"SignerRole", "SignerRoleV2"} {
		if roles := part(ssp, name, "ClaimedRoles"); roles != nil {
			s.out.Role = Role(v.doc, roles)
		}
	}
}

func xsdTime(text string) (time.Time, bool) {
	text = strings.TrimSpace(text)
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05.999999999"} {
		if t, err := time.Parse(layout, text); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}

// boundTo compares the signing certificate with the digests in SigningCertificate or SigningCertificateV2. Issuer and
// serial are not compared: their text forms differ between producers while the digest is exact.
func (s *signature) boundTo(ssp *xmldoc.Node) sig.Truth {
	c := s.out.Certificate
	if c == nil {
		return sig.Undecided
	}
	answer := sig.Undecided
	for _, name := range []string{"SigningCertificateV2", "SigningCertificate"} {
		for _, cert := range part(ssp, name).Elements() {
			cd := part(cert, "CertDigest")
			h, err := digestMethod(cd.Child(dsNS, "DigestMethod"))
			want, err2 := decode64(cd.Child(dsNS, "DigestValue").Text())
			if err != nil || err2 != nil {
				continue
			}
			if bytes.Equal(keys.Sum(h, c.Raw), want) {
				return sig.Yes
			}
			answer = sig.No
		}
	}
	return answer
}

// Role reads on whose behalf the minister sealed, from either form of ClaimedRole podpis zaufany uses; nil if neither is
// there.
func Role(doc *xmldoc.Document, roles *xmldoc.Node) *sig.Role {
	const newForm, oldForm = "http://crd.gov.pl/xml/schematy/podpis_zaufany/", "http://crd.gov.pl/xml/schematy/ppzp/"
	if people := doc.Find(roles, newForm, "NaturalPerson"); len(people) > 0 {
		p := people[0]
		return &sig.Role{
			FamilyName: clean(p.Child(newForm, "CurrentFamilyName")), GivenName: clean(p.Child(newForm, "FirstName")),
			PESEL: clean(p.Child(newForm, "PersonalIdentifier")), System: firstText(doc, roles, newForm, "IdentityIssuer"),
		}
	}
	if people := doc.Find(roles, oldForm, "DaneZPOsobyFizycznej"); len(people) > 0 {
		return oldRole(people[0], firstText(doc, roles, oldForm, "IdKontaUzytkownikaEpuap"))
	}
	return nil
}

// oldRole reads the older form, in which the namespace of a person changed with the years.
func oldRole(person *xmldoc.Node, system string) *sig.Role {
	r := &sig.Role{System: system}
	for _, c := range person.Elements() {
		switch c.Local {
		case "Nazwisko":
			r.FamilyName = strings.TrimPrefix(r.FamilyName+"-"+clean(c), "-")
		case "Imie":
			r.GivenName = strings.TrimSpace(r.GivenName + " " + clean(c))
		case "PESEL":
			r.PESEL = clean(c)
		}
	}
	return r
}

func clean(n *xmldoc.Node) string { return strings.Join(strings.Fields(n.Text()), " ") }

func firstText(doc *xmldoc.Document, n *xmldoc.Node, space, local string) string {
	for _, e := range doc.Find(n, space, local) {
		return clean(e)
	}
	return ""
}

// validationData collects embedded revocation data.
func (v *verifier) validationData(s *signature) {
	u := s.unsigned()
	if u == nil {
		return
	}
	for _, n := range v.doc.Nodes[u.Order : u.Last+1] {
		if !isXAdES(n) || n.Local != "EncapsulatedCRLValue" && n.Local != "EncapsulatedOCSPValue" {
			continue
		}
		raw, err := decode64(n.Text())
		if err != nil {
			continue
		}
		if n.Local == "EncapsulatedCRLValue" {
			s.out.CRLs = append(s.out.CRLs, raw)
		} else {
			s.out.OCSPs = append(s.out.OCSPs, raw)
		}
	}
}

const maxTimestamps = 100

// timestamps verifies the tokens in the signature's properties.
func (v *verifier) timestamps(s *signature) {
	list := s.unsigned().Elements()
	if v.propsCovered(s) {
		list = append(part(s.signedProps, "SignedDataObjectProperties").Elements(), list...)
	}
	for _, p := range list {
		kind := timestampKinds[p.Local]
		if !isXAdES(p) || kind == "" {
			continue
		}
		for _, enc := range p.Elements() {
			if enc.Local != "EncapsulatedTimeStamp" || len(s.out.Timestamps) >= maxTimestamps {
				continue
			}
			raw, err := decode64(enc.Text())
			if err != nil {
				s.out.Timestamps = append(s.out.Timestamps, sig.Timestamp{Kind: kind, Problem: err.Error()})
				continue
			}
			s.out.Timestamps = append(s.out.Timestamps, cms.Token(kind, raw, v.stamped(s, p, kind)))
		}
	}
}

func (v *verifier) propsCovered(s *signature) bool { return s.propsSigned && s.signedProps != nil }

var timestampKinds = map[string]string{"SignatureTimeStamp": "signature", "ArchiveTimeStamp": "archive", "SigAndRefsTimeStamp": "references",
	"SigAndRefsTimeStampV2": "references", "RefsOnlyTimeStamp": "references", "RefsOnlyTimeStampV2": "references",
	"AllDataObjectsTimeStamp": "content", "IndividualDataObjectsTimeStamp": "content"}
