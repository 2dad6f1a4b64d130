package sig

import (
	"bytes"
	"crypto/sha1" //nolint:gosec // RFC 6960 names a responder by the SHA-1 of its key
	"math/big"

	"okienko/validate/signature/der"
	"okienko/validate/signature/keys"
)

// Statement is a revocation list or an OCSP response as found, read no further than to tell of whom it speaks. Its signature
// is not verified here; package trust does that before it relies on one.
type Statement struct {
	Raw    []byte
	issuer []byte   // of a list: the raw name of its issuer
	ids    []certID // of a response: of whom it speaks
	certs  []*keys.Certificate
	by     der.Value // ResponderID
}

// certID is RFC 6960 section 4.1.1.
type certID struct {
	algorithm der.Value
	nameHash  []byte
	serial    *big.Int
}

func (st Statement) speaksOf(c *keys.Certificate) bool {
	if st.issuer != nil {
		return bytes.Equal(st.issuer, c.RawIssuer)
	}
	for _, id := range st.ids {
		if h := keys.HashByIdentifier(id.algorithm); h != 0 && h.Available() && id.serial.Cmp(c.Serial) == 0 &&
			bytes.Equal(keys.Sum(h, c.RawIssuer), id.nameHash) {
			return true
		}
	}
	return false
}

// responder is the certificate of who signed an OCSP response, nil for a list or if it is not at hand.
func (st Statement) responder(m *material) *keys.Certificate {
	if st.issuer != nil {
		return nil
	}
	inner, err := der.Parse(st.by.Content)
	if err != nil {
		return nil
	}
	if st.by.Tag == der.Explicit(1) {
		for _, c := range m.certs[string(inner.Full)] {
			return c
		}
		return nil
	}
	for _, c := range st.certs {
		if key, err := der.Parse(c.RawKey); err == nil {
			if f, err := key.Children(); err == nil && len(f) == 2 {
				if sum := sha1.Sum(f[1].Bits()); bytes.Equal(sum[:], inner.Content) { //nolint:gosec // see the import
					return c
				}
			}
		}
	}
	return nil
}

// readCRL reads the issuer of a CertificateList (RFC 5280 section 5.1.2.3).
func readCRL(raw []byte) (Statement, bool) {
	tbs, err := fields(raw, 0)
	if err != nil {
		return Statement{}, false
	}
	if len(tbs) > 0 && tbs[0].Tag == der.Integer {
		tbs = tbs[1:]
	}
	if len(tbs) < 2 {
		return Statement{}, false
	}
	return Statement{Raw: raw, issuer: tbs[1].Full}, true
}

// readOCSP reads an OCSPResponse or the BasicOCSPResponse inside one (RFC 6960 section 4.2.1).
func readOCSP(raw []byte) (Statement, bool) {
	basic, err := fields(raw)
	if err == nil && len(basic) == 2 && basic[0].Tag == 0x0A { // the status, ENUMERATED
		basic, err = basicResponse(basic[1])
	}
	if err != nil || len(basic) < 3 {
		return Statement{}, false
	}
	data, err := basic[0].Children()
	if err != nil {
		return Statement{}, false
	}
	if len(data) > 0 && data[0].Tag == der.Explicit(0) {
		data = data[1:]
	}
	if len(data) < 3 || data[2].Tag != der.Sequence {
		return Statement{}, false
	}
	st := Statement{Raw: raw, by: data[0], ids: certIDs(data[2])}
	if len(basic) > 3 {
		st.certs = certificatesIn(basic[3])
	}
	return st, true
}

func basicResponse(bytes der.Value) ([]der.Value, error) {
	inner, err := fields(bytes.Content)
	if err != nil || len(inner) != 2 {
		return nil, err
	}
	return fields(inner[1].Content)
}

func certIDs(responses der.Value) []certID {
	list, err := responses.Children()
	if err != nil {
		return nil
	}
	var ids []certID
	for _, r := range list {
		single, err := r.Children()
		if err != nil || len(single) == 0 {
			continue
		}
		if id, err := single[0].Children(); err == nil && len(id) == 4 && id[3].Int() != nil {
			ids = append(ids, certID{algorithm: id[0], nameHash: id[1].Content, serial: id[3].Int()})
		}
	}
	return ids
}

func certificatesIn(v der.Value) []*keys.Certificate {
	list, err := fields(v.Content)
	if err != nil {
		return nil
	}
	var certs []*keys.Certificate
	for _, e := range list {
		if c, err := keys.ParseCertificate(e.Full); err == nil {
			certs = append(certs, c)
		}
	}
	return certs
}

// fields returns the elements of the sequence raw, descending into those numbered by path.
func fields(raw []byte, path ...int) ([]der.Value, error) {
	v, err := der.Parse(raw)
	if err != nil {
		return nil, err
	}
	f, err := v.Children()
	for _, i := range path {
		if err != nil || i >= len(f) {
			return nil, err
		}
		f, err = f[i].Children()
	}
	return f, err
}
