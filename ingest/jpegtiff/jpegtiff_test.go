package jpegtiff

import (
	"bytes"
	"encoding/binary"
	"errors"
	"image"
	"image/color"
	"image/jpeg"
	"testing"
)

// slope is a page whose brightness tells where on it a pixel lies.
func slope(w, h int) *image.Gray {
	g := image.NewGray(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			g.SetGray(x, y, color.Gray{Y: uint8(40 + 100*y/h + 60*x/w)})
		}
	}
	return g
}

// tinted is the same in colour.
func tinted(g *image.Gray) image.Image {
	out := image.NewRGBA(g.Rect)
	for i, v := range g.Pix {
		copy(out.Pix[4*i:], []byte{v, v, v, 255})
	}
	return out
}

// encoded is a JPEG file.
func encoded(t testing.TB, img image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: 95}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// apart parts a JPEG file as TIFF does: its tables, and the stream without them.
func apart(file []byte) (tables, stream []byte) {
	tables, stream = bytes.Clone(beginning), bytes.Clone(beginning)
	for at := 2; ; {
		n := 2 + int(binary.BigEndian.Uint16(file[at+2:]))
		switch kind := file[at+1]; kind {
		case 0xDB, 0xC4: // quantisation, Huffman
			tables = append(tables, file[at:at+n]...)
		case 0xDA: // the scan, to the end of the file
			return append(tables, end...), append(stream, file[at:]...)
		default:
			stream = append(stream, file[at:at+n]...)
		}
		at += n
	}
}

type byteOrder interface {
	binary.ByteOrder
	binary.AppendByteOrder
}

// tiffOf joins strips to a page.
func tiffOf(order byteOrder, w, h, rows, photometric int, tables []byte, strips ...[]byte) []byte {
	head := "II*\x00"
	if order == byteOrder(binary.BigEndian) {
		head = "MM\x00*"
	}
	out := append([]byte(head), 0, 0, 0, 0)
	put := func(b []byte) uint32 {
		at := uint32(len(out))
		out = append(out, b...)
		return at
	}
	var offsets, counts []byte
	for _, s := range strips {
		offsets = order.AppendUint32(offsets, put(s))
		counts = order.AppendUint32(counts, uint32(len(s)))
	}
	list := func(b []byte) uint32 {
		if len(b) == 4 {
			return order.Uint32(b)
		}
		return put(b)
	}
	n := uint32(len(strips))
	entries := [][4]uint32{
		{256, 4, 1, uint32(w)}, {257, 4, 1, uint32(h)}, {259, 4, 1, 7}, {262, 4, 1, uint32(photometric)}, {273, 4, n, list(offsets)}, {278, 4, 1, uint32(rows)}, {279, 4, n, list(counts)},
	}
	if tables != nil {
		entries = append(entries, [4]uint32{347, 7, uint32(len(tables)), put(tables)})
	}
	order.PutUint32(out[4:], uint32(len(out)))
	out = order.AppendUint16(out, uint16(len(entries)))
	for _, e := range entries {
		out = order.AppendUint16(order.AppendUint16(out, uint16(e[0])), uint16(e[1]))
		out = order.AppendUint32(order.AppendUint32(out, e[2]), e[3])
	}
	return order.AppendUint32(out, 0)
}

func TestPagesCodedAsJPEG(t *testing.T) {
	t.Parallel()
	const w, h = 160, 96
	page := slope(w, h)
	upper, lower := page.SubImage(image.Rect(0, 0, w, 64)), image.NewGray(image.Rect(0, 0, w, 32))
	copy(lower.Pix, page.Pix[64*w:])
	tables, first := apart(encoded(t, upper))
	_, second := apart(encoded(t, lower))
	for _, tt := range []struct {
		name string
		data []byte
	}{
		{"grey, one strip with its own tables", tiffOf(binary.LittleEndian, w, h, h, 1, nil, encoded(t, page))},
		{"grey, two strips that share their tables", tiffOf(binary.BigEndian, w, h, 64, 1, tables, first, second)},
		{"YCbCr", tiffOf(binary.LittleEndian, w, h, h, 6, nil, encoded(t, tinted(page)))},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, ok, err := First(tt.data, 1<<20)
			if err != nil || !ok || got.Rect != page.Rect {
				t.Fatalf("got %v, %v", ok, err)
			}
			for i, v := range page.Pix {
				if d := int(v) - int(got.Pix[i]); d > 6 || d < -6 {
					t.Fatalf("pixel %d is %d, want %d", i, got.Pix[i], v)
				}
			}
		})
	}
}

func TestHostilePagesCodedAsJPEG(t *testing.T) {
	t.Parallel()
	whole := encoded(t, slope(160, 96))
	for _, tt := range []struct {
		name string
		data []byte
		ours bool
	}{
		{"a page larger than allowed", tiffOf(binary.LittleEndian, 60_000, 60_000, 60_000, 1, nil, whole), true},
		{"a strip of another size than the page", tiffOf(binary.LittleEndian, 320, 96, 96, 1, nil, whole), true},
		{"too few strips", tiffOf(binary.LittleEndian, 160, 96, 32, 1, nil, whole), true},
		{"a strip cut off", tiffOf(binary.LittleEndian, 160, 96, 96, 1, nil, whole[:len(whole)/3]), true},
		{"no JPEG at all", tiffOf(binary.LittleEndian, 160, 96, 96, 1, nil, []byte("dots")), true},
		{"no TIFF", whole, false},
		{"nothing", nil, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if _, ok, err := First(tt.data, 1<<20); ok != tt.ours || errors.Is(err, ErrDamaged) != tt.ours {
				t.Errorf("got %v, %v", ok, err)
			}
		})
	}
}

func FuzzFirst(f *testing.F) {
	whole := encoded(f, slope(32, 16))
	tables, stream := apart(whole)
	f.Add(tiffOf(binary.LittleEndian, 32, 16, 16, 1, nil, whole))
	f.Add(tiffOf(binary.BigEndian, 32, 16, 16, 2, tables, stream))
	f.Fuzz(func(t *testing.T, data []byte) {
		page, ok, err := First(data, 1<<16)
		if err == nil && ok && (page.Rect.Empty() || len(page.Pix) > 1<<16) {
			t.Errorf("a page of %v", page.Rect)
		}
		if err != nil && (!ok || !errors.Is(err, ErrDamaged)) {
			t.Errorf("got %v, %v", ok, err)
		}
	})
}
