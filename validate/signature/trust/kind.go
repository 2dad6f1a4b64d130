package trust

import (
	"strings"

	"okienko/validate"
	"okienko/validate/signature/keys"
	"okienko/validate/signature/sig"
)

// The statements and policies of ETSI EN 319 412-5 and EN 319 411-2.
const (
	qcCompliance = "0.4.0.1862.1.1"
	qcSSCD       = "0.4.0.1862.1.4"
	qcESeal      = "0.4.0.1862.1.6.2"
	qcpNaturalQS = "0.4.0.194112.1.2" // qcp-n-qscd
	qcpLegalQS   = "0.4.0.194112.1.3"
)

// KindOf says what a signature claims to be, by its certificate and role. Whether that holds is another question.
func KindOf(s *sig.Signature) validate.SignatureKind {
	c := s.Certificate
	if c == nil {
		return validate.Unknown
	}
	st := c.QCStatements()
	switch {
	case MinisterSeal(c):
		return validate.Trusted
	case isPersonal(c):
		return validate.Personal
	case has(st, qcCompliance) && (has(st, qcSSCD) || has(c.Policies(), qcpNaturalQS)) && !IsSeal(c):
		return validate.Qualified // a person's; the seal of an organisation is no signature (eIDAS art. 3 points 12 and 27)
	}
	return validate.Advanced
}

// IsQualifiedSeal reports whether the certificate is for the qualified seal of an organisation (eIDAS art. 3 point 27).
func IsQualifiedSeal(c *keys.Certificate) bool {
	return IsSeal(c) && has(c.QCStatements(), qcCompliance) && (has(c.QCStatements(), qcSSCD) || has(c.Policies(), qcpLegalQS))
}

// IsSeal reports whether the certificate is for the seal of an organisation, not for the signature of a person.
func IsSeal(c *keys.Certificate) bool {
	return has(c.QCStatements(), qcESeal) || c.Subject.Get(keys.OrganizationID) != "" && c.Subject.Get(keys.Surname) == "" && c.Subject.Get(keys.Pseudonym) == ""
}

func has(list []string, want string) bool {
	for _, v := range list {
		if v == want {
			return true
		}
	}
	return false
}

// MinisterSeal recognises the seal of podpis zaufany by its subject, written with and without Polish letters over the
// years. It is not pinned to one certificate: it is renewed every three years.
func MinisterSeal(c *keys.Certificate) bool {
	cn := Fold(c.Subject.Get(keys.CommonName))
	return strings.Contains(cn, "minister") && strings.Contains(cn, "pieczec podpisu zaufanego")
}

// isPersonal recognises podpis osobisty by who issued the certificate: the state's own CA for identity cards.
func isPersonal(c *keys.Certificate) bool {
	issuer := Fold(c.Issuer.String())
	if has(c.QCStatements(), qcCompliance) {
		return false
	}
	for _, mark := range []string{"podpis osobisty", "podpisu osobistego", "e-dowod", "edowod", "pl.id", "dowod osobisty", "dowodow osobistych"} {
		if strings.Contains(issuer, mark) {
			return true
		}
	}
	return false
}

var polish = strings.NewReplacer("ą", "a", "ć", "c", "ę", "e", "ł", "l", "ń", "n", "ó", "o", "ś", "s", "ź", "z", "ż", "z")

// Fold lower-cases s and removes Polish diacritics.
func Fold(s string) string { return polish.Replace(strings.ToLower(s)) }
