package epuap

import (
	"crypto/md5"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// spool keeps big attachments between the one time the platform gives them out and the moment they are evidence: a file each,
// named by the hash of its identifier, complete and synced to disk or not there at all.
type spool struct{ dir string }

func (s spool) path(fileID string) string {
	sum := sha256.Sum256([]byte(fileID))
	return filepath.Join(s.dir, hex.EncodeToString(sum[:]))
}

// has reports whether the file is kept.
func (s spool) has(fileID string) bool {
	_, err := os.Stat(s.path(fileID))
	return err == nil
}

// doubt notes that nobody vouches for a file. It is durable once put returned.
func (s spool) doubt(fileID string) error {
	f, err := os.Create(s.path(fileID) + doubted)
	if err != nil {
		return fmt.Errorf("files: %w", err)
	}
	return errors.Join(f.Sync(), f.Close())
}

// doubted is the end of the name of a note beside a file.
const doubted = ".unsigned"

// vouched reports whether the platform signed what it gave.
func (s spool) vouched(fileID string) bool {
	_, err := os.Stat(s.path(fileID) + doubted)
	return errors.Is(err, fs.ErrNotExist)
}

// put keeps what fetch writes. It is durable when put returns nil.
func (s spool) put(fileID string, fetch func(io.Writer) error) (err error) {
	if err := os.MkdirAll(s.dir, 0o700); err != nil {
		return fmt.Errorf("files: %w", err)
	}
	tmp, err := os.CreateTemp(s.dir, "tmp-*")
	if err != nil {
		return fmt.Errorf("files: %w", err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(tmp.Name()))
		}
	}()
	if err := errors.Join(fetch(tmp), tmp.Sync(), tmp.Close()); err != nil {
		return err
	}
	if err := os.Rename(tmp.Name(), s.path(fileID)); err != nil {
		return fmt.Errorf("files: %w", err)
	}
	return syncDir(s.dir)
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// open opens a kept file.
func (s spool) open(fileID string) (*os.File, error) { return os.Open(s.path(fileID)) }

// md5 is the MD5 of a kept file, hexadecimal: the only hash the sender's form gives.
func (s spool) md5(fileID string) (string, error) {
	f, err := s.open(fileID)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := md5.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// touch makes a file that was registered stay for another while: the next document may name it too.
func (s spool) touch(fileID string, now time.Time) error {
	for _, name := range []string{s.path(fileID), s.path(fileID) + doubted} {
		if err := os.Chtimes(name, now, now); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

// sweep removes what is older than keep, and what an interrupted fetch left.
func (s spool) sweep(now time.Time, keep time.Duration) error {
	entries, err := os.ReadDir(s.dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	errs := []error{err}
	for _, e := range entries {
		info, err := e.Info()
		if err != nil {
			continue // gone meanwhile
		}
		if age := now.Sub(info.ModTime()); age > keep || strings.HasPrefix(e.Name(), "tmp-") && age > 24*time.Hour {
			errs = append(errs, os.Remove(filepath.Join(s.dir, e.Name())))
		}
	}
	return errors.Join(errs...)
}
