package read

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"okienko/ingest"
)

func TestX(t *testing.T) {
	r := newReader(t)
	dirs, _ := filepath.Glob("/work/shared/samples/*/submission.*")
	for _, f := range dirs {
		b, _ := os.ReadFile(f)
		m := map[string]string{".eml": "message/rfc822", ".xml": "application/xml"}[filepath.Ext(f)]
		o := ingest.Original{Role: "body", Name: filepath.Base(f), MediaType: m, Size: int64(len(b))}
		res, err := r.Examine(t.Context(), ingest.Submission{ReceivedAt: time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC), Originals: []ingest.Original{o}}, []Original{{o, b}})
		if err != nil {
			t.Fatal(err)
		}
		fmt.Println("===", filepath.Base(filepath.Dir(f)))
		for _, rd := range res.Contents.Readings {
			for _, x := range rd.Fields {
				fmt.Printf("  %s %-10s %-40s [%s] %.2f %s\n", rd.Document.ID, x.Type, x.Value, x.Label, x.Confidence, x.Checked)
			}
			for _, k := range rd.Kinds {
				fmt.Printf("  %s %q KIND %s %.2f %s\n", rd.Document.ID, rd.Document.Name, k.ID, k.Confidence, k.Because)
			}
		}
	}
}
