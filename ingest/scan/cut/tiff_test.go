package cut

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"image/color"
	"testing"

	"golang.org/x/image/tiff"
)

// shade is a page of one grey, so that pages can be told apart.
func shade(n int) *image.Gray {
	g := image.NewGray(image.Rect(0, 0, 40+n, 30))
	for i := range g.Pix {
		g.Pix[i] = byte(10 * n)
	}
	return g
}

// joined is a TIFF file of several pages.
func joined(t testing.TB, pages ...image.Image) []byte {
	t.Helper()
	var out []byte
	link := 4
	for _, img := range pages {
		var b bytes.Buffer
		if err := tiff.Encode(&b, img, &tiff.Options{Compression: tiff.Deflate}); err != nil {
			t.Fatal(err)
		}
		one, err := openTIFF(b.Bytes())
		if err != nil {
			t.Fatal(err)
		}
		p := one.(*tiffPages)
		if out == nil {
			out = bytes.Clone(p.data[:8])
		}
		entries, err := p.copyDots(&out, 0)
		if err != nil {
			t.Fatal(err)
		}
		out, link = p.appendDirectory(out, link, entries)
	}
	return out
}

// seen are the greys of the pages of a file, as they are shown.
func seen(t testing.TB, media string, data []byte) string {
	t.Helper()
	p, err := (&Reader{}).open(media, data)
	if err != nil {
		t.Fatal(err)
	}
	defer p.close()
	var all []int
	for n := range p.count() {
		img, err := p.show(n)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, int(color.GrayModel.Convert(img.At(5, 5)).(color.Gray).Y))
	}
	return fmt.Sprint(all)
}

func TestPagesOfATIFFAreShownAndTakenOut(t *testing.T) {
	t.Parallel()
	file := joined(t, shade(1), shade(2), shade(3), shade(4), shade(5))
	if got := seen(t, mediaTIFF, bytes.Clone(file)); got != "[10 20 30 40 50]" {
		t.Fatalf("pages %s", got)
	}
	before := bytes.Clone(file)
	var parts []string
	err := (&Reader{}).Parts(mediaTIFF, file, []Range{{1, 1}, {2, 4}, {5, 5}}, func(part []byte) error {
		parts = append(parts, seen(t, mediaTIFF, part))
		return nil
	})
	if err != nil || fmt.Sprint(parts) != "[[10] [20 30 40] [50]]" {
		t.Errorf("parts %v, %v", parts, err)
	}
	if !bytes.Equal(file, before) {
		t.Error("the batch was changed")
	}
}

func TestDamagedTIFFsAreRefused(t *testing.T) {
	t.Parallel()
	good := joined(t, shade(1), shade(2))
	loop := bytes.Clone(good)
	first := binary.LittleEndian.Uint32(loop[4:])
	entries := binary.LittleEndian.Uint16(loop[first:])
	binary.LittleEndian.PutUint32(loop[int(first)+2+12*int(entries):], first)
	for name, data := range map[string][]byte{
		"empty": nil, "no TIFF": []byte("%PDF-1.7 xxxxx"), "cut off": good[:len(good)-20], "a loop of pages": loop,
		"a directory beyond the end": append([]byte("II*\x00\xFF\xFF\xFF\x7F"), 0, 0),
	} {
		if _, err := openTIFF(bytes.Clone(data)); !errors.Is(err, errDamaged) {
			t.Errorf("%s: %v, want damaged", name, err)
		}
	}
	if _, err := (&Reader{}).open(mediaTIFF, []byte("II*\x00\x00\x00\x00\x00")); err == nil {
		t.Error("a file without pages was opened")
	}
}

// What is taken out of any file has as many pages as were asked for, or nothing is.
func FuzzTIFF(f *testing.F) {
	f.Add(joined(f, shade(1), shade(2), shade(3)))
	f.Add(joined(f, shade(1)))
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := (&Reader{}).open(mediaTIFF, bytes.Clone(data))
		if err != nil {
			return
		}
		part, err := p.cut(Range{1, p.count()})
		if err != nil {
			return
		}
		again, err := openTIFF(part)
		if err != nil || again.count() != p.count() {
			t.Fatalf("%d pages became %v, %v", p.count(), again, err)
		}
	})
}
