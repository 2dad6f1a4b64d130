package xmldoc_test

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
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

// TestCanonicalFormsAreThoseOfLibxml2OnGeneratedDocuments builds documents out of everything that makes canonicalisation
// hard: nested and shadowed namespaces, undeclared defaults, attributes that sort by namespace, white space and references
// in every place, CDATA, comments and instructions around the root.
func TestCanonicalFormsAreThoseOfLibxml2OnGeneratedDocuments(t *testing.T) {
	t.Parallel()
	tool := xmllint(t)
	dir := t.TempDir()
	const documents = 300
	var paths []string
	ours := map[string][]byte{}
	for i := range documents {
		g := &generator{r: rand.New(rand.NewPCG(uint64(i), 7))}
		raw := []byte(g.document())
		doc, err := xmldoc.Parse(raw, xmldoc.Limits{})
		if err != nil {
			t.Fatalf("document %d: %v\n%s", i, err, raw)
		}
		for mode, method := range modes {
			ours[mode] = append(ours[mode], method.Bytes(doc.Whole())...)
		}
		paths = append(paths, filepath.Join(dir, fmt.Sprintf("%03d.xml", i)))
		if err := os.WriteFile(paths[i], raw, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for mode := range modes { // one process a mode: xmllint writes the forms of all files one after the other
		want, err := exec.Command(tool, append([]string{"--nonet", mode}, paths...)...).Output()
		if err != nil {
			t.Fatalf("xmllint %s: %v", mode, err)
		}
		if !bytes.Equal(ours[mode], want) {
			for _, p := range paths {
				raw, err := os.ReadFile(p)
				if err != nil {
					t.Fatal(err)
				}
				if same, _ := compare(t, tool, p, raw); same != len(modes) {
					t.Fatalf("%s:\n%s", p, raw)
				}
			}
		}
	}
	t.Logf("documents compared in %d modes: %d", len(modes), documents)
}

type generator struct{ r *rand.Rand }

func (g *generator) pick(s ...string) string { return s[g.r.IntN(len(s))] }

func (g *generator) document() string {
	misc := func() string { return g.pick("", "<!-- k -->", "<?pi  d e ?>\n", "\r\n<!--\r\n-->", "<?x?>") }
	return g.pick("", `<?xml version="1.0" encoding="UTF-8"?>`, "<?xml version='1.0'?>\n") + strings.TrimLeft(misc(), "\r\n") + misc() + g.element(0, map[string]bool{}) + misc() + misc()
}

func (g *generator) element(depth int, bound map[string]bool) string {
	here := map[string]bool{}
	for p := range bound {
		here[p] = true
	}
	var decls, attrs string
	for _, p := range []string{"a", "b", "c"} {
		if g.r.IntN(4) == 0 || depth == 0 && p == "a" {
			decls += " xmlns:" + p + `="urn:` + g.pick("1", "2", "3") + `"`
			here[p] = true
		}
	}
	decls += g.pick("", "", "", ` xmlns="urn:d"`, ` xmlns=""`, ` xmlns="urn:1"`)
	seen := map[string]bool{}
	for range g.r.IntN(4) {
		name := g.pick("x", "y", "Z", "xml:lang", "xml:space")
		if p := g.prefix(here); p != "" && g.r.IntN(2) == 0 {
			name = p + ":q" + p // one local name a prefix, so that two prefixes of one namespace do not clash
		}
		if !seen[name] {
			seen[name] = true
			attrs += g.pick(" ", "\n  ", "\t") + name + "=" + g.value(name)
		}
	}
	name := g.pick("e", "f")
	if p := g.prefix(here); p != "" && g.r.IntN(2) == 0 {
		name = p + ":" + name
	}
	if depth > 5 || g.r.IntN(6) == 0 {
		return "<" + name + decls + attrs + g.pick("/>", " />", "></"+name+">")
	}
	body := ""
	for range g.r.IntN(5) {
		body += g.pick("tekst ", "żółć", "&lt;&amp;&gt;&quot;&apos;", "&#13;&#x9;", "\r\n", "\r", "]]&gt;", "<![CDATA[<&]]>", "<!-- c\r\n -->", "<?p \r\n?>", "\U0001F600", "&#x1F600;", `"'`)
		body += g.element(depth+1, here)
	}
	return "<" + name + attrs + decls + ">" + body + "</" + name + g.pick("", " ", "\n") + ">"
}

func (g *generator) prefix(bound map[string]bool) string {
	for _, p := range []string{g.pick("a", "b", "c"), "a"} {
		if bound[p] {
			return p
		}
	}
	return ""
}

func (g *generator) value(name string) string {
	if name == "xml:space" {
		return `"preserve"`
	}
	return g.pick(`"v"`, `'"'`, "\"a\tb\nc\"", `"&#9;&#10;&#13; "`, `"&lt;&amp;&gt;"`, `"  ż  "`, `''`, "\"\r\n\"")
}
