package raster

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"

	"golang.org/x/image/bmp"
	"golang.org/x/image/tiff"
	"golang.org/x/image/webp"

	"okienko/ingest/jpegtiff"
)

// MaxPixels is the largest picture that is decoded: three times A4 at 300 dots an inch, or a large telephone camera. A file of
// kilobytes can claim gigabytes.
const MaxPixels = 50_000_000

// The reasons a picture is not decoded.
var (
	ErrTooLarge = errors.New("the picture has too many pixels")
	ErrFormat   = errors.New("the picture is damaged or of a kind that is not opened here")
)

// Decode decodes one page, from 0, of a picture file. The orientation a camera notes in EXIF is applied.
func Decode(data []byte, mediaType string, page int) (Page, error) {
	if mediaType == "image/tiff" {
		data = tiffFrom(data, page)
		if g, ok, err := jpegtiff.First(data, MaxPixels); ok {
			if err != nil {
				return Page{}, fmt.Errorf("%w: %w", ErrFormat, err)
			}
			return Page{Gray: g, DPI: tiffDPI(data)}, nil
		}
	} else if page > 0 {
		return Page{}, ErrFormat
	}
	format, ok := codecOf(mediaType)
	if !ok {
		return Page{}, ErrFormat
	}
	if c, err := format.config(bytes.NewReader(data)); err != nil || c.Width <= 0 || c.Height <= 0 {
		return Page{}, ErrFormat
	} else if c.Width*c.Height > MaxPixels || c.Width > MaxPixels || c.Height > MaxPixels {
		return Page{}, ErrTooLarge
	}
	img, err := format.decode(bytes.NewReader(data))
	if err != nil {
		return Page{}, ErrFormat
	}
	p := Page{Gray: Gray(img)}
	switch mediaType {
	case "image/tiff":
		p.DPI = tiffDPI(data)
		positive(p.Gray)
	case "image/jpeg":
		p.Gray = Turn(p.Gray, exifTurn(data))
	}
	return p, nil
}

// codec reads one format.
type codec struct {
	config func(io.Reader) (image.Config, error)
	decode func(io.Reader) (image.Image, error)
}

func codecOf(mediaType string) (codec, bool) {
	switch mediaType {
	case "image/jpeg":
		return codec{jpeg.DecodeConfig, jpeg.Decode}, true
	case "image/png":
		return codec{png.DecodeConfig, png.Decode}, true
	case "image/gif":
		return codec{gif.DecodeConfig, gif.Decode}, true
	case "image/bmp":
		return codec{bmp.DecodeConfig, bmp.Decode}, true
	case "image/tiff":
		return codec{tiff.DecodeConfig, tiff.Decode}, true
	case "image/webp":
		return codec{webp.DecodeConfig, webp.Decode}, true
	}
	return codec{}, false
}

// Gray returns the brightness of a picture; what is transparent is white, as on paper.
func Gray(img image.Image) *image.Gray {
	b := img.Bounds()
	out := image.NewGray(image.Rect(0, 0, b.Dx(), b.Dy()))
	switch src := img.(type) {
	case *image.Gray:
		if b.Min == (image.Point{}) {
			return src
		}
	case *image.YCbCr:
		for y := range b.Dy() {
			copy(out.Pix[y*out.Stride:][:b.Dx()], src.Y[src.YOffset(b.Min.X, b.Min.Y+y):])
		}
		return out
	case *image.RGBA:
		for y := range b.Dy() {
			from, to := src.Pix[src.PixOffset(b.Min.X, b.Min.Y+y):], out.Pix[y*out.Stride:][:b.Dx()]
			for x := range to {
				p := from[4*x : 4*x+4 : 4*x+4]
				to[x] = uint8((19595*uint32(p[0]) + 38470*uint32(p[1]) + 7471*uint32(p[2]) + 1<<15) >> 16)
				to[x] += 255 - p[3] // colours are multiplied with alpha already
			}
		}
		return out
	}
	for y := range b.Dy() {
		for x := range b.Dx() {
			r, g, bl, a := img.At(b.Min.X+x, b.Min.Y+y).RGBA()
			white := 0xFFFF - a
			out.SetGray(x, y, color.Gray{Y: uint8((19595*(r+white) + 38470*(g+white) + 7471*(bl+white) + 1<<15) >> 24)})
		}
	}
	return out
}

