package read

import (
	"encoding/binary"
	"image"
)

// tiffConfig returns the size of the largest page of a TIFF file and the number of its pages, 0 if it is no TIFF. Scanners
// write one file of many pages.
func tiffConfig(data []byte) (largest image.Config, pages int) {
	order, next := tiffHead(data)
	seen := map[uint32]bool{}
	for order != nil && next != 0 && !seen[next] && pages < 10_000 {
		seen[next] = true
		var c image.Config
		var ok bool
		if c, next, ok = tiffPage(data, order, next); !ok {
			break
		}
		pages++
		if int64(c.Width)*int64(c.Height) > int64(largest.Width)*int64(largest.Height) {
			largest = c
		}
	}
	return largest, pages
}

func tiffHead(data []byte) (binary.ByteOrder, uint32) {
	if len(data) < 8 {
		return nil, 0
	}
	switch string(data[:4]) {
	case "II*\x00":
		return binary.LittleEndian, binary.LittleEndian.Uint32(data[4:])
	case "MM\x00*":
		return binary.BigEndian, binary.BigEndian.Uint32(data[4:])
	}
	return nil, 0
}

// tiffPage reads width and height of one image file directory.
func tiffPage(data []byte, order binary.ByteOrder, at uint32) (c image.Config, next uint32, ok bool) {
	if int64(at)+2 > int64(len(data)) {
		return c, 0, false
	}
	n := int64(order.Uint16(data[at:]))
	entries := data[at+2:]
	if n*12+4 > int64(len(entries)) {
		return c, 0, false
	}
	for i := range n {
		e := entries[i*12:]
		value := int(order.Uint32(e[8:]))
		if order.Uint16(e[2:]) == 3 { // SHORT
			value = int(order.Uint16(e[8:]))
		}
		switch order.Uint16(e) {
		case 256:
			c.Width = value
		case 257:
			c.Height = value
		}
	}
	return c, order.Uint32(entries[n*12:]), true
}

// otherConfig reads the size of BMP and WebP pictures.
func otherConfig(data []byte, media string) (c image.Config, ok bool) {
	le := binary.LittleEndian
	switch {
	case media == "image/bmp" && len(data) >= 26:
		c.Width, c.Height = int(int32(le.Uint32(data[18:]))), abs(int(int32(le.Uint32(data[22:]))))
	case media == "image/webp" && len(data) >= 30:
		switch string(data[12:16]) {
		case "VP8 ":
			c.Width, c.Height = int(le.Uint16(data[26:])&0x3FFF), int(le.Uint16(data[28:])&0x3FFF)
		case "VP8L":
			bits := le.Uint32(data[21:])
			c.Width, c.Height = int(bits&0x3FFF)+1, int(bits>>14&0x3FFF)+1
		case "VP8X":
			c.Width, c.Height = int(le.Uint32(data[24:])&0xFFFFFF)+1, int(le.Uint32(data[26:])>>8)+1
		}
	}
	return c, c.Width > 0 && c.Height > 0
}

func abs(n int) int { return max(n, -n) }
