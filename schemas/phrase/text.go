package phrase

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Text is a text split into folded words.
type Text struct {
	Words []Word
}

// Word is one folded word and where it stands in the source.
type Word struct {
	Text      string // folded
	Start     int    // byte offset in the source, inclusive
	End       int    // exclusive
	Sentence  int    // from 0; a line after a blank one begins a new sentence
	Clause    int    // from 0; a comma, colon, bracket or line break begins a new clause
	Paragraph int    // from 0; blank lines separate paragraphs
}

// Fold returns s in lower case without the marks of Latin letters, as patterns are written: "Żółć" becomes "zolc".
// Cyrillic keeps its letters but for ґ, which becomes г.
func Fold(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	for _, r := range s {
		writeFolded(&b, r)
	}
	return b.String()
}

// Split splits s into words. A hyphen joins short letters with the digits that follow ("IN-1" is "in1"), and what a line
// break cut ("wymel-\ndowanie"); single letters with full stops ("s.c.", "z o.o.") or spaced out as a heading ("S K A R G A")
// are one word.
func Split(s string) Text {
	t := splitter{source: s, words: make([]Word, 0, len(s)/6)} // Polish has some seven bytes a word
	t.folded.Grow(len(s))
	for t.at < len(s) {
		t.step()
	}
	t.close()
	return Text{Words: joinSpacedLetters(t.words)}
}

// splitter walks through a text once. A word is open while wordStart >= 0.
type splitter struct {
	source              string
	at                  int
	folded              strings.Builder
	words               []Word
	open                bool
	start, foldedStart  int
	sentence, paragraph int
	clause              int
	newlines            int  // line breaks since the last word
	stop                bool // a full stop since the last word
	pause               bool // a comma or the like since the last word
}

func (t *splitter) step() {
	if c := t.source[t.at]; 'a' <= c && c <= 'z' { // the greater part of every text
		if !t.open {
			t.begin()
		}
		t.folded.WriteByte(c)
		t.at++
		return
	}
	r, size := utf8.DecodeRuneInString(t.source[t.at:])
	switch {
	case unicode.IsLetter(r) || unicode.IsDigit(r) || r == '²' || r == '³':
		t.letter(r)
	case r == '\u00ad' || r == '\u200b' || r == '\u200d' || r == '\ufeff' || unicode.Is(unicode.Mn, r):
		// invisible characters and combining marks inside words
	case t.open && isApostrophe(r) && t.cyrillicNext(size):
	case t.open && r == '.' && t.abbreviates():
	case t.open && r == '-' && t.hyphenJoins():
		t.skipLineBreak(size)
		return
	default:
		t.close()
		t.between(r)
	}
	t.at += size
}

func (t *splitter) letter(r rune) {
	if !t.open {
		t.begin()
	}
	writeFolded(&t.folded, r)
}

func (t *splitter) begin() {
	switch {
	case t.newlines > 1:
		t.paragraph++
		t.sentence++
	case t.stop:
		t.sentence++
	}
	if t.newlines > 0 || t.stop || t.pause {
		t.clause++
	}
	t.newlines, t.stop, t.pause = 0, false, false
	t.open, t.start, t.foldedStart = true, t.at, t.folded.Len()
}

func (t *splitter) close() {
	if !t.open {
		return
	}
	t.open = false
	t.words = append(t.words, Word{
		Text:  t.folded.String()[t.foldedStart:],
		Start: t.start, End: t.at, Sentence: t.sentence, Clause: t.clause, Paragraph: t.paragraph,
	})
}

// between notes what separates words: line breaks make paragraphs, full stops make sentences.
func (t *splitter) between(r rune) {
	switch r {
	case '\n':
		t.newlines++
	case '.', '!', '?', ';', '•':
		t.stop = true
	case ',', ':', '(', ')', '–', '—':
		t.pause = true
	}
}

