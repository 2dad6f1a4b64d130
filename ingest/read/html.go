package read

import (
	"io"
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// htmlText renders HTML as plain text: paragraphs and table rows become lines, cells are parted by tabs, quoted letters get
// ">" in front of their lines, links keep their target where the text does not show it. What a reader of the page could not
// see is left out.
func htmlText(r io.Reader) string {
	p := htmlPrinter{z: html.NewTokenizer(r)}
	p.z.SetMaxBuf(4 << 20)
	for {
		switch p.z.Next() {
		case html.ErrorToken:
			return p.finish()
		case html.TextToken:
			if p.skip == 0 {
				p.text(string(p.z.Text()))
			}
		case html.StartTagToken:
			p.open(p.z.Token(), false)
		case html.SelfClosingTagToken:
			p.open(p.z.Token(), true)
		case html.EndTagToken:
			name, _ := p.z.TagName()
			p.close(atom.Lookup(name))
		}
	}
}

type htmlPrinter struct {
	z     *html.Tokenizer
	out   strings.Builder
	line  strings.Builder
	blank int         // empty lines written last
	skip  int         // depth inside elements nobody sees
	skips []atom.Atom // those elements
	pre   int
	quote int
	lists []int // counter of each open list, -1 for bullets
	href  string
	begin int // length of line when the link began
}

// invisible elements hold no text of the page.
var invisible = map[atom.Atom]bool{
	atom.Script: true, atom.Style: true, atom.Head: true, atom.Title: true, atom.Template: true, atom.Noscript: true,
	atom.Object: true, atom.Select: true, atom.Svg: true,
}

// void elements have no end tag.
var void = map[atom.Atom]bool{
	atom.Br: true, atom.Hr: true, atom.Img: true, atom.Input: true, atom.Meta: true, atom.Link: true, atom.Wbr: true,
	atom.Col: true, atom.Area: true, atom.Base: true, atom.Embed: true, atom.Source: true,
}

// block elements begin and end a line.
var block = map[atom.Atom]bool{
	atom.Address: true, atom.Article: true, atom.Aside: true, atom.Blockquote: true, atom.Body: true, atom.Center: true,
	atom.Dd: true, atom.Div: true, atom.Dl: true, atom.Dt: true, atom.Fieldset: true, atom.Footer: true, atom.Form: true,
	atom.H1: true, atom.H2: true, atom.H3: true, atom.H4: true, atom.H5: true, atom.H6: true, atom.Header: true, atom.Hr: true,
	atom.Li: true, atom.Main: true, atom.Nav: true, atom.Ol: true, atom.P: true, atom.Pre: true, atom.Section: true,
	atom.Table: true, atom.Tbody: true, atom.Tr: true, atom.Ul: true,
}

// spaced elements are set apart by an empty line.
var spaced = map[atom.Atom]bool{
	atom.P: true, atom.H1: true, atom.H2: true, atom.H3: true, atom.H4: true, atom.Blockquote: true, atom.Table: true,
}

func (p *htmlPrinter) open(t html.Token, selfClosing bool) {
	if p.skip > 0 || invisible[t.DataAtom] || hiddenByStyle(t) {
		if !selfClosing && !void[t.DataAtom] {
			p.skip++
			p.skips = append(p.skips, t.DataAtom)
		}
		return
	}
	if block[t.DataAtom] {
		p.breakLine()
	}
	switch t.DataAtom {
	case atom.Br:
		p.endLine()
	case atom.Td, atom.Th:
		if p.line.Len() > 0 {
			p.line.WriteByte('\t')
		}
	case atom.Pre:
		p.pre++
	case atom.Blockquote:
		p.quote++
	case atom.Ul:
		p.lists = append(p.lists, -1)
	case atom.Ol:
		p.lists = append(p.lists, 0)
	case atom.Li:
		p.line.WriteString(p.bullet())
	case atom.A:
		p.href, p.begin = attribute(t, "href"), p.line.Len()
	case atom.Input:
		p.text(inputText(t))
	}
}

func (p *htmlPrinter) close(a atom.Atom) {
	if p.skip > 0 {
		if p.reveal(a) {
			return
		}
	}
	switch a {
	case atom.A:
		p.target()
	case atom.Pre:
		p.pre = max(0, p.pre-1)
	case atom.Ul, atom.Ol:
		if n := len(p.lists); n > 0 {
			p.lists = p.lists[:n-1]
		}
	}
	if block[a] {
		p.breakLine()
	}
	if spaced[a] {
		p.emptyLine()
	}
	if a == atom.Blockquote {
		p.quote = max(0, p.quote-1)
	}
}

// reveal handles an end tag inside hidden elements: it closes the innermost one of its name and all that was left open in
// it. A tag of none of them closes an element around them, so the hidden part is over: better to show too much than to lose
// the rest of a letter.
func (p *htmlPrinter) reveal(a atom.Atom) bool {
	for i := len(p.skips) - 1; i >= 0; i-- {
		if p.skips[i] == a {
			p.skips, p.skip = p.skips[:i], i
			return true
		}
	}
	if !block[a] && a != atom.Td && a != atom.Html {
		return true
	}
	p.skips, p.skip = nil, 0
	return false
}

func (p *htmlPrinter) bullet() string {
	n := len(p.lists)
	if n == 0 || p.lists[n-1] < 0 {
		return "- "
	}
	p.lists[n-1]++
	return strconv.Itoa(p.lists[n-1]) + ". "
}

// target writes where a link leads, unless its text says so.
func (p *htmlPrinter) target() {
	href := p.href
	p.href = ""
	if p.begin > p.line.Len() {
		p.begin = 0
	}
	shown := p.line.String()[p.begin:]
	address := strings.TrimPrefix(strings.TrimPrefix(href, "mailto:"), "tel:")
	address, _, _ = strings.Cut(address, "?subject=")
	if strings.HasPrefix(href, "http") || address != href {
		if bare := strings.TrimPrefix(strings.TrimPrefix(strings.TrimSuffix(address, "/"), "https://"), "http://"); bare != "" &&
			!strings.Contains(shown, bare) {
			p.line.WriteString(" <" + address + ">")
		}
	}
}

func (p *htmlPrinter) text(s string) {
	if p.pre > 0 {
		for i, l := range strings.Split(strings.ReplaceAll(s, "\r\n", "\n"), "\n") {
			if i > 0 {
				p.endLine()
			}
			p.line.WriteString(l)
		}
		return
	}
	last := byte(' ')
	if l := p.line.String(); l != "" {
		last = l[len(l)-1]
	}
	for _, r := range s {
		if r == ' ' || r == '\n' || r == '\r' || r == '\t' || r == '\u00A0' || r == '\f' {
			if last != ' ' && last != '\t' {
				p.line.WriteByte(' ')
				last = ' '
			}
			continue
		}
		p.line.WriteRune(r)
		last = 'x'
	}
}

// breakLine ends a line that has something on it.
func (p *htmlPrinter) breakLine() {
	if strings.TrimSpace(p.line.String()) != "" {
		p.endLine()
	} else {
		p.line.Reset()
	}
}

func (p *htmlPrinter) emptyLine() {
	if p.blank == 0 && p.out.Len() > 0 {
		p.endLine()
	}
}

func (p *htmlPrinter) endLine() {
	l := strings.TrimRight(p.line.String(), " \t")
	p.line.Reset()
	p.begin = 0
	if l == "" {
		if p.blank > 0 || p.out.Len() == 0 {
			return
		}
		p.blank++
	} else {
		p.blank = 0
	}
	if p.quote > 0 {
		p.out.WriteString(strings.Repeat(">", min(p.quote, 9)) + " ")
	}
	p.out.WriteString(l)
	p.out.WriteByte('\n')
}

func (p *htmlPrinter) finish() string {
	p.breakLine()
	return strings.TrimSpace(p.out.String())
}

func attribute(t html.Token, name string) string {
	for _, a := range t.Attr {
		if a.Key == name {
			return strings.TrimSpace(a.Val)
		}
	}
	return ""
}

// hiddenByStyle recognises the ways mails hide text: preview lines of newsletters, tricks of spammers.
func hiddenByStyle(t html.Token) bool {
	style := strings.ToLower(strings.ReplaceAll(attribute(t, "style"), " ", ""))
	return strings.Contains(style, "display:none") || strings.Contains(style, "visibility:hidden") ||
		strings.Contains(style, "font-size:0;") || strings.HasSuffix(style, "font-size:0") || strings.Contains(style, "font-size:0px")
}

func inputText(t html.Token) string {
	switch attribute(t, "type") {
	case "checkbox", "radio":
		for _, a := range t.Attr {
			if a.Key == "checked" {
				return "[X] "
			}
		}
		return "[ ] "
	case "hidden", "password", "submit", "button", "image", "reset":
		return ""
	}
	return attribute(t, "value")
}
