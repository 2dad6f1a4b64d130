// Package pagetest draws pages for tests and spoils them the way scanners and telephones do, always in the same way. It is no
// part of the program.
package pagetest

import (
	"image"
	"image/color"
	"math"
	"math/rand/v2"
	"strings"

	"golang.org/x/image/draw"
	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
)

// Letter is a letter to an office, all of it invented.
const Letter = `Anna Przykładowa
ul. Źródlana Górka 14/3
30-001 Kraków
PESEL 44051401458
tel. 600 100 200

Kraków, dnia 5 listopada 2026 r.

Urząd Miasta Krakowa
Wydział Spraw Administracyjnych

WNIOSEK O WYDANIE ZAŚWIADCZENIA

Na podstawie art. 217 Kodeksu postępowania administracyjnego wnoszę
o wydanie zaświadczenia o zameldowaniu na pobyt stały. Zaświadczenie
przedłożę w szkole syna, ponieważ dyrekcja żąda potwierdzenia adresu.
Mieszkam pod tym adresem od 12 września 2019 roku razem z mężem
i dwójką dzieci. Właścicielem lokalu jest moja teściowa.

Opłatę skarbową 17,00 zł uiściłam przelewem dnia 4.11.2026 r.
Numer księgi wieczystej: KR1P/00123456/7. Działka nr 214/7, obręb 33.

Proszę o przesłanie zaświadczenia pocztą na adres podany wyżej.

Załącznik: potwierdzenie opłaty skarbowej.

Z poważaniem
Anna Przykładowa`

// Draw draws a text as an A4 page in letters of eleven points.
func Draw(text string, dpi int) *image.Gray {
	g := paper(dpi*827/100, dpi*1169/100)
	f, err := opentype.Parse(goregular.TTF)
	if err != nil {
		panic(err)
	}
	face, err := opentype.NewFace(f, &opentype.FaceOptions{Size: 11, DPI: float64(dpi), Hinting: font.HintingNone})
	if err != nil {
		panic(err)
	}
	d := font.Drawer{Dst: g, Src: image.NewUniform(color.Gray{Y: 20}), Face: face}
	for i, line := range strings.Split(text, "\n") {
		d.Dot = fixed.P(dpi*9/10, dpi+i*dpi*20/72)
		d.DrawString(line)
	}
	return g
}

func paper(w, h int) *image.Gray {
	g := image.NewGray(image.Rect(0, 0, w, h))
	draw.Draw(g, g.Rect, image.NewUniform(color.Gray{Y: 250}), image.Point{}, draw.Src)
	return g
}

// Level is how badly a page is spoiled.
type Level int

// The levels.
const (
	Clean Level = iota // a good scanner
	Worn               // a page askew, grey and noisy, scanned at 150 dots an inch
	Phone              // photographed at an angle on a table, in the shadow of the hand
)

func (l Level) String() string { return [...]string{"clean scan", "worn scan", "photograph"}[l] }

// Spoiled draws a text as a page spoiled at a level.
func Spoiled(text string, l Level) *image.Gray {
	rng := rand.New(rand.NewPCG(uint64(l)+1, 7))
	switch l {
	case Clean:
		return noise(Turned(Draw(text, 200), 0.5), 6, rng)
	case Worn:
		return noise(faded(Turned(Draw(text, 150), -2.2)), 22, rng)
	default:
		return noise(shadow(OnTable(Draw(text, 170))), 6, rng)
	}
}

// Turned turns a page clockwise by a few degrees.
func Turned(g *image.Gray, degrees float64) *image.Gray {
	sin, cos := math.Sincos(degrees * math.Pi / 180)
	cx, cy := float64(g.Rect.Dx())/2, float64(g.Rect.Dy())/2
	return sampled(g, paper(g.Rect.Dx(), g.Rect.Dy()), func(x, y float64) (float64, float64) {
		x, y = x-cx, y-cy
		return cos*x + sin*y + cx, -sin*x + cos*y + cy
	})
}

