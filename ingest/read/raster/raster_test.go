package raster

import (
	"bytes"
	"encoding/binary"
	"errors"
	"image"
	"image/color"
	"image/gif"
	"image/png"
	"math"
	"testing"

	"okienko/ingest"
	"okienko/ingest/read/ocr/pagetest"
)

func TestTurnGoesRound(t *testing.T) {
	t.Parallel()
	g := image.NewGray(image.Rect(0, 0, 3, 2))
	copy(g.Pix, []uint8{1, 2, 3, 4, 5, 6})
	if got := Turn(g, 90); !bytes.Equal(got.Pix, []uint8{4, 1, 5, 2, 6, 3}) || got.Rect.Dx() != 2 {
		t.Errorf("got %v", got.Pix)
	}
	for _, d := range []int{0, 90, 180, 270, -90, 360} {
		if got := Turn(Turn(g, d), -d); !bytes.Equal(got.Pix, g.Pix) {
			t.Errorf("%d and back: got %v", d, got.Pix)
		}
	}
}

func TestSkewIsFound(t *testing.T) {
	t.Parallel()
	page := pagetest.Draw(pagetest.Letter, 100)
	for _, want := range []float64{-7, -2.2, 0, 0.6, 3, 9} {
		if got := skewOf(inkOf(pagetest.Turned(page, want), false)).degrees; math.Abs(got-want) > 0.3 {
			t.Errorf("a page turned by %.1f degrees: found %.2f", want, got)
		}
	}
}

func TestASheetOnATableIsCutOut(t *testing.T) {
	t.Parallel()
	page := pagetest.Draw(pagetest.Letter, 80)
	flat := flatten(pagetest.OnTable(page))
	if r := float64(flat.Rect.Dy()) / float64(flat.Rect.Dx()); r < 1.2 || r > 1.6 {
		t.Errorf("the sheet has %v", flat.Rect)
	}
	for _, at := range []image.Point{{5, 5}, {flat.Rect.Dx() - 6, 5}, {5, flat.Rect.Dy() - 6}, {flat.Rect.Dx() - 6, flat.Rect.Dy() - 6}} {
		if v := flat.GrayAt(at.X, at.Y).Y; v < 200 {
			t.Errorf("at %v is the table: %d", at, v)
		}
	}
	if same := flatten(page); same != page {
		t.Error("a page that is all paper was cut")
	}
}

func TestWhatIsOnALine(t *testing.T) {
	t.Parallel()
	area, letter := image.Rect(50, 50, 450, 150), 20
	line := func(g *image.Gray) {
		for x := 60; x < 440; x++ {
			g.Pix[140*g.Stride+x] = 0
		}
	}
	scrawl := func(g *image.Gray) {
		for i := range 1800 {
			x, y := 100+i/12, 100+int(30*math.Sin(float64(i)/90))
			g.SetGray(x, y, color.Gray{})
			g.SetGray(x, y+1, color.Gray{})
		}
	}
	specks := func(g *image.Gray) {
		for i := range 40 {
			g.SetGray(70+i*9, 60+i*37%70, color.Gray{})
		}
	}
	for _, tt := range []struct {
		name    string
		draw    []func(*image.Gray)
		printed []image.Rectangle
		want    bool
	}{
		{"nothing", nil, nil, false},
		{"a ruled line", []func(*image.Gray){line}, nil, false},
		{"specks", []func(*image.Gray){line, specks}, nil, false},
		{"a scrawl on a line", []func(*image.Gray){line, scrawl, specks}, nil, true},
		{"printed words", []func(*image.Gray){scrawl}, []image.Rectangle{image.Rect(95, 65, 260, 135)}, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			g := blank(500, 200)
			for _, d := range tt.draw {
				d(g)
			}
			if s := StrokesIn(g, area, tt.printed, letter); (s.Width >= 3*letter && s.Height >= letter) != tt.want {
				t.Errorf("got %+v", s)
			}
		})
	}
}

