package soap

import (
	"bytes"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"testing"

	"okienko/validate/signature/xmldoc"
)

func TestCut(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("zażółć ", 50_000)
	encoded := base64.StdEncoding.EncodeToString([]byte(long))
	var lines strings.Builder
	for rest := encoded; rest != ""; {
		n := min(76, len(rest))
		lines.WriteString("\r\n " + rest[:n])
		rest = rest[n:]
	}
	folded := lines.String()
	for _, tt := range []struct{ name, in, rest, content, err string }{
		{"content in one piece", `<a><fc:file x="1">` + encoded + `</fc:file><b/></a>`, `<a><fc:file x="1"></fc:file><b/></a>`, long, ""},
		{"content in lines", `<a><file>` + folded + "\n</file></a>", `<a><file></file></a>`, long, ""},
		{"a quoted > before it", `<a b="x>y"><file>QUJD</file></a>`, `<a b="x>y"><file></file></a>`, "ABC", ""},
		{"a comment with an apostrophe", `<a><!-- it's --><file>QUJD</file></a>`, `<a><!-- it's --><file></file></a>`, "ABC", ""},
		{"empty", `<a><file/><file></file></a>`, `<a><file/><file></file></a>`, "", ""},
		{"another name", `<a><filename>QUJD</filename></a>`, `<a><filename>QUJD</filename></a>`, "", ""},
		{"only the first", `<a><file>QUJD</file><file>QUJD</file></a>`, `<a><file></file><file>QUJD</file></a>`, "ABC", ""},
		{"an include instead", `<a><file><xop:Include/></file></a>`, `<a><file><xop:Include/></file></a>`, "", ""},
		{"no base64", `<a><file>?!?!</file></a>`, "", "", "not base64"},
		{"larger than allowed", `<a><file>` + base64.StdEncoding.EncodeToString(make([]byte, 1<<20+1)) + `</file></a>`, "", "", "larger than allowed"},
		{"cut in the middle", `<a><file>QUJDQ`, "", "", "EOF"},
		{"cut in a tag", `<a><file`, "", "", "EOF"},
		{"more around it than allowed", `<a>` + strings.Repeat(" ", 1<<20) + `</a>`, "", "", "larger than allowed"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var content bytes.Buffer
			rest, err := cut(strings.NewReader(tt.in), &Large{Element: "file", W: &content, MaxBytes: 1 << 20}, 1<<20, nil)
			if (err == nil) != (tt.err == "") || err != nil && !strings.Contains(err.Error(), tt.err) {
				t.Fatalf("error %v, want %q", err, tt.err)
			}
			if err == nil && (string(rest) != tt.rest || content.String() != tt.content) {
				t.Errorf("rest %.100q, %d bytes of content", rest, content.Len())
			}
		})
	}
}

// FuzzCut: what is taken out and what is left hold, put together, all that was in the message; nothing grows over its limit.
func FuzzCut(f *testing.F) {
	f.Add([]byte(`<a><file>QUJD</file></a>`))
	f.Add([]byte(`<a x='>'><p:file y="1">QU JD</p:file><!-- ' --></a>`))
	f.Fuzz(func(t *testing.T, in []byte) {
		var content bytes.Buffer
		rest, err := cut(bytes.NewReader(in), &Large{Element: "file", W: &content, MaxBytes: 1000}, 4000, nil)
		if content.Len() > 1001 || len(rest) > 4000 {
			t.Fatalf("%d and %d bytes, over the limits", content.Len(), len(rest))
		}
		if err != nil {
			return
		}
		var checked bytes.Buffer
		large := &Large{Element: "file", W: &checked, MaxBytes: 1000}
		same, err := cut(bytes.NewReader(in), large, 4000, []*x509.Certificate{{}}) // nobody's
		if err != nil || !bytes.Equal(same, rest) || !bytes.Equal(checked.Bytes(), content.Bytes()) || large.streamed && large.Unsigned == nil {
			t.Errorf("with a signature asked for: %v, unsigned %v, or other bytes", err, large.Unsigned)
		}
		if len(rest)+base64.StdEncoding.EncodedLen(content.Len()) > len(in)+2 {
			t.Errorf("%d + %d bytes out of %d", len(rest), content.Len(), len(in))
		}
		if content.Len() == 0 && !bytes.Contains(in, []byte("file")) && !bytes.Equal(rest, in) {
			t.Error("something was lost where there was nothing to cut")
		}
	})
}

// FuzzMTOM: whatever the parts hold, the result stays within its limit or is an error that says whose fault it is.
func FuzzMTOM(f *testing.F) {
	part := func(id, text string) string { return fmt.Sprintf("--b\r\nContent-ID: <%s>\r\n\r\n%s\r\n", id, text) }
	f.Add([]byte(part("r", `<a><file><xop:Include xmlns:xop="`+xopNS+`" href="cid:d%40e"/></file></a>`) + part("d@e", "ABC") + "--b--"))
	f.Add([]byte("--b\r\n\r\n<a/>"))
	f.Fuzz(func(t *testing.T, in []byte) {
		got, err := readMTOM(bytes.NewReader(in), map[string]string{"boundary": "b"}, 10_000, nil, nil)
		if err == nil && len(got) > 20_000 {
			t.Errorf("%d bytes", len(got))
		}
		var content bytes.Buffer
		_, err = readMTOM(bytes.NewReader(in), map[string]string{"boundary": "b"}, 10_000, &Large{Element: "file", W: &content, MaxBytes: 1000}, nil)
		if content.Len() > 1001 {
			t.Errorf("%d bytes of content", content.Len())
		}
		if e := (*Error)(nil); errors.As(err, &e) && e.Reason == "" {
			t.Error("an error without a reason")
		}
	})
}

func TestAFaultTellsNothingOfWhatItQuotes(t *testing.T) {
	t.Parallel()
	doc, err := xmldoc.Parse([]byte(`<s:Envelope xmlns:s="`+NS+`"><s:Body><s:Fault><faultcode>s:Server.x</faultcode><faultstring>PESEL 44051401458</faultstring><detail><q:Wyjatek xmlns:q="urn:q"><kod>12</kod><komunikat>Anna 44051401458</komunikat></q:Wyjatek></detail></s:Fault></s:Body></s:Envelope>`), xmldoc.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	fault := readFault(Body(doc))
	if fault == nil || fault.Code != "Server" || fault.Kod != 12 || !fault.Told || fault.Text != "Anna 44051401458" {
		t.Fatalf("%+v", fault)
	}
	if strings.Contains(fault.Error(), "44051401458") || strings.Contains(fault.Error(), "Anna") {
		t.Errorf("it tells %q", fault.Error())
	}
}
