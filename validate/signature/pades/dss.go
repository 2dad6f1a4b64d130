package pades

import (
	"slices"

	"okienko/validate/signature/keys"
	"okienko/validate/signature/sig"
)

const maxDSS = 2000 // certificates, revocation lists and responses read from one document security store

// addValidationData gives a signature what the document security store holds (ETSI EN 319 142-1 section 5.4): certificates
// and revocation data added after signing. They help to build paths; none of them is trusted for lying there.
func (e *examination) addValidationData(s *sig.Signature) {
	dss, _ := e.f.deref(e.f.catalog()["DSS"]).(dict)
	for _, raw := range e.streams(dss["Certs"]) {
		if c, err := keys.ParseCertificate(raw); err == nil {
			s.Certificates = append(s.Certificates[:len(s.Certificates):len(s.Certificates)], c)
		}
	}
	s.CRLs = append(s.CRLs[:len(s.CRLs):len(s.CRLs)], e.streams(dss["CRLs"])...)
	s.OCSPs = append(s.OCSPs[:len(s.OCSPs):len(s.OCSPs)], e.streams(dss["OCSPs"])...)
}

// streams decodes an array of streams and notes where they lie; what cannot be read is left out.
func (e *examination) streams(o object) [][]byte {
	list, _ := e.f.deref(o).(array)
	var all [][]byte
	for _, o := range list {
		st, ok := e.f.deref(o).(*stream)
		r, _ := o.(ref)
		if !ok || len(all) >= maxDSS {
			continue
		}
		if raw, err := e.f.decode(st); err == nil {
			all = append(all, raw)
			e.stored[string(raw)] = e.f.entries[r.num].offset
		}
	}
	return all
}

// archived reports whether a document time-stamp seals the validation data of the i-th signature (EN 319 142-1 section 6.3,
// requirement y): it is over revocation data for each certificate of the signer's chain, and over another time-stamp or data
// about its own authority. One made before that data was stored proves only the time.
func (e *examination) archived(i int) bool {
	s := e.found[i]
	signer := s.Statements(s.Certificate)
	for _, t := range e.stamps {
		if e.ends[i] == 0 || t.end <= e.ends[i] || t.token.Time.IsZero() || !e.anyStoredBefore(t.end) {
			continue
		}
		own := s.Statements(t.token.Certificate)
		if e.covers(t, signer, len(signer)) && (e.overStamp(i, t) || len(own) == 0 || e.covers(t, own, 1)) {
			return true
		}
	}
	return false
}

// covers reports whether at least n of the lists have a statement that lies within t. What is not in the store travels in the
// signature itself.
func (e *examination) covers(t docStamp, lists [][]sig.Statement, n int) bool {
	for _, list := range lists {
		if slices.ContainsFunc(list, func(st sig.Statement) bool { return e.stored[string(st.Raw)] < t.end }) {
			n--
		}
	}
	return n <= 0
}

// overStamp reports whether t is over another time-stamp of the i-th signature.
func (e *examination) overStamp(i int, t docStamp) bool {
	return e.found[i].Stamped("signature") || slices.ContainsFunc(e.stamps, func(o docStamp) bool {
		return o.end > e.ends[i] && o.end < t.end && !o.token.Time.IsZero()
	})
}

func (e *examination) anyStoredBefore(end int) bool {
	for _, at := range e.stored {
		if at < end {
			return true
		}
	}
	return false
}
