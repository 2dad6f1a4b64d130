package edelivery

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"io"
	"strings"
	"testing"
	"testing/iotest"
)

func TestTheFileIsCutOutOfItsJSON(t *testing.T) {
	t.Parallel()
	const content = "zażółć gęślą jaźń"
	b64 := base64.StdEncoding.EncodeToString([]byte(content))
	for _, tt := range []struct {
		name, text, want string
		fails            bool
	}{
		{"as the contract says", `{"order":1,"attachmentId":"7","file":{"fileMetadata":{"fileId":"7","filename":"a"},"file":"` + b64 + `"}}`, content, false},
		{"the file before its metadata", `{"file":{"file":"` + b64 + `","fileMetadata":{"fileId":"7"}}}`, content, false},
		{"a file called file, and braces in names", `{"file":{"fileMetadata":{"filename":"file","description":"}{\"file\":\"eHg=\""},"file":"` + b64 + `"}}`, content, false},
		{"with blanks and line ends", "{ \"file\" : {\n \"file\" : \"" + b64[:8] + `\r\n` + b64[8:] + "\" } }", content, false},
		{"with escaped slashes", `{"file":{"file":"Pz8\/"}}`, "???", false},
		{"an empty file", `{"file":{"file":""}}`, "", false},
		{"no file", `{"file":{"fileMetadata":{"fileId":"7"}}}`, "", true},
		{"a file that is null", `{"file":{"file":null}}`, "", true},
		{"broken off", `{"file":{"file":"` + b64[:8], content[:4], true},
		{"no base64", `{"file":{"file":"!!!!"}}`, "", true},
		{"another escape", `{"file":{"file":"\u0050"}}`, "", true},
		{"a page", `<html>"file"</html>`, "", true},
		{"nothing", ``, "", true},
	} {
		for _, in := range []io.Reader{strings.NewReader(tt.text), iotest.OneByteReader(strings.NewReader(tt.text))} {
			got, err := io.ReadAll(fileInJSON(in))
			if (err != nil) != tt.fails || err == nil && string(got) != tt.want {
				t.Errorf("%s: %q, %v; want %q", tt.name, got, err, tt.want)
			}
		}
	}
}

// What package encoding/json reads, and package base64 accepts, is what is cut out.
func FuzzFileInJSON(f *testing.F) {
	f.Add([]byte(`{"order":1,"file":{"fileMetadata":{"fileId":"7"},"file":"YWJj"}}`))
	f.Add([]byte(`{"file":{"fileMetadata":{"filename":"file"},"file":"Pz8\/"}}`))
	f.Add([]byte(`{"file":{"file":"YW\nJj"}}`))
	f.Add([]byte(`{"a":["file",{"file":"YWJj"}],"file":{"file":"YWJj"}}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		got, err := io.ReadAll(fileInJSON(bytes.NewReader(raw)))
		var plain struct {
			File struct {
				Metadata FileMetadata `json:"fileMetadata"`
				File     *string      `json:"file"`
			} `json:"file"`
		}
		simple := !bytes.ContainsAny(raw, "[") && bytes.Count(raw, []byte(`"file"`)) == 2 && !bytes.Contains(raw, []byte(`\u`))
		if json.Unmarshal(raw, &plain) != nil || plain.File.File == nil || !simple {
			return // what is no such answer may be read or refused, and is in any case compared with the size that was told
		}
		want, wrong := base64.StdEncoding.DecodeString(strings.ReplaceAll(*plain.File.File, "\t", ""))
		if wrong == nil && err == nil && !bytes.Equal(got, want) {
			t.Fatalf("%q: cut out %q, want %q", raw, got, want)
		}
		if wrong == nil && err != nil {
			t.Fatalf("%q: %v, want %q", raw, err, want)
		}
	})
}

func TestMomentsOfAnyFormAreReadOrLeftOut(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`"2026-11-20T10:15:30.123Z"`: "2026-11-20T10:15:30Z", `"2026-11-20T10:15:30+01:00"`: "2026-11-20T09:15:30Z",
		`"2026-11-20T10:15:30"`: "2026-11-20T09:15:30Z", `"2026-07-20T10:15:30.5"`: "2026-07-20T08:15:30Z",
		`"20.11.2026"`: "0001-01-01T00:00:00Z", `null`: "0001-01-01T00:00:00Z", `17`: "0001-01-01T00:00:00Z",
	} {
		var m Moment
		if err := json.Unmarshal([]byte(text), &m); err != nil || m.UTC().Format("2006-01-02T15:04:05Z07:00") != want {
			t.Errorf("%s: %s, %v; want %s", text, m, err, want)
		}
	}
}
