package files

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"io/fs"
	"iter"
	"os"
	"path/filepath"

	"okienko/ingest"
)

// Checked is one file of the store, read from beginning to end.
type Checked struct {
	Path   string // below the directory, with slashes
	Size   int64
	Digest ingest.Digest // of the bytes as they are now; "" if they cannot be read
	Intact bool          // the bytes are those the name promises
	Why    string        // English, why not; "" if intact
}

// Verify reads every file of the store, in the order of their digests, and yields what it found; files that are no evidence are
// yielded as not intact. An error ends it: the directory itself cannot be read, or ctx has ended. What is missing altogether only
// the register can tell: compare the digests with those of the submissions.
func (e *Evidence) Verify(ctx context.Context) iter.Seq2[Checked, error] {
	return func(yield func(Checked, error) bool) {
		err := filepath.WalkDir(e.dir, func(path string, entry fs.DirEntry, err error) error {
			switch {
			case err != nil:
				return err
			case ctx.Err() != nil:
				return ctx.Err()
			case path == e.incoming():
				return fs.SkipDir
			case entry.IsDir():
				return nil
			case !yield(e.check(path, entry), nil):
				return fs.SkipAll
			}
			return nil
		})
		if err != nil {
			yield(Checked{}, err)
		}
	}
}

func (e *Evidence) check(path string, entry fs.DirEntry) Checked {
	rel, _ := filepath.Rel(e.dir, path)
	c := Checked{Path: filepath.ToSlash(rel)}
	name := ingest.Digest(entry.Name())
	if !entry.Type().IsRegular() || !name.Valid() || path != e.path(name) {
		c.Why = "no evidence: its name is not a digest in its place"
		return c
	}
	var err error
	if c.Digest, c.Size, err = digestOf(path); err != nil {
		c.Why = err.Error()
	} else if c.Digest != name {
		c.Why = "the bytes have changed"
	}
	c.Intact = c.Why == ""
	return c
}

func digestOf(path string) (ingest.Digest, int64, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", 0, err
	}
	defer f.Close()
	sum := sha256.New()
	n, err := io.Copy(sum, f)
	if err != nil {
		return "", n, err
	}
	return ingest.Digest(hex.EncodeToString(sum.Sum(nil))), n, nil
}
