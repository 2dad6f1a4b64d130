package files_test

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"okienko/ingest"
	"okienko/workflow"
	"okienko/workflow/files"
	"okienko/workflow/workflowtest"
)

func TestEvidence(t *testing.T) {
	t.Parallel()
	workflowtest.TestEvidence(t, func(t *testing.T) workflow.Evidence {
		dir := t.TempDir()
		e := open(t, dir)
		t.Cleanup(func() { wantNothingIncoming(t, dir) })
		return e
	})
}

func open(t *testing.T, dir string) *files.Evidence {
	t.Helper()
	e, err := files.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func put(t *testing.T, e *files.Evidence, text string) ingest.Digest {
	t.Helper()
	d, _, err := e.Put(t.Context(), strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func pathOf(dir string, d ingest.Digest) string {
	return filepath.Join(dir, string(d[:2]), string(d))
}

func wantNothingIncoming(t *testing.T, dir string) {
	t.Helper()
	list, err := os.ReadDir(filepath.Join(dir, "incoming"))
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range list {
		t.Errorf("left behind: incoming/%s", entry.Name())
	}
}

func TestFilesAreReadOnlyAndSecret(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "evidence")
	d := put(t, open(t, dir), "x")
	for path, want := range map[string]fs.FileMode{pathOf(dir, d): 0o400, filepath.Dir(pathOf(dir, d)): 0o700, dir: 0o700} {
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		if got := info.Mode().Perm(); got != want {
			t.Errorf("%s has mode %o, want %o", path, got, want)
		}
	}
}

func TestADamagedFileIsReportedAndNeverOverwritten(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	e := open(t, dir)
	path := pathOf(dir, put(t, e, "original"))
	damage(t, path, "cut")
	if _, _, err := e.Put(t.Context(), strings.NewReader("original")); err == nil || !strings.Contains(err.Error(), path) {
		t.Errorf("error %v, want one that names %s", err, path)
	}
	if got, _ := os.ReadFile(path); string(got) != "cut" {
		t.Errorf("the file now holds %q", got)
	}
	wantNothingIncoming(t, dir)
}

func damage(t *testing.T, path, text string) {
	t.Helper()
	if err := errors.Join(os.Chmod(path, 0o600), os.WriteFile(path, []byte(text), 0o600)); err != nil {
		t.Fatal(err)
	}
}

func TestOpenNeedsTheParentDirectory(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "typo", "evidence")
	if _, err := files.Open(dir); !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), dir) {
		t.Errorf("error %v, want one that names %s", err, dir)
	}
}

func TestOpenRemovesWhatDeadWritersLeftButNotWhatIsBeingWritten(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	e := open(t, dir)
	dead := filepath.Join(dir, "incoming", "DEAD")
	if err := os.WriteFile(dead, []byte("half a lett"), 0o400); err != nil {
		t.Fatal(err)
	}
	reopened := readerFunc(func() { // while Put reads, another process opens the store
		open(t, dir)
		if _, err := os.Stat(dead); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("the leftover is still there: %v", err)
		}
	})
	d, _, err := e.Put(t.Context(), &reopened)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile(pathOf(dir, d)); err != nil || string(got) != "text" {
		t.Errorf("kept %q, %v", got, err)
	}
	wantNothingIncoming(t, dir)
}

// readerFunc calls itself once in the middle of the text it reads.
type readerFunc func()

func (f *readerFunc) Read(p []byte) (int, error) {
	if *f == nil {
		return strings.NewReader("").Read(p)
	}
	(*f)()
	*f = nil
	return copy(p, "text"), nil
}

func TestVerifyFindsWhatChanged(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	e := open(t, dir)
	intact, changed := put(t, e, "intact"), put(t, e, "changed")
	damage(t, pathOf(dir, changed), "Changed")
	moved := put(t, e, "moved")
	stray := filepath.Join(dir, "ab", "cd", string(moved))
	if err := errors.Join(os.MkdirAll(filepath.Dir(stray), 0o700), os.Rename(pathOf(dir, moved), stray),
		os.WriteFile(filepath.Join(dir, "notes.txt"), nil, 0o600),
		os.WriteFile(filepath.Join(dir, "incoming", "being written"), nil, 0o600)); err != nil {
		t.Fatal(err)
	}
	rel := func(d ingest.Digest) string { return string(d[:2]) + "/" + string(d) }
	want := map[string]bool{rel(intact): true, rel(changed): false, "ab/cd/" + string(moved): false, "notes.txt": false}
	for c, err := range e.Verify(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		wantIntact, expected := want[c.Path]
		if !expected || c.Intact != wantIntact || c.Intact != (c.Why == "") {
			t.Errorf("found %+v", c)
		}
		delete(want, c.Path)
	}
	if len(want) > 0 {
		t.Errorf("not found: %v", want)
	}
}

func BenchmarkPut(b *testing.B) {
	e, err := files.Open(b.TempDir())
	if err != nil {
		b.Fatal(err)
	}
	body := bytes.Repeat([]byte("x"), 100_000)
	b.SetBytes(int64(len(body)))
	for i := 0; b.Loop(); i++ {
		copy(body, []byte{byte(i), byte(i >> 8), byte(i >> 16)})
		if _, _, err := e.Put(b.Context(), bytes.NewReader(body)); err != nil {
			b.Fatal(err)
		}
	}
}
