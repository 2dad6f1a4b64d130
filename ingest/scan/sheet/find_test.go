package sheet

import (
	"image"
	"math/rand/v2"
	"testing"
)

func letter() *image.Gray {
	g := image.NewGray(image.Rect(0, 0, 1240, 1754))
	r := rand.New(rand.NewPCG(1, 2))
	for i := range g.Pix {
		g.Pix[i] = 255
		if i/1240%30 < 12 && r.IntN(3) == 0 {
			g.Pix[i] = 0
		}
		g.Pix[i] = byte(max(0, min(255, int(g.Pix[i])+int(30*r.NormFloat64()))))
	}
	return g
}

// BenchmarkFind is a page without a sheet, which costs most: every look is taken.
func BenchmarkFind(b *testing.B) {
	g := letter()
	half := halved(g)
	for name, f := range map[string]func(){
		"all": func() { Find(g) }, "full": func() { read(g) }, "half": func() { read(half) }, "quarter": func() { read(halved(half)) },
		"median": func() { median(half) }, "halved": func() { halved(g) },
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				f()
			}
		})
	}
}
