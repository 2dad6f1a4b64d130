package read

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"sort"
	"strings"
	"unicode/utf8"

	"okienko/ingest"
)

// Above ratioFrom bytes, a file that packs better than maxRatio is a bomb: no text or picture does.
const (
	maxRatio  = 100
	ratioFrom = 1 << 20
)

// readZIP lists and reads the files of a ZIP archive. A name in it is never a path: nothing is ever written.
func readZIP(w *walker, at int, it item) {
	if !w.enters(it) || w.tooDeep(at, it) {
		return
	}
	z, err := zip.NewReader(bytes.NewReader(it.file.data), int64(len(it.file.data)))
	if err != nil {
		w.problem(at, ingest.ProblemUnreadable, "not a whole ZIP archive")
		return
	}
	if trick := zipTrick(z); trick != "" {
		w.problem(at, ingest.ProblemSuspicious, trick)
	}
	overlapping := overlaps(z)
	if overlapping {
		w.problem(at, ingest.ProblemSuspicious, "files that overlap each other: not unpacked")
	}
	n := 0
	for _, f := range z.File {
		if f.FileInfo().IsDir() {
			continue
		}
		if n++; n > maxDocuments {
			w.problem(at, ingest.ProblemTooLarge, fmt.Sprintf("over %d files: the others are not listed", maxDocuments))
			return
		}
		w.zipFile(it, f, n, overlapping)
	}
}

func (w *walker) zipFile(archive item, f *zip.File, n int, overlapping bool) {
	it := archive.child(n, zipName(f), nil)
	it.inline = isJunk(f.Name)
	switch {
	case f.Flags&1 != 0:
		w.listOnly(it, int64(f.UncompressedSize64), ingest.ProblemEncrypted, "encrypted in the archive")
	case f.Mode()&fs.ModeSymlink != 0:
		w.listOnly(it, 0, ingest.ProblemSuspicious, "a link out of the archive, not a file")
	case overlapping:
		w.listOnly(it, int64(f.UncompressedSize64), ingest.ProblemSuspicious, "overlaps another file: not unpacked")
	default:
		w.unpack(it, int64(f.CompressedSize64), true, f.Open)
	}
}

// unpack decodes one packed file within the limits and reads it.
// again tells whether open can be called a second time.
func (w *walker) unpack(it item, packed int64, again bool, open func() (io.ReadCloser, error)) {
	most, room := w.reader.sizes.document, w.reader.sizes.unpacked-w.unpacked
	inflate := func() ([]byte, error) { return readPacked(packed, most, room, open) }
	data, err := inflate()
	var limit *limitError
	switch {
	case errors.As(err, &limit):
		w.listOnly(it, limit.read, ingest.ProblemTooLarge, limit.why)
		return
	case err != nil:
		it.problems = append(it.problems, ingest.ProblemMalformed) // what came before the damage is kept
	}
	it.file = file{data: data}
	if err == nil && again {
		it.file.reopen = inflate
	}
	w.document(it)
}

// limitError says that unpacking was stopped.
type limitError struct {
	why  string
	read int64
}

func (e *limitError) Error() string { return e.why }

// readPacked decodes a stream of packed bytes and stops at the first limit, whatever sizes the archive claims.
func readPacked(packed, most, room int64, open func() (io.ReadCloser, error)) ([]byte, error) {
	r, err := open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	var buf bytes.Buffer
	for {
		_, err := io.CopyN(&buf, r, 1<<20)
		n := int64(buf.Len())
		switch {
		case n > ratioFrom && packed > 0 && n > maxRatio*packed:
			return nil, &limitError{fmt.Sprintf("packed more than %d times: not unpacked", maxRatio), n}
		case n > most:
			return nil, &limitError{"over the size one document may have unpacked", n}
		case n > room:
			return nil, &limitError{"over the total size a submission may have unpacked", n}
		case errors.Is(err, io.EOF):
			return buf.Bytes(), nil
		case err != nil:
			return buf.Bytes(), err
		}
	}
}

// listOnly lists a file that is not looked into.
func (w *walker) listOnly(it item, size int64, code ingest.ProblemCode, detail string) {
	media := byExtension[extension(it.name)]
	if media == "" {
		media = "application/octet-stream"
	}
	w.problem(w.add(it, media, size), code, detail)
}

// zipTrick recognises archives made to mean one thing to one program and another to the next.
func zipTrick(z *zip.Reader) string {
	seen := make(map[string]bool, len(z.File))
	for _, f := range z.File {
		name := strings.ReplaceAll(f.Name, `\`, "/")
		switch {
		case seen[name] && !strings.HasSuffix(name, "/"):
			return "two files of the same name"
		case strings.HasPrefix(name, "/"), strings.Contains("/"+name+"/", "/../"), len(name) > 1 && name[1] == ':':
			return "a name that leads out of the archive"
		}
		seen[name] = true
	}
	return ""
}

// overlaps reports whether two files share packed bytes, as in the bombs that grow with the square of their size.
func overlaps(z *zip.Reader) bool {
	type span struct{ from, to int64 }
	var spans []span
	for _, f := range z.File {
		from, err := f.DataOffset()
		if err != nil || f.CompressedSize64 == 0 {
			continue
		}
		spans = append(spans, span{from, from + int64(f.CompressedSize64)})
	}
	sort.Slice(spans, func(i, j int) bool { return spans[i].from < spans[j].from })
	for i := 1; i < len(spans); i++ {
		if spans[i].from < spans[i-1].to {
			return true
		}
	}
	return false
}

// zipName decodes the name of a file: UTF-8 where it is, else a code page of the DOS and Windows that packed it.
func zipName(f *zip.File) string {
	if u := unicodePath(f.Extra); u != "" {
		return u
	}
	if utf8.ValidString(f.Name) {
		return f.Name
	}
	return bestEightBit([]byte(f.Name), nil)
}

// unicodePath returns the name in the Info-ZIP extra field 0x7075, "" if there is none.
func unicodePath(extra []byte) string {
	for len(extra) >= 4 {
		tag, size := binary.LittleEndian.Uint16(extra), int(binary.LittleEndian.Uint16(extra[2:]))
		extra = extra[4:]
		if size > len(extra) {
			return ""
		}
		if tag == 0x7075 && size > 5 && utf8.Valid(extra[5:size]) {
			return string(extra[5:size])
		}
		extra = extra[size:]
	}
	return ""
}

// isJunk recognises what operating systems add to archives by themselves.
func isJunk(name string) bool {
	base := name[strings.LastIndexByte(name, '/')+1:]
	return strings.HasPrefix(name, "__MACOSX/") || base == ".DS_Store" || strings.EqualFold(base, "Thumbs.db") || strings.EqualFold(base, "desktop.ini")
}
