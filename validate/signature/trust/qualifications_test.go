package trust

import (
	"testing"

	"okienko/validate"
	"okienko/validate/signature/keys"
	"okienko/validate/signature/sig"
	"okienko/validate/signature/signaturetest"
	"okienko/validate/signature/xmldoc"
)

// TestAListCorrectsWhatACertificateClaims: the list knows which certificates lie on a qualified device, and which are not
// qualified after all.
func TestAListCorrectsWhatACertificateClaims(t *testing.T) {
	t.Parallel()
	ca, err := signaturetest.NewAuthority("TEST")
	if err != nil {
		t.Fatal(err)
	}
	cert := func(s *signaturetest.Signer, err error) *keys.Certificate {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		c, err := keys.ParseCertificate(s.Certificate.Raw)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	person, citizen := cert(ca.Person("Anna", "Przykładowa", "0")), cert(ca.Citizen("Jan", "Dawny", "0"))
	const usage = `<KeyUsage><KeyUsageBit name="nonRepudiation">true</KeyUsageBit></KeyUsage>`
	const policy = `<PolicySet><PolicyIdentifier><Identifier>urn:oid:1.2.3</Identifier></PolicyIdentifier></PolicySet>`
	for _, tt := range []struct {
		name       string
		cert       *keys.Certificate
		kind       validate.SignatureKind
		qualifiers []string
		criteria   string
		want       validate.SignatureKind
	}{
		{"nothing said", person, validate.Qualified, nil, `<CriteriaList assert="all">` + usage + `</CriteriaList>`, validate.Qualified},
		{"not qualified after all", person, validate.Qualified, []string{"NotQualified"}, `<CriteriaList assert="all">` + usage + `</CriteriaList>`, validate.Advanced},
		{"said of other certificates", person, validate.Qualified, []string{"NotQualified"}, `<CriteriaList assert="all">` + usage + policy + `</CriteriaList>`, validate.Qualified},
		{"one of two criteria is enough", person, validate.Qualified, []string{"QCNoQSCD"}, `<CriteriaList assert="atLeastOne">` + usage + policy + `</CriteriaList>`, validate.Advanced},
		{"none of the criteria may hold", person, validate.Qualified, []string{"QCNoQSCD"}, `<CriteriaList assert="none">` + usage + `</CriteriaList>`, validate.Qualified},
		{"an older certificate whose device only the list knows", citizen, validate.Advanced, []string{"QCStatement", "QCWithQSCD"}, `<CriteriaList assert="all">` + usage + `</CriteriaList>`, validate.Qualified},
		{"a device alone makes nothing qualified", citizen, validate.Advanced, []string{"QCWithQSCD"}, `<CriteriaList assert="all">` + usage + `</CriteriaList>`, validate.Advanced},
		{"podpis zaufany stays what it is", person, validate.Trusted, []string{"NotQualified"}, `<CriteriaList assert="all">` + usage + `</CriteriaList>`, validate.Trusted},
		{"a criterion not known here", person, validate.Qualified, []string{"NotQualified"}, `<CriteriaList assert="all"><Other/></CriteriaList>`, validate.Qualified},
	} {
		doc, err := xmldoc.Parse([]byte(tt.criteria), xmldoc.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		service := &Service{Qualifications: []Qualification{{Qualifiers: tt.qualifiers, criteria: doc.Element()}}}
		if got := refine(tt.kind, &sig.Signature{Certificate: tt.cert}, service); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
	}
}
