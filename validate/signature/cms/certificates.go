package cms

import (
	"bytes"
	"crypto"

	"okienko/validate/signature/der"
	"okienko/validate/signature/keys"
	"okienko/validate/signature/sig"
)

// Which certificate signed: the one the signer points at, else one whose key fits.

// pointedAt is the certificate the signer info names.
func (m *Message) pointedAt(s *signer, more []*keys.Certificate) *keys.Certificate {
	for _, list := range [][]*keys.Certificate{m.Certificates, more} {
		for _, c := range list {
			if s.serial != nil && c.Serial.Cmp(s.serial) == 0 && bytes.Equal(c.RawIssuer, s.issuer) {
				return c
			}
			if s.keyID != nil && bytes.Equal(c.SubjectKeyID(), s.keyID) {
				return c
			}
		}
	}
	return nil
}

// tryKeys verifies with the certificate the signer info names, then with every other one.
func (m *Message) tryKeys(s *signer, alg keys.Algorithm, h crypto.Hash, signed []byte, c content, out *sig.Signature, more []*keys.Certificate) error {
	err := errNoKey
	var candidates []*keys.Certificate
	if out.Certificate != nil {
		candidates = append(candidates, out.Certificate)
	}
	candidates = append(append(append(candidates, m.Certificates...), m.otherCertificates(s)...), more...)
	var digest []byte
	switch {
	case alg.Scheme == keys.EdDSA:
	case !s.hasSigned:
		if digest = c.octets.Sum(h); digest == nil {
			return errNoContent
		}
	default:
		digest = keys.Sum(alg.Hash, signed)
	}
	for i, cert := range candidates {
		if i >= maxKeys {
			break
		}
		if cert.Key == nil {
			if i == 0 {
				err = cert.KeyError
			}
			continue
		}
		var e error
		if alg.Scheme == keys.EdDSA {
			e = cert.Key.Verify(alg, signed, s.signature)
		} else {
			e = cert.Key.VerifyDigest(alg, digest, s.signature)
		}
		if e == nil {
			out.Certificate, out.ValueIntact = cert, true
			return nil
		}
		if i == 0 {
			err = e
		}
	}
	return err
}

// otherCertificates are those in the certificate values of the unsigned attributes.
func (m *Message) otherCertificates(s *signer) []*keys.Certificate {
	var found []*keys.Certificate
	for _, v := range all(s.unsigned, attrCertValues) {
		list, err := v.Children()
		if err != nil {
			continue
		}
		for _, c := range list {
			if cert, err := keys.ParseCertificate(c.Full); err == nil && len(found) < maxCerts {
				found = append(found, cert)
			}
		}
	}
	return found
}

// boundTo compares the certificate with the ESS signing-certificate attribute (RFC 5035).
func (s *signer) boundTo(c *keys.Certificate) sig.Truth {
	if c == nil {
		return sig.Undecided
	}
	for _, attr := range []struct {
		oid      string
		fallback crypto.Hash
	}{{attrSigningCertV2, crypto.SHA256}, {attrSigningCert, crypto.SHA1}} {
		v, n := only(s.signed, attr.oid)
		if n == 0 {
			continue
		}
		h, want := essFirst(v, attr.fallback)
		if h != 0 && h.Available() && bytes.Equal(keys.Sum(h, c.Raw), want) {
			return sig.Yes
		}
		return sig.No
	}
	return sig.Undecided
}

// essFirst reads the digest of the first ESSCertID or ESSCertIDv2.
func essFirst(v der.Value, h crypto.Hash) (crypto.Hash, []byte) {
	f, err := v.Children()
	if err != nil || len(f) == 0 {
		return 0, nil
	}
	ids, err := f[0].Children()
	if err != nil || len(ids) == 0 {
		return 0, nil
	}
	id, err := ids[0].Children()
	if err != nil || len(id) == 0 {
		return 0, nil
	}
	if id[0].Tag == der.Sequence && len(id) > 1 {
		h, id = keys.HashByIdentifier(id[0]), id[1:]
	}
	return h, id[0].Content
}
