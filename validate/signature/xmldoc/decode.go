package xmldoc

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// encodings are the single-octet encodings met in Polish offices, by lower-case name.
var encodings = map[string]*charmap.Charmap{
	"iso-8859-1": charmap.ISO8859_1, "latin1": charmap.ISO8859_1, "us-ascii": charmap.ISO8859_1, "ascii": charmap.ISO8859_1,
	"iso-8859-2": charmap.ISO8859_2, "latin2": charmap.ISO8859_2,
	"iso-8859-15": charmap.ISO8859_15, "iso-8859-16": charmap.ISO8859_16,
	"windows-1250": charmap.Windows1250, "cp1250": charmap.Windows1250,
	"windows-1251": charmap.Windows1251, "windows-1252": charmap.Windows1252,
}

// decode returns the document as UTF-8 without byte order mark and with normalised line ends (XML 1.0 sections 2.11, 4.3.3).
func decode(raw []byte) (string, error) {
	text, err := toUTF8(raw)
	if err != nil {
		return "", err
	}
	if !utf8.ValidString(text) {
		return "", fmt.Errorf("the text is not valid UTF-8")
	}
	if strings.IndexByte(text, '\r') >= 0 {
		text = strings.ReplaceAll(text, "\r\n", "\n")
		text = strings.ReplaceAll(text, "\r", "\n")
	}
	return text, nil
}

func toUTF8(raw []byte) (string, error) {
	switch {
	case bytes.HasPrefix(raw, []byte{0xEF, 0xBB, 0xBF}):
		return string(raw[3:]), nil
	case bytes.HasPrefix(raw, []byte{0xFF, 0xFE}):
		return fromUTF16(raw[2:], binary.LittleEndian)
	case bytes.HasPrefix(raw, []byte{0xFE, 0xFF}):
		return fromUTF16(raw[2:], binary.BigEndian)
	case bytes.HasPrefix(raw, []byte{'<', 0, '?', 0}):
		return fromUTF16(raw, binary.LittleEndian)
	case bytes.HasPrefix(raw, []byte{0, '<', 0, '?'}):
		return fromUTF16(raw, binary.BigEndian)
	}
	name := declaredEncoding(raw)
	if name == "" || name == "utf-8" || name == "utf8" {
		return string(raw), nil
	}
	cm, ok := encodings[name]
	if !ok {
		return "", fmt.Errorf("encoding %q: read are UTF-8, UTF-16, ISO-8859-1, -2, -15, -16 and windows-1250 to 1252", name)
	}
	text, err := cm.NewDecoder().Bytes(raw)
	if err != nil {
		return "", fmt.Errorf("decoding %s: %w", name, err)
	}
	return string(text), nil
}

func fromUTF16(raw []byte, order binary.ByteOrder) (string, error) {
	if len(raw)%2 != 0 {
		return "", fmt.Errorf("UTF-16 with an odd number of octets")
	}
	units := make([]uint16, len(raw)/2)
	for i := range units {
		units[i] = order.Uint16(raw[2*i:])
	}
	runes := utf16.Decode(units)
	for _, r := range runes {
		if r == utf8.RuneError {
			return "", fmt.Errorf("UTF-16 with half a surrogate pair")
		}
	}
	return string(runes), nil
}

// declaredEncoding reads the encoding out of the XML declaration, lower case, "" if there is none.
func declaredEncoding(raw []byte) string {
	if !bytes.HasPrefix(raw, []byte("<?xml")) {
		return ""
	}
	end := bytes.Index(raw, []byte("?>"))
	if end < 0 || end > 300 {
		return ""
	}
	_, rest, ok := strings.Cut(string(raw[:end]), "encoding")
	rest = strings.TrimLeft(rest, " \t\r\n=")
	if !ok || len(rest) < 2 || rest[0] != '"' && rest[0] != '\'' {
		return ""
	}
	name, _, _ := strings.Cut(rest[1:], rest[:1])
	return strings.ToLower(name)
}
