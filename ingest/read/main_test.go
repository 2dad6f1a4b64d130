package read

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"okienko/ingest"
	"okienko/ingest/sandbox"
)

// The test binary is its own child: TestMain turns into one when the first argument says so.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == "sandbox-child" {
		if err := testChild(os.Args[2]).Serve(context.Background()); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// testChild is wired as the program wires it, with one handler more that dies on command.
func testChild(cacheDir string) sandbox.Child {
	r := New(Options{CacheDir: cacheDir})
	return sandbox.Child{
		Prepare: r.Prepare,
		Warm:    r.Warm,
		Handlers: map[string]sandbox.Handler{
			"examine": r.Handler(), "extract": r.Extract, "fragile": fragile(r), "page": r.Page, "complete": r.Complete,
		},
	}
}

// cacheDir is shared by all tests of a run, and by runs: compiling the PDF engine takes seconds.
var cacheDir = sync.OnceValue(func() string {
	dir, err := os.UserCacheDir()
	if err != nil {
		dir = os.TempDir()
	}
	return filepath.Join(dir, "okienko-test")
})

// newReader returns a Reader that runs in this process, unconfined.
func newReader(t testing.TB) *Reader {
	t.Helper()
	r := New(Options{CacheDir: cacheDir()})
	if err := r.Warm(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = r.Close() })
	return r
}

// examine reads one original in this process.
func examine(t testing.TB, r *Reader, name, mediaType string, data []byte) Result {
	t.Helper()
	o := ingest.Original{Role: "body", Name: name, MediaType: mediaType, Digest: ingest.DigestOf(data), Size: int64(len(data))}
	res, err := r.Examine(context.Background(), ingest.Submission{Originals: []ingest.Original{o}}, []Original{{o, data}})
	if err != nil {
		t.Fatal(err)
	}
	return res
}

// mailOf examines a mail.
func mailOf(t testing.TB, data string) ingest.Contents {
	t.Helper()
	return examine(t, New(Options{}), "message.eml", "message/rfc822", []byte(data)).Contents
}

// fileOf examines a file as if it had been scanned.
func fileOf(t testing.TB, name string, data []byte) ingest.Contents {
	t.Helper()
	return examine(t, New(Options{}), name, "", data).Contents
}

// hasProblem reports whether a reading has a problem.
func hasProblem(r ingest.Reading, code ingest.ProblemCode) bool {
	for _, p := range r.Problems {
		if p.Code == code {
			return true
		}
	}
	return false
}

// shared returns a folder of the material shared beside the repository; ok is false where it is not there.
func shared(t testing.TB, folder string) (dir string, ok bool) {
	t.Helper()
	base := os.Getenv("OKIENKO_SHARED")
	if base == "" {
		root, err := filepath.Abs(".")
		for err == nil && root != filepath.Dir(root) {
			if _, e := os.Stat(filepath.Join(root, "go.mod")); e == nil {
				break
			}
			root = filepath.Dir(root)
		}
		base = filepath.Join(root, "..", "shared")
	}
	dir = filepath.Join(base, folder)
	if _, err := os.Stat(dir); err != nil {
		t.Logf("%s is not here: this test has nothing to read", folder)
		return "", false
	}
	return dir, true
}
