// Package cms owns the Cryptographic Message Syntax (RFC 5652) as signatures use it: CAdES (ETSI EN 319 122), the signatures
// inside PDF, and RFC 3161 time-stamp tokens. It reads BER, verifies by the rules of EU DSS, and says what it found; trust
// and policy are judged elsewhere. It never fetches anything. Read package der for the octets and keys for the arithmetic.
package cms

import (
	"bytes"
	"errors"
	"fmt"
	"math/big"

	"okienko/validate/signature/der"
	"okienko/validate/signature/keys"
)

// The object identifiers of content types and attributes (RFC 5652, RFC 5035, ETSI EN 319 122-1).
const (
	oidSignedData = "1.2.840.113549.1.7.2"
	oidData       = "1.2.840.113549.1.7.1"
	oidTSTInfo    = "1.2.840.113549.1.9.16.1.4"

	attrContentType      = "1.2.840.113549.1.9.3"
	attrMessageDigest    = "1.2.840.113549.1.9.4"
	attrSigningTime      = "1.2.840.113549.1.9.5"
	attrCounterSignature = "1.2.840.113549.1.9.6"
	attrProtection       = "1.2.840.113549.1.9.52"
	attrSigningCert      = "1.2.840.113549.1.9.16.2.12"
	attrSigningCertV2    = "1.2.840.113549.1.9.16.2.47"
	attrPolicy           = "1.2.840.113549.1.9.16.2.15"
	attrSignatureStamp   = "1.2.840.113549.1.9.16.2.14"
	attrContentStamp     = "1.2.840.113549.1.9.16.2.20"
	attrCertRefs         = "1.2.840.113549.1.9.16.2.21"
	attrRevocationRefs   = "1.2.840.113549.1.9.16.2.22"
	attrCertValues       = "1.2.840.113549.1.9.16.2.23"
	attrRevocationValues = "1.2.840.113549.1.9.16.2.24"
	attrEscStamp         = "1.2.840.113549.1.9.16.2.25"
	attrRefsStamp        = "1.2.840.113549.1.9.16.2.26"
	attrArchiveStamp     = "1.2.840.113549.1.9.16.2.27"
	attrArchiveStampV2   = "1.2.840.113549.1.9.16.2.48"
	attrArchiveStampV3   = "0.4.0.1733.2.4"
	attrAdobeRevocation  = "1.2.840.113583.1.1.8"
)

// ErrNotSigned says that the octets are no CMS SignedData.
var ErrNotSigned = errors.New("not a CMS signature")

// Message is a parsed SignedData.
type Message struct {
	ContentType  string
	Content      []byte // eContent, nil when detached
	HasContent   bool
	Certificates []*keys.Certificate
	Unreadable   int // certificates that could not be read
	CRLs, OCSPs  [][]byte
	signers      []der.Value
	// kept as they stand for archive time-stamps
	rawContentInfo der.Value
	rawCerts       der.Value
	rawRevocations der.Value
}

const (
	maxSigners = 100
	maxCerts   = 2000
)

// Parse reads SignedData from the front of raw; zero octets after it are padding, anything else is refused.
func Parse(raw []byte) (*Message, error) {
	out, rest, err := der.Normalise(raw)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNotSigned, err)
	}
	if len(bytes.Trim(rest, "\x00\r\n")) > 0 {
		return nil, fmt.Errorf("%w: octets after the end", ErrNotSigned)
	}
	outer, err := der.Parse(out)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNotSigned, err)
	}
	ci, err := outer.Children()
	if err != nil || outer.Tag != der.Sequence || len(ci) != 2 || ci[0].OID() != oidSignedData || ci[1].Tag != der.Explicit(0) {
		return nil, ErrNotSigned
	}
	sd, err := der.Parse(ci[1].Content)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNotSigned, err)
	}
	f, err := sd.Children()
	if err != nil || len(f) < 4 || f[0].Tag != der.Integer || f[1].Tag != der.Set {
		return nil, fmt.Errorf("%w: SignedData cannot be read", ErrNotSigned)
	}
	m := &Message{rawContentInfo: f[2]}
	if err := m.encapsulated(f[2]); err != nil {
		return nil, err
	}
	for _, v := range f[3:] {
		switch v.Tag {
		case der.Explicit(0):
			m.rawCerts = v
			m.addCertificates(v)
		case der.Explicit(1):
			m.rawRevocations = v
			m.addRevocations(v)
		case der.Set:
			if m.signers, err = v.Children(); err != nil {
				return nil, fmt.Errorf("%w: %w", ErrNotSigned, err)
			}
		}
	}
	if len(m.signers) > maxSigners {
		return nil, fmt.Errorf("%d signers: at most %d are examined", len(m.signers), maxSigners)
	}
	return m, nil
}

