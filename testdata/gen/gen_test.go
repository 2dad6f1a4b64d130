package main

import (
	"bytes"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"sync"
	"testing"
)

// once is one run of the program, which takes seconds.
var once = sync.OnceValues(func() (map[string][]byte, error) { return build("..") })

// TestTheCommittedFilesAreWhatThePagesSay fails when a page was changed without running the program, and when the program
// gives other bytes than before: another Go release may compress differently, another processor may round differently. Run
// go run ./testdata/gen then, and look at the difference.
func TestTheCommittedFilesAreWhatThePagesSay(t *testing.T) {
	t.Parallel()
	made, err := once()
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range made {
		got, err := os.ReadFile(filepath.Join("..", filepath.FromSlash(name)))
		if err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s is out of date (%v): go run ./testdata/gen", name, err)
		}
	}
	for _, name := range committed(t) {
		if made[name] == nil {
			t.Errorf("%s comes from no page: go run ./testdata/gen", name)
		}
	}
}

func TestTheSamePagesGiveTheSameBytes(t *testing.T) {
	t.Parallel()
	first, err := once()
	if err != nil {
		t.Fatal(err)
	}
	second, err := build("..")
	if err != nil {
		t.Fatal(err)
	}
	total := 0
	for name := range first {
		if !bytes.Equal(first[name], second[name]) {
			t.Errorf("%s differs from run to run", name)
		}
		total += len(first[name])
	}
	if most := 3_000_000; total > most {
		t.Errorf("%d bytes in all; keep them below %d: the stories lie in the binary", total, most)
	}
}

func committed(t *testing.T) []string {
	t.Helper()
	var names []string
	for _, dir := range generated {
		root := os.DirFS(filepath.Join("..", dir))
		err := fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
			if err == nil && !d.IsDir() {
				names = append(names, path.Join(dir, name))
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return names
}
