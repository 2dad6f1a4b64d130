package read

import (
	"encoding/base64"
	"regexp"
	"sort"
	"strconv"
	"strings"
)

// encodedWord matches an encoded word of RFC 2047, also one with spaces in its text, as careless mailers write it.
var encodedWord = regexp.MustCompile(`=\?([A-Za-z0-9_.:*'-]+)\?([bBqQ])\?([^?\r\n]*)\?=`)

// decodeHeader decodes a header field: encoded words, also those that split a letter between two words, and raw eight-bit
// text in an undeclared charset.
func decodeHeader(s string) string {
	if !strings.Contains(s, "=?") {
		return strings.TrimSpace(toUTF8([]byte(s), ""))
	}
	var out strings.Builder
	rest := s
	for {
		at := encodedWord.FindStringSubmatchIndex(rest)
		if at == nil {
			break
		}
		out.WriteString(toUTF8([]byte(rest[:at[0]]), ""))
		charset, raw, end := encodedRun(rest, at)
		out.WriteString(toUTF8(raw, charset))
		rest = rest[end:]
	}
	out.WriteString(toUTF8([]byte(rest), ""))
	return strings.TrimSpace(out.String())
}

// encodedRun collects the bytes of an encoded word and of those that follow with nothing but blanks between: RFC 2047,
// section 6.2, has the blanks removed, and a letter may begin in one word and end in the next.
func encodedRun(s string, at []int) (charset string, raw []byte, end int) {
	charset, _, _ = strings.Cut(s[at[2]:at[3]], "*") // RFC 2231 puts a language behind a star
	for {
		raw = append(raw, wordBytes(s[at[4]:at[5]], s[at[6]:at[7]])...)
		end = at[1]
		next := encodedWord.FindStringSubmatchIndex(s[end:])
		if next == nil || strings.TrimSpace(s[end:end+next[0]]) != "" || !strings.EqualFold(charset, s[end+next[2]:end+next[3]]) {
			return charset, raw, end
		}
		for i := range next {
			next[i] += end
		}
		at = next
	}
}

func wordBytes(encoding, text string) []byte {
	if strings.EqualFold(encoding, "q") {
		return decodeQuotedPrintable([]byte(strings.ReplaceAll(text, "_", " ")))
	}
	return decodeBase64([]byte(text))
}

// params reads a header field of the form "value; name=value; name*0*=utf-8”part" (RFC 2045, RFC 2231) and forgives what
// mailers get wrong: missing quotes, semicolons inside values, encoded words where RFC 2231 forbids them, any charset.
func params(field string) (value string, ps map[string]string) {
	parts := splitParams(field)
	ps = make(map[string]string)
	pieces := make(map[string][]piece)
	for _, p := range parts[1:] {
		name, v, ok := strings.Cut(p, "=")
		if !ok {
			continue
		}
		name, v = strings.ToLower(strings.TrimSpace(name)), unquote(strings.TrimSpace(v))
		base, index, extended := paramName(name)
		if index < 0 && !extended {
			if _, dup := ps[base]; !dup {
				ps[base] = decodeHeader(v)
			}
			continue
		}
		pieces[base] = append(pieces[base], piece{max(index, 0), extended, v})
	}
	for name, all := range pieces {
		ps[name] = joinPieces(all) // the extended form wins over the plain one beside it
	}
	return strings.ToLower(strings.TrimSpace(parts[0])), ps
}

// piece is one continuation of an RFC 2231 parameter.
type piece struct {
	index    int
	extended bool // percent-encoded
	text     string
}

// paramName splits "filename*1*" into "filename", 1 and true. index is -1 without a number.
func paramName(name string) (base string, index int, extended bool) {
	base, rest, ok := strings.Cut(name, "*")
	if !ok {
		return name, -1, false
	}
	number, after, _ := strings.Cut(rest, "*")
	if number == "" {
		return base, -1, true
	}
	n, err := strconv.Atoi(number)
	if err != nil || n < 0 || n > 999 {
		return base, 0, false
	}
	return base, n, strings.HasSuffix(rest, "*") && after == ""
}

func joinPieces(all []piece) string {
	sort.SliceStable(all, func(i, j int) bool { return all[i].index < all[j].index })
	charset := ""
	var raw []byte
	extended := false
	for i, p := range all {
		text := p.text
		if p.extended {
			extended = true
			if i == 0 {
				if cs, rest, ok := strings.Cut(text, "'"); ok {
					if _, after, ok := strings.Cut(rest, "'"); ok {
						charset, text = cs, after
					}
				}
			}
			text = unescapePercent(text)
		}
		raw = append(raw, text...)
	}
	if !extended {
		return decodeHeader(string(raw))
	}
	return toUTF8(raw, charset)
}

// unescapePercent decodes %XX and leaves alone what is no escape.
func unescapePercent(s string) string {
	out := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		if s[i] == '%' && i+2 < len(s) && hexValue(s[i+1]) >= 0 && hexValue(s[i+2]) >= 0 {
			out = append(out, byte(hexValue(s[i+1])<<4|hexValue(s[i+2])))
			i += 2
			continue
		}
		out = append(out, s[i])
	}
	return string(out)
}

