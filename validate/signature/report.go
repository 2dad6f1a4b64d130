package signature

import (
	"fmt"
	"strings"

	"okienko/validate"
	"okienko/validate/signature/keys"
	"okienko/validate/signature/sig"
	"okienko/validate/signature/trust"
)

// report judges one signature and says everything about it.
func report(f File, s *sig.Signature, uncovered []string, opt Options) validate.SignatureReport {
	v := opt.Trust.Judge(s, opt.Received)
	r := validate.SignatureReport{
		Document: f.ID, Format: s.Form, Profile: s.Profile, Level: level(s.Profile), ID: s.ID, Counter: s.Counter,
		Intact: s.Intact(), Problem: s.Problem, Kind: v.Kind, Indication: v.Indication, SubIndication: v.SubIndication,
		SigningTime: s.SigningTime, Signer: signer(s, v.Kind), Uncovered: uncovered,
		References: references(s.References), Manifest: references(s.Manifest), Certificate: certificate(s.Certificate),
		Checked: validate.Checked{At: opt.Now.UTC(), For: v.For.UTC(), Trust: used(opt.Trust, v)},
	}
	if r.Document == "" {
		r.Document = f.Name
	}
	for _, c := range s.Covers {
		r.Covers = append(r.Covers, coverName(c))
	}
	for i, t := range s.Timestamps {
		r.Timestamps = append(r.Timestamps, timestamp(t, v.Stamps[i]))
	}
	r.Warnings = warnings(s, v, uncovered)
	if r.Covers == nil {
		r.Covers = []string{} // published as [], never null
	}
	r.Sentence = sentence(r, s, v)
	return r
}

func coverName(c sig.Covered) string {
	if c.Part == "" {
		return c.Name
	}
	return c.Name + c.Part
}

// level is the last part of a baseline profile: what the signature reaches of B, T, LT, LTA.
func level(profile string) string {
	_, l, _ := strings.Cut(profile, "_BASELINE_")
	return l
}

func references(list []sig.Reference) []validate.SignatureRef {
	all := []validate.SignatureRef{}
	for _, r := range list {
		all = append(all, validate.SignatureRef{URI: r.URI, Found: r.Found, Intact: r.Found && r.Intact, Problem: r.Problem})
	}
	return all
}

func timestamp(t sig.Timestamp, trusted bool) validate.TimeStamp {
	out := validate.TimeStamp{Kind: t.Kind, Time: t.Time, Good: t.Good(), Trusted: trusted, Problem: t.Problem}
	if t.Certificate != nil {
		out.By = t.Certificate.Subject.Get(keys.CommonName)
	}
	return out
}

func certificate(c *keys.Certificate) *validate.Certificate {
	if c == nil {
		return nil
	}
	return &validate.Certificate{Subject: c.Subject.String(), Issuer: c.Issuer.String(), Serial: fmt.Sprintf("%x", c.Serial),
		NotBefore: c.NotBefore, NotAfter: c.NotAfter, SHA256: fmt.Sprintf("%x", c.Fingerprint()), CRLs: trust.RevocationAddresses(c)}
}

// used names the trust data a verdict rests on; where nothing vouched for the signer, everything that was looked through in vain.
func used(s *trust.Store, v trust.Verdict) []string {
	switch {
	case s == nil:
		return []string{}
	case v.Path == nil:
		return append(s.Describe(), v.Used...)
	}
	return v.Used
}

// signer is who signed: the person the minister's seal speaks for, else whom the certificate names. A role is a claim
// anybody can write; only under the minister's seal it counts.
func signer(s *sig.Signature, kind validate.SignatureKind) validate.Signer {
	if kind == validate.Trusted && s.Role != nil {
		return validate.Signer{Name: strings.TrimSpace(s.Role.GivenName + " " + s.Role.FamilyName), ID: s.Role.PESEL}
	}
	c := s.Certificate
	if c == nil {
		return validate.Signer{}
	}
	name := strings.TrimSpace(c.Subject.Get(keys.GivenName) + " " + c.Subject.Get(keys.Surname))
	if name == "" {
		name = c.Subject.Get(keys.CommonName)
	}
	id := c.Subject.Get(keys.SerialNumber)
	if id == "" {
		id = c.Subject.Get(keys.OrganizationID)
	}
	return validate.Signer{Name: name, ID: id}
}
