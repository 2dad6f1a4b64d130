package resident

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"mime"
	"mime/multipart"
	"os"
	"path"
	"strings"
	"unicode"

	"okienko/workflow"
)

// spooled are the files of one supplement on their way into evidence. They have no names on the disk: if the process dies, they
// are gone, and the resident has not been thanked.
type spooled []*spooledFile

type spooledFile struct {
	*os.File
	name, mediaType string
	size            int64
	digest          hash.Hash
}

var errTooMany = errors.New("too many files")

// field reads the next part of a form, which must have that name.
func field(form *multipart.Reader, name string, most int64) (string, error) {
	part, err := form.NextPart()
	if err != nil {
		return "", formError(err)
	}
	if part.FormName() != name || part.FileName() != "" {
		return "", errForm
	}
	value, err := io.ReadAll(io.LimitReader(part, most+1))
	if err != nil {
		return "", formError(err)
	}
	if int64(len(value)) > most {
		return "", errForm
	}
	return string(value), nil
}

// formError keeps the error of a form that is too large, of which the page can say more; a form cut short is none of ours.
func formError(err error) error {
	return fmt.Errorf("%w: %w", errForm, err)
}

// spool takes the files of a form. On error the caller closes what was taken.
func (s *server) spool(form *multipart.Reader) (files spooled, err error) {
	for {
		part, err := form.NextPart()
		if errors.Is(err, io.EOF) {
			return files, nil
		}
		if err != nil {
			return files, formError(err)
		}
		if part.FormName() != "file" {
			return files, errForm
		}
		if part.FileName() == "" { // a field for files in which none was chosen
			continue
		}
		if len(files) == s.Config.mostFiles() {
			return files, errTooMany
		}
		f, err := spoolOne(part)
		if f != nil {
			files = append(files, f)
		}
		if err != nil {
			return files, err
		}
	}
}

func spoolOne(part *multipart.Part) (*spooledFile, error) {
	tmp, err := os.CreateTemp("", "okienko-supplement-*")
	if err != nil {
		return nil, fmt.Errorf("keep a file: %w", err)
	}
	os.Remove(tmp.Name())
	f := &spooledFile{File: tmp, name: cleanName(part.FileName()), digest: sha256.New()}
	f.mediaType, _, _ = mime.ParseMediaType(part.Header.Get("Content-Type")) // "" if it makes no sense
	src := &reading{Reader: part}
	if f.size, err = io.Copy(io.MultiWriter(tmp, f.digest), src); err == nil {
		_, err = tmp.Seek(0, io.SeekStart)
	}
	if src.err != nil {
		return f, formError(src.err)
	}
	if err != nil {
		return f, fmt.Errorf("keep a file: %w", err)
	}
	return f, nil
}

// reading remembers whether it was the sender who broke off, or our disk.
type reading struct {
	io.Reader
	err error
}

func (r *reading) Read(b []byte) (int, error) {
	n, err := r.Reader.Read(b)
	if err != nil && !errors.Is(err, io.EOF) {
		r.err = err
	}
	return n, err
}

// cleanName is a name a browser gave, without directories and signs that do not print. It is shown, never opened.
func cleanName(name string) string {
	name = path.Base(strings.ReplaceAll(strings.ToValidUTF8(name, "\uFFFD"), `\`, "/"))
	name = strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return -1
		}
		return r
	}, name)
	if runes := []rune(name); len(runes) > 120 {
		name = string(runes[:60]) + "…" + string(runes[len(runes)-59:])
	}
	return name
}

func (s spooled) close() {
	for _, f := range s {
		f.Close()
	}
}

// empty is the name of the first file without bytes; "" if there is none.
func (s spooled) empty() string {
	for _, f := range s {
		if f.size == 0 {
			return f.name
		}
	}
	return ""
}

// item names a supplement by the case, the text, and the names and bytes of the files.
func (s spooled) item(id workflow.CaseID, text string) string {
	sum := sha256.New()
	fmt.Fprintf(sum, "%d %d:%s", id, len(text), text)
	for _, f := range s {
		fmt.Fprintf(sum, " %d:%s %x", len(f.name), f.name, f.digest.Sum(nil))
	}
	return hex.EncodeToString(sum.Sum(nil))
}