// hyphenJoins reports whether the hyphen at t.at belongs to the open word.
func (t *splitter) hyphenJoins() bool {
	rest := t.source[t.at+1:]
	next, _ := utf8.DecodeRuneInString(rest)
	if next == '\n' {
		after, _ := utf8.DecodeRuneInString(rest[1:])
		return unicode.IsLower(after)
	}
	word := t.folded.String()[t.foldedStart:]
	return unicode.IsDigit(next) && len(word) <= 4 && isLetters(word)
}

// abbreviates reports whether the full stop at t.at stands between single letters: after one, or after letters joined so,
// and before one.
func (t *splitter) abbreviates() bool {
	last, size := utf8.DecodeLastRuneInString(t.source[:t.at])
	before, _ := utf8.DecodeLastRuneInString(t.source[:t.at-size])
	next, nextSize := utf8.DecodeRuneInString(t.source[t.at+1:])
	after, _ := utf8.DecodeRuneInString(t.source[t.at+1+nextSize:])
	return unicode.IsLetter(last) && !isWordRune(before) && unicode.IsLetter(next) && !isWordRune(after)
}

func isWordRune(r rune) bool {
	return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r))
}

func (t *splitter) skipLineBreak(size int) {
	t.at += size
	if t.at < len(t.source) && t.source[t.at] == '\n' {
		t.at++
	}
}

func (t *splitter) cyrillicNext(size int) bool {
	next, _ := utf8.DecodeRuneInString(t.source[t.at+size:])
	return unicode.Is(unicode.Cyrillic, next)
}

// joinSpacedLetters makes one word of four or more single letters that stand one blank apart.
func joinSpacedLetters(words []Word) []Word {
	out := words[:0]
	for i := 0; i < len(words); {
		n := spacedRun(words[i:])
		if n < 4 {
			out = append(out, words[i])
			i++
			continue
		}
		joined := words[i]
		for _, w := range words[i+1 : i+n] {
			joined.Text += w.Text
		}
		joined.End = words[i+n-1].End
		out = append(out, joined)
		i += n
	}
	return out
}

func spacedRun(words []Word) int {
	n := 0
	for n < len(words) && utf8.RuneCountInString(words[n].Text) == 1 && isLetters(words[n].Text) {
		if n > 0 && words[n].Start-words[n-1].End != 1 {
			break
		}
		n++
	}
	return n
}

func isLetters(s string) bool {
	for _, r := range s {
		if !unicode.IsLetter(r) {
			return false
		}
	}
	return s != ""
}

func isApostrophe(r rune) bool { return r == '\'' || r == '’' || r == 'ʼ' || r == '`' }

func writeFolded(b *strings.Builder, r rune) {
	if r < utf8.RuneSelf {
		if 'A' <= r && r <= 'Z' {
			r += 'a' - 'A'
		}
		b.WriteByte(byte(r))
		return
	}
	r = unicode.ToLower(r)
	if to, ok := unmarked[r]; ok {
		b.WriteString(to)
		return
	}
	b.WriteRune(r)
}

// unmarked maps letters with marks to the letters people type when they have no Polish keyboard. A table, because Unicode
// decomposition leaves ł, ø and ß alone.
var unmarked = func() map[rune]string {
	m := map[rune]string{'ß': "ss", 'æ': "ae", 'œ': "oe", 'ґ': "г", '²': "2", '³': "3"}
	for _, group := range []string{
		"aàáâãäåāăą", "cçćĉċč", "dďđ", "eèéêëēĕėęě", "gĝğġģ", "hĥħ", "iìíîïĩīĭįı", "jĵ", "kķ", "lĺļľŀł",
		"nñńņňŉ", "oòóôõöøōŏő", "rŕŗř", "sśŝşšș", "tţťŧț", "uùúûüũūŭůűų", "wŵ", "yýŷÿ", "zźżž",
	} {
		for _, r := range group[1:] {
			m[r] = group[:1]
		}
	}
	return m
}()
