package numbers

import (
	"fmt"
	"html"
	"strings"
)

// The measures of a drawing, in its own units.
const (
	width      = 720
	barHeight  = 22
	labelWidth = 250
	noteWidth  = 90
	chartTall  = 190
	axis       = 22
)

// SVG draws the bars of a table: for who sees it a picture, for who hears it a title and a description; the numbers stand in the
// table behind. Colours are classes p0, p1 … of the style sheet, so that they follow light and dark. "" without bars.
func (t Table) SVG() string {
	if len(t.Bars) == 0 {
		return ""
	}
	var b strings.Builder
	height := axis + len(t.Bars)*barHeight
	if t.Upright {
		height = chartTall + axis
	}
	fmt.Fprintf(&b, `<svg class="chart" viewBox="0 0 %d %d" role="img" aria-labelledby="%s-title %s-desc"><title id="%s-title">%s</title><desc id="%s-desc">%s</desc>`,
		width, height, t.Name, t.Name, t.Name, html.EscapeString(t.Title), t.Name, html.EscapeString(t.Desc))
	if t.Upright {
		t.upright(&b)
	} else {
		t.lying(&b)
	}
	b.WriteString(`</svg>`)
	return b.String()
}

// most is the longest bar; never 0.
func (t Table) most() float64 {
	most := 0.0
	for _, bar := range t.Bars {
		most = max(most, sum(bar.Parts))
	}
	if most == 0 {
		return 1
	}
	return most
}

func sum(parts []float64) float64 {
	total := 0.0
	for _, p := range parts {
		total += p
	}
	return total
}

func (t Table) lying(b *strings.Builder) {
	scale := (width - labelWidth - noteWidth) / t.most()
	for i, bar := range t.Bars {
		y := i*barHeight + 4
		fmt.Fprintf(b, `<text x="%d" y="%d" text-anchor="end">%s</text>`, labelWidth-8, y+12, html.EscapeString(cut(bar.Label, 34)))
		x := float64(labelWidth)
		for k, part := range bar.Parts {
			fmt.Fprintf(b, `<rect class="p%d" x="%.1f" y="%d" width="%.1f" height="%d"/>`, k, x, y, part*scale, barHeight-8)
			x += part * scale
		}
		fmt.Fprintf(b, `<text x="%.1f" y="%d">%s</text>`, x+6, y+12, html.EscapeString(bar.Note))
	}
}

func (t Table) upright(b *strings.Builder) {
	most, step := t.most(), float64(width-40)/float64(len(t.Bars))
	fmt.Fprintf(b, `<text x="34" y="12" text-anchor="end">%.0f</text><text x="34" y="%d" text-anchor="end">0</text><line x1="40" x2="%d" y1="%d" y2="%d"/>`,
		most, chartTall, width, chartTall, chartTall)
	every := (len(t.Bars) + 9) / 10
	for i, bar := range t.Bars {
		x, y := 40+float64(i)*step, float64(chartTall)
		for k, part := range bar.Parts {
			tall := part / most * (chartTall - 14)
			y -= tall
			fmt.Fprintf(b, `<rect class="p%d" x="%.1f" y="%.1f" width="%.1f" height="%.1f"/>`, k, x+step*.1, y, step*.8, tall)
		}
		if i%every == 0 {
			fmt.Fprintf(b, `<text x="%.1f" y="%d" text-anchor="middle">%s</text>`, min(max(x+step/2, 60), width-20), chartTall+16, html.EscapeString(bar.Label))
		}
	}
}

// cut shortens a label; the table has it whole.
func cut(s string, runes int) string {
	if r := []rune(s); len(r) > runes {
		return string(r[:runes-1]) + "…"
	}
	return s
}
