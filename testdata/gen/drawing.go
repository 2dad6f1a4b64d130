package main

import (
	"math"
	"math/rand/v2"
	"strings"
)

// signatures draws a dotted line for each name, the name below it and, unless the line is left empty (~~), a hand above it.
func (p *press) signatures(b block) {
	p.room(22)
	names := b.cells()
	wide := (p.sheet.width - 2*p.sheet.margin) / float64(max(len(names), 2))
	p.y += 10
	for i, name := range names {
		x := p.sheet.margin + float64(i)*wide
		if len(names) == 1 {
			x += wide
		}
		if b.kind == "~" {
			p.hand(point{x + 6, p.y - 1}, wide*0.6, name)
		}
		p.dots(x, x+wide-8)
		p.on.text(point{x, p.y + 4}, 8.5, regular, black, name)
	}
	p.y += 10
}

func (p *press) dots(from, to float64) {
	for x := from; x < to; x += 1.6 {
		p.on.line([]point{{x, p.y}, {x + 0.7, p.y}}, 0.25, black)
	}
}

// hand draws somebody's signature: loops of a pen that differ with the name and are the same each time.
func (p *press) hand(at point, wide float64, name string) {
	r := chance("hand of " + name)
	var path []point
	phase, lean, loops := r.Float64()*6, r.Float64()*0.7, 22+r.Float64()*34
	high, beat, open := 2.2+r.Float64()*2.4, 4+r.Float64()*9, 0.6+r.Float64()*1.8
	for t := 0.0; t < 1; t += 0.006 {
		tall := high * (1.1 + math.Sin(t*beat+phase)) * (1.15 - t)
		swing := t*loops + phase
		y := tall * math.Sin(swing)
		path = append(path, point{at.x + t*wide + lean*y + open*math.Cos(swing), at.y - 2 - y*0.7})
	}
	p.on.line(path, 0.45, blue)
	p.on.line([]point{{at.x + wide*0.1, at.y + 1.5}, {at.x + wide*(0.9+0.2*r.Float64()), at.y - 0.5}}, 0.4, blue)
}

// stamped puts an office's stamp at the right.
func (p *press) stamped(lines []string) {
	p.room(float64(len(lines))*4.5 + 8)
	wide := 20.0
	for _, l := range lines {
		wide = max(wide, p.on.width(9, bold, l)+8)
	}
	at := point{p.sheet.width - p.sheet.margin - wide, p.y - 3}
	high := float64(len(lines))*4.5 + 3
	p.box(at, wide, high, 0.5, stamp)
	p.box(point{at.x + 0.9, at.y + 0.9}, wide-1.8, high-1.8, 0.2, stamp)
	for i, l := range lines {
		p.on.text(point{at.x + (wide-p.on.width(9, bold, l))/2, at.y + 5 + float64(i)*4.5}, 9, bold, stamp, l)
	}
	p.y += high + 5
}

// drawing draws what has no words: a face, a map, a logo.
func (p *press) drawing(what string) {
	kind, rest, _ := strings.Cut(what, " ")
	switch kind {
	case "face":
		p.portrait()
	case "map":
		p.plan(strings.Split(rest, ";"))
	case "logo":
		p.logo(rest)
	}
}

func ellipse(c point, rx, ry float64) []point {
	var path []point
	for a := 0.0; a < 2*math.Pi; a += math.Pi / 40 {
		path = append(path, point{c.x + rx*math.Cos(a), c.y + ry*math.Sin(a)})
	}
	return path
}

