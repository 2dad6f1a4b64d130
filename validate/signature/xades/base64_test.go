package xades

import "testing"

func TestBase64SkipsWhiteSpaceOnly(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{"YWJj": "abc", " YW\n\tJj\r\n": "abc", "": ""} {
		if got, err := decode64(in); err != nil || string(got) != want {
			t.Errorf("%q: %q, %v", in, got, err)
		}
	}
	for _, in := range []string{"YWJj!", "YW-j", "YWJ", "YW\u00a0Jj", "YWJj=", "=YWJj"} {
		if got, err := decode64(in); err == nil {
			t.Errorf("%q read as %q", in, got)
		}
	}
}
