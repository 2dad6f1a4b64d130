package asic

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strings"
)

// Limits of a container (rule A3): far beyond what a resident sends, far below what a bomb needs.
const (
	maxEntries  = 5000
	maxInflated = 256 << 20
	maxRatio    = 1000
)

// ErrNoZip says that the octets are no ZIP archive.
var ErrNoZip = errors.New("not a ZIP archive")

// entry is one file in a container.
type entry struct {
	name  string
	bytes []byte
}

// container is a ZIP read whole.
type container struct {
	entries  []entry
	mimetype string
}

// open reads all entries. Names that leave the archive or occur twice are refused: two readers could see two documents.
func open(raw []byte) (*container, error) {
	zr, err := reader(raw)
	if err != nil {
		return nil, err
	}
	if len(zr.File) > maxEntries {
		return nil, fmt.Errorf("a container of %d files: at most %d are read", len(zr.File), maxEntries)
	}
	c := &container{}
	seen := map[string]bool{}
	left := int64(maxInflated)
	for _, f := range zr.File {
		if strings.HasSuffix(f.Name, "/") {
			continue
		}
		switch {
		case seen[f.Name]:
			return nil, fmt.Errorf("the container holds %q twice", f.Name)
		case unsafe(f.Name):
			return nil, fmt.Errorf("the container holds a file that points outside: %q", f.Name)
		case f.Flags&1 != 0:
			return nil, fmt.Errorf("the container is encrypted")
		}
		seen[f.Name] = true
		b, err := inflate(f, left)
		if err != nil {
			return nil, fmt.Errorf("reading %q in the container: %w", f.Name, err)
		}
		left -= int64(len(b))
		if f.Name == "mimetype" {
			c.mimetype = strings.TrimSpace(string(b[:min(len(b), 200)]))
		}
		c.entries = append(c.entries, entry{f.Name, b})
	}
	return c, nil
}

func unsafe(name string) bool {
	if strings.HasPrefix(name, "/") || strings.ContainsAny(name, "\\\x00") || len(name) > 1 && name[1] == ':' {
		return true
	}
	for _, part := range strings.Split(name, "/") {
		if part == ".." {
			return true
		}
	}
	return false
}

func inflate(f *zip.File, left int64) ([]byte, error) {
	r, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	limit := min(left, 1<<20+maxRatio*int64(f.CompressedSize64))
	b, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err != nil {
		return nil, err
	}
	if int64(len(b)) > limit {
		return nil, errors.New("it unpacks to more than is read")
	}
	return b, nil
}

// reader opens the archive at its true end record: a comment may hold a false one, so each candidate must point at a
// central directory.
func reader(raw []byte) (*zip.Reader, error) {
	const size = 22
	for at := len(raw) - size; at >= 0 && at >= len(raw)-size-1<<16; at-- {
		if !bytes.Equal(raw[at:at+4], []byte("PK\x05\x06")) {
			continue
		}
		cdSize, cdAt := int64(binary.LittleEndian.Uint32(raw[at+12:])), int64(binary.LittleEndian.Uint32(raw[at+16:]))
		if cdAt == 0xFFFFFFFF {
			return nil, errZip64
		}
		if cdAt+cdSize > int64(at) || cdSize > 0 && !bytes.HasPrefix(raw[cdAt:], centralMark) {
			continue
		}
		if err := namedTwiceAlike(raw, cdAt, cdSize, int64(at)); err != nil {
			return nil, err
		}
		end := bytes.Clone(raw[at : at+size])
		end[20], end[21] = 0, 0 // the comment stays outside
		zr, err := zip.NewReader(&spliced{raw[:at], end}, int64(at+size))
		if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
			return nil, fmt.Errorf("%w: %w", ErrNoZip, err)
		}
		return zr, nil
	}
	return nil, ErrNoZip
}

// spliced reads a then b.
type spliced struct{ a, b []byte }

func (s *spliced) ReadAt(p []byte, off int64) (n int, err error) {
	if off < int64(len(s.a)) {
		n = copy(p, s.a[off:])
		off = int64(len(s.a))
	}
	if off-int64(len(s.a)) < int64(len(s.b)) {
		n += copy(p[n:], s.b[off-int64(len(s.a)):])
	}
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

func (c *container) get(name string) *entry {
	for i := range c.entries {
		if c.entries[i].name == name {
			return &c.entries[i]
		}
	}
	return nil
}

// data are the documents: everything but the mimetype and META-INF.
func (c *container) data() []entry {
	var all []entry
	for _, e := range c.entries {
		if e.name != "mimetype" && !inMeta(e.name) {
			all = append(all, e)
		}
	}
	return all
}

func inMeta(name string) bool { return strings.HasPrefix(name, "META-INF/") }