// portrait fills the sheet with the drawn head and shoulders of nobody.
func (p *press) portrait() {
	r := chance("face " + p.name)
	w, h := p.sheet.width, p.sheet.height
	skin := []ink{0xe8c4a4, 0xd9ac86, 0xf0d2b8}[r.IntN(3)]
	hair := []ink{0x3a2a20, 0x6b4a2c, 0x8a8580, 0xa8804c}[r.IntN(4)]
	coat := []ink{0x34496b, 0x5b5f66, 0x7a3b3b, 0x2f5d50}[r.IntN(4)]
	p.on.fill([]point{{0, 0}, {w, 0}, {w, h}, {0, h}}, 0xe9ecee)
	p.on.fill(ellipse(point{w / 2, h * 1.05}, w*0.46, h*0.3), coat)
	p.on.fill(ellipse(point{w / 2, h * 0.76}, w*0.13, h*0.14), skin)
	p.on.fill(ellipse(point{w / 2, h * 0.40}, w*0.29, h*0.29), hair)
	p.on.fill(ellipse(point{w / 2, h * 0.47}, w*0.24, h*0.28), skin)
	for _, side := range []float64{-1, 1} {
		eye := point{w/2 + side*w*0.095, h * 0.45}
		p.on.fill(ellipse(eye, w*0.04, h*0.018), 0xffffff)
		p.on.fill(ellipse(eye, w*0.018, h*0.016), 0x30404a)
		p.on.line([]point{{eye.x - w*0.05, eye.y - h*0.04}, {eye.x, eye.y - h*0.05}, {eye.x + w*0.05, eye.y - h*0.04}}, w*0.012, hair)
	}
	p.on.line([]point{{w / 2, h * 0.47}, {w*0.5 + w*0.02, h * 0.55}, {w * 0.48, h * 0.56}}, w*0.008, 0xb58a6a)
	p.on.line([]point{{w * 0.43, h * 0.635}, {w * 0.5, h * 0.645}, {w * 0.57, h * 0.635}}, w*0.014, 0xa04848)
}

// plan draws a surveyor's sketch: parcels, a road, and what is named after the first semicolon marked in the middle parcel.
func (p *press) plan(labels []string) {
	const high = 110
	p.room(high)
	r := chance("map " + p.name)
	left, wide, top := p.sheet.margin, p.sheet.width-2*p.sheet.margin, p.y
	p.box(point{left, top}, wide, high, 0.3, black)
	p.on.fill([]point{{left, top + 88}, {left + wide, top + 82}, {left + wide, top + 96}, {left, top + 102}}, 0xd8d8d8)
	edges := []float64{0, 0.3 + 0.05*r.Float64(), 0.64 + 0.05*r.Float64(), 1}
	for i := 1; i < 3; i++ {
		x := left + wide*edges[i]
		p.on.line([]point{{x, top}, {x + 4, top + 85}}, 0.35, 0x2d6b2d)
	}
	for i := range 3 {
		p.building(r, point{left + wide*edges[i] + 8, top + 14 + 20*r.Float64()})
	}
	if len(labels) > 0 {
		p.on.text(point{left + wide*0.45, top + 78}, 10, bold, 0x2d6b2d, strings.TrimSpace(labels[0]))
	}
	for i, label := range labels[min(1, len(labels)):] {
		at := point{left + wide*(0.42+0.12*float64(i)), top + 58}
		p.on.line(append(ellipse(at, 3, 3), point{at.x + 3, at.y}), 0.6, 0xc02020)
		p.on.text(point{at.x + 4, at.y + 1 + 5*float64(i)}, 9, regular, 0xc02020, strings.TrimSpace(label))
	}
	p.y += high + 6
}

func (p *press) building(r *rand.Rand, at point) {
	w, h := 18+8*r.Float64(), 14+8*r.Float64()
	p.on.fill([]point{at, {at.x + w, at.y}, {at.x + w, at.y + h}, {at.x, at.y + h}}, 0xf0d8d0)
	p.box(at, w, h, 0.35, black)
}

// logo fills the sheet's upper part with a firm's sign.
func (p *press) logo(name string) {
	w, h := p.sheet.width, p.sheet.height
	p.on.fill([]point{{0, 0}, {w, 0}, {w, h}, {0, h}}, 0xffffff)
	p.on.fill(ellipse(point{h * 0.5, h * 0.5}, h*0.36, h*0.36), 0x0f7a6c)
	p.on.fill([]point{{h * 0.3, h * 0.62}, {h * 0.5, h * 0.25}, {h * 0.7, h * 0.62}}, 0xffffff)
	size := 30.0
	for p.on.width(size, bold, name) > w-h*1.1 {
		size--
	}
	p.on.text(point{h * 0.98, h * 0.58}, size, bold, 0x0f4a6c, name)
}
