package soap

import (
	"bytes"
	"crypto"
	"crypto/rsa"
	_ "crypto/sha1" // answers of older platforms; see digests
	_ "crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"okienko/validate/signature/xmldoc"
)

// Signature is the WS-Security signature of a message, found but not yet checked.
type Signature struct {
	// Token is the certificate in the BinarySecurityToken; nil if there is none. Whoever sends a message chooses it, so it
	// proves nothing by itself.
	Token *x509.Certificate
	// TokenFirst: the token is the first thing in the security header and the signature follows directly.
	TokenFirst bool
	// Method and Digests name the algorithms, as URIs.
	Method  string
	Digests []string
	Covers  []string // local names of the signed elements

	doc  *xmldoc.Document
	body *xmldoc.Node
	node *xmldoc.Node
	big  *big // content that is not in doc; nil if all of it is
}

// Body returns the Body of an envelope, nil if doc is none.
func Body(doc *xmldoc.Document) *xmldoc.Node {
	if e := doc.Element(); e.Is(NS, "Envelope") {
		return e.Child(NS, "Body")
	}
	return nil
}

// FindSignature looks for the one signature of a message.
func FindSignature(doc *xmldoc.Document) (*Signature, error) {
	body := Body(doc)
	if body == nil {
		return nil, errors.New("not a SOAP 1.1 envelope with a body")
	}
	security := doc.Element().Child(NS, "Header").Children(wsseNS, "Security")
	if len(security) != 1 {
		return nil, fmt.Errorf("%d security headers, want one", len(security))
	}
	signatures := security[0].Children(dsNS, "Signature")
	if len(signatures) != 1 {
		return nil, fmt.Errorf("%d signatures in the security header, want one", len(signatures))
	}
	s := &Signature{doc: doc, body: body, node: signatures[0]}
	inside := security[0].Elements()
	s.TokenFirst = len(inside) > 1 && inside[0].Is(wsseNS, "BinarySecurityToken") && inside[1] == s.node
	s.Method = s.info().Child(dsNS, "SignatureMethod").Value("Algorithm")
	for _, t := range security[0].Children(wsseNS, "BinarySecurityToken") {
		if der, err := decode(t.Text()); err == nil && s.Token == nil {
			s.Token, _ = x509.ParseCertificate(der) // what is no certificate is no token
		}
	}
	return s, nil
}

func (s *Signature) info() *xmldoc.Node { return s.node.Child(dsNS, "SignedInfo") }

// The algorithms understood. SHA-1 is here because nobody has written down what the platform signs its answers with; finding
// another message with the same digest is still out of reach.
var (
	methods = map[string]crypto.Hash{rsaSHA256: crypto.SHA256, rsaSHA1: crypto.SHA1}
	digests = map[string]crypto.Hash{sha256URI: crypto.SHA256, sha1URI: crypto.SHA1}
)

// Check verifies the signature with the key of cert: every reference holds, and one of them is to the very Body of this
// message, not to a copy of it elsewhere.
func (s *Signature) Check(cert *x509.Certificate) error {
	key, ok := cert.PublicKey.(*rsa.PublicKey)
	if !ok {
		return fmt.Errorf("the certificate has no RSA key but %T", cert.PublicKey)
	}
	covered := false
	s.Covers, s.Digests = nil, nil
	for _, r := range s.info().Children(dsNS, "Reference") {
		target, err := s.reference(r)
		if err != nil {
			return fmt.Errorf("reference %q: %w", r.Value("URI"), err)
		}
		covered = covered || target == s.body
		s.Covers = append(s.Covers, target.Local)
	}
	if !covered {
		return errors.New("the body is not signed")
	}
	return s.value(key)
}

// reference verifies one reference and returns what it is to.
func (s *Signature) reference(r *xmldoc.Node) (*xmldoc.Node, error) {
	target, octets, err := s.target(r)
	if err != nil {
		return nil, err
	}
	method := r.Child(dsNS, "DigestMethod").Value("Algorithm")
	sum, err := s.digest(method, octets)
	if err != nil {
		return nil, err
	}
	want, err := decode(r.Child(dsNS, "DigestValue").Text())
	if err != nil || !bytes.Equal(sum, want) {
		return nil, errors.New("changed after signing")
	}
	s.Digests = append(s.Digests, method)
	return target, nil
}

// target returns the part of the message a reference is to, and its octets after the transform.
func (s *Signature) target(r *xmldoc.Node) (*xmldoc.Node, []byte, error) {
	id, ok := strings.CutPrefix(r.Value("URI"), "#")
	if !ok || id == "" {
		return nil, nil, errors.New("not to a part of the message")
	}
	target, unique := s.doc.ByID(id)
	if target == nil || !unique {
		return nil, nil, errors.New("no part, or several, of that name")
	}
	transforms := r.Child(dsNS, "Transforms").Children(dsNS, "Transform")
	if len(transforms) != 1 {
		return nil, nil, fmt.Errorf("%d transforms, want one canonicalisation", len(transforms))
	}
	octets, err := s.octets(transforms[0], target)
	return target, octets, err
}

func (s *Signature) digest(method string, octets []byte) ([]byte, error) {
	hash, ok := digests[method]
	if !ok {
		return nil, fmt.Errorf("digest method %q", method)
	}
	if s.big != nil && bytes.Contains(octets, []byte(s.big.mark)) {
		return s.big.digest(method, octets)
	}
	h := hash.New()
	h.Write(octets)
	return h.Sum(nil), nil
}

// octets applies the canonicalisation that el names.
func (s *Signature) octets(el, target *xmldoc.Node) ([]byte, error) {
	method, ok := xmldoc.MethodByURI(el.Value("Algorithm"), el)
	if !ok {
		return nil, fmt.Errorf("canonicalisation %q", el.Value("Algorithm"))
	}
	set := s.doc.Subtree(target)
	if !strings.HasSuffix(el.Value("Algorithm"), "WithComments") {
		set = set.WithoutComments()
	}
	return method.Bytes(set), nil
}

func (s *Signature) value(key *rsa.PublicKey) error {
	hash, ok := methods[s.Method]
	if !ok {
		return fmt.Errorf("signature method %q", s.Method)
	}
	method := s.info().Child(dsNS, "CanonicalizationMethod")
	if method == nil {
		return errors.New("no canonicalisation method")
	}
	octets, err := s.octets(method, s.info())
	if err != nil {
		return err
	}
	value, err := decode(s.node.Child(dsNS, "SignatureValue").Text())
	if err != nil {
		return errors.New("the signature value is not base64")
	}
	h := hash.New()
	h.Write(octets)
	if rsa.VerifyPKCS1v15(key, hash, h.Sum(nil), value) != nil {
		return errors.New("the signature value does not belong to this message and key")
	}
	return nil
}

// decode reads base64 with blanks and line ends in it.
func decode(s string) ([]byte, error) {
	return base64.StdEncoding.DecodeString(strings.Join(strings.Fields(s), ""))
}
