package files

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"hash"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"okienko/ingest"
)

// tempFile is a file being written. The process that writes it holds a lock on it, by which others know that it lives.
type tempFile struct {
	*os.File
	sum  hash.Hash
	size int64
}

func newTemp(dir string) (*tempFile, error) {
	f, err := os.OpenFile(filepath.Join(dir, rand.Text()), os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o400)
	if err != nil {
		return nil, err
	}
	if err := lock(f); err != nil {
		return nil, errors.Join(err, f.Close(), os.Remove(f.Name()))
	}
	return &tempFile{File: f, sum: sha256.New()}, nil
}

// fill copies r into the file and has it on the disk when it returns.
func (t *tempFile) fill(ctx context.Context, r io.Reader) (err error) {
	t.size, err = io.Copy(io.MultiWriter(t.File, t.sum), untilDone{ctx, r})
	if err != nil {
		return err
	}
	return t.Sync()
}

func (t *tempFile) digest() ingest.Digest { return ingest.Digest(hex.EncodeToString(t.sum.Sum(nil))) }

// discard removes the temporary name. What goes wrong here does no harm: the next Open removes it.
func (t *tempFile) discard() {
	os.Remove(t.Name())
	t.Close()
}

// untilDone is a reader that fails when its context ends.
type untilDone struct {
	ctx context.Context
	r   io.Reader
}

func (u untilDone) Read(p []byte) (int, error) {
	if err := u.ctx.Err(); err != nil {
		return 0, err
	}
	return u.r.Read(p)
}

// removeLeftovers removes the files in dir whose writers have died.
func removeLeftovers(dir string) error {
	list, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, entry := range list {
		if err := removeDead(filepath.Join(dir, entry.Name())); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

func removeDead(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	if lock(f) != nil {
		return nil // somebody writes it
	}
	return os.Remove(path)
}