func (m *Message) encapsulated(v der.Value) error {
	f, err := v.Children()
	if err != nil || len(f) == 0 {
		return fmt.Errorf("%w: no content info", ErrNotSigned)
	}
	m.ContentType = f[0].OID()
	if len(f) < 2 || f[1].Tag != der.Explicit(0) {
		return nil
	}
	inner, err := der.Parse(f[1].Content)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrNotSigned, err)
	}
	m.Content, m.HasContent = inner.Content, true // PKCS#7 allowed any type here: its content octets are signed
	return nil
}

func (m *Message) addCertificates(v der.Value) {
	list, err := v.Children()
	if err != nil {
		return
	}
	for _, c := range list {
		if c.Tag != der.Sequence || len(m.Certificates) >= maxCerts {
			continue
		}
		cert, err := keys.ParseCertificate(c.Full)
		if err != nil {
			m.Unreadable++
			continue
		}
		m.Certificates = append(m.Certificates, cert)
	}
}

// addRevocations reads RevocationInfoChoices: CRLs, and OCSP responses as RFC 5940 wraps them.
func (m *Message) addRevocations(v der.Value) {
	list, err := v.Children()
	if err != nil {
		return
	}
	for _, r := range list {
		if r.Tag == der.Sequence {
			m.CRLs = append(m.CRLs, r.Full)
			continue
		}
		if f, err := r.Children(); r.Tag == der.Explicit(1) && err == nil && len(f) == 2 && f[1].Tag == der.Sequence {
			m.OCSPs = append(m.OCSPs, f[1].Full)
		}
	}
}

// signer is one SignerInfo.
type signer struct {
	raw          der.Value
	issuer       []byte
	serial       *big.Int
	keyID        []byte
	digest       der.Value // AlgorithmIdentifier
	signedAttrs  der.Value
	hasSigned    bool
	algorithm    der.Value
	signature    []byte
	unsigned     []attribute
	signed       []attribute
	unsignedFull der.Value
}

type attribute struct {
	oid    string
	values []der.Value
	full   []byte
}

func parseSigner(v der.Value) (*signer, error) {
	bad := errors.New("a signer info that cannot be read")
	f, err := v.Children()
	if err != nil || len(f) < 5 {
		return nil, bad
	}
	s := &signer{raw: v, digest: f[2]}
	switch id := f[1]; id.Tag {
	case der.Sequence:
		is, err := id.Children()
		if err != nil || len(is) != 2 || is[1].Int() == nil {
			return nil, bad
		}
		s.issuer, s.serial = is[0].Full, is[1].Int()
	case der.Context(0):
		s.keyID = id.Content
	default:
		return nil, bad
	}
	f = f[3:]
	if f[0].Tag == der.Explicit(0) {
		s.signedAttrs, s.hasSigned = f[0], true
		if s.signed, err = parseAttributes(f[0]); err != nil {
			return nil, err
		}
		f = f[1:]
	}
	if len(f) < 2 || f[0].Tag != der.Sequence || f[1].Tag != der.OctetString {
		return nil, bad
	}
	s.algorithm, s.signature = f[0], f[1].Content
	if len(f) > 2 && f[2].Tag == der.Explicit(1) {
		s.unsignedFull = f[2]
		if s.unsigned, err = parseAttributes(f[2]); err != nil {
			return nil, err
		}
	}
	return s, nil
}

func parseAttributes(v der.Value) ([]attribute, error) {
	list, err := v.Children()
	if err != nil {
		return nil, fmt.Errorf("attributes: %w", err)
	}
	var all []attribute
	for _, a := range list {
		f, err := a.Children()
		if err != nil || len(f) != 2 || f[1].Tag != der.Set {
			return nil, errors.New("an attribute that cannot be read")
		}
		values, err := f[1].Children()
		if err != nil {
			return nil, fmt.Errorf("attributes: %w", err)
		}
		all = append(all, attribute{oid: f[0].OID(), values: values, full: a.Full})
	}
	return all, nil
}

// only returns the single value of the single attribute of that type; n is how many values there are in all.
func only(attrs []attribute, oid string) (v der.Value, n int) {
	for _, a := range attrs {
		if a.oid == oid {
			n += max(1, len(a.values))
			if len(a.values) > 0 {
				v = a.values[0]
			}
		}
	}
	return v, n
}

// all returns every value of the attributes of that type.
func all(attrs []attribute, oid string) []der.Value {
	var out []der.Value
	for _, a := range attrs {
		if a.oid == oid {
			out = append(out, a.values...)
		}
	}
	return out
}
