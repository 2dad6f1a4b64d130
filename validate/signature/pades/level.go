package pades

import (
	"okienko/validate/signature/sig"
)

// level names how much the i-th signature carries, in the vocabulary of EU DSS: PAdES baseline (ETSI EN 319 142-1 section
// 6), the PAdES of EN 319 142-2, or plain PKCS #7.
func (e *examination) level(i int) {
	s, a := e.found[i], e.about[i]
	doc := s.Stamped("document")
	stamped, archived := s.Stamped("signature") || doc, e.archived(i)
	dss := e.f.catalog()["DSS"] != nil
	lt := dss && s.Complete(sig.EndEntities)
	switch {
	case a.subFilter == name("adbe.pkcs7.detached") || a.subFilter == name("adbe.pkcs7.sha1"):
		s.Profile = "PKCS7_" + baseline(stamped, lt, archived)
		if !a.attrs.Digested {
			s.Profile = "PDF_NOT_ETSI"
		}
	case !a.attrs.BES || a.subFilter != name("ETSI.CAdES.detached"):
		s.Profile = "PDF_NOT_ETSI"
	case !a.attrs.SigningTime && a.time && a.attrs.Certificate:
		s.Profile = "PAdES_BASELINE_" + baseline(stamped, lt, archived)
	case dss && doc:
		s.Profile = "PAdES_LTV"
	case a.attrs.Policy && !a.reason: // a reason must not stand beside a policy (EN 319 142-2 section 5.3)
		s.Profile = "PAdES_EPES"
	default:
		s.Profile = "PAdES_BES"
	}
}

func baseline(stamped, lt, archived bool) string {
	switch {
	case stamped && lt && archived:
		return "LTA"
	case stamped && lt:
		return "LT"
	case stamped:
		return "T"
	}
	return "B"
}
