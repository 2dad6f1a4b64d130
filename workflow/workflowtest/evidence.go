package workflowtest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/iotest"

	"okienko/ingest"
	"okienko/workflow"
)

// TestEvidence holds an evidence store against the contract in workflow/store.go. open opens a new, empty one.
func TestEvidence(t *testing.T, open func(t *testing.T) workflow.Evidence) {
	for name, test := range map[string]func(*testing.T, workflow.Evidence){
		"bytes come back under their SHA-256":                    testPut,
		"the same bytes may come twice, and at once":             testPutTwice,
		"a reader that fails leaves nothing under any digest":    testPutFails,
		"a caller who has gone leaves nothing under any digest":  testPutCancelled,
		"what nobody put is not found":                           testOpenMissing,
		"what is open stays readable while the same comes again": testOpenWhilePut,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, open(t))
		})
	}
}

// bytesOf returns n bytes that look like nothing else.
func bytesOf(n int) []byte {
	b := make([]byte, n)
	rand.NewChaCha8([32]byte{byte(n), byte(n >> 8), byte(n >> 16)}).Read(b)
	return b
}

func testPut(t *testing.T, e workflow.Evidence) {
	for _, size := range []int{0, 1, 4096, 1<<20 + 7} {
		want := bytesOf(size)
		d, n, err := e.Put(t.Context(), iotest.HalfReader(bytes.NewReader(want)))
		if err != nil {
			t.Fatal(err)
		}
		if d != ingest.DigestOf(want) || n != int64(size) {
			t.Errorf("put %d bytes as %d bytes with digest %s", size, n, d)
		}
		if got := read(t, e, d); !bytes.Equal(got, want) {
			t.Errorf("%d bytes came back different", size)
		}
	}
}

// read also checks that a file can be read from any place.
func read(t *testing.T, e workflow.Evidence, d ingest.Digest) []byte {
	t.Helper()
	f, err := e.Open(t.Context(), d)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	all, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	middle := int64(len(all) / 2)
	if at, err := f.Seek(middle, io.SeekStart); err != nil || at != middle {
		t.Fatalf("seek to %d: %d, %v", middle, at, err)
	}
	if half, err := io.ReadAll(f); err != nil || !bytes.Equal(half, all[middle:]) {
		t.Errorf("the second half is different: %v", err)
	}
	return all
}

func testPutTwice(t *testing.T, e workflow.Evidence) {
	want := bytesOf(100_000)
	for _, err := range atOnce(16, func(i int) error {
		d, n, err := e.Put(t.Context(), bytes.NewReader(want))
		if err == nil && (d != ingest.DigestOf(want) || n != int64(len(want))) {
			err = fmt.Errorf("put as %d bytes with digest %s", n, d)
		}
		return err
	}) {
		if err != nil {
			t.Error(err)
		}
	}
	if got := read(t, e, ingest.DigestOf(want)); !bytes.Equal(got, want) {
		t.Error("came back different")
	}
}

func testPutFails(t *testing.T, e workflow.Evidence) {
	want := bytesOf(100_000)
	for _, n := range []int{0, 1, 50_000, len(want)} {
		r := io.MultiReader(bytes.NewReader(want[:n]), iotest.ErrReader(errTest))
		d, size, err := e.Put(t.Context(), r)
		wantError(t, err, errTest)
		if d != "" || size != 0 {
			t.Errorf("failed, and returned digest %q and %d bytes", d, size)
		}
		wantMissing(t, e, ingest.DigestOf(want[:n]))
	}
	wantMissing(t, e, ingest.DigestOf(want))
}

func wantMissing(t *testing.T, e workflow.Evidence, d ingest.Digest) {
	t.Helper()
	f, err := e.Open(t.Context(), d)
	wantError(t, err, workflow.ErrNotFound)
	if err == nil {
		f.Close()
	}
}

func testPutCancelled(t *testing.T, e workflow.Evidence) {
	ctx, cancel := context.WithCancel(t.Context())
	want := bytesOf(100_000)
	read := 0
	_, _, err := e.Put(ctx, readerFunc(func(p []byte) (int, error) {
		if read > len(want)/2 {
			cancel()
		}
		n := copy(p, want[read:])
		read += n
		if n == 0 {
			return 0, io.EOF
		}
		return n, nil
	}))
	wantError(t, err, context.Canceled)
	wantMissing(t, e, ingest.DigestOf(want))
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

func testOpenMissing(t *testing.T, e workflow.Evidence) {
	wantMissing(t, e, ingest.DigestOf([]byte("nobody put this")))
	known, _, err := e.Put(t.Context(), strings.NewReader("known"))
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range []ingest.Digest{"", "x", "../../../../etc/passwd", known[:63], known + "0",
		ingest.Digest(strings.ToUpper(string(known))), "ab/cd/" + known} {
		wantMissing(t, e, d)
	}
}

func testOpenWhilePut(t *testing.T, e workflow.Evidence) {
	want := bytesOf(1 << 20)
	put := func() {
		if _, _, err := e.Put(t.Context(), bytes.NewReader(want)); err != nil {
			t.Fatal(err)
		}
	}
	put()
	f, err := e.Open(t.Context(), ingest.DigestOf(want))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	first := make([]byte, 1000)
	if _, err := io.ReadFull(f, first); err != nil {
		t.Fatal(err)
	}
	put()
	rest, err := io.ReadAll(f)
	if err = errors.Join(err, f.Close()); err != nil || !bytes.Equal(append(first, rest...), want) {
		t.Errorf("came back different: %v", err)
	}
}
