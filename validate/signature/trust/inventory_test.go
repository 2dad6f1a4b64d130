package trust_test

import (
	"strings"
	"testing"
	"time"

	"okienko/validate/signature/signaturetest"
	"okienko/validate/signature/trust"
)

func TestImportedFilesFindTheirPlace(t *testing.T) {
	t.Parallel()
	ca, err := signaturetest.NewAuthority("TEST Urząd Certyfikacji")
	if err != nil {
		t.Fatal(err)
	}
	crl, err := ca.CRL(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	type file struct {
		raw     []byte
		purpose trust.Purpose
		want    string // beginning of the name, "" for an error
	}
	cases := map[string]file{
		"an anchor":             {ca.PEM(), trust.AnyPurpose, "test-urzad-certyfikacji-"},
		"an anchor in DER":      {ca.Certificate.Raw, trust.Personal, "personal/test-urzad-certyfikacji-"},
		"a revocation list":     {crl, trust.AnyPurpose, "crls/"},
		"an unknown purpose":    {ca.PEM(), "zaufane", ""},
		"a letter":              {[]byte("Dzień dobry"), trust.AnyPurpose, ""},
		"XML that is no list":   {[]byte("<a/>"), trust.AnyPurpose, ""},
		"a key, never imported": {[]byte("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"), trust.AnyPurpose, ""},
	}
	if all := lists(t); all != nil {
		cases["a trusted list"] = file{all["PL-139-2023.xml"], trust.AnyPurpose, "lists/PL-139.xml"}
		cases["a trusted list changed after signing"] = file{[]byte(strings.Replace(string(all["PL-139-2023.xml"]), "<TSLSequenceNumber>139", "<TSLSequenceNumber>140", 1)), trust.AnyPurpose, ""}
	}
	for name, c := range cases {
		got, err := trust.Place(c.raw, c.purpose)
		if (err != nil) != (c.want == "") || !strings.HasPrefix(got, c.want) {
			t.Errorf("%s: %q, %v; want %q", name, got, err, c.want)
		}
		if err != nil {
			continue
		}
		if _, err := trust.New(map[string][]byte{got: c.raw}); err != nil {
			t.Errorf("%s: stored as %q it cannot be loaded: %v", name, got, err)
		}
	}
}

func TestTheInventoryNamesWhatIsUsed(t *testing.T) {
	t.Parallel()
	all := lists(t)
	if all == nil {
		return
	}
	l := parse(t, all["PL-139-2023.xml"])
	s := store(t, map[string][]byte{"lists/PL-139.xml": all["PL-139-2023.xml"], "signers/pl.pem": asPEM(l.SignedBy), "lists/EU.xml": all["EU.xml"]})
	var b strings.Builder
	if err := s.WriteText(&b, l.Issued.AddDate(0, 0, 12)); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"list    PL", "no. 139", "18 authorities for signatures, 14 for time-stamps", "warning: trusted list EU", "not used"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("inventory does not say %q:\n%s", want, b.String())
		}
	}
}
