package soap_test

import (
	"bytes"
	"crypto/x509"
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"

	"okienko/ingest/epuap/soap"
)

// answered is a message on its way: as XML, or as MTOM with the content in a part of its own.
type answered struct {
	xml, content []byte
	mtom         bool
}

func (a answered) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	if !a.mtom {
		w.Header().Set("Content-Type", "text/xml")
		_, _ = w.Write(a.xml)
		return
	}
	w.Header().Set("Content-Type", `multipart/related; type="application/xop+xml"; boundary="b"`)
	fmt.Fprintf(w, "--b\r\nContent-ID: <root>\r\n\r\n%s\r\n--b\r\nContent-ID: <c@e>\r\n\r\n", a.xml)
	_, _ = w.Write(a.content)
	fmt.Fprint(w, "\r\n--b--\r\n")
}

// fetch asks for the message and returns its content.
func fetch(t *testing.T, a answered, platform ...*x509.Certificate) (string, *soap.Large, error) {
	t.Helper()
	server := httptest.NewServer(a)
	defer server.Close()
	var content strings.Builder
	large := &soap.Large{Element: "file", W: &content, MaxBytes: 1 << 20}
	client := &soap.Client{HTTP: soap.NewHTTP(nil, time.Second, true), Signer: office(), Platform: platform, MaxBytes: 1 << 20}
	_, err := client.Call(t.Context(), server.URL, soap.Message{Body: `<q/>`}, large)
	return content.String(), large, err
}

const include = `<xop:Include xmlns:xop="http://www.w3.org/2004/08/xop/include" href="cid:c%40e"/>`

// TestTheSignatureOverBigContent: it is over what is in memory and what is not, in both forms an answer comes in; content that
// is not signed is handed over and told.
func TestTheSignatureOverBigContent(t *testing.T) {
	t.Parallel()
	content := strings.Repeat("zażółć\x00\xff", 5000)
	encoded := base64.StdEncoding.EncodeToString([]byte(content))
	body := func(file string) string {
		return `<fc:DataDocument xmlns:fc="urn:fc"><file a="&gt;">` + file + `</file><filename>plik</filename></fc:DataDocument>`
	}
	signed := string(envelope(t, platform(), body(encoded)))
	folded := string(envelope(t, platform(), body("\r\n "+encoded[:400]+"\r"+encoded[400:]+"\n")))
	replace := func(old, new string) func(string) string {
		return func(s string) string { return strings.Replace(s, old, new, 1) }
	}
	bodyOf := regexp.MustCompile(`<soapenv:Body.*</soapenv:Body>`)
	for _, tt := range []struct {
		name   string
		xml    string
		change func(string) string
		want   string // of Unsigned; "": signed
	}{
		{"signed", signed, nil, ""},
		{"signed, in lines", folded, nil, ""},
		{"signed, a comment before it", signed, replace("<fc:DataDocument", "<!-- it's <b> --><fc:DataDocument"), ""},                         // a comment is not signed
		{"signed, a comment that looks like markup before it", signed, replace("<fc:DataDocument", "<!-- > <b> --><fc:DataDocument"), "line"}, // see follow
		{"the content changed", signed, replace(encoded[:4], "AAAA"), "changed after signing"},
		{"the content, a blank in it", signed, replace(encoded[:4], encoded[:4]+" "), "changed after signing"},
		{"what is before it changed", signed, replace(`a="&gt;"`, `a="&lt;"`), "changed after signing"},
		{"what is behind it changed", signed, replace("plik<", "plik2<"), "changed after signing"},
		{"the signature changed", signed, replace("<ds:SignatureValue>", "<ds:SignatureValue>AAAA"), "does not belong"},
		{"not signed", signed, func(s string) string {
			return regexp.MustCompile(`<wsse:Security.*</wsse:Security>`).ReplaceAllString(s, "")
		}, "0 security headers"},
		{"signed by somebody else", string(envelope(t, office(), body(encoded))), nil, "does not belong"},
		{"the signed body moved away, and another one in its place", signed, func(s string) string {
			real := bodyOf.FindString(s)
			forged := strings.Replace(regexp.MustCompile(` wsu:Id="B-\w+"`).ReplaceAllString(real, ""), encoded[:4], "AAAA", 1)
			return strings.Replace(strings.Replace(s, real, forged, 1), "<h ", "<w xmlns='urn:w'>"+strings.Replace(real, "file", "fil", 2)+"</w><h ", 1)
		}, "not signed"},
	} {
		for _, mtom := range []bool{false, true} {
			if mtom && (tt.xml == folded || strings.Contains(tt.name, "blank")) {
				continue // bytes have no lines
			}
			t.Run(fmt.Sprintf("%s, MTOM %v", tt.name, mtom), func(t *testing.T) {
				t.Parallel()
				xml := tt.xml
				if tt.change != nil {
					if xml = tt.change(xml); xml == tt.xml {
						t.Fatal("the change changed nothing")
					}
				}
				a := answered{xml: []byte(xml), mtom: mtom}
				if mtom {
					a = unpacked(t, xml)
				}
				got, large, err := fetch(t, a, office().Certificate, platform().Certificate)
				if err != nil || len(got) != len(content) {
					t.Fatalf("%d bytes of content, %v", len(got), err)
				}
				if tt.name == "signed by somebody else" { // who is one of two we trust here
					got, large, err = fetch(t, a, platform().Certificate)
				}
				want := tt.want
				if mtom && want == "line" {
					want = "" // nothing is cut out of the XML
				}
				if err != nil || (large.Unsigned == nil) != (want == "") || large.Unsigned != nil && !strings.Contains(large.Unsigned.Error(), want) {
					t.Errorf("unsigned: %v, want %q; %d bytes, %v", large.Unsigned, want, len(got), err)
				}
				if _, large, err := fetch(t, a); err != nil || large.Unsigned != nil {
					t.Errorf("nobody's signature asked for: %v, %v", large.Unsigned, err)
				}
			})
		}
	}
}

