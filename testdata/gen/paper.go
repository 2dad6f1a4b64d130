package main

import (
	"strings"
)

// block is one line of a paper. A paper is written so:
//
//	# title                      ## heading                  >> to the right
//	| cell | cell |              [x] ticked  [ ] not         " filled in by hand
//	~ Jan Kowal | Anna Nowak     signatures; ~~ dotted lines without them
//	@ URZĄD / wpłynęło           a stamp                     ! small print
//	% face, % map …, % logo      a drawing (drawing.go)      --- a rule   *** a new page
//
// Everything else is running text, an empty line is space.
type block struct {
	kind string // "#", "##", ">>", "|", "[x]", "[ ]", "\"", "~", "~~", "@", "!", "%", "---", "***", "" for text
	text string
}

var marks = []string{"---", "***", "##", "#", ">>", "|", "[x]", "[ ]", "\"", "~~", "~", "@", "!", "%"}

func parsePaper(text string) []block {
	var blocks []block
	for line := range strings.SplitSeq(strings.TrimRight(text, "\n"), "\n") {
		blocks = append(blocks, parseBlock(strings.TrimRight(line, " ")))
	}
	return blocks
}

func parseBlock(line string) block {
	for _, m := range marks {
		if rest, ok := strings.CutPrefix(line, m); ok && (rest == "" || rest[0] == ' ') {
			return block{m, strings.TrimSpace(rest)}
		}
	}
	return block{"", line}
}

// cells are the cells of a table row, or the columns of a line of signatures.
func (b block) cells() []string {
	cells := strings.Split(strings.Trim(b.text, "| "), "|")
	for i := range cells {
		cells[i] = strings.TrimSpace(cells[i])
	}
	return cells
}

// point is a place on a page in millimetres from its upper left corner.
type point struct{ x, y float64 }

type face int

const (
	regular face = iota
	bold
	italic
)

// ink is a colour, 0xRRGGBB.
type ink uint32

const (
	black ink = 0x202020
	blue  ink = 0x1c3a9e // of a ballpoint pen
	stamp ink = 0x5a3a9a
	grey  ink = 0x808080
)

// canvas is what a paper is drawn on. Sizes of letters are points, everything else millimetres.
type canvas interface {
	page()
	text(at point, size float64, f face, c ink, s string) // at is the left end of the base line
	width(size float64, f face, s string) float64
	line(path []point, wide float64, c ink)
	fill(outline []point, c ink)
}

// sheet is the form of the paper.
type sheet struct{ width, height, margin float64 }

var sheets = map[string]sheet{
	"":      {210, 297, 20},
	"a5":    {210, 148, 10},
	"card":  {120, 76, 5},
	"photo": {35, 45, 0},
}

// press puts the blocks of a paper on pages, line by line.
type press struct {
	on    canvas
	sheet sheet
	y     float64 // base line of the line to come
	name  string  // where the chance of signatures comes from
	table []float64
}

const (
	bodySize = 10.5
	leading  = 5.2 // from line to line of running text
)

func drawOn(on canvas, sh sheet, blocks []block, name string) {
	p := &press{on: on, sheet: sh, name: name}
	p.newPage()
	for i, b := range blocks {
		switch {
		case b.kind != "|" && p.table != nil:
			p.table, p.y = nil, p.y+1
		case b.kind == "|" && p.table == nil:
			p.table, p.y = p.columns(blocks[i:]), p.y+1
		}
		p.put(b)
	}
}

func (p *press) newPage() { p.on.page(); p.y = p.sheet.margin + 5 }

// room starts a new page when the next h millimetres do not fit.
func (p *press) room(h float64) {
	if p.sheet.margin > 0 && p.y+h > p.sheet.height-p.sheet.margin+4 {
		p.newPage()
	}
}

