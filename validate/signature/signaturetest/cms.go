package signaturetest

import (
	"bytes"
	"crypto/rsa"
	"crypto/sha256"
	"sort"
	"time"

	"okienko/validate/signature/der"
	"okienko/validate/signature/keys"
)

// CMS says how to sign octets.
type CMS struct {
	Time     time.Time // signing time; the zero value leaves it out, as podpis zaufany does
	Detached bool
	Stamp    *Signer // adds a signature time-stamp of Time
	// StampOver is what the time-stamp is over instead of the signature value; nil is the value.
	StampOver []byte
	// Attrs changes the signed attributes before they are signed; nil leaves them. Unsorted signs them in that order instead
	// of the order of DER, as some old programs did.
	Attrs    func([][]byte) [][]byte
	Unsorted bool
	// Of a PDF: WideGap leaves that many octets before /Contents out of the signed range; Begin is what the byte range says
	// its first number is; Extra stands in the dictionary before /Contents.
	WideGap, Begin int
	Extra          string
	Earlier        int // how many signatures the PDF has already
	// Counter adds a counter-signature of that signer.
	Counter *Signer
	// Algorithm is another than SHA-256 with what fits the key.
	Algorithm *CMSAlgorithm
	tst       bool
}

var (
	oidData          = oid(1, 2, 840, 113549, 1, 7, 1)
	oidSigned        = oid(1, 2, 840, 113549, 1, 7, 2)
	oidTST           = oid(1, 2, 840, 113549, 1, 9, 16, 1, 4)
	oidSHA256        = oid(2, 16, 840, 1, 101, 3, 4, 2, 1)
	oidRSA           = oid(1, 2, 840, 113549, 1, 1, 11)
	oidECDSA         = oid(1, 2, 840, 10045, 4, 3, 2)
	oidContentType   = oid(1, 2, 840, 113549, 1, 9, 3)
	oidDigest        = oid(1, 2, 840, 113549, 1, 9, 4)
	oidTime          = oid(1, 2, 840, 113549, 1, 9, 5)
	oidSigningCertV2 = oid(1, 2, 840, 113549, 1, 9, 16, 2, 47)
	oidCounter       = oid(1, 2, 840, 113549, 1, 9, 6)
	oidStamp         = oid(1, 2, 840, 113549, 1, 9, 16, 2, 14)
)

func seq(parts ...[]byte) []byte        { return der.Append(nil, der.Sequence, parts...) }
func set(parts ...[]byte) []byte        { return der.Append(nil, der.Set, parts...) }
func octetString(b []byte) []byte       { return der.Append(nil, der.OctetString, b) }
func attribute(id, value []byte) []byte { return seq(id, set(value)) }

// Sign returns a SignedData over content.
func (c CMS) Sign(content []byte, s *Signer) ([]byte, error) {
	contentType := oidData
	if c.tst {
		contentType = oidTST
	}
	alg := c.algorithm(s)
	certSum := sha256.Sum256(s.Certificate.Raw)
	attrs := [][]byte{
		attribute(oidContentType, contentType),
		attribute(oidDigest, octetString(keys.Sum(alg.Hash, content))),
		attribute(oidSigningCertV2, seq(seq(seq(octetString(certSum[:]))))),
	}
	if !c.Time.IsZero() && !c.tst {
		attrs = append(attrs, attribute(oidTime, der.Append(nil, der.UTCTime, []byte(c.Time.UTC().Format("060102150405Z")))))
	}
	if c.Attrs != nil {
		attrs = c.Attrs(attrs)
	}
	if !c.Unsorted {
		sort.Slice(attrs, func(i, j int) bool { return bytes.Compare(attrs[i], attrs[j]) < 0 })
	}
	value, err := c.value(s, set(attrs...))
	if err != nil {
		return nil, err
	}
	serial := der.Append(nil, der.Integer, intBytes(s.Certificate.SerialNumber.Bytes()))
	info := [][]byte{{der.Integer, 1, 1}, seq(s.Certificate.RawIssuer, serial), alg.Digest, der.Append(nil, der.Explicit(0), attrs...), alg.Signature, octetString(value)}
	var unsigned [][]byte
	if c.Counter != nil {
		counter, err := c.Counter.counter(value)
		if err != nil {
			return nil, err
		}
		unsigned = append(unsigned, attribute(oidCounter, counter))
	}
	if c.Stamp != nil {
		over := value
		if c.StampOver != nil {
			over = c.StampOver
		}
		token, err := c.Stamp.Token(over, c.Time)
		if err != nil {
			return nil, err
		}
		unsigned = append(unsigned, attribute(oidStamp, token))
	}
	if unsigned != nil {
		info = append(info, der.Append(nil, der.Explicit(1), unsigned...))
	}
	encap := [][]byte{contentType}
	if !c.Detached {
		encap = append(encap, der.Append(nil, der.Explicit(0), octetString(content)))
	}
	certs := [][]byte{s.Certificate.Raw}
	if c.Counter != nil {
		certs = append(certs, c.Counter.Certificate.Raw)
	}
	signed := seq([]byte{der.Integer, 1, 1}, set(alg.Digest), seq(encap...), der.Append(nil, der.Explicit(0), certs...), set(seq(info...)))
	return seq(oidSigned, der.Append(nil, der.Explicit(0), signed)), nil
}

// counter is the SignerInfo of a counter-signature over a signature value (RFC 5652 section 11.4).
func (s *Signer) counter(value []byte) ([]byte, error) {
	sum := sha256.Sum256(value)
	attrs := attribute(oidDigest, octetString(sum[:]))
	sig, err := s.sign(set(attrs), false)
	if err != nil {
		return nil, err
	}
	alg := seq(oidECDSA)
	if _, ok := s.Key.(*rsa.PrivateKey); ok {
		alg = seq(oidRSA, []byte{der.Null, 0})
	}
	serial := der.Append(nil, der.Integer, intBytes(s.Certificate.SerialNumber.Bytes()))
	return seq([]byte{der.Integer, 1, 1}, seq(s.Certificate.RawIssuer, serial), seq(oidSHA256), der.Append(nil, der.Explicit(0), attrs), alg, octetString(sig)), nil
}

func intBytes(b []byte) []byte {
	if len(b) == 0 || b[0]&0x80 != 0 {
		return append([]byte{0}, b...)
	}
	return b
}

// Token makes an RFC 3161 time-stamp token over octets.
func (s *Signer) Token(octets []byte, at time.Time) ([]byte, error) {
	sum := sha256.Sum256(octets)
	info := seq([]byte{der.Integer, 1, 1}, oid(1, 2, 3, 4), seq(seq(oidSHA256), octetString(sum[:])), []byte{der.Integer, 1, 7},
		der.Append(nil, der.GenTime, []byte(at.UTC().Format("20060102150405Z"))))
	return CMS{tst: true}.Sign(info, s)
}
