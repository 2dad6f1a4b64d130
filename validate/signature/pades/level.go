package pades

import (
	"strings"

	"okienko/validate/signature/sig"
)

// level names how much the i-th signature carries, in the vocabulary of EU DSS: PAdES baseline (ETSI EN 319 142-1 section
// 6), the PAdES of EN 319 142-2, or plain PKCS #7.
func (e *examination) level(i int) {
	s, a := e.found[i], e.about[i]
	tst, doc := stamped(s, "signature"), stamped(s, "document")
	dss := e.f.catalog()["DSS"] != nil
	lt := s.HasRevocation()
	switch {
	case a.subFilter == name("adbe.pkcs7.detached") || a.subFilter == name("adbe.pkcs7.sha1"):
		s.Profile = pkcs7Level(tst || doc, lt, doc)
		if !a.attrs.Digested {
			s.Profile = "PDF_NOT_ETSI"
		}
	case !a.attrs.BES || a.subFilter != name("ETSI.CAdES.detached"):
		s.Profile = "PDF_NOT_ETSI"
	case !a.attrs.SigningTime && a.time && a.attrs.Certificate:
		s.Profile = "PAdES_BASELINE_" + baseline(tst || doc, lt, doc)
	case dss && doc:
		s.Profile = "PAdES_LTV"
	case a.attrs.Policy && !a.reason: // a reason must not stand beside a policy (EN 319 142-2 section 5.3)
		s.Profile = "PAdES_EPES"
	default:
		s.Profile = "PAdES_BES"
	}
}

func pkcs7Level(stamped, lt, doc bool) string {
	return "PKCS7_" + strings.Replace(baseline(stamped, lt, doc), "BASELINE_", "", 1)
}

func baseline(stamped, lt, doc bool) string {
	switch {
	case stamped && lt && doc:
		return "LTA"
	case stamped && lt:
		return "LT"
	case stamped:
		return "T"
	}
	return "B"
}

func stamped(s *sig.Signature, kind string) bool {
	for _, t := range s.Timestamps {
		if t.Kind == kind && t.Imprint != sig.No && !t.Time.IsZero() {
			return true
		}
	}
	return false
}
