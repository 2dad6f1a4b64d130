package read

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/htmlindex"
	textunicode "golang.org/x/text/encoding/unicode"
)

// decodeText turns bytes of unknown trust into UTF-8 with normalised line ends. declared is the charset the sender names,
// "" if none. What a sender declares is a hint: UTF-8 is believed from the bytes alone, and among the eight-bit charsets the
// one that reads most like Polish, Ukrainian or English wins.
func decodeText(b []byte, declared string) string {
	return normaliseLines(toUTF8(b, declared))
}

func toUTF8(b []byte, declared string) string {
	if s, ok := byMark(b); ok {
		return s
	}
	enc := charsetByName(declared)
	if isMultiByte(enc) {
		return decodeWith(enc, b)
	}
	if looksUTF16(b) {
		return decodeWith(textunicode.UTF16(guessEndian(b), textunicode.IgnoreBOM), b)
	}
	if mostlyUTF8(b) {
		return strings.ToValidUTF8(string(b), "\uFFFD")
	}
	return bestEightBit(b, enc)
}

// byMark decodes text that begins with a byte order mark.
func byMark(b []byte) (string, bool) {
	switch {
	case bytes.HasPrefix(b, []byte{0xEF, 0xBB, 0xBF}):
		return strings.ToValidUTF8(string(b[3:]), "\uFFFD"), true
	case bytes.HasPrefix(b, []byte{0xFF, 0xFE}), bytes.HasPrefix(b, []byte{0xFE, 0xFF}):
		return decodeWith(textunicode.UTF16(textunicode.LittleEndian, textunicode.ExpectBOM), b), true
	}
	return "", false
}

// eightBit lists the charsets that Polish and Ukrainian mail was ever written in, the likeliest first.
var eightBit = []encoding.Encoding{
	charmap.Windows1250, charmap.ISO8859_2, charmap.Windows1252, charmap.Windows1251, charmap.KOI8U, charmap.CodePage852,
}

// bestEightBit decodes b with the charset whose reading scores best; a declared one gets the benefit of the doubt.
func bestEightBit(b []byte, declared encoding.Encoding) string {
	sample := b[:min(len(b), 32<<10)]
	best, bestScore := eightBit[0], -1<<30
	try := func(e encoding.Encoding, bonus int) {
		if score := plausibility(decodeWith(e, sample)) + bonus; score > bestScore {
			best, bestScore = e, score
		}
	}
	if declared != nil && declared != textunicode.UTF8 && declared != encoding.Replacement {
		try(declared, 1)
	}
	for _, e := range eightBit {
		try(e, 0)
	}
	return decodeWith(best, b)
}

// plausibility scores how much s looks like text that somebody wrote: Polish and Cyrillic letters inside words speak for it,
// control characters, symbols between letters, foreign accents and capitals after small letters against it.
func plausibility(s string) int {
	score := 0
	prev := ' '
	for _, r := range s {
		score += runePlausibility(prev, r)
		prev = r
	}
	return score
}

func runePlausibility(prev, r rune) int {
	switch {
	case r < 0x80:
		return 0
	case r == utf8.RuneError:
		return -8
	case r < 0xA0: // the C1 controls
		return -8
	case strings.ContainsRune("ąćęłńóśźżĄĆĘŁŃÓŚŹŻ", r):
		return 3 + caseJump(prev, r) + scriptJump(prev, r)
	case unicode.Is(unicode.Cyrillic, r):
		return 2 + caseJump(prev, r) + scriptJump(prev, r)
	case unicode.IsLetter(r):
		return -2
	case strings.ContainsRune("„”“’«»–—…§°€ ", r):
		return 1
	case unicode.IsLetter(prev): // a symbol inside a word
		return -3
	}
	return -1
}

// caseJump: a capital right after a small letter is what KOI8 read as windows-1251 looks like, and the other way round.
func caseJump(prev, r rune) int {
	if unicode.IsLower(prev) && unicode.IsUpper(r) {
		return -6
	}
	return 0
}

