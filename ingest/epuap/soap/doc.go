// Package soap owns the envelope ePUAP talks in: SOAP 1.1 over HTTPS, requests signed by WS-Security with an X.509 token
// (Signer), answers read back whether they are plain XML or MTOM, signed or not, a fault or a result (Client).
//
// It refuses to know what the messages say: the operations are in package epuap. A fault is a *Fault; everything that kept
// the platform's answer from us is an *Error, which tells whether the request may have arrived, because sending a letter
// twice is worse than not knowing (promise P3). Read next: sign.go for the layout the platform accepts, verify.go.
package soap

import "encoding/xml"

// The namespaces of the envelope.
const (
	NS     = "http://schemas.xmlsoap.org/soap/envelope/"
	wsseNS = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
	wsuNS  = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd"
	dsNS   = "http://www.w3.org/2000/09/xmldsig#"
	xopNS  = "http://www.w3.org/2004/08/xop/include"

	x509v3    = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-x509-token-profile-1.0#X509v3"
	base64Bin = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-soap-message-security-1.0#Base64Binary"

	rsaSHA256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
	rsaSHA1   = "http://www.w3.org/2000/09/xmldsig#rsa-sha1"
	sha256URI = "http://www.w3.org/2001/04/xmlenc#sha256"
	sha1URI   = "http://www.w3.org/2000/09/xmldsig#sha1"
)

// Message is what goes into an envelope: elements already written as XML, each with its own namespace declarations.
type Message struct {
	Action  string   // SOAPAction; "" is sent as an empty one
	Headers []string // besides the security header; they are not signed
	Body    string   // one element
}

// Escape writes text as the content of an XML element or attribute. Characters XML cannot hold become U+FFFD.
func Escape(s string) string {
	var b escaped
	_ = xml.EscapeText(&b, []byte(s)) // the writer cannot fail
	return string(b)
}

type escaped []byte

func (e *escaped) Write(p []byte) (int, error) {
	*e = append(*e, p...)
	return len(p), nil
}
