package soap_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"okienko/ingest/epuap/soap"
	"okienko/validate/signature/xmldoc"
)

// bodies are contents whose canonical form differs from how they are written.
var bodies = map[string]string{
	"a plain request":                       `<ob:Z xmlns:ob="http://wsdl.epuap.gov.pl/obiekty/"><podmiot>urzadtest</podmiot></ob:Z>`,
	"attributes out of order and an empty":  `<ob:Z xmlns:ob="urn:o" b="2" a="1" xmlns:unused="urn:u"><x/></ob:Z>`,
	"a default namespace and undeclared":    `<Z xmlns="urn:o"><x xmlns="">ż &amp; ó &lt; ł</x></Z>`,
	"the prefix of the envelope used again": `<soapenv:Z xmlns:soapenv="urn:other"><soapenv:x/></soapenv:Z>`,
	"the prefix wsu used inside":            `<Z xmlns:wsu="urn:other" wsu:a="1"><wsu:x/></Z>`,
	"line ends, tabs and a CDATA section":   "<Z a='x&#10;y'>\r\n\t<![CDATA[<ż>]]></Z>",
}

// TestAnotherProgramAcceptsTheSignature: signing and verifying by one hand could share one mistake, so xmlsec1 judges too.
func TestAnotherProgramAcceptsTheSignature(t *testing.T) {
	t.Parallel()
	cert := pemFile(t, office())
	for name, body := range bodies {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			raw := envelope(t, office(), body)
			if out, err := xmlsec1(t, cert, raw); err != nil {
				t.Errorf("xmlsec1: %v\n%s", err, out)
			}
			broken := regexp.MustCompile(`(<soapenv:Body[^>]*>)`).ReplaceAll(raw, []byte("$1<evil/>"))
			if out, err := xmlsec1(t, cert, broken); err == nil {
				t.Errorf("xmlsec1 accepts a changed body:\n%s", out)
			}
		})
	}
}

func xmlsec1(t *testing.T, cert string, raw []byte) (string, error) {
	t.Helper()
	program, err := exec.LookPath("xmlsec1")
	if err != nil {
		t.Fatal("xmlsec1 is needed: Debian package xmlsec1")
	}
	file := filepath.Join(t.TempDir(), "message.xml")
	if err := os.WriteFile(file, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(program, "--verify", "--pubkey-cert-pem", cert, "--id-attr:Id", soap.NS+":Body", file).CombinedOutput()
	return string(out), err
}

func envelope(t *testing.T, s soap.Signer, body string) []byte {
	t.Helper()
	raw, err := s.Envelope(soap.Message{Headers: []string{`<h xmlns="urn:h">1</h>`}, Body: body})
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func check(t *testing.T, raw []byte, by soap.Signer) (*soap.Signature, error) {
	t.Helper()
	doc, err := xmldoc.Parse(raw, xmldoc.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	s, err := soap.FindSignature(doc)
	if err != nil {
		return nil, err
	}
	return s, s.Check(by.Certificate)
}

func TestASignedMessageHasTheLayoutThePlatformWants(t *testing.T) {
	t.Parallel()
	for name, body := range bodies {
		s, err := check(t, envelope(t, office(), body), office())
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if !s.TokenFirst || s.Token == nil || !s.Token.Equal(office().Certificate) {
			t.Errorf("%s: the token is not first, or not ours", name)
		}
		if len(s.Covers) != 1 || s.Covers[0] != "Body" {
			t.Errorf("%s: covers %v, want the body only", name, s.Covers)
		}
	}
}

// Each change an attacker could make must be noticed; what is not signed may change.
func TestWhatIsChangedAfterSigning(t *testing.T) {
	t.Parallel()
	const body = `<Z xmlns="urn:o"><kod>1</kod></Z>`
	first := func(old, new string) func(string) string {
		return func(s string) string { return strings.Replace(s, old, new, 1) }
	}
	signed := regexp.MustCompile(`<soapenv:Body.*</soapenv:Body>`)
	for _, tt := range []struct {
		name   string
		change func(string) string
		want   string // "": accepted
	}{
		{"nothing", func(s string) string { return s }, ""},
		{"an unsigned header", first("<h xmlns=\"urn:h\">1</h>", "<h xmlns=\"urn:h\">2</h>"), ""},
		{"the body", first("<kod>1", "<kod>0"), "changed after signing"},
		{"the digest and the body", first("<ds:DigestValue>", "<ds:DigestValue>AA"), "changed after signing"},
		{"a comment in the body", first("<kod>1", "<kod><!-- x -->1"), ""}, // exclusive canonicalisation drops comments
		{"the signed information", first(`URI="#B-`, `Type="urn:x" URI="#B-`), "does not belong"},
		{"the signature is taken away", func(s string) string {
			return regexp.MustCompile(`<ds:Signature .*</ds:Signature>`).ReplaceAllString(s, "")
		}, "0 signatures"},
		{"two security headers", func(s string) string {
			sec := regexp.MustCompile(`<wsse:Security.*</wsse:Security>`).FindString(s)
			return strings.Replace(s, "<h ", strings.NewReplacer(`Id="`, `Id="x`).Replace(sec)+"<h ", 1)
		}, "2 security headers"},
		{"the signed body moves into a header and another one takes its place", func(s string) string {
			real := signed.FindString(s)
			forged := strings.Replace(regexp.MustCompile(` wsu:Id="B-\w+"`).ReplaceAllString(real, ""), "<kod>1", "<kod>0", 1)
			return strings.Replace(strings.Replace(s, real, forged, 1), "<h ", "<w xmlns='urn:w'>"+real+"</w><h ", 1)
		}, "the body is not signed"},
		{"the signed body is copied and both have its name", func(s string) string {
			real := signed.FindString(s)
			return strings.Replace(s, "<h ", "<w xmlns='urn:w'>"+real+"</w><h ", 1)
		}, "no part, or several"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			original := string(envelope(t, office(), body))
			changed := tt.change(original)
			if changed == original && tt.name != "nothing" {
				t.Fatal("the change changed nothing")
			}
			_, err := check(t, []byte(changed), office())
			if (err == nil) != (tt.want == "") || err != nil && !strings.Contains(err.Error(), tt.want) {
				t.Errorf("Check = %v, want %q", err, tt.want)
			}
		})
	}
	if _, err := check(t, envelope(t, office(), body), platform()); err == nil {
		t.Error("a message signed by somebody else is accepted")
	}
}

func FuzzFindSignature(f *testing.F) {
	raw, err := office().Envelope(soap.Message{Body: `<Z xmlns="urn:o"><kod>1</kod></Z>`})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(raw)
	f.Fuzz(func(t *testing.T, b []byte) {
		doc, err := xmldoc.Parse(b, xmldoc.Limits{Bytes: 1 << 20, Depth: 64, Nodes: 10000, Attrs: 100, Scope: 100})
		if err != nil {
			return
		}
		s, err := soap.FindSignature(doc)
		if err != nil || s.Check(office().Certificate) != nil {
			return
		}
		if got := soap.Body(doc).Text(); got != "1" {
			t.Errorf("a body with the text %q passes, only %q was signed", got, "1")
		}
	})
}
