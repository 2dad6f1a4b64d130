// Package jpegtiff opens the one kind of TIFF pages that golang.org/x/image/tiff does not: those whose strips are JPEG streams
// (Adobe Photoshop TIFF Technical Notes of 2002, "JPEG compression", compression 7), as scanners write colour. It owns nothing
// else of TIFF, and refuses what is rare: tiles, planes apart, JPEG of the old kind (compression 6).
//
// It sees outside bytes and runs in the children that ingest/read/raster and ingest/scan/cut work in.
package jpegtiff

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"slices"
)

// ErrDamaged means that a page is coded as JPEG but cannot be decoded.
var ErrDamaged = errors.New("a damaged page coded as JPEG")

// The tags that matter here (TIFF 6.0 and the technical note).
const (
	tagWidth, tagLength, tagCompression, tagPhotometric = 256, 257, 259, 262
	tagOffsets, tagRows, tagCounts, tagTables           = 273, 278, 279, 347

	compressionJPEG = 7
	photometricRGB  = 2
)

// First decodes the brightness of the first page of a TIFF file. ok is false where that page is coded otherwise, for the library
// to decode. A page of more than most pixels is ErrDamaged.
func First(data []byte, most int) (page *image.Gray, ok bool, err error) {
	f, ok := open(data)
	if !ok || f.one(tagCompression) != compressionJPEG {
		return nil, false, nil
	}
	w, h := int(f.one(tagWidth)), int(f.one(tagLength))
	if w <= 0 || h <= 0 || w > most/h {
		return nil, true, fmt.Errorf("%w: %d x %d pixels", ErrDamaged, w, h)
	}
	rows := int(f.one(tagRows))
	if rows <= 0 || rows > h {
		rows = h
	}
	offsets, counts := f.numbers(tagOffsets), f.numbers(tagCounts)
	if len(offsets) != (h+rows-1)/rows || len(counts) != len(offsets) {
		return nil, true, fmt.Errorf("%w: %d strips for %d rows", ErrDamaged, len(offsets), h)
	}
	page = image.NewGray(image.Rect(0, 0, w, h))
	for i, at := range offsets {
		strip, ok := f.slice(at, counts[i])
		if !ok {
			return nil, true, fmt.Errorf("%w: it is cut off", ErrDamaged)
		}
		if err := f.strip(page, i*rows, min(rows, h-i*rows), strip); err != nil {
			return nil, true, err
		}
	}
	return page, true, nil
}

// strip decodes one strip into the rows of the page from top.
func (f file) strip(page *image.Gray, top, rows int, data []byte) error {
	stream := f.whole(data)
	c, err := jpeg.DecodeConfig(bytes.NewReader(stream))
	// The height of a strip may be padded to whole blocks.
	if err != nil || c.Width < page.Rect.Dx() || c.Width > page.Rect.Dx()+16 || c.Height < rows || c.Height > rows+16 {
		return fmt.Errorf("%w: a strip of %d x %d", ErrDamaged, c.Width, c.Height)
	}
	img, err := jpeg.Decode(bytes.NewReader(stream))
	if err != nil {
		return fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	for y := range rows {
		row := page.Pix[(top+y)*page.Stride:][:page.Rect.Dx()]
		switch src := img.(type) {
		case *image.Gray:
			copy(row, src.Pix[y*src.Stride:])
		case *image.YCbCr:
			copy(row, src.Y[y*src.YStride:])
		default:
			for x := range row {
				row[x] = color.GrayModel.Convert(img.At(x, y)).(color.Gray).Y
			}
		}
	}
	return nil
}

var (
	beginning = []byte{0xFF, 0xD8}
	end       = []byte{0xFF, 0xD9}
	// jfif tells a decoder that three components are YCbCr, plainRGB that they are RGB (the Adobe segment, transform 0).
	jfif     = []byte("\xFF\xE0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00")
	plainRGB = []byte("\xFF\xEE\x00\x0EAdobe\x00\x64\x00\x00\x00\x00\x00")
)

// whole makes a JPEG file of a strip: the tables that all strips share go before it.
func (f file) whole(strip []byte) []byte {
	colours := jfif
	if f.one(tagPhotometric) == photometricRGB {
		colours = plainRGB
	}
	tables := bytes.TrimSuffix(bytes.TrimPrefix(f.raw(tagTables), beginning), end)
	return slices.Concat(beginning, colours, tables, bytes.TrimPrefix(strip, beginning))
}

// file is a TIFF file with the entries of its first directory, twelve bytes each.
type file struct {
	data    []byte
	order   binary.ByteOrder
	entries []byte
}

func open(data []byte) (file, bool) {
	f := file{data: data}
	switch {
	case len(data) < 8:
		return f, false
	case string(data[:4]) == "II*\x00":
		f.order = binary.LittleEndian
	case string(data[:4]) == "MM\x00*":
		f.order = binary.BigEndian
	default:
		return f, false
	}
	at := f.order.Uint32(data[4:])
	head, ok := f.slice(at, 2)
	if !ok || at > 1<<31 {
		return f, false
	}
	f.entries, ok = f.slice(at+2, 12*uint32(f.order.Uint16(head)))
	return f, ok
}

func (f file) slice(at, n uint32) ([]byte, bool) {
	if int64(at)+int64(n) > int64(len(f.data)) {
		return nil, false
	}
	return f.data[at:][:n:n], true
}

// entry returns the kind and the bytes of the values of a tag; nil if there is none.
func (f file) entry(tag uint16) (kind uint16, values []byte) {
	for e := f.entries; len(e) >= 12; e = e[12:] {
		if f.order.Uint16(e) != tag {
			continue
		}
		kind, n := f.order.Uint16(e[2:]), int64(f.order.Uint32(e[4:]))
		size := n * map[uint16]int64{1: 1, 3: 2, 4: 4, 7: 1}[kind]
		if size <= 4 {
			return kind, e[8 : 8+size]
		}
		if size > int64(len(f.data)) {
			return kind, nil
		}
		values, _ = f.slice(f.order.Uint32(e[8:]), uint32(size))
		return kind, values
	}
	return 0, nil
}

func (f file) raw(tag uint16) []byte {
	_, values := f.entry(tag)
	return values
}

func (f file) numbers(tag uint16) (all []uint32) {
	kind, values := f.entry(tag)
	switch kind {
	case 3:
		for ; len(values) >= 2; values = values[2:] {
			all = append(all, uint32(f.order.Uint16(values)))
		}
	case 4:
		for ; len(values) >= 4; values = values[4:] {
			all = append(all, f.order.Uint32(values))
		}
	}
	return all
}

// one returns the first value of a tag, 0 if there is none.
func (f file) one(tag uint16) uint32 {
	if all := f.numbers(tag); len(all) > 0 {
		return all[0]
	}
	return 0
}
