package ocr

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"io"
)

// tiff writes a file of several grey pages in one pass (TIFF 6.0): each directory stands before its pixels and says where the
// next one will be.
type tiff struct {
	w    io.Writer
	left int    // pages to come
	at   uint32 // bytes written
}

func newTIFF(w io.Writer, pages int) *tiff { return &tiff{w: w, left: pages} }

const (
	tiffEntries = 11
	tiffHead    = 8
	tiffDir     = 2 + 12*tiffEntries + 4 + 8 // with one resolution
)

// page writes the directory of the next page; its w*h pixels follow.
func (t *tiff) page(w, h, dpi int) error {
	var b []byte
	order := binary.LittleEndian
	if t.at == 0 {
		b = order.AppendUint32(append(b, "II*\x00"...), tiffHead)
	}
	start := t.at + uint32(len(b))
	resolution, pixels := start+tiffDir-8, start+tiffDir
	next := pixels + uint32(w*h)
	next += next % 2 // directories begin on even bytes
	if t.left--; t.left == 0 {
		next = 0
	}
	b = order.AppendUint16(b, tiffEntries)
	const short, long, rational = 3, 4, 5
	for _, e := range [tiffEntries][3]uint32{
		{256, long, uint32(w)}, {257, long, uint32(h)}, {258, short, 8}, {259, short, 1}, {262, short, 1}, {273, long, pixels},
		{277, short, 1}, {278, long, uint32(h)}, {279, long, uint32(w * h)}, {282, rational, resolution}, {283, rational, resolution},
	} {
		b = order.AppendUint16(order.AppendUint16(b, uint16(e[0])), uint16(e[1]))
		b = order.AppendUint32(order.AppendUint32(b, 1), e[2])
	}
	b = order.AppendUint32(b, next)
	b = order.AppendUint32(order.AppendUint32(b, uint32(dpi)), 1)
	return t.write(b)
}

func (t *tiff) write(p []byte) error {
	n, err := t.w.Write(p)
	t.at += uint32(n)
	return err
}

// Canvas takes one picture: a head with its size, then its grey pixels row by row. It is an io.Writer, so that pixels are
// piped and never held.
type Canvas struct {
	tiff *tiff
	head []byte
	size image.Point
	left int // pixels to come
}

// MaxPixels bounds a picture; a larger one is refused.
const MaxPixels = 20_000_000

// headBytes is the length of what Head returns.
const headBytes = 12

// Head is what goes before the pixels of a picture.
func Head(width, height, dpi int) []byte {
	b := make([]byte, headBytes)
	binary.BigEndian.PutUint32(b, uint32(width))
	binary.BigEndian.PutUint32(b[4:], uint32(height))
	binary.BigEndian.PutUint32(b[8:], uint32(dpi))
	return b
}

// Write implements io.Writer. The bytes come from a child process: what does not fit is an error.
func (c *Canvas) Write(p []byte) (int, error) {
	n := 0
	if miss := headBytes - len(c.head); miss > 0 {
		n = min(miss, len(p))
		if c.head = append(c.head, p[:n]...); len(c.head) < headBytes {
			return n, nil
		}
		if err := c.begin(); err != nil {
			return n, err
		}
	}
	if len(p)-n > c.left {
		return n, errors.New("a picture with more pixels than announced")
	}
	c.left -= len(p) - n
	if n == len(p) {
		return n, nil
	}
	return len(p), c.tiff.write(p[n:])
}

func (c *Canvas) begin() error {
	w, h, dpi := binary.BigEndian.Uint32(c.head), binary.BigEndian.Uint32(c.head[4:]), binary.BigEndian.Uint32(c.head[8:])
	if w == 0 || h == 0 || w > 1<<15 || h > 1<<15 || w*h > MaxPixels {
		return fmt.Errorf("a picture of %d x %d pixels", w, h)
	}
	if dpi < 70 || dpi > 1200 {
		dpi = 200
	}
	c.size, c.left = image.Pt(int(w), int(h)), int(w*h)
	return c.tiff.page(int(w), int(h), int(dpi))
}

// emptySide is the side of the white picture that stands for a page without one.
const emptySide = 32

// finish ends a picture. One that was not begun or broke off is filled with white: the others of the run shall be read.
func (c *Canvas) finish() error {
	if len(c.head) < headBytes {
		if err := c.tiff.page(emptySide, emptySide, 200); err != nil {
			return err
		}
		c.left = emptySide * emptySide
	}
	white := bytes.Repeat([]byte{255}, min(c.left, 64<<10))
	for c.left > 0 {
		n := min(c.left, len(white))
		if err := c.tiff.write(white[:n]); err != nil {
			return err
		}
		c.left -= n
	}
	if c.tiff.at%2 == 1 {
		return c.tiff.write([]byte{0})
	}
	return nil
}

// Done reports whether the whole picture was written.
func (c *Canvas) Done() bool { return c.size != (image.Point{}) && c.left == 0 }
