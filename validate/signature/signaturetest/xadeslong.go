package signaturetest

import (
	"encoding/base64"
	"errors"
	"strings"
	"time"

	"okienko/validate/signature/xmldoc"
)

// LongTerm is what a signature carries so that it can be judged when its authorities are gone.
type LongTerm struct{ Certificates, CRLs, OCSPs [][]byte }

const (
	signatureNS = "http://www.w3.org/2000/09/xmldsig#"
	stampC14N   = `<ds:CanonicalizationMethod Algorithm="` + xmldoc.C14NExclusive + `"/>`
)

// unsigned makes the unsigned properties one after the other; with puts them into the document.
func (x XAdES) unsigned(with func(properties string) []byte) (string, error) {
	properties := ""
	all := func() string {
		if properties == "" {
			return ""
		}
		return `<xades:UnsignedProperties><xades:UnsignedSignatureProperties>` + properties + `</xades:UnsignedSignatureProperties></xades:UnsignedProperties>`
	}
	if x.Stamp != nil {
		stamped, err := canonical(with(""), "SignatureValue-"+x.ID)
		if err != nil {
			return "", err
		}
		token, err := x.Stamp.Token(stamped, x.Time)
		if err != nil {
			return "", err
		}
		properties = `<xades:SignatureTimeStamp Id="TS-` + x.ID + `">` + stampC14N + encapsulated("EncapsulatedTimeStamp", token) + `</xades:SignatureTimeStamp>`
	}
	properties += x.Long.properties()
	for i, by := range x.Archives {
		archived, err := x.archived(with(all()))
		if err != nil {
			return "", err
		}
		token, err := by.Token(archived, x.Time.Add(time.Duration(i+1)*time.Minute))
		if err != nil {
			return "", err
		}
		properties += `<xades141:ArchiveTimeStamp xmlns:xades141="http://uri.etsi.org/01903/v1.4.1#">` + stampC14N + encapsulated("EncapsulatedTimeStamp", token) + `</xades141:ArchiveTimeStamp>`
	}
	return all(), nil
}

func encapsulated(name string, raws ...[]byte) string {
	var b strings.Builder
	for _, raw := range raws {
		b.WriteString(`<xades:` + name + `>` + base64.StdEncoding.EncodeToString(raw) + `</xades:` + name + `>`)
	}
	return b.String()
}

func (l *LongTerm) properties() string {
	if l == nil {
		return ""
	}
	revocation := ""
	if len(l.CRLs) > 0 {
		revocation += `<xades:CRLValues>` + encapsulated("EncapsulatedCRLValue", l.CRLs...) + `</xades:CRLValues>`
	}
	if len(l.OCSPs) > 0 {
		revocation += `<xades:OCSPValues>` + encapsulated("EncapsulatedOCSPValue", l.OCSPs...) + `</xades:OCSPValues>`
	}
	return `<xades:CertificateValues>` + encapsulated("EncapsulatedX509Certificate", l.Certificates...) + `</xades:CertificateValues><xades:RevocationValues>` + revocation + `</xades:RevocationValues>`
}

// archived is what an archive time-stamp at the end of the unsigned properties covers (EN 319 132-1 section 5.5.2.2), for the
// shape this generator makes: the document without its signature, the signed properties, the parts of the signature, and each
// unsigned property.
func (x XAdES) archived(doc []byte) ([]byte, error) {
	tree, err := xmldoc.Parse(doc, xmldoc.Limits{})
	if err != nil {
		return nil, err
	}
	signature, ok := tree.ByID("Signature-" + x.ID)
	props, _ := tree.ByID("SignedProps-" + x.ID)
	if !ok || x.Detached != "" || x.Nothing || x.NoContent {
		return nil, errors.New("archive time-stamps are made over enveloped signatures only")
	}
	exclusive := xmldoc.Method{Exclusive: true}
	octets := exclusive.Bytes(tree.Whole().Minus(tree.Find(tree.Top, signatureNS, "Signature")...).WithoutComments())
	parts := []*xmldoc.Node{props, signature.Child(signatureNS, "SignedInfo"), signature.Child(signatureNS, "SignatureValue"), signature.Child(signatureNS, "KeyInfo")}
	for _, u := range tree.Find(signature, props.Space, "UnsignedSignatureProperties") {
		parts = append(parts, u.Elements()...)
	}
	for _, p := range parts {
		octets = append(octets, exclusive.Bytes(tree.Subtree(p))...)
	}
	return octets, nil
}
