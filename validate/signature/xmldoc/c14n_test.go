package xmldoc_test

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"okienko/validate/signature/xmldoc"
)

// shared returns the directory of the shared test material, or "" after saying that it is not there.
func shared(t testing.TB) string {
	dir := os.Getenv("OKIENKO_SHARED")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "..", "shared")
	}
	if _, err := os.Stat(dir); err != nil {
		t.Log("the shared material is not beside this checkout: nothing compared")
		return ""
	}
	return dir
}

func xmllint(t *testing.T) string {
	path, err := exec.LookPath("xmllint")
	if err != nil {
		t.Fatal("xmllint is missing: apt install libxml2-utils")
	}
	return path
}

// libxml2 returns what xmllint makes of raw, and false if it refuses it.
func libxml2(tool, mode, path string) ([]byte, bool) {
	out, err := exec.Command(tool, "--nonet", "--huge", mode, path).Output()
	return out, err == nil
}

var modes = map[string]xmldoc.Method{
	"--c14n":     {Comments: true},
	"--c14n11":   {V11: true, Comments: true},
	"--exc-c14n": {Exclusive: true, Comments: true},
}

// compare holds our canonical forms of one file against libxml2's.
func compare(t *testing.T, tool, path string, raw []byte) (same, refused int) {
	doc, err := xmldoc.Parse(raw, xmldoc.Limits{})
	for mode, method := range modes {
		want, ok := libxml2(tool, mode, path)
		switch {
		case errors.Is(err, xmldoc.ErrDTD):
			refused++
		case err != nil && ok:
			t.Errorf("%s: refused (%v), libxml2 reads it", path, err)
		case err == nil && !ok:
			t.Errorf("%s: accepted, libxml2 refuses it", path)
		case err == nil && !bytes.Equal(method.Bytes(doc.Whole()), want):
			t.Errorf("%s: %s differs", path, mode)
		default:
			same++
		}
	}
	return same, refused
}

func TestCanonicalFormsAreThoseOfLibxml2OnEverySharedFile(t *testing.T) {
	t.Parallel()
	dir := shared(t)
	if dir == "" {
		return
	}
	tool := xmllint(t)
	var same, refused int
	err := filepath.WalkDir(filepath.Join(dir, "signatures"), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		raw, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if !bytes.HasPrefix(bytes.TrimLeft(raw, "\xef\xbb\xbf \t\r\n"), []byte("<")) || !strings.Contains(filepath.Base(path), ".xml") {
			return nil
		}
		s, r := compare(t, tool, path, raw)
		same, refused = same+s, refused+r
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("identical %d, refused for a DTD %d", same, refused)
}
