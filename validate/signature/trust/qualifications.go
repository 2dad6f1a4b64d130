package trust

import (
	"strings"

	"okienko/validate"
	"okienko/validate/signature/keys"
	"okienko/validate/signature/sig"
	"okienko/validate/signature/xmldoc"
)

// Qualification is what a trusted list says of some of a service's certificates beyond what they say themselves (TS 119 612
// section 5.5.9.2).
type Qualification struct {
	Qualifiers []string // last parts of their URIs: "QCWithQSCD", "NotQualified" …
	criteria   *xmldoc.Node
}

func qualifications(extensions *xmldoc.Node) []Qualification {
	var all []Qualification
	for _, e := range extensions.Elements() {
		for _, q := range named(named1(e, "Qualifications"), "QualificationElement") {
			out := Qualification{criteria: named1(q, "CriteriaList")}
			for _, f := range named(named1(q, "Qualifiers"), "Qualifier") {
				uri := f.Value("uri")
				out.Qualifiers = append(out.Qualifiers, uri[strings.LastIndexByte(uri, '/')+1:])
			}
			all = append(all, out)
		}
	}
	return all
}

// named returns the child elements of that local name: the extension's namespace changed between versions.
func named(n *xmldoc.Node, local string) []*xmldoc.Node {
	var all []*xmldoc.Node
	for _, e := range n.Elements() {
		if e.Local == local {
			all = append(all, e)
		}
	}
	return all
}

func named1(n *xmldoc.Node, local string) *xmldoc.Node {
	if all := named(n, local); len(all) > 0 {
		return all[0]
	}
	return nil
}

// Applies reports whether the criteria hold for c.
func (q Qualification) Applies(c *keys.Certificate) bool {
	return q.criteria != nil && meets(q.criteria, c)
}

// meets evaluates a CriteriaList; a criterion that is not known here does not hold.
func meets(list *xmldoc.Node, c *keys.Certificate) bool {
	held, all := 0, 0
	for _, e := range list.Elements() {
		var ok bool
		switch e.Local {
		case "KeyUsage":
			ok = keyUsageMeets(e, c)
		case "PolicySet":
			ok = policiesMeet(e, c)
		case "CriteriaList":
			ok = meets(e, c)
		case "Description":
			continue
		}
		all++
		if ok {
			held++
		}
	}
	switch list.Value("assert") {
	case "all":
		return held == all && all > 0
	case "atLeastOne":
		return held > 0
	case "none":
		return held == 0
	}
	return false
}

var usageBits = map[string]int{"digitalSignature": 0, "nonRepudiation": 1, "keyEncipherment": 2, "dataEncipherment": 3, "keyAgreement": 4, "keyCertSign": 5, "crlSign": 6, "encipherOnly": 7, "decipherOnly": 8}

func keyUsageMeets(e *xmldoc.Node, c *keys.Certificate) bool {
	for _, b := range named(e, "KeyUsageBit") {
		n, known := usageBits[b.Value("name")]
		allowed, _ := c.KeyUsage(n)
		if !known || allowed != (strings.TrimSpace(b.Text()) == "true") {
			return false
		}
	}
	return true
}

func policiesMeet(e *xmldoc.Node, c *keys.Certificate) bool {
	have := c.Policies()
	for _, p := range named(e, "PolicyIdentifier") {
		if !has(have, strings.TrimPrefix(strings.TrimSpace(named1(p, "Identifier").Text()), "urn:oid:")) {
			return false
		}
	}
	return true
}

// refine corrects what a certificate claims by what the list says of it (EN 319 102-1 does not decide this; TS 119 615 does).
func refine(kind validate.SignatureKind, s *sig.Signature, service *Service) validate.SignatureKind {
	if service == nil || kind != validate.Qualified && kind != validate.Advanced {
		return kind
	}
	said := map[string]bool{}
	for _, q := range service.Qualifications {
		if q.Applies(s.Certificate) {
			for _, name := range q.Qualifiers {
				said[name] = true
			}
		}
	}
	qualified := has(s.Certificate.QCStatements(), qcCompliance) || said["QCStatement"]
	device := said["QCWithQSCD"] || said["QCWithSSCD"] || said["QCQSCDManagedOnBehalf"]
	switch {
	case said["NotQualified"], said["QCNoQSCD"], said["QCNoSSCD"], said["QCForESeal"], said["QCForWSA"]:
		return validate.Advanced
	case qualified && device && !IsSeal(s.Certificate):
		return validate.Qualified
	}
	return kind
}
