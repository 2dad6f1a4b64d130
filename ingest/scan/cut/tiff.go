package cut

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"image"
	"slices"

	"golang.org/x/image/tiff"

	"okienko/ingest/jpegtiff"
)

// tiffPages is a TIFF file of several pages: a chain of directories (TIFF 6.0, section 2), each the description of a page whose
// dots lie anywhere in the file. The library decodes the first page only, so each page is made the first one in turn.
type tiffPages struct {
	data  []byte
	order byteOrder
	at    []uint32 // offsets of the directories
	dirs  [][]tiffEntry
}

type byteOrder interface {
	binary.ByteOrder
	binary.AppendByteOrder
}

// tiffEntry is one entry of a directory: twelve bytes.
type tiffEntry struct {
	tag, kind uint16
	n         uint32
	raw       []byte // the values, wherever they lay
}

// The tags that matter here.
const (
	tagWidth, tagLength               = 256, 257
	tagCompression                    = 259
	tagStripOffsets, tagStripCounts   = 273, 279
	tagTileOffsets, tagTileCounts     = 324, 325
	tagSubDirs, tagExifDir, tagGPSDir = 330, 34665, 34853
	oldJPEG                           = 6 // keeps tables where nobody can tell their length
)

// kindBytes is how long one value is, by kind (TIFF 6.0, page 15).
var kindBytes = map[uint16]int64{1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8}

const long = 4 // the kind of 32 bits

func openTIFF(data []byte) (pages, error) {
	p := &tiffPages{data: data}
	switch {
	case len(data) >= 8 && string(data[:4]) == "II*\x00":
		p.order = binary.LittleEndian
	case len(data) >= 8 && string(data[:4]) == "MM\x00*":
		p.order = binary.BigEndian
	default:
		return nil, errDamaged
	}
	next := p.order.Uint32(data[4:])
	for next != 0 {
		if slices.Contains(p.at, next) || len(p.at) > maxPages {
			return nil, fmt.Errorf("%w: its pages have no end", errDamaged)
		}
		dir, after, err := p.directory(next)
		if err != nil {
			return nil, err
		}
		p.at, p.dirs = append(p.at, next), append(p.dirs, dir)
		next = after
	}
	return p, nil
}

func (p *tiffPages) directory(at uint32) (entries []tiffEntry, next uint32, err error) {
	head, err := p.slice(int64(at), 2)
	if err != nil {
		return nil, 0, err
	}
	n := int64(p.order.Uint16(head))
	body, err := p.slice(int64(at)+2, n*12+4)
	if err != nil {
		return nil, 0, err
	}
	for i := range n {
		e, err := p.entry(body[i*12:][:12])
		if err != nil {
			return nil, 0, err
		}
		entries = append(entries, e)
	}
	return entries, p.order.Uint32(body[n*12:]), nil
}

func (p *tiffPages) entry(b []byte) (tiffEntry, error) {
	e := tiffEntry{tag: p.order.Uint16(b), kind: p.order.Uint16(b[2:]), n: p.order.Uint32(b[4:])}
	each, ok := kindBytes[e.kind]
	if !ok {
		return e, fmt.Errorf("%w: a value of kind %d", errDamaged, e.kind)
	}
	size := each * int64(e.n)
	if size <= 4 {
		e.raw = b[8 : 8+size]
		return e, nil
	}
	var err error
	e.raw, err = p.slice(int64(p.order.Uint32(b[8:])), size)
	return e, err
}

func (p *tiffPages) slice(at, size int64) ([]byte, error) {
	if at < 0 || size < 0 || at+size > int64(len(p.data)) {
		return nil, fmt.Errorf("%w: it is cut off", errDamaged)
	}
	return p.data[at : at+size], nil
}

// numbers are the values of a tag of a page; nil if the page has none.
func (p *tiffPages) numbers(page int, tag uint16) []uint32 {
	for _, e := range p.dirs[page] {
		if e.tag != tag {
			continue
		}
		var all []uint32
		for i := range int(e.n) {
			switch e.kind {
			case 3:
				all = append(all, uint32(p.order.Uint16(e.raw[2*i:])))
			case long:
				all = append(all, p.order.Uint32(e.raw[4*i:]))
			}
		}
		return all
	}
	return nil
}

