package rulebook

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	_ "embed" // calendar.yaml
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"okienko/classify"
	"okienko/schemas"
)

// Book is the files of one version, by their path in the repository. It must not be changed once made: With makes another.
type Book map[string][]byte

// The files of a book: patterns of path.Match.
var patterns = []string{
	"schemas/procedures/*.yaml", "schemas/conditions.yaml", "schemas/words.yaml", "classify/rules/general.yaml", "classify/rules/nature.yaml",
	"workflow/reply/letters/*.txt", calendarFile,
}

//go:embed calendar.yaml
var defaultCalendar []byte

// What a book may measure: ten times what the office has now.
const (
	mostFiles = 500
	mostBytes = 4 << 20 // in all, unpacked
)

// BuiltIn is version 0: the files embedded in the program.
func (o Office) BuiltIn() (Book, error) {
	b := Book{calendarFile: defaultCalendar}
	for _, part := range []struct {
		files fs.FS
		dir   string
		glob  string
	}{
		{schemas.Files(), "schemas/", "procedures/*.yaml"}, {schemas.Files(), "schemas/", "conditions.yaml"}, {schemas.Files(), "schemas/", "words.yaml"},
		{classify.RuleFiles(), "classify/", "rules/*.yaml"}, {o.Letters, "workflow/reply/letters/", "*.txt"},
	} {
		names, err := fs.Glob(part.files, part.glob)
		if err != nil {
			return nil, fmt.Errorf("looking for %s: %w", part.glob, err)
		}
		for _, name := range names {
			if b[part.dir+name], err = fs.ReadFile(part.files, name); err != nil {
				return nil, fmt.Errorf("reading %s: %w", name, err)
			}
		}
	}
	return b, nil
}

// Names are the paths of the files, sorted.
func (b Book) Names() []string { return slices.Sorted(maps.Keys(b)) }

// With is the book with another text under a name.
func (b Book) With(name string, text []byte) Book {
	c := maps.Clone(b)
	c[name] = text
	return c
}

// Digest names the content: the same files have the same digest everywhere.
func (b Book) Digest() string {
	sum := sha256.New()
	for _, name := range b.Names() {
		fmt.Fprintf(sum, "%d:%s%d:%s", len(name), name, len(b[name]), b[name])
	}
	return hex.EncodeToString(sum.Sum(nil))
}

// Procedure is the path of a procedure's file.
func Procedure(id string) string { return "schemas/procedures/" + id + ".yaml" }

// Procedures are the names of the procedure files without folder and ending, sorted: "odpis_aktu", "odpis_aktu@2027".
func (b Book) Procedures() []string {
	var ids []string
	for _, name := range b.Names() {
		if base, ok := strings.CutPrefix(name, "schemas/procedures/"); ok {
			ids = append(ids, strings.TrimSuffix(base, ".yaml"))
		}
	}
	return ids
}

// Allowed reports whether a book may have a file of that name.
func Allowed(name string) bool {
	return slices.ContainsFunc(patterns, func(p string) bool { ok, err := path.Match(p, name); return err == nil && ok })
}

// strangers complains about files that mean nothing here: a mistyped name must not silently change nothing.
func (b Book) strangers() []Complaint {
	var list []Complaint
	for _, name := range b.Names() {
		if !Allowed(name) {
			list = append(list, Complaint{name, "the file has no place in a rule book; allowed are " + strings.Join(patterns, ", ")})
		}
	}
	return list
}

// FS is the book as a file system.
func (b Book) FS() (fs.FS, error) {
	data, err := b.Zip()
	if err != nil {
		return nil, err
	}
	return zip.NewReader(bytes.NewReader(data), int64(len(data)))
}

// Zip packs the book, the same book always into the same bytes.
func (b Book) Zip() ([]byte, error) {
	var buf bytes.Buffer
	z := zip.NewWriter(&buf)
	for _, name := range b.Names() {
		w, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate})
		if err == nil {
			_, err = w.Write(b[name])
		}
		if err != nil {
			return nil, fmt.Errorf("packing %s: %w", name, err)
		}
	}
	if err := z.Close(); err != nil {
		return nil, fmt.Errorf("packing the rule book: %w", err)
	}
	return buf.Bytes(), nil
}

// ErrNoBook is wrapped by the errors of ReadZip: the file is no rule book, and the text says why.
var ErrNoBook = errors.New("this is no rule book")

// ReadZip unpacks a book. Folders around it, as GitHub and file managers add them, are taken off. Whether the files make sense is
// for Compile to say.
func ReadZip(data []byte) (Book, error) {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, fmt.Errorf("%w: not a ZIP file (%w)", ErrNoBook, err)
	}
	b, left := Book{}, int64(mostBytes)
	for _, f := range z.File {
		if f.FileInfo().IsDir() {
			continue
		}
		if len(b) == mostFiles {
			return nil, fmt.Errorf("%w: more than %d files", ErrNoBook, mostFiles)
		}
		text, err := unpack(f, left)
		if err != nil {
			return nil, err
		}
		left -= int64(len(text))
		name := inner(f.Name)
		if _, twice := b[name]; twice {
			return nil, fmt.Errorf("%w: %s is in it twice", ErrNoBook, name)
		}
		b[name] = text
	}
	if len(b.Procedures()) == 0 {
		return nil, fmt.Errorf("%w: it has no schemas/procedures/*.yaml", ErrNoBook)
	}
	return b, nil
}

func unpack(f *zip.File, limit int64) ([]byte, error) {
	r, err := f.Open()
	if err != nil {
		return nil, fmt.Errorf("%w: %s: %w", ErrNoBook, f.Name, err)
	}
	defer r.Close()
	text, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err != nil {
		return nil, fmt.Errorf("%w: %s: %w", ErrNoBook, f.Name, err)
	}
	if int64(len(text)) > limit {
		return nil, fmt.Errorf("%w: more than %d MB of files", ErrNoBook, mostBytes>>20)
	}
	return text, nil
}

// inner takes the folders off that lie around a book.
func inner(name string) string {
	name = strings.ReplaceAll(name, "\\", "/")
	for _, root := range []string{"schemas/", "classify/", "workflow/"} {
		if i := strings.Index(name, "/"+root); i >= 0 {
			return name[i+1:]
		}
	}
	return name
}