// tiffOf writes grey TIFF pages; next of the last page is loop, 0 for none.
func tiffOf(w, h uint32, pages int, loop uint32) []byte {
	b := []byte("II*\x00\x08\x00\x00\x00")
	for i := range pages {
		at := uint32(len(b))
		size := uint32(2 + 9*12 + 4)
		b = binary.LittleEndian.AppendUint16(b, 9)
		for _, e := range [][2]uint32{{256, w}, {257, h}, {258, 8}, {259, 1}, {262, 1}, {273, at + size}, {277, 1}, {278, h}, {279, w * h}} {
			b = binary.LittleEndian.AppendUint16(b, uint16(e[0]))
			b = binary.LittleEndian.AppendUint16(b, 4)
			b = binary.LittleEndian.AppendUint32(b, 1)
			b = binary.LittleEndian.AppendUint32(b, e[1])
		}
		next := at + size + 64
		if i == pages-1 {
			next = loop
		}
		b = binary.LittleEndian.AppendUint32(b, next)
		b = append(b, bytes.Repeat([]byte{uint8(10 * (i + 1))}, 64)...)
	}
	return b
}

func TestHostilePicturesAreRefused(t *testing.T) {
	t.Parallel()
	var wide bytes.Buffer
	if err := png.Encode(&wide, image.NewGray(image.Rect(0, 0, 8000, 7000))); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name, media string
		data        []byte
		page        int
		want        error
	}{
		{"the second page of a TIFF", "image/tiff", tiffOf(8, 8, 2, 0), 1, nil},
		{"a page a TIFF does not have", "image/tiff", tiffOf(8, 8, 2, 0), 2, ErrFormat},
		{"a TIFF whose pages go in a circle", "image/tiff", tiffOf(8, 8, 2, 8), 400, nil},
		{"a TIFF of gigabytes", "image/tiff", tiffOf(60000, 60000, 1, 0), 0, ErrTooLarge},
		{"a TIFF cut in its directory", "image/tiff", tiffOf(8, 8, 1, 0)[:40], 0, ErrFormat},
		{"a TIFF cut in its pixels", "image/tiff", tiffOf(8, 8, 1, 0)[:130], 0, ErrFormat},
		{"a PNG of too many pixels", "image/png", wide.Bytes(), 0, ErrTooLarge},
		{"a PNG cut off", "image/png", wide.Bytes()[:60], 0, ErrTooLarge},
		{"a JPEG that is none", "image/jpeg", []byte("\xFF\xD8\xFF\xE0 no picture"), 0, ErrFormat},
		{"a page of a PNG", "image/png", wide.Bytes(), 1, ErrFormat},
		{"nothing", "image/gif", nil, 0, ErrFormat},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p, err := Decode(tt.data, tt.media, tt.page)
			if !errors.Is(err, tt.want) || err == nil && p.Rect.Empty() {
				t.Errorf("got %v", err)
			}
		})
	}
}

func FuzzDecode(f *testing.F) {
	var small bytes.Buffer
	if err := gif.Encode(&small, image.NewPaletted(image.Rect(0, 0, 4, 4), color.Palette{color.White, color.Black}), nil); err != nil {
		f.Fatal(err)
	}
	f.Add(tiffOf(8, 8, 2, 0), "image/tiff", 1)
	f.Add(small.Bytes(), "image/gif", 0)
	f.Add([]byte("\xFF\xD8\xFF\xE1\x00\x10Exif\x00\x00II*\x00\x08\x00\x00\x00\xFF\xFF"), "image/jpeg", 0)
	f.Fuzz(func(t *testing.T, data []byte, media string, page int) {
		p, err := Decode(data, media, page%3)
		if err != nil {
			return
		}
		if n := p.Rect.Dx() * p.Rect.Dy(); n <= 0 || n > MaxPixels {
			t.Fatalf("%v", p.Rect)
		}
		if p.Rect.Dx()*p.Rect.Dy() > 1<<16 {
			return
		}
		ready := Prepare(p, Find)
		if ready.Rect.Empty() || ready.Rect.Dx() > 2*longest || ready.Rect.Dy() > 2*longest {
			t.Errorf("%v became %v", p.Rect, ready.Rect)
		}
		var out bytes.Buffer
		if err := WritePNG(&out, ready.Gray, View{Box: ingest.Box{Left: 1, Right: 9000, Top: 5, Bottom: 20}, Width: 50, Marks: []ingest.Box{{Left: 5, Right: 70, Bottom: 9}}}); err != nil {
			t.Error(err)
		}
	})
}
