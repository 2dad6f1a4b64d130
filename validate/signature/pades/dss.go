package pades

import (
	"okienko/validate/signature/keys"
	"okienko/validate/signature/sig"
)

const maxDSS = 2000 // certificates, revocation lists and responses read from one document security store

// addValidationData gives a signature what the document security store holds (ETSI EN 319 142-1 section 5.4): certificates
// and revocation data added after signing. They help to build paths; none of them is trusted for lying there.
func (f *file) addValidationData(s *sig.Signature) {
	dss, _ := f.deref(f.catalog()["DSS"]).(dict)
	for _, raw := range f.streams(dss["Certs"]) {
		if c, err := keys.ParseCertificate(raw); err == nil {
			s.Certificates = append(s.Certificates[:len(s.Certificates):len(s.Certificates)], c)
		}
	}
	s.CRLs = append(s.CRLs[:len(s.CRLs):len(s.CRLs)], f.streams(dss["CRLs"])...)
	s.OCSPs = append(s.OCSPs[:len(s.OCSPs):len(s.OCSPs)], f.streams(dss["OCSPs"])...)
}

// streams decodes an array of streams; what cannot be read is left out.
func (f *file) streams(o object) [][]byte {
	list, _ := f.deref(o).(array)
	var all [][]byte
	for _, e := range list {
		st, ok := f.deref(e).(*stream)
		if !ok || len(all) >= maxDSS {
			continue
		}
		if raw, err := f.decode(st); err == nil {
			all = append(all, raw)
		}
	}
	return all
}