// OnTable shows a page as a camera does that looks at it from the side: a trapezium on dark wood.
func OnTable(g *image.Gray) *image.Gray {
	w, h := float64(g.Rect.Dx()), float64(g.Rect.Dy())
	table := image.NewGray(image.Rect(0, 0, int(w*1.25), int(h*1.2)))
	for y := range table.Rect.Dy() {
		for x := range table.Rect.Dx() {
			table.Pix[y*table.Stride+x] = uint8(70 + 15*math.Sin(float64(x)/9))
		}
	}
	return sampled(g, table, func(x, y float64) (float64, float64) {
		v := (y - 0.08*h) / (1.03 * h)
		left, right := w*(0.14-0.05*v), w*(1.1+0.06*v) // wider below: nearer
		return (x - left) / (right - left) * w, (v + 0.04*v*(1-v)) * h
	})
}

// sampled draws g into onto, each pixel from where from says.
func sampled(g, onto *image.Gray, from func(x, y float64) (float64, float64)) *image.Gray {
	for y := range onto.Rect.Dy() {
		for x := range onto.Rect.Dx() {
			fx, fy := from(float64(x), float64(y))
			ix, iy := int(math.Floor(fx)), int(math.Floor(fy))
			if ix < 0 || iy < 0 || ix+1 >= g.Rect.Dx() || iy+1 >= g.Rect.Dy() {
				continue
			}
			rx, ry := fx-float64(ix), fy-float64(iy)
			p := g.Pix[iy*g.Stride+ix:]
			q := p[g.Stride:]
			onto.Pix[y*onto.Stride+x] = uint8((float64(p[0])*(1-rx)+float64(p[1])*rx)*(1-ry) + (float64(q[0])*(1-rx)+float64(q[1])*rx)*ry)
		}
	}
	return onto
}

// Shaken blurs a page as a moving camera does, over some pixels.
func Shaken(g *image.Gray, pixels int) *image.Gray {
	out := paper(g.Rect.Dx(), g.Rect.Dy())
	for y := pixels; y < g.Rect.Dy()-pixels; y++ {
		for x := pixels; x < g.Rect.Dx()-pixels; x++ {
			sum := 0
			for d := range pixels {
				sum += int(g.Pix[(y+d)*g.Stride+x]) + int(g.Pix[y*g.Stride+x+d])
			}
			out.Pix[y*out.Stride+x] = uint8(sum / (2 * pixels))
		}
	}
	return out
}

func shadow(g *image.Gray) *image.Gray {
	w, h := float64(g.Rect.Dx()), float64(g.Rect.Dy())
	for y := range g.Rect.Dy() {
		for x := range g.Rect.Dx() {
			d := math.Hypot(float64(x)/w-0.8, float64(y)/h-0.75)
			g.Pix[y*g.Stride+x] = uint8(float64(g.Pix[y*g.Stride+x]) * (0.35 + 0.6*min(d/0.7, 1)))
		}
	}
	return g
}

func faded(g *image.Gray) *image.Gray {
	for i, v := range g.Pix {
		g.Pix[i] = uint8(120 + int(v)*90/255)
	}
	return g
}

func noise(g *image.Gray, sigma float64, rng *rand.Rand) *image.Gray {
	for i, v := range g.Pix {
		g.Pix[i] = uint8(min(max(float64(v)+rng.NormFloat64()*sigma, 0), 255))
	}
	return g
}

// ErrorRate is the share of letters that must be changed, put in or taken out to make got of want (V. Levenshtein, 1965), blanks
// and line ends counted as one.
func ErrorRate(got, want string) float64 {
	a, b := []rune(strings.Join(strings.Fields(got), " ")), []rune(strings.Join(strings.Fields(want), " "))
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i, x := range a {
		diagonal := row[0]
		row[0] = i + 1
		for j, y := range b {
			cost := diagonal
			if x != y {
				cost = 1 + min(diagonal, row[j], row[j+1])
			}
			diagonal, row[j+1] = row[j+1], cost
		}
	}
	return float64(row[len(b)]) / float64(max(len(b), 1))
}
