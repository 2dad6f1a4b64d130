package soap

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"okienko/validate/signature/xmldoc"
)

// Signer signs messages as the WS-Security X.509 Token Profile 1.0 describes.
type Signer struct {
	Certificate *x509.Certificate
	Key         crypto.Signer // RSA
}

// Envelope returns m in a signed envelope. The layout is the one ePUAP is known to accept: the BinarySecurityToken first, the
// Signature directly after it; one Reference, to the Body by wsu:Id; exclusive canonicalisation, SHA-256, RSA. Headers are
// not signed, and there is no Timestamp.
func (s Signer) Envelope(m Message) ([]byte, error) {
	if _, ok := s.Key.(interface{ Public() crypto.PublicKey }); !ok || s.Certificate == nil {
		return nil, errors.New("signing a message: no key or no certificate")
	}
	if _, ok := s.Key.Public().(*rsa.PublicKey); !ok {
		return nil, fmt.Errorf("signing a message: the platform knows RSA keys only, not %T", s.Key.Public())
	}
	e := envelope{id: rand.Text(), token: base64.StdEncoding.EncodeToString(s.Certificate.Raw), message: m}
	body, err := canonical(e.build("", ""), "B-"+e.id)
	if err != nil {
		return nil, fmt.Errorf("signing a message: %w", err)
	}
	sum := sha256.Sum256(body)
	digest := base64.StdEncoding.EncodeToString(sum[:])
	// What is around SignedInfo does not matter to its exclusive form as long as the prefixes it uses are bound alike, so the
	// body, which may be long, need not be read again.
	info, err := canonical(`<x xmlns:ds="`+dsNS+`">`+e.signedInfo(digest)+`</x>`, "SI-"+e.id)
	if err != nil {
		return nil, fmt.Errorf("signing a message: %w", err)
	}
	sum = sha256.Sum256(info)
	value, err := s.Key.Sign(rand.Reader, sum[:], crypto.SHA256)
	if err != nil {
		return nil, fmt.Errorf("signing a message: %w", err)
	}
	return []byte(e.build(digest, base64.StdEncoding.EncodeToString(value))), nil
}

// canonical is the exclusive canonical form of the element with the given id.
func canonical(doc, id string) ([]byte, error) {
	tree, err := xmldoc.Parse([]byte(doc), xmldoc.Limits{})
	if err != nil {
		return nil, err
	}
	n, unique := tree.ByID(id)
	if n == nil || !unique {
		return nil, fmt.Errorf("no element, or several, called %q", id)
	}
	return xmldoc.Method{Exclusive: true}.Bytes(tree.Subtree(n)), nil
}

type envelope struct {
	id, token string
	message   Message
}

func (e envelope) build(digest, value string) string {
	var b strings.Builder
	b.WriteString(`<soapenv:Envelope xmlns:soapenv="` + NS + `"><soapenv:Header>`)
	b.WriteString(`<wsse:Security xmlns:wsse="` + wsseNS + `" xmlns:wsu="` + wsuNS + `" soapenv:mustUnderstand="1">`)
	b.WriteString(`<wsse:BinarySecurityToken wsu:Id="X509-` + e.id + `" EncodingType="` + base64Bin + `" ValueType="` + x509v3 + `">` + e.token + `</wsse:BinarySecurityToken>`)
	b.WriteString(`<ds:Signature xmlns:ds="` + dsNS + `" Id="SIG-` + e.id + `">` + e.signedInfo(digest))
	b.WriteString(`<ds:SignatureValue>` + value + `</ds:SignatureValue><ds:KeyInfo Id="KI-` + e.id + `"><wsse:SecurityTokenReference wsu:Id="STR-` + e.id + `">`)
	b.WriteString(`<wsse:Reference URI="#X509-` + e.id + `" ValueType="` + x509v3 + `"/></wsse:SecurityTokenReference></ds:KeyInfo></ds:Signature></wsse:Security>`)
	b.WriteString(strings.Join(e.message.Headers, ""))
	b.WriteString(`</soapenv:Header><soapenv:Body xmlns:wsu="` + wsuNS + `" wsu:Id="B-` + e.id + `">` + e.message.Body + `</soapenv:Body></soapenv:Envelope>`)
	return b.String()
}

func (e envelope) signedInfo(digest string) string {
	return `<ds:SignedInfo Id="SI-` + e.id + `"><ds:CanonicalizationMethod Algorithm="` + xmldoc.C14NExclusive + `"/><ds:SignatureMethod Algorithm="` + rsaSHA256 + `"/>` +
		`<ds:Reference URI="#B-` + e.id + `"><ds:Transforms><ds:Transform Algorithm="` + xmldoc.C14NExclusive + `"/></ds:Transforms>` +
		`<ds:DigestMethod Algorithm="` + sha256URI + `"/><ds:DigestValue>` + digest + `</ds:DigestValue></ds:Reference></ds:SignedInfo>`
}
