package main

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"math"
	"math/rand/v2"
)

// scanned is a page as an office scanner leaves it: grey, a little askew, with dust; a JPEG.
func scanned(page *image.RGBA, name string, tilt float64) []byte {
	r := chance("scanner " + name)
	b := page.Bounds()
	out := image.NewGray(b)
	angle := tilt * math.Pi / 180 * (1 - 2*float64(r.IntN(2)))
	sin, cos := math.Sincos(angle)
	cx, cy := float64(b.Dx())/2, float64(b.Dy())/2
	for y := range b.Dy() {
		for x := range b.Dx() {
			dx, dy := float64(x)-cx, float64(y)-cy
			c := sample(page, cx+dx*cos-dy*sin, cy+dx*sin+dy*cos)
			v := 0.299*c[0] + 0.587*c[1] + 0.114*c[2]
			out.Pix[y*out.Stride+x] = clamp(v*0.97 + 4*r.Float64())
		}
	}
	dust(out, r)
	var w bytes.Buffer
	if err := jpeg.Encode(&w, out, &jpeg.Options{Quality: 38}); err != nil {
		panic(err) // into memory
	}
	return w.Bytes()
}

func dust(img *image.Gray, r *rand.Rand) {
	b := img.Bounds()
	for range 60 {
		x, y := r.IntN(b.Dx()), r.IntN(b.Dy())
		img.SetGray(x, y, color.Gray{90})
	}
	for y := range b.Dy() { // the shadow of the lid at the edge
		for x := range 5 {
			img.SetGray(x, y, color.Gray{uint8(120 + 25*x)})
		}
	}
}

// photographed is the paper on a table, seen from somewhere above with a phone.
func photographed(paper image.Image, name string, dark bool) image.Image {
	r := chance("camera " + name)
	src := paper.(*image.RGBA)
	w, h := float64(src.Bounds().Dx()), float64(src.Bounds().Dy())
	out := image.NewRGBA(image.Rect(0, 0, int(w*1.1), int(h*1.08)))
	ow, oh := float64(out.Bounds().Dx()), float64(out.Bounds().Dy())
	angle, lean := (r.Float64()-0.5)*0.05, (r.Float64()-0.5)*0.08
	sin, cos := math.Sincos(angle)
	for y := range out.Bounds().Dy() {
		for x := range out.Bounds().Dx() {
			dx, dy := float64(x)-ow/2, float64(y)-oh/2
			depth := 1 + lean*dy/oh
			sx, sy := w/2+(dx*cos-dy*sin)*depth, h/2+(dx*sin+dy*cos)*depth
			c := table(x, y)
			if sx >= 0 && sy >= 0 && sx < w-1 && sy < h-1 {
				c = sample(src, sx, sy)
			}
			light(c[:], float64(x)/ow, float64(y)/oh, r, dark)
			out.SetRGBA(x, y, color.RGBA{clamp(c[0]), clamp(c[1]), clamp(c[2]), 255})
		}
	}
	return out
}

// table is the wood below the paper.
func table(x, y int) [3]float64 {
	grain := 12 * math.Sin(float64(y)/9+3*math.Sin(float64(x)/140))
	return [3]float64{126 + grain, 92 + grain, 62 + grain}
}

// light makes a pixel brighter near the lamp and adds the sensor's noise; in the dark almost only the noise is left.
func light(c []float64, x, y float64, r *rand.Rand, dark bool) {
	lamp := 1.02 - 0.32*math.Hypot(x-0.7, y-0.25)
	for i := range c {
		if dark {
			c[i] = 14 + c[i]*0.018*lamp + 9*r.Float64()
			continue
		}
		c[i] = c[i]*lamp - float64(i)*3 + 5*r.Float64()
	}
}

// sample reads a place between pixels.
func sample(img *image.RGBA, x, y float64) [3]float64 {
	b := img.Bounds()
	x, y = min(max(x, 0), float64(b.Dx()-2)), min(max(y, 0), float64(b.Dy()-2))
	ix, iy := int(x), int(y)
	fx, fy := x-float64(ix), y-float64(iy)
	var c [3]float64
	for i := range c {
		at := img.Pix[iy*img.Stride+ix*4+i:]
		below := img.Pix[(iy+1)*img.Stride+ix*4+i:]
		top := float64(at[0])*(1-fx) + float64(at[4])*fx
		bottom := float64(below[0])*(1-fx) + float64(below[4])*fx
		c[i] = top*(1-fy) + bottom*fy
	}
	return c
}

func clamp(v float64) uint8 { return uint8(min(max(v, 0), 255)) }
