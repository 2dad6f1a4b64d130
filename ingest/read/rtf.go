package read

import (
	"strconv"
	"strings"

	"okienko/ingest"
)

// readRTF extracts the text of a Rich Text document.
func readRTF(w *walker, at int, it item) {
	if !w.deep {
		return
	}
	text := rtfText(it.file.data)
	w.setText(at, text)
	if strings.TrimSpace(text) == "" {
		w.problem(at, ingest.ProblemNoText, "no text in the document")
	}
}

// rtfReader follows the groups of an RTF file and collects its text.
type rtfReader struct {
	data    []byte
	pos     int
	out     strings.Builder
	raw     []byte // bytes of the code page not decoded yet
	charset string
	groups  []rtfGroup
	group   rtfGroup
	eat     int // characters that stand in for a Unicode one and are skipped
}

type rtfGroup struct {
	hidden  bool // fonts, styles, pictures: no text of the document
	unicode int  // how many characters follow \u as its replacement
}

// rtfHidden are destinations without text of the document.
var rtfHidden = names("fonttbl colortbl stylesheet info pict object themedata datastore listtable listoverridetable rsidtbl generator " +
	"xmlnstbl latentstyles fldinst header headerl headerr headerf footer footerl footerr footerf mmathPr pgdsctbl filetbl revtbl")

// rtfBreaks are control words that put something into the text.
var rtfBreaks = map[string]string{
	"par": "\n", "line": "\n", "sect": "\n", "page": "\n", "row": "\n", "tab": "\t", "cell": "\t", "nestcell": "\t", "nestrow": "\n",
	"endash": "–", "emdash": "—", "bullet": "•", "lquote": "‘", "rquote": "’", "ldblquote": "„", "rdblquote": "”", "emspace": " ", "enspace": " ",
}

func rtfText(data []byte) string {
	r := rtfReader{data: data, charset: "windows-1250", group: rtfGroup{unicode: 1}}
	for r.pos < len(r.data) && r.out.Len() < 2*maxText {
		r.step()
	}
	r.flush()
	return tidyTable(r.out.String())
}

func (r *rtfReader) step() {
	c := r.data[r.pos]
	r.pos++
	switch c {
	case '{':
		r.flush()
		if len(r.groups) < 1000 {
			r.groups = append(r.groups, r.group)
		}
	case '}':
		r.flush()
		if n := len(r.groups); n > 0 {
			r.group, r.groups = r.groups[n-1], r.groups[:n-1]
		}
		r.eat = 0
	case '\\':
		r.control()
	case '\r', '\n':
	default:
		r.char(c)
	}
}

// char takes one byte of text in the document's code page.
func (r *rtfReader) char(c byte) {
	if r.eat > 0 {
		r.eat--
		return
	}
	if !r.group.hidden {
		r.raw = append(r.raw, c)
	}
}

func (r *rtfReader) flush() {
	if len(r.raw) > 0 {
		if e := charsetByName(r.charset); e != nil {
			r.out.WriteString(decodeWith(e, r.raw))
		} else {
			r.out.WriteString(toUTF8(r.raw, ""))
		}
		r.raw = r.raw[:0]
	}
}

func (r *rtfReader) write(s string) {
	r.flush()
	if !r.group.hidden {
		r.out.WriteString(s)
	}
}

func (r *rtfReader) control() {
	if r.pos >= len(r.data) {
		return
	}
	c := r.data[r.pos]
	if !isLetter(c) {
		r.pos++
		r.symbol(c)
		return
	}
	start := r.pos
	for r.pos < len(r.data) && isLetter(r.data[r.pos]) {
		r.pos++
	}
	word := string(r.data[start:r.pos])
	number, has := r.number()
	if r.pos < len(r.data) && r.data[r.pos] == ' ' {
		r.pos++
	}
	r.word(word, number, has)
}

func (r *rtfReader) symbol(c byte) {
	switch c {
	case '\'':
		if r.pos+1 < len(r.data) {
			hi, lo := hexValue(r.data[r.pos]), hexValue(r.data[r.pos+1])
			if hi >= 0 && lo >= 0 {
				r.pos += 2
				r.char(byte(hi<<4 | lo))
			}
		}
	case '~':
		r.write(" ")
	case '_':
		r.write("-")
	case '*':
		r.group.hidden = true // an optional destination this reader does not know
	case '\\', '{', '}':
		r.char(c)
	case '\r', '\n':
		r.write("\n")
	}
}

func (r *rtfReader) number() (int, bool) {
	start := r.pos
	if r.pos < len(r.data) && r.data[r.pos] == '-' {
		r.pos++
	}
	for r.pos < len(r.data) && r.data[r.pos] >= '0' && r.data[r.pos] <= '9' && r.pos-start < 12 {
		r.pos++
	}
	n, err := strconv.Atoi(string(r.data[start:r.pos]))
	if err != nil {
		r.pos = start
		return 0, false
	}
	return n, true
}

func (r *rtfReader) word(word string, n int, has bool) {
	switch {
	case rtfHidden[word]:
		r.group.hidden = true
	case word == "ansicpg":
		r.charset = "windows-" + strconv.Itoa(n)
	case word == "uc" && has:
		r.group.unicode = max(0, min(n, 10))
	case word == "u" && has:
		if n < 0 {
			n += 1 << 16
		}
		r.write(string(rune(n)))
		r.eat = r.group.unicode
	case word == "bin" && has:
		r.pos = min(len(r.data), r.pos+max(0, n))
	case rtfBreaks[word] != "":
		r.write(rtfBreaks[word])
	}
}

func isLetter(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }
