// Package files owns where original bytes lie: one read-only file a digest below a directory, written once, synced before Put
// returns, never overwritten and never changed. It is workflow.Evidence.
//
// It refuses to know what the bytes mean, and any name a stranger chose: a path is made of a digest only. Read next: temp.go for
// what happens before a file has its name, verify.go for how damage is found.
package files

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sync"

	"okienko/ingest"
	"okienko/workflow"
)

// Evidence keeps files under a directory:
//
//	ab/abcd…    the bytes with that SHA-256, mode 0400
//	incoming/   what is being written
//
// One level of 256 directories: with two, nearly every file would need a new directory, which costs two more syncs, half of
// the time of a Put.
//
// Its methods may be called concurrently, and several processes may share the directory. The file system must have hard links.
type Evidence struct {
	dir    string
	synced sync.Map // directories whose own names are on the disk: path -> struct{}
}

var _ workflow.Evidence = (*Evidence)(nil)

// Open prepares dir, making it if need be (its parent must exist), and removes what interrupted writes left in incoming.
func Open(dir string) (*Evidence, error) {
	e := &Evidence{dir: filepath.Clean(dir)}
	err := e.makeDir(e.incoming())
	if err == nil {
		err = removeLeftovers(e.incoming())
	}
	if err != nil {
		return nil, fmt.Errorf("evidence directory %s: %w", dir, err)
	}
	return e, nil
}

func (e *Evidence) incoming() string { return filepath.Join(e.dir, "incoming") }

func (e *Evidence) path(d ingest.Digest) string {
	return filepath.Join(e.dir, string(d[:2]), string(d))
}

// Put streams r into the store: see workflow.Evidence. The order is what makes it safe: the bytes are on the disk before they
// get their name, and the name is on the disk before Put returns.
func (e *Evidence) Put(ctx context.Context, r io.Reader) (ingest.Digest, int64, error) {
	temp, err := newTemp(e.incoming())
	if err == nil {
		defer temp.discard()
		err = temp.fill(ctx, r)
	}
	if err == nil {
		err = e.publish(temp)
	}
	if err != nil {
		return "", 0, fmt.Errorf("keeping evidence: %w", err)
	}
	return temp.digest(), temp.size, nil
}

// publish names a written file by its digest. A link, unlike a rename, fails where the name exists already.
func (e *Evidence) publish(temp *tempFile) error {
	path := e.path(temp.digest())
	if err := e.makeDir(filepath.Dir(path)); err != nil {
		return err
	}
	err := os.Link(temp.Name(), path)
	if errors.Is(err, fs.ErrExist) {
		err = sameSize(path, temp.size)
	}
	if err != nil {
		return err
	}
	return syncDir(filepath.Dir(path)) // also if the name was there: whoever made it may not have got that far
}

// sameSize is the cheap half of Verify: the file that has the name must at least be able to hold the same bytes.
func sameSize(path string, size int64) error {
	info, err := os.Stat(path)
	if err == nil && info.Size() != size {
		return fmt.Errorf("%s is damaged: it has %d bytes instead of %d; restore it from a backup", path, info.Size(), size)
	}
	return err
}

// Open returns workflow.ErrNotFound if nothing has that digest.
func (e *Evidence) Open(_ context.Context, d ingest.Digest) (io.ReadSeekCloser, error) {
	if !d.Valid() {
		return nil, fmt.Errorf("evidence %q: %w", d, workflow.ErrNotFound)
	}
	f, err := os.Open(e.path(d))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("evidence %s: %w", d, workflow.ErrNotFound)
	}
	if err != nil {
		return nil, fmt.Errorf("opening evidence: %w", err)
	}
	return f, nil
}

// makeDir makes a directory below e.dir and those above it, and has their names on the disk when it returns, whoever made them.
func (e *Evidence) makeDir(dir string) error {
	if _, known := e.synced.Load(dir); known {
		return nil
	}
	parent := filepath.Dir(dir)
	if dir != e.dir {
		if err := e.makeDir(parent); err != nil {
			return err
		}
	}
	if err := os.Mkdir(dir, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	if err := syncDir(parent); err != nil {
		return err
	}
	e.synced.Store(dir, struct{}{})
	return nil
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
