package read

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"strings"

	"okienko/ingest"
)

// readGZIP unpacks the one file in a gzip stream.
func readGZIP(w *walker, at int, it item) {
	if !w.enters(it) || w.tooDeep(at, it) {
		return
	}
	name := strings.TrimSuffix(it.name, extension(it.name))
	if extension(it.name) == ".tgz" {
		name += ".tar"
	}
	w.unpack(it.child(1, name, nil), int64(len(it.file.data)), true, func() (io.ReadCloser, error) {
		return gzip.NewReader(bytes.NewReader(it.file.data))
	})
}

// readTAR lists and reads the files of a tar archive.
func readTAR(w *walker, at int, it item) {
	if !w.enters(it) || w.tooDeep(at, it) {
		return
	}
	t := tar.NewReader(bytes.NewReader(it.file.data))
	for n := 1; ; n++ {
		h, err := t.Next()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			w.problem(at, ingest.ProblemMalformed, "damaged after "+fmt.Sprint(n-1)+" files")
			return
		}
		if n > maxDocuments {
			w.problem(at, ingest.ProblemTooLarge, fmt.Sprintf("over %d files: the others are not listed", maxDocuments))
			return
		}
		w.tarFile(it.child(n, h.Name, nil), h, t)
	}
}

func (w *walker) tarFile(it item, h *tar.Header, t *tar.Reader) {
	switch h.Typeflag {
	case tar.TypeReg:
		w.unpack(it, 0, false, func() (io.ReadCloser, error) { return io.NopCloser(t), nil })
	case tar.TypeDir, tar.TypeXGlobalHeader:
	default:
		w.listOnly(it, 0, ingest.ProblemSuspicious, "a link or device, not a file")
	}
}
