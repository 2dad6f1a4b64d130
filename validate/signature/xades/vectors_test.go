package xades_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"okienko/validate/signature/sig"
	"okienko/validate/signature/xades"
	"okienko/validate/signature/xmldoc"
)

// TestInteropVectors digests every reference of the public interoperability sets for C14N, Exclusive C14N, XPath Filter 2 and
// XMLDSig (second edition). Their keys are mostly secrets shared between the authors, so values are not counted here.
func TestInteropVectors(t *testing.T) {
	t.Parallel()
	dir := os.Getenv("OKIENKO_SHARED")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "..", "shared")
	}
	files, err := filepath.Glob(filepath.Join(dir, "signatures", "c14n-vectors", "*", "*.xml"))
	if err != nil || len(files) == 0 {
		t.Log("the shared material is not beside this checkout: nothing compared")
		return
	}
	intact, values := 0, 0
	for _, path := range files {
		raw, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		doc, err := xmldoc.Parse(raw, xmldoc.Limits{})
		if errors.Is(err, xmldoc.ErrDTD) {
			t.Logf("%s: refused for its DTD", filepath.Base(path))
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", path, err)
			continue
		}
		found, err := xades.Verify(doc, xades.Options{Contents: beside(path), Strict: true})
		if err != nil {
			t.Errorf("%s: %v", path, err)
		}
		for _, s := range found {
			if s.ValueIntact {
				values++
			}
			for _, r := range s.References {
				switch {
				case r.Intact:
					intact++
				case strings.Contains(r.Problem, "XSLT"): // refused on purpose
				case !r.Found && strings.HasPrefix(r.URI, "http://www.w3.org/"):
				default:
					t.Errorf("%s: reference %q: %s", path, r.URI, r.Problem)
				}
			}
		}
	}
	t.Logf("references intact: %d; signature values that carry their key: %d", intact, values)
	if intact < 40 {
		t.Errorf("only %d references were compared", intact)
	}
}

// beside offers the inputs the vectors refer to by relative path.
func beside(path string) []sig.Content {
	const name = "c14n11/xml-base-input.xml"
	raw, err := os.ReadFile(filepath.Join(filepath.Dir(path), name))
	if err != nil {
		return nil
	}
	return []sig.Content{{Name: name, Bytes: raw}}
}