// splitParams splits at semicolons outside quotes.
func splitParams(s string) []string {
	var parts []string
	start, quoted := 0, false
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '\\' && quoted:
			i++
		case s[i] == '"':
			quoted = !quoted
		case s[i] == ';' && !quoted:
			parts = append(parts, s[start:i])
			start = i + 1
		}
	}
	return append(parts, s[start:])
}

func unquote(s string) string {
	if len(s) < 2 || s[0] != '"' {
		return s
	}
	s = strings.TrimSuffix(s[1:], `"`)
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		// A backslash escapes a quote or itself; before a letter it is a Windows path.
		if s[i] == '\\' && i+1 < len(s) && (s[i+1] == '"' || s[i+1] == '\\') {
			i++
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

// decodeTransfer undoes a Content-Transfer-Encoding, and keeps what there is of damaged or cut content. ok is false when
// something had to be left out.
func decodeTransfer(b []byte, encoding string) (out []byte, ok bool) {
	switch strings.ToLower(strings.Trim(encoding, " \t;\"")) {
	case "base64":
		out = decodeBase64(b)
		return out, wholeBase64(b)
	case "quoted-printable":
		return decodeQuotedPrintable(b), true
	case "x-uuencode", "uuencode", "x-uue", "uue":
		return decodeUU(b)
	}
	return b, true
}

// decodeBase64 decodes all base64 characters of b, whatever stands between them, up to a padding that ends it.
func decodeBase64(b []byte) []byte {
	clean := make([]byte, 0, len(b))
	var out []byte
	flush := func() {
		clean = clean[:len(clean)-len(clean)%4+usable(len(clean)%4)]
		d := make([]byte, base64.RawStdEncoding.DecodedLen(len(clean)))
		n, _ := base64.RawStdEncoding.Decode(d, clean) // only alphabet characters are left: it cannot fail but in unused bits
		out = append(out, d[:n]...)
		clean = clean[:0]
	}
	for _, c := range b {
		switch {
		case c >= 'A' && c <= 'Z', c >= 'a' && c <= 'z', c >= '0' && c <= '9', c == '+', c == '/':
			clean = append(clean, c)
		case c == '-': // the URL alphabet, seen in mail
			clean = append(clean, '+')
		case c == '_':
			clean = append(clean, '/')
		case c == '=' && len(clean)%4 != 0:
			flush() // some mailers glue padded pieces together
		}
	}
	flush()
	return out
}

// usable: of an unfinished group of n characters, one alone carries no byte.
func usable(n int) int {
	if n == 1 {
		return 0
	}
	return n
}

// wholeBase64 reports whether b ends where base64 may end.
func wholeBase64(b []byte) bool {
	n := 0
	for _, c := range b {
		switch {
		case c == '\r', c == '\n', c == ' ', c == '\t':
		case c == '=', c == '+', c == '/', c >= '0' && c <= '9', c >= 'A' && c <= 'Z', c >= 'a' && c <= 'z':
			n++
		default:
			return false
		}
	}
	return n%4 == 0
}

// decodeQuotedPrintable decodes b and leaves alone what is no escape.
func decodeQuotedPrintable(b []byte) []byte {
	out := make([]byte, 0, len(b))
	for i := 0; i < len(b); i++ {
		if b[i] != '=' {
			out = append(out, b[i])
			continue
		}
		if i+2 < len(b) && hexValue(b[i+1]) >= 0 && hexValue(b[i+2]) >= 0 {
			out = append(out, byte(hexValue(b[i+1])<<4|hexValue(b[i+2])))
			i += 2
			continue
		}
		if n := softBreak(b[i+1:]); n > 0 {
			i += n
			continue
		}
		out = append(out, b[i])
	}
	return out
}

// softBreak returns the length of the blanks and the line end that follow the "=" of a soft line break, 0 if it is none.
func softBreak(b []byte) int {
	for i, c := range b {
		switch c {
		case ' ', '\t', '\r':
		case '\n':
			return i + 1
		default:
			return 0
		}
	}
	return len(b)
}

func hexValue(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c >= 'A' && c <= 'F':
		return int(c - 'A' + 10)
	case c >= 'a' && c <= 'f':
		return int(c - 'a' + 10)
	}
	return -1
}

// decodeUU decodes uuencoded lines.
func decodeUU(b []byte) (out []byte, ok bool) {
	for _, line := range strings.Split(string(b), "\n") {
		line = strings.TrimRight(line, "\r")
		if line == "" || strings.HasPrefix(line, "begin ") {
			continue
		}
		if line == "end" {
			return out, true
		}
		out = append(out, uuLine(line)...)
	}
	return out, false
}

func uuLine(line string) []byte {
	n := int(line[0]-' ') & 0x3F
	var out []byte
	for i := 1; i+3 < len(line) && len(out) < n; i += 4 {
		var q [4]byte
		for j := range q {
			q[j] = (line[i+j] - ' ') & 0x3F
		}
		out = append(out, q[0]<<2|q[1]>>4, q[1]<<4|q[2]>>2, q[2]<<6|q[3])
	}
	return out[:min(n, len(out))]
}
