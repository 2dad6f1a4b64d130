package signaturetest

import (
	"bytes"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"html"
	"strings"
	"time"

	"okienko/validate/signature/xmldoc"
)

// Role is on whose behalf the minister seals.
type Role struct{ GivenName, FamilyName, PESEL string }

// XAdES says how to sign XML.
type XAdES struct {
	Time time.Time
	Role *Role  // podpis zaufany; nil for a person's own certificate
	Old  bool   // the older form of the role
	ID   string // distinguishes several signatures in one document
	// Detached names a document beside: the signature then stands alone and covers it.
	Detached string
	Content  []byte // of Detached
	Stamp    *Signer
	// Long is validation data added after the signature time-stamp, for the years to come; Archives are time-stamps over all that
	// was there before each.
	Long     *LongTerm
	Archives []*Signer
	// NoContent leaves out the reference to the document: a signature of nothing but itself.
	NoContent bool
	// Nothing signs with a filter that leaves nothing of the document.
	Nothing bool
}

const xpathFilter = `<ds:Transforms><ds:Transform Algorithm="http://www.w3.org/TR/1999/REC-xpath-19991116"><ds:XPath xmlns:ds="http://www.w3.org/2000/09/xmldsig#">not(ancestor-or-self::ds:Signature)</ds:XPath></ds:Transform></ds:Transforms>`

// Sign returns doc with an enveloped signature as the last child of its root: one reference with URI="" and the XPath filter
// of podpis zaufany, one to the signed properties. With x.Detached, doc is not used and the signature itself is returned.
func (x XAdES) Sign(doc []byte, s *Signer) ([]byte, error) {
	if x.ID == "" {
		x.ID = "9c17b21b"
	}
	digest, err := x.contentDigest(doc)
	if err != nil {
		return nil, err
	}
	placed := func(signedInfo, value, unsigned string) []byte {
		return x.place(doc, x.signature(s, signedInfo, value, unsigned))
	}
	// The octets of properties and SignedInfo depend on the namespaces around them, so each is digested in its place.
	props, err := canonical(placed("", "", ""), "SignedProps-"+x.ID)
	if err != nil {
		return nil, err
	}
	info := x.signedInfo(s, digest, sha256.Sum256(props))
	signed, err := canonical(placed(info, "", ""), "SignedInfo-"+x.ID)
	if err != nil {
		return nil, err
	}
	value, err := s.sign(signed, true)
	if err != nil {
		return nil, err
	}
	encoded := base64.StdEncoding.EncodeToString(value)
	unsigned, err := x.unsigned(func(properties string) []byte { return placed(info, encoded, properties) })
	if err != nil {
		return nil, err
	}
	return placed(info, encoded, unsigned), nil
}

func (x XAdES) contentDigest(doc []byte) ([32]byte, error) {
	if x.Detached != "" {
		return sha256.Sum256(x.Content), nil
	}
	if x.Nothing {
		return sha256.Sum256(nil), nil
	}
	tree, err := xmldoc.Parse(doc, xmldoc.Limits{})
	if err != nil {
		return [32]byte{}, fmt.Errorf("the document to sign: %w", err)
	}
	var cut []*xmldoc.Node
	for _, n := range tree.Nodes {
		if n.Is("http://www.w3.org/2000/09/xmldsig#", "Signature") {
			cut = append(cut, n)
		}
	}
	return sha256.Sum256(xmldoc.Method{}.Bytes(tree.Whole().Minus(cut...).WithoutComments())), nil
}

func canonical(doc []byte, id string) ([]byte, error) {
	tree, err := xmldoc.Parse(doc, xmldoc.Limits{})
	if err != nil {
		return nil, err
	}
	n, _ := tree.ByID(id)
	return xmldoc.Method{Exclusive: true}.Bytes(tree.Subtree(n)), nil
}

// place puts the signature before the end tag of the root.
func (x XAdES) place(doc []byte, signature string) []byte {
	if x.Detached != "" {
		return []byte(`<?xml version="1.0" encoding="UTF-8"?>` + "\n" + signature)
	}
	at := bytes.LastIndex(doc, []byte("</"))
	return []byte(string(doc[:at]) + signature + string(doc[at:]))
}

func (x XAdES) signedInfo(s *Signer, content, props [32]byte) string {
	uri, transforms := "", xpathFilter
	if x.Detached != "" {
		uri, transforms = x.Detached, ""
	}
	if x.Nothing {
		transforms = strings.Replace(transforms, "not(ancestor-or-self::ds:Signature)", "false()", 1)
	}
	alg := "rsa-sha256"
	if _, ok := s.Key.(*rsa.PrivateKey); !ok {
		alg = "ecdsa-sha256"
	}
	contentRef := `<ds:Reference Id="Reference-` + x.ID + `" URI="` + html.EscapeString(uri) + `">` + transforms + digestXML(content) + `</ds:Reference>`
	if x.NoContent {
		contentRef = ""
	}
	return `<ds:SignedInfo Id="SignedInfo-` + x.ID + `"><ds:CanonicalizationMethod Algorithm="` + xmldoc.C14NExclusive + `"/>` +
		`<ds:SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#` + alg + `"/>` +
		contentRef +
		`<ds:Reference Type="http://uri.etsi.org/01903#SignedProperties" URI="#SignedProps-` + x.ID + `"><ds:Transforms><ds:Transform Algorithm="` + xmldoc.C14NExclusive + `"/></ds:Transforms>` +
		digestXML(props) + `</ds:Reference></ds:SignedInfo>`
}

