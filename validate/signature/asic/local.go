package asic

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"sort"
)

// A ZIP archive names its files twice: in the directory at its end and before each file. Programs read one or the other, so an
// archive whose names differ, or that holds a file its directory does not list, shows different people different documents.

var (
	localMark   = []byte("PK\x03\x04")
	centralMark = []byte("PK\x01\x02")
)

// local is where one file of the archive lies.
type local struct{ start, end int64 }

var errZip64 = errors.New("a container in the ZIP64 format, which is for files of 4 GB: not read")

// namedTwiceAlike compares the directory of size octets at raw[at:], which must reach to its end record at end, with the headers of
// the files themselves.
func namedTwiceAlike(raw []byte, at, size, end int64) error {
	bad := errors.New("the directory of the container does not fit its files")
	if at+size != end {
		return bad
	}
	var files []local
	for dir := raw[at : at+size]; len(dir) >= 46 && bytes.HasPrefix(dir, centralMark); {
		n, m, k := int(binary.LittleEndian.Uint16(dir[28:])), int(binary.LittleEndian.Uint16(dir[30:])), int(binary.LittleEndian.Uint16(dir[32:]))
		packed, offset := int64(binary.LittleEndian.Uint32(dir[20:])), int64(binary.LittleEndian.Uint32(dir[42:]))
		if len(dir) < 46+n+m+k {
			return bad
		}
		name := dir[46 : 46+n]
		dir = dir[46+n+m+k:]
		if packed == 0xFFFFFFFF || offset == 0xFFFFFFFF {
			return errZip64
		}
		if offset+30 > int64(len(raw)) || !bytes.HasPrefix(raw[offset:], localMark) {
			return bad
		}
		head := raw[offset:]
		ln, lm := int64(binary.LittleEndian.Uint16(head[26:])), int64(binary.LittleEndian.Uint16(head[28:]))
		if 30+ln+lm+packed > int64(len(head)) {
			return bad
		}
		if !bytes.Equal(head[30:30+ln], name) {
			return fmt.Errorf("the container calls one file %q and %q", name, head[30:30+ln])
		}
		files = append(files, local{offset, offset + 30 + ln + lm + packed})
	}
	return nothingBetween(raw, files, at)
}

// nothingBetween looks for files in what the listed files leave open before the directory.
func nothingBetween(raw []byte, files []local, directory int64) error {
	sort.Slice(files, func(i, j int) bool { return files[i].start < files[j].start })
	end := int64(0)
	for _, f := range append(files, local{directory, directory}) {
		if f.start < end {
			return errors.New("files of the container overlap")
		}
		if bytes.Contains(raw[end:f.start], localMark) {
			return errors.New("the container holds a file that its directory does not list")
		}
		end = f.end
	}
	return nil
}