var longest = regexp.MustCompile(`(<file[^>]*>)\s*([A-Za-z0-9+/=\s]+)(</file>)`)

// unpacked is the same message as MTOM.
func unpacked(t *testing.T, xml string) answered {
	t.Helper()
	m := longest.FindStringSubmatch(xml)
	if m == nil {
		t.Fatal("no content to take out")
	}
	content, err := base64.StdEncoding.DecodeString(m[2])
	if err != nil {
		t.Fatal(err)
	}
	return answered{xml: []byte(strings.Replace(xml, m[2], include, 1)), content: content, mtom: true}
}

// TestBigContentIsNeverInMemory: sixteen times the content takes no more memory, with its signature checked.
func TestBigContentIsNeverInMemory(t *testing.T) {
	allocated := func(kib int, mtom bool) uint64 {
		content := bytes.Repeat([]byte("abc"), kib<<10/3)
		a := answered{xml: envelope(t, platform(), `<D><file>`+base64.StdEncoding.EncodeToString(content)+`</file></D>`), content: content}
		if mtom {
			a = unpacked(t, string(a.xml))
		}
		server := httptest.NewServer(a)
		defer server.Close()
		client := &soap.Client{HTTP: soap.NewHTTP(nil, time.Second, true), Signer: office(), Platform: []*x509.Certificate{platform().Certificate}, MaxBytes: 1 << 20}
		large := &soap.Large{Element: "file", W: io.Discard, MaxBytes: 64 << 20}
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		if _, err := client.Call(t.Context(), server.URL, soap.Message{Body: `<q/>`}, large); err != nil || large.Unsigned != nil {
			t.Fatalf("%v, unsigned %v", err, large.Unsigned)
		}
		runtime.ReadMemStats(&after)
		return after.TotalAlloc - before.TotalAlloc
	}
	for _, mtom := range []bool{false, true} {
		small, big := allocated(256, mtom), allocated(4096, mtom)
		t.Logf("MTOM %v: %d KiB allocated for 256 KiB of content, %d KiB for 4 MiB", mtom, small>>10, big>>10)
		if big > small+(1<<20) {
			t.Errorf("MTOM %v: memory grows with the content", mtom)
		}
	}
}