func digestXML(sum [32]byte) string {
	return `<ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/><ds:DigestValue>` + base64.StdEncoding.EncodeToString(sum[:]) + `</ds:DigestValue>`
}

func (x XAdES) signature(s *Signer, signedInfo, value, unsigned string) string {
	return `<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#" Id="Signature-` + x.ID + `">` + signedInfo +
		`<ds:SignatureValue Id="SignatureValue-` + x.ID + `">` + value + `</ds:SignatureValue>` +
		`<ds:KeyInfo><ds:X509Data><ds:X509Certificate>` + base64.StdEncoding.EncodeToString(s.Certificate.Raw) + `</ds:X509Certificate></ds:X509Data></ds:KeyInfo>` +
		`<ds:Object Id="QualifyingInfos-` + x.ID + `"><xades:QualifyingProperties xmlns:xades="http://uri.etsi.org/01903/v1.3.2#" Id="QualifyingProps-` + x.ID + `" Target="#Signature-` + x.ID + `">` +
		x.signedProps(s) + unsigned + `</xades:QualifyingProperties></ds:Object></ds:Signature>`
}

func (x XAdES) signedProps(s *Signer) string {
	var b strings.Builder
	b.WriteString(`<xades:SignedProperties Id="SignedProps-` + x.ID + `"><xades:SignedSignatureProperties>`)
	b.WriteString(`<xades:SigningTime>` + x.Time.Format("2006-01-02T15:04:05.000Z07:00") + `</xades:SigningTime>`)
	b.WriteString(`<xades:SigningCertificate><xades:Cert><xades:CertDigest>` + digestXML(sha256.Sum256(s.Certificate.Raw)) + `</xades:CertDigest>`)
	b.WriteString(`<xades:IssuerSerial><ds:X509IssuerName>` + html.EscapeString(s.Certificate.Issuer.String()) + `</ds:X509IssuerName><ds:X509SerialNumber>` +
		s.Certificate.SerialNumber.String() + `</ds:X509SerialNumber></xades:IssuerSerial></xades:Cert></xades:SigningCertificate>`)
	if x.Role == nil {
		b.WriteString(`</xades:SignedSignatureProperties><xades:SignedDataObjectProperties><xades:DataObjectFormat ObjectReference="#Reference-` + x.ID +
			`"><xades:MimeType>text/xml</xades:MimeType></xades:DataObjectFormat></xades:SignedDataObjectProperties></xades:SignedProperties>`)
		return b.String()
	}
	b.WriteString(`<xades:SignaturePolicyIdentifier><xades:SignaturePolicyImplied/></xades:SignaturePolicyIdentifier><xades:SignerRole><xades:ClaimedRoles><xades:ClaimedRole>`)
	b.WriteString(x.role())
	b.WriteString(`</xades:ClaimedRole></xades:ClaimedRoles></xades:SignerRole></xades:SignedSignatureProperties></xades:SignedProperties>`)
	return b.String()
}

func (x XAdES) role() string {
	e := html.EscapeString
	if x.Old {
		return `<ppZP:PodpisZP xmlns:ppZP="http://crd.gov.pl/xml/schematy/ppzp/" xmlns:os="http://crd.gov.pl/xml/schematy/osoba/2009/03/06/"><ppZP:DaneZP><ppZP:DaneZPOsobyFizycznej>` +
			`<os:Nazwisko rodzajCzlonu="pierwszy">` + e(x.Role.FamilyName) + `</os:Nazwisko><os:Imie>` + e(x.Role.GivenName) + `</os:Imie><os:PESEL>` + e(x.Role.PESEL) +
			`</os:PESEL><ppZP:IdKontaUzytkownikaEpuap>test</ppZP:IdKontaUzytkownikaEpuap></ppZP:DaneZPOsobyFizycznej></ppZP:DaneZP></ppZP:PodpisZP>`
	}
	return `<pz:EPSignature xmlns:pz="http://crd.gov.pl/xml/schematy/podpis_zaufany/"><pz:NaturalPerson><pz:CurrentFamilyName>` + e(x.Role.FamilyName) +
		`</pz:CurrentFamilyName><pz:FirstName>` + e(x.Role.GivenName) + `</pz:FirstName><pz:PersonalIdentifier>` + e(x.Role.PESEL) + `</pz:PersonalIdentifier></pz:NaturalPerson>` +
		`<pz:SignatureData><pz:IdentityIssuer>int.login.gov.pl</pz:IdentityIssuer></pz:SignatureData></pz:EPSignature>`
}

// Enveloping returns a plain XML signature that carries text in an object of its own.
func Enveloping(text string, s *Signer) ([]byte, error) {
	return XMLSig{Refs: []Ref{{URI: "#tresc"}}, Objects: []string{`<ds:Object Id="tresc">` + html.EscapeString(text) + `</ds:Object>`}}.Sign(s)
}