func scriptJump(prev, r rune) int {
	if unicode.IsLetter(prev) && unicode.Is(unicode.Latin, prev) != unicode.Is(unicode.Latin, r) {
		return -6
	}
	return 0
}

// mostlyUTF8 reports whether b is UTF-8, perhaps with a few damaged places: nobody writes valid multi-byte sequences by
// chance.
func mostlyUTF8(b []byte) bool {
	good, bad := 0, 0
	for len(b) > 0 {
		r, n := utf8.DecodeRune(b)
		switch {
		case r == utf8.RuneError && n == 1:
			bad++
		case n > 1:
			good++
		}
		b = b[n:]
	}
	return bad == 0 || good > 8*bad
}

func looksUTF16(b []byte) bool {
	if len(b) < 8 || len(b)%2 != 0 {
		return false
	}
	even, odd := zeros(b)
	return max(even, odd) > len(b)/5 && min(even, odd) < len(b)/50+1
}

func zeros(b []byte) (even, odd int) {
	for i, c := range b[:min(len(b), 4096)] {
		if c != 0 {
			continue
		}
		if i%2 == 0 {
			even++
		} else {
			odd++
		}
	}
	return even, odd
}

func guessEndian(b []byte) textunicode.Endianness {
	if even, odd := zeros(b); even > odd {
		return textunicode.BigEndian
	}
	return textunicode.LittleEndian
}

// charsetByName returns the encoding a sender names, nil if the name is unknown or says nothing.
func charsetByName(name string) encoding.Encoding {
	name = strings.ToLower(strings.Trim(name, " \t\"'<>;"))
	name = strings.TrimPrefix(name, "charset=")
	if alias, ok := charsetAliases[name]; ok {
		return alias
	}
	e, err := htmlindex.Get(name)
	if err != nil {
		return nil
	}
	return e
}

// charsetAliases holds names seen in mail that the WHATWG index lacks or means differently.
var charsetAliases = map[string]encoding.Encoding{
	"us-ascii": nil, "ascii": nil, "unknown-8bit": nil, "x-unknown": nil, "default": nil, "binary": nil,
	"cp1250": charmap.Windows1250, "cp-1250": charmap.Windows1250, "win-1250": charmap.Windows1250, "windows1250": charmap.Windows1250,
	"cp852": charmap.CodePage852, "ibm852": charmap.CodePage852, "cp437": charmap.CodePage437,
	"latin2": charmap.ISO8859_2, "iso8859-2": charmap.ISO8859_2, "iso-8859-2-polish": charmap.ISO8859_2,
	"cp1251": charmap.Windows1251, "cp1252": charmap.Windows1252,
}

// isMultiByte: the East Asian charsets and UTF-16 cannot be guessed by letters, so a declared one is believed.
func isMultiByte(e encoding.Encoding) bool {
	if e == nil {
		return false
	}
	name, err := htmlindex.Name(e)
	if err != nil {
		return false
	}
	switch name {
	case "gbk", "gb18030", "big5", "euc-jp", "iso-2022-jp", "shift_jis", "euc-kr", "utf-16le", "utf-16be":
		return true
	}
	return false
}

func decodeWith(e encoding.Encoding, b []byte) string {
	out, err := e.NewDecoder().Bytes(b)
	if err != nil {
		return strings.ToValidUTF8(string(b), "\uFFFD")
	}
	return string(out)
}

// normaliseLines makes line ends "\n" and removes control characters that no text has.
func normaliseLines(s string) string {
	s = strings.ReplaceAll(s, "\r\n", "\n")
	if !strings.ContainsFunc(s, needsCleaning) {
		return s
	}
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\r', r == '\u2028', r == '\u2029', r == '\v':
			return '\n'
		case needsCleaning(r):
			return -1
		}
		return r
	}, s)
}

func needsCleaning(r rune) bool {
	return r < ' ' && r != '\n' && r != '\t' && r != '\f' || r == 0x7F || r == '\u2028' || r == '\u2029' || r == '\uFEFF'
}

var utf16LE = textunicode.UTF16(textunicode.LittleEndian, textunicode.IgnoreBOM)