func (p *tiffPages) count() int { return len(p.at) }
func (p *tiffPages) close()     {}

func (p *tiffPages) show(n int) (image.Image, error) {
	width, length := p.numbers(n, tagWidth), p.numbers(n, tagLength)
	if len(width) == 0 || len(length) == 0 {
		return nil, errDamaged
	}
	if err := bearable(int(width[0]), int(length[0])); err != nil {
		return nil, err
	}
	p.order.PutUint32(p.data[4:], p.at[n])
	defer p.order.PutUint32(p.data[4:], p.at[0])
	if page, ok, err := jpegtiff.First(p.data, maxPixels); err != nil {
		return nil, err
	} else if ok {
		return page, nil
	}
	return tiff.Decode(bytes.NewReader(p.data))
}

// cut writes a TIFF file of the pages in r, whose dots are copied as they are.
func (p *tiffPages) cut(r Range) ([]byte, error) {
	out := slices.Clone(p.data[:8])
	link := 4 // where the offset of the next directory belongs
	for n := r.From - 1; n < r.To; n++ {
		if c := p.numbers(n, tagCompression); len(c) > 0 && c[0] == oldJPEG {
			return nil, fmt.Errorf("page %d is JPEG of the old kind, which cannot be copied", n+1)
		}
		entries, err := p.copyDots(&out, n)
		if err != nil {
			return nil, err
		}
		out, link = p.appendDirectory(out, link, entries)
	}
	return out, nil
}

// copyDots appends the dots of a page and returns its entries with their new offsets.
func (p *tiffPages) copyDots(out *[]byte, n int) ([]tiffEntry, error) {
	var entries []tiffEntry
	for _, e := range p.dirs[n] {
		switch e.tag {
		case tagSubDirs, tagExifDir, tagGPSDir:
			continue // point to what is no part of the page
		case tagStripOffsets, tagTileOffsets:
			counts := p.numbers(n, tagStripCounts)
			if e.tag == tagTileOffsets {
				counts = p.numbers(n, tagTileCounts)
			}
			moved, err := p.move(out, p.numbers(n, e.tag), counts)
			if err != nil {
				return nil, err
			}
			moved.tag = e.tag
			e = moved
		}
		entries = append(entries, e)
	}
	return entries, nil
}

// move copies blocks of dots and returns an entry of their new offsets.
func (p *tiffPages) move(out *[]byte, offsets, counts []uint32) (tiffEntry, error) {
	if len(offsets) != len(counts) {
		return tiffEntry{}, errDamaged
	}
	e := tiffEntry{kind: long, n: uint32(len(offsets))}
	for i, at := range offsets {
		block, err := p.slice(int64(at), int64(counts[i]))
		if err != nil {
			return e, err
		}
		*out = even(*out)
		e.raw = p.order.AppendUint32(e.raw, uint32(len(*out)))
		*out = append(*out, block...)
	}
	return e, nil
}

// appendDirectory appends a directory with its values, and links it.
func (p *tiffPages) appendDirectory(out []byte, link int, entries []tiffEntry) ([]byte, int) {
	dir := p.order.AppendUint16(nil, uint16(len(entries)))
	for _, e := range entries {
		dir = p.order.AppendUint16(dir, e.tag)
		dir = p.order.AppendUint16(dir, e.kind)
		dir = p.order.AppendUint32(dir, e.n)
		if len(e.raw) <= 4 {
			dir = append(dir, append(slices.Clone(e.raw), 0, 0, 0, 0)[:4]...)
			continue
		}
		out = even(out)
		dir = p.order.AppendUint32(dir, uint32(len(out)))
		out = append(out, e.raw...)
	}
	out = even(out)
	p.order.PutUint32(out[link:], uint32(len(out)))
	out = append(out, dir...)
	return p.order.AppendUint32(out, 0), len(out)
}

// even keeps offsets on word boundaries (TIFF 6.0, section 2).
func even(b []byte) []byte {
	if len(b)%2 == 1 {
		b = append(b, 0)
	}
	return b
}
