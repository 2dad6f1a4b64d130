package signature

import (
	"okienko/validate"
	"okienko/validate/signature/sig"
)

func report(f File, s *sig.Signature, uncovered []string, opt Options) validate.SignatureReport {
	r := validate.SignatureReport{Document: f.ID, Format: s.Form, Profile: s.Profile, ID: s.ID, Counter: s.Counter, Intact: s.Intact(), Problem: s.Problem, SigningTime: s.SigningTime}
	if r.Document == "" {
		r.Document = f.Name
	}
	for _, ref := range s.References {
		r.References = append(r.References, validate.SignatureRef{URI: ref.URI, Found: ref.Found, Intact: ref.Intact, Problem: ref.Problem})
	}
	for _, w := range s.Warnings {
		r.Warnings = append(r.Warnings, w.Code+" "+w.Detail)
	}
	return r
}
