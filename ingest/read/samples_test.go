package read

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"okienko/ingest"
)

func TestX(t *testing.T) {
	r := New(Options{CacheDir: "/tmp/okcache"})
	dirs, _ := filepath.Glob("/work/shared/samples/*/submission.*")
	sc, _ := filepath.Glob("/work/shared/samples/*/scan-01.*")
	dirs = append(dirs, sc...)
	for _, f := range dirs {
		b, _ := os.ReadFile(f)
		m := map[string]string{".eml": "message/rfc822", ".xml": "application/xml"}[filepath.Ext(f)]
		o := ingest.Original{Role: "body", Name: filepath.Base(f), MediaType: m, Size: int64(len(b))}
		res, err := r.Examine(t.Context(), ingest.Submission{Originals: []ingest.Original{o}}, []Original{{o, b}})
		if err != nil {
			t.Fatal(err)
		}
		c := res.Contents
		fmt.Printf("=== %s\n%+v\n", f, c.Letter)
		for _, p := range c.Problems {
			fmt.Println("  PROBLEM", p)
		}
		for _, rd := range c.Readings {
			x := rd.Text
			if len(x) > 1500 {
				x = x[:1500] + "…"
			}
			fmt.Printf("-- %s %q %s %d pages %d %v inline=%v\n%s\n", rd.Document.ID, rd.Document.Name, rd.Document.MediaType, rd.Document.Bytes, rd.Pages, rd.Problems, rd.Document.Inline, x)
		}
	}
}