// positive inverts a page of only black and white that is mostly black: writers of fax-coded TIFF disagree on which is which.
func positive(g *image.Gray) {
	black := 0
	for _, v := range g.Pix {
		switch v {
		case 0:
			black++
		case 255:
		default:
			return
		}
	}
	if 2*black < len(g.Pix) {
		return
	}
	for i, v := range g.Pix {
		g.Pix[i] = 255 - v
	}
}

// tiffFrom makes the n-th page, from 0, of a TIFF file its first: the decoder opens only that. Where there are fewer pages
// it returns nothing.
func tiffFrom(data []byte, n int) []byte {
	order := tiffOrder(data)
	if order == nil {
		return nil
	}
	at := order.Uint32(data[4:])
	for range n {
		entries, ok := tiffEntries(data, order, at)
		if !ok {
			return nil
		}
		at = order.Uint32(data[int(at)+2+len(entries):])
	}
	if at == 0 {
		return nil
	}
	out := bytes.Clone(data)
	order.PutUint32(out[4:], at)
	return out
}

func tiffOrder(data []byte) binary.ByteOrder {
	switch {
	case len(data) < 8:
	case string(data[:4]) == "II*\x00":
		return binary.LittleEndian
	case string(data[:4]) == "MM\x00*":
		return binary.BigEndian
	}
	return nil
}

// tiffEntries returns the entries of the directory at at, 12 bytes each; four bytes more follow them for sure.
func tiffEntries(data []byte, order binary.ByteOrder, at uint32) ([]byte, bool) {
	if int64(at)+2 > int64(len(data)) {
		return nil, false
	}
	n := 12 * int(order.Uint16(data[at:]))
	rest := data[at+2:]
	if n+4 > len(rest) {
		return nil, false
	}
	return rest[:n], true
}

// tiffDPI reads the horizontal resolution (TIFF 6.0, XResolution and ResolutionUnit), 0 if there is none.
func tiffDPI(data []byte) int {
	order := tiffOrder(data)
	if order == nil {
		return 0
	}
	entries, ok := tiffEntries(data, order, order.Uint32(data[4:]))
	if !ok {
		return 0
	}
	dpi, perCentimetre := 0, false
	for ; len(entries) >= 12; entries = entries[12:] {
		switch order.Uint16(entries) {
		case 282:
			if at := int64(order.Uint32(entries[8:])); at+8 <= int64(len(data)) {
				if d := order.Uint32(data[at+4:]); d > 0 {
					dpi = int(order.Uint32(data[at:]) / d)
				}
			}
		case 296:
			perCentimetre = order.Uint16(entries[8:]) == 3
		}
	}
	if perCentimetre {
		dpi = dpi * 254 / 100
	}
	return dpi
}

// exifTurn returns by how many degrees clockwise a camera says its picture must be turned (EXIF 2.3, tag 0x0112). Mirrored
// pictures are not made by cameras.
func exifTurn(data []byte) int {
	at := bytes.Index(data[:min(len(data), 64<<10)], []byte("Exif\x00\x00"))
	if at < 0 {
		return 0
	}
	exif := data[at+6:]
	order := tiffOrder(exif)
	if order == nil {
		return 0
	}
	entries, ok := tiffEntries(exif, order, order.Uint32(exif[4:]))
	for ; ok && len(entries) >= 12; entries = entries[12:] {
		if order.Uint16(entries) == 0x0112 {
			return map[uint16]int{3: 180, 6: 90, 8: 270}[order.Uint16(entries[8:])]
		}
	}
	return 0
}
