package main

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"image/png"
	"math"

	"golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
	"golang.org/x/image/vector"
)

// picture makes a JPEG or PNG of the paper's first page. Flags: photo (taken with a phone, on a table), dark (so badly lit that
// nobody can read it), dpi=…, quality=…, sheet=….
func (s *section) picture(name string) ([]byte, error) {
	img := image.Image(s.pages(name, s.number("dpi", 110))[0])
	if s.has("photo") || s.has("dark") {
		img = photographed(img, name, s.has("dark"))
	}
	var w bytes.Buffer
	if s.kind() == "png" {
		err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&w, fewColours(img))
		return w.Bytes(), err
	}
	err := jpeg.Encode(&w, img, &jpeg.Options{Quality: int(s.number("quality", 45))})
	return w.Bytes(), err
}

func (s *section) sheet() sheet { return sheets[s.flags["sheet"]] }

// pages draws the paper's pages as images.
func (s *section) pages(name string, dpi float64) []*image.RGBA {
	c := &imageCanvas{sheet: s.sheet(), scale: dpi / 25.4, fonts: map[fontSize]font.Face{}}
	drawOn(c, c.sheet, parsePaper(s.text), name)
	return c.pages
}

type fontSize struct {
	face face
	size float64
}

// imageCanvas draws on images, scale pixels a millimetre.
type imageCanvas struct {
	sheet sheet
	scale float64
	pages []*image.RGBA
	fonts map[fontSize]font.Face
}

func (c *imageCanvas) page() {
	img := image.NewRGBA(image.Rect(0, 0, int(c.sheet.width*c.scale), int(c.sheet.height*c.scale)))
	draw.Draw(img, img.Bounds(), image.White, image.Point{}, draw.Src)
	c.pages = append(c.pages, img)
}

func (c *imageCanvas) face(size float64, f face) font.Face {
	key := fontSize{f, size}
	if c.fonts[key] == nil {
		parsed, err := opentype.Parse(fonts[f])
		if err != nil {
			panic(err) // the fonts are part of the program
		}
		c.fonts[key], err = opentype.NewFace(parsed, &opentype.FaceOptions{Size: size, DPI: c.scale * 25.4})
		if err != nil {
			panic(err)
		}
	}
	return c.fonts[key]
}

func (c *imageCanvas) text(at point, size float64, f face, colour ink, s string) {
	d := font.Drawer{
		Dst:  c.pages[len(c.pages)-1],
		Src:  image.NewUniform(colour),
		Face: c.face(size, f),
		Dot:  fixed.Point26_6{X: fixed.Int26_6(at.x * c.scale * 64), Y: fixed.Int26_6(at.y * c.scale * 64)},
	}
	d.DrawString(s)
}

func (c *imageCanvas) width(size float64, f face, s string) float64 {
	return float64(font.MeasureString(c.face(size, f), s)) / 64 / c.scale
}

// line draws each stretch as a thin quadrangle.
func (c *imageCanvas) line(path []point, wide float64, colour ink) {
	wide = max(wide, 1.1/c.scale)
	for i := 1; i < len(path); i++ {
		a, b := path[i-1], path[i]
		length := math.Hypot(b.x-a.x, b.y-a.y)
		if length == 0 {
			continue
		}
		dx, dy := (b.x-a.x)/length*wide/2, (b.y-a.y)/length*wide/2
		c.fill([]point{{a.x - dx - dy, a.y - dy + dx}, {b.x + dx - dy, b.y + dy + dx}, {b.x + dx + dy, b.y + dy - dx}, {a.x - dx + dy, a.y - dy - dx}}, colour)
	}
}

func (c *imageCanvas) fill(outline []point, colour ink) {
	img := c.pages[len(c.pages)-1]
	box := c.bounds(outline).Intersect(img.Bounds())
	if box.Empty() {
		return
	}
	r := vector.NewRasterizer(box.Dx(), box.Dy())
	at := func(p point) (float32, float32) {
		return float32(p.x*c.scale - float64(box.Min.X)), float32(p.y*c.scale - float64(box.Min.Y))
	}
	r.MoveTo(at(outline[0]))
	for _, p := range outline[1:] {
		r.LineTo(at(p))
	}
	r.ClosePath()
	r.Draw(img, box, image.NewUniform(colour), image.Point{})
}

// bounds is a box of pixels around an outline.
func (c *imageCanvas) bounds(outline []point) image.Rectangle {
	lo, hi := outline[0], outline[0]
	for _, p := range outline {
		lo = point{min(lo.x, p.x), min(lo.y, p.y)}
		hi = point{max(hi.x, p.x), max(hi.y, p.y)}
	}
	return image.Rect(int(lo.x*c.scale)-1, int(lo.y*c.scale)-1, int(hi.x*c.scale)+2, int(hi.y*c.scale)+2)
}

// RGBA makes an ink a color.Color.
func (c ink) RGBA() (r, g, b, a uint32) {
	red, green, blue := c.rgb()
	return color.RGBA{uint8(red), uint8(green), uint8(blue), 255}.RGBA()
}

// fewColours maps an image to sixteen greys and the few inks of a paper: a small PNG.
func fewColours(img image.Image) image.Image {
	var pal color.Palette
	for v := range 12 {
		pal = append(pal, color.Gray{uint8(v * 255 / 11)})
	}
	for _, c := range []ink{blue, stamp, 0x2d6b2d, 0xc02020, 0x0f7a6c, 0x0f4a6c, 0xf0d8d0} {
		pal = append(pal, c)
	}
	out := image.NewPaletted(img.Bounds(), pal)
	draw.Draw(out, out.Bounds(), img, img.Bounds().Min, draw.Src)
	return out
}
