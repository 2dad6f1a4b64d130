package signaturetest

import (
	"crypto"
	"encoding/base64"
	"fmt"
	"html"
	"strings"

	"okienko/validate/signature/keys"
	"okienko/validate/signature/xmldoc"
)

// XMLSig makes an XML signature of any shape that stands by itself: the cases XAdES does not have.
type XMLSig struct {
	Method  string // the whole SignatureMethod element; "": what fits the key, with SHA-256
	C14N    string // of SignedInfo; "": exclusive
	Refs    []Ref
	Objects []string // whole elements after KeyInfo
	Before  string   // around the signature, for references into a document
	After   string
	KeyInfo string // the whole element; "": the certificate
}

// Ref is one reference: to an element by "#id", which is canonicalised exclusively, or to Octets.
type Ref struct {
	Attrs   string // further attributes, as written
	URI     string
	Inside  string // Transforms, as written; "" for "#id": exclusive canonicalisation
	Digest  string // URI of the digest method; "": SHA-256
	Hash    crypto.Hash
	Octets  []byte
	Damaged bool // the digest is of something else
}

// Sign returns the signature, or the document around it.
func (x XMLSig) Sign(s *Signer) ([]byte, error) {
	method := x.Method
	if method == "" {
		method = `<ds:SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#` + s.family() + `-sha256"/>`
	}
	unsigned, err := xmldoc.Parse([]byte(x.build(s, method, nil, "")), xmldoc.Limits{})
	if err != nil {
		return nil, fmt.Errorf("the document to sign: %w", err)
	}
	sums := make([]string, len(x.Refs))
	for i, r := range x.Refs {
		octets := r.Octets
		if n, _ := unsigned.ByID(strings.TrimPrefix(r.URI, "#")); octets == nil && n != nil {
			octets = xmldoc.Method{Exclusive: true}.Bytes(unsigned.Subtree(n))
		}
		if r.Damaged {
			octets = append(octets[:len(octets):len(octets)], '!')
		}
		h := r.Hash
		if h == 0 {
			h = crypto.SHA256
		}
		sums[i] = base64.StdEncoding.EncodeToString(keys.Sum(h, octets))
	}
	placed, err := xmldoc.Parse([]byte(x.build(s, method, sums, "")), xmldoc.Limits{})
	if err != nil {
		return nil, err
	}
	info := placed.Find(placed.Top, "http://www.w3.org/2000/09/xmldsig#", "SignedInfo")[0]
	m, ok := xmldoc.MethodByURI(x.c14n(), nil)
	if !ok {
		return nil, fmt.Errorf("canonicalisation %q", x.C14N)
	}
	value, err := s.signAs(method, m.Bytes(placed.Subtree(info)))
	return []byte(x.build(s, method, sums, base64.StdEncoding.EncodeToString(value))), err
}

func (x XMLSig) c14n() string {
	if x.C14N == "" {
		return xmldoc.C14NExclusive
	}
	return x.C14N
}

func (x XMLSig) build(s *Signer, method string, sums []string, value string) string {
	var b strings.Builder
	b.WriteString(x.Before + `<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#" Id="podpis"><ds:SignedInfo><ds:CanonicalizationMethod Algorithm="` + x.c14n() + `"/>` + method)
	for i, r := range x.Refs {
		sum, digest, inside := "", r.Digest, r.Inside
		if sums != nil {
			sum = sums[i]
		}
		if digest == "" {
			digest = "http://www.w3.org/2001/04/xmlenc#sha256"
		}
		if inside == "" && strings.HasPrefix(r.URI, "#") {
			inside = `<ds:Transforms><ds:Transform Algorithm="` + xmldoc.C14NExclusive + `"/></ds:Transforms>`
		}
		fmt.Fprintf(&b, `<ds:Reference URI="%s"%s>%s<ds:DigestMethod Algorithm="%s"/><ds:DigestValue>%s</ds:DigestValue></ds:Reference>`, html.EscapeString(r.URI), r.Attrs, inside, digest, sum)
	}
	info := x.KeyInfo
	if info == "" {
		info = `<ds:KeyInfo><ds:X509Data><ds:X509Certificate>` + base64.StdEncoding.EncodeToString(s.Certificate.Raw) + `</ds:X509Certificate></ds:X509Data></ds:KeyInfo>`
	}
	b.WriteString(`</ds:SignedInfo><ds:SignatureValue Id="wartosc">` + value + `</ds:SignatureValue>` + info + strings.Join(x.Objects, "") + `</ds:Signature>` + x.After)
	return b.String()
}
