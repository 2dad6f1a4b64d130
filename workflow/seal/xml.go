package seal

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"time"

	"okienko/validate/signature/xmldoc"
)

const (
	dsNS     = "http://www.w3.org/2000/09/xmldsig#"
	xadesNS  = "http://uri.etsi.org/01903/v1.3.2#"
	sha256NS = "http://www.w3.org/2001/04/xmlenc#sha256"
	rsaNS    = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
)

// XML returns doc with an enveloped XAdES signature, level B-B (ETSI EN 319 132-1), as the last child of its root: one
// reference to the whole document, one to the signed properties.
func (s Seal) XML(doc []byte, at time.Time) ([]byte, error) {
	if err := s.check(); err != nil {
		return nil, err
	}
	tree, err := xmldoc.Parse(doc, xmldoc.Limits{})
	if err != nil {
		return nil, fmt.Errorf("sealing a document: %w", err)
	}
	end := bytes.LastIndex(doc, []byte("</"))
	if end < 0 {
		return nil, errors.New("sealing a document: an empty root has no room for a signature")
	}
	x := xades{id: rand.Text(), content: digestXML(xmldoc.Method{Exclusive: true}.Bytes(tree.Whole().WithoutComments()))}
	x.properties = s.properties(x.id, at)
	properties, err := exclusive(x.properties)
	if err != nil {
		return nil, fmt.Errorf("sealing a document: %w", err)
	}
	info := x.signedInfo(digestXML(properties))
	octets, err := exclusive(info)
	if err != nil {
		return nil, fmt.Errorf("sealing a document: %w", err)
	}
	value, err := s.value(octets)
	if err != nil {
		return nil, fmt.Errorf("sealing a document: %w", err)
	}
	signed := x.element(info, base64.StdEncoding.EncodeToString(value), base64.StdEncoding.EncodeToString(s.Certificate.Raw))
	return bytes.Join([][]byte{doc[:end], []byte(signed), doc[end:]}, nil), nil
}

// exclusive is the exclusive canonical form of an element that stands where the prefixes ds and xades are bound. It depends on
// nothing else around it, which is why parts of a signature can be digested before they are in their place.
func exclusive(element string) ([]byte, error) {
	tree, err := xmldoc.Parse([]byte(`<x xmlns:ds="`+dsNS+`" xmlns:xades="`+xadesNS+`">`+element+`</x>`), xmldoc.Limits{})
	if err != nil {
		return nil, err
	}
	return xmldoc.Method{Exclusive: true}.Bytes(tree.Subtree(tree.Element().First)), nil
}

type xades struct{ id, content, properties string }

func digestXML(octets []byte) string {
	sum := sha256.Sum256(octets)
	return `<ds:DigestMethod Algorithm="` + sha256NS + `"/><ds:DigestValue>` + base64.StdEncoding.EncodeToString(sum[:]) + `</ds:DigestValue>`
}

func (x xades) signedInfo(properties string) string {
	return `<ds:SignedInfo><ds:CanonicalizationMethod Algorithm="` + xmldoc.C14NExclusive + `"/><ds:SignatureMethod Algorithm="` + rsaNS + `"/>` +
		`<ds:Reference Id="R-` + x.id + `" URI=""><ds:Transforms><ds:Transform Algorithm="` + dsNS + `enveloped-signature"/><ds:Transform Algorithm="` + xmldoc.C14NExclusive + `"/></ds:Transforms>` + x.content + `</ds:Reference>` +
		`<ds:Reference Type="http://uri.etsi.org/01903#SignedProperties" URI="#P-` + x.id + `"><ds:Transforms><ds:Transform Algorithm="` + xmldoc.C14NExclusive + `"/></ds:Transforms>` + properties + `</ds:Reference></ds:SignedInfo>`
}

func (s Seal) properties(id string, at time.Time) string {
	return `<xades:SignedProperties Id="P-` + id + `"><xades:SignedSignatureProperties><xades:SigningTime>` + at.UTC().Format(time.RFC3339) + `</xades:SigningTime>` +
		`<xades:SigningCertificateV2><xades:Cert><xades:CertDigest>` + digestXML(s.Certificate.Raw) + `</xades:CertDigest></xades:Cert></xades:SigningCertificateV2></xades:SignedSignatureProperties>` +
		`<xades:SignedDataObjectProperties><xades:DataObjectFormat ObjectReference="#R-` + id + `"><xades:MimeType>text/xml</xades:MimeType></xades:DataObjectFormat></xades:SignedDataObjectProperties></xades:SignedProperties>`
}

func (x xades) element(signedInfo, value, certificate string) string {
	return `<ds:Signature xmlns:ds="` + dsNS + `" Id="S-` + x.id + `">` + signedInfo + `<ds:SignatureValue>` + value + `</ds:SignatureValue><ds:KeyInfo><ds:X509Data><ds:X509Certificate>` + certificate +
		`</ds:X509Certificate></ds:X509Data></ds:KeyInfo><ds:Object><xades:QualifyingProperties xmlns:xades="` + xadesNS + `" Target="#S-` + x.id + `">` + x.properties + `</xades:QualifyingProperties></ds:Object></ds:Signature>`
}