func (p *press) put(b block) {
	left, right := p.sheet.margin, p.sheet.width-p.sheet.margin
	switch b.kind {
	case "#":
		p.room(12)
		p.on.text(point{(p.sheet.width - p.on.width(14, bold, b.text)) / 2, p.y + 2}, 14, bold, black, b.text)
		p.y += 9
	case "##":
		p.room(10)
		p.on.text(point{left, p.y + 1.5}, 11, bold, black, b.text)
		p.y += 7
	case ">>":
		p.room(leading)
		p.on.text(point{right - p.on.width(bodySize, regular, b.text), p.y}, bodySize, regular, black, b.text)
		p.y += leading
	case "|":
		p.row(b.cells())
	case "[x]", "[ ]":
		p.tick(b)
	case "~", "~~":
		p.signatures(b)
	case "@":
		p.stamped(strings.Split(b.text, " / "))
	case "%":
		p.drawing(b.text)
	case "---":
		p.on.line([]point{{left, p.y - 1.5}, {right, p.y - 1.5}}, 0.2, grey)
		p.y += 3
	case "***":
		p.newPage()
	case "!":
		p.lines(b.text, 7.5, regular, grey)
	case "\"":
		p.lines(b.text, 12.5, italic, blue)
	default:
		p.lines(b.text, bodySize, regular, black)
	}
}

// lines puts running text, wrapped at the right margin.
func (p *press) lines(text string, size float64, f face, c ink) {
	step := leading * max(size/bodySize, 0.75)
	if text == "" {
		p.y += leading * 0.6
		return
	}
	for _, line := range p.wrap(text, size, f, p.sheet.width-2*p.sheet.margin) {
		p.room(step)
		p.on.text(point{p.sheet.margin, p.y}, size, f, c, line)
		p.y += step
	}
}

func (p *press) wrap(text string, size float64, f face, wide float64) []string {
	var lines []string
	line := ""
	for word := range strings.SplitSeq(text, " ") {
		if line != "" && p.on.width(size, f, line+" "+word) > wide {
			lines, line = append(lines, line), word
			continue
		}
		line = strings.TrimPrefix(line+" "+word, " ")
	}
	return append(lines, line)
}

// columns are the widths of a table's columns: in proportion to the longest cell, none too narrow.
func (p *press) columns(blocks []block) []float64 {
	var longest []float64
	for _, b := range blocks {
		if b.kind != "|" {
			break
		}
		for i, cell := range b.cells() {
			if i == len(longest) {
				longest = append(longest, 6)
			}
			longest[i] = max(longest[i], min(float64(len([]rune(cell))), 34))
		}
	}
	sum := 0.0
	for _, n := range longest {
		sum += n
	}
	for i := range longest {
		longest[i] *= (p.sheet.width - 2*p.sheet.margin) / sum
	}
	return longest
}

func (p *press) row(cells []string) {
	const size, step, pad = 9.5, 4.6, 1.5
	high, wrapped := 1, make([][]string, len(cells))
	for i, cell := range cells {
		f, _, text := written(cell)
		wrapped[i] = p.wrap(text, size, f, p.table[i]-2*pad)
		high = max(high, len(wrapped[i]))
	}
	h := float64(high)*step + 1.8
	p.room(h)
	x, top := p.sheet.margin, p.y-4
	for i, lines := range wrapped {
		f, c, _ := written(cells[i])
		p.box(point{x, top}, p.table[i], h, 0.2, black)
		for j, line := range lines {
			p.on.text(point{x + pad, p.y + float64(j)*step}, size, f, c, line)
		}
		x += p.table[i]
	}
	p.y += h
}

// written tells print from what was filled in by hand.
func written(cell string) (face, ink, string) {
	if text, ok := strings.CutPrefix(cell, "\" "); ok {
		return italic, blue, text
	}
	return regular, black, cell
}

func (p *press) box(at point, w, h, wide float64, c ink) {
	p.on.line([]point{at, {at.x + w, at.y}, {at.x + w, at.y + h}, {at.x, at.y + h}, at}, wide, c)
}

func (p *press) tick(b block) {
	p.room(leading)
	x := p.sheet.margin
	p.box(point{x, p.y - 3.2}, 3.6, 3.6, 0.25, black)
	if b.kind == "[x]" {
		p.on.line([]point{{x + 0.5, p.y - 2.8}, {x + 3.2, p.y + 0.1}}, 0.5, blue)
		p.on.line([]point{{x + 3.1, p.y - 2.9}, {x + 0.6, p.y + 0.2}}, 0.5, blue)
	}
	for _, line := range p.wrap(b.text, bodySize, regular, p.sheet.width-2*p.sheet.margin-6) {
		p.on.text(point{x + 6, p.y}, bodySize, regular, black, line)
		p.y += leading
	}
}
