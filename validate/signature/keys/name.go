package keys

import (
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"okienko/validate/signature/der"
)

// Name is a distinguished name: attribute type (dotted) and value, in order.
type Name []NamePart

// NamePart is one attribute of a name.
type NamePart struct{ OID, Value string }

// The attribute types used here.
const (
	CommonName     = "2.5.4.3"
	Surname        = "2.5.4.4"
	SerialNumber   = "2.5.4.5"
	Country        = "2.5.4.6"
	Organization   = "2.5.4.10"
	OrgUnit        = "2.5.4.11"
	GivenName      = "2.5.4.42"
	Pseudonym      = "2.5.4.65"
	OrganizationID = "2.5.4.97"
)

// ParseName reads a Name; what cannot be read is left out.
func ParseName(v der.Value) Name {
	var n Name
	rdns, err := v.Children()
	if err != nil {
		return nil
	}
	for _, rdn := range rdns {
		parts, err := rdn.Children()
		if err != nil {
			continue
		}
		for _, p := range parts {
			if f, err := p.Children(); err == nil && len(f) == 2 {
				n = append(n, NamePart{f[0].OID(), directoryString(f[1])})
			}
		}
	}
	return n
}

// directoryString decodes the string types of X.520.
func directoryString(v der.Value) string {
	switch v.Tag {
	case 0x1E: // BMPString
		var u []uint16
		for i := 0; i+1 < len(v.Content); i += 2 {
			u = append(u, uint16(v.Content[i])<<8|uint16(v.Content[i+1]))
		}
		return string(utf16.Decode(u))
	case 0x14: // TeletexString, in practice ISO 8859-1
		if !utf8.Valid(v.Content) {
			r := make([]rune, len(v.Content))
			for i, b := range v.Content {
				r[i] = rune(b)
			}
			return string(r)
		}
	}
	return strings.ToValidUTF8(string(v.Content), "\uFFFD")
}

// Get returns the first value of an attribute, "" if there is none.
func (n Name) Get(oid string) string {
	for _, p := range n {
		if p.OID == oid {
			return p.Value
		}
	}
	return ""
}

var nameLabels = map[string]string{CommonName: "CN", Surname: "SN", SerialNumber: "SERIALNUMBER", Country: "C", Organization: "O",
	OrgUnit: "OU", GivenName: "GN", "2.5.4.7": "L", "2.5.4.8": "ST", OrganizationID: "organizationIdentifier"}

// String is the name for people, most general part first as in the certificate.
func (n Name) String() string {
	parts := make([]string, len(n))
	for i, p := range n {
		label := nameLabels[p.OID]
		if label == "" {
			label = p.OID
		}
		parts[i] = label + "=" + p.Value
	}
	return strings.Join(parts, ", ")
}
