package main

import (
	"encoding/base64"
	"fmt"
	"mime"
	"net/mail"
	"net/url"
	"strings"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
)

var charsets = map[string]encoding.Encoding{
	"windows-1250": charmap.Windows1250,
	"iso-8859-2":   charmap.ISO8859_2,
	"koi8-u":       charmap.KOI8U,
	"windows-1251": charmap.Windows1251,
}

func encodeCharset(name, text string) ([]byte, error) {
	if name == "" || name == "utf-8" || name == "us-ascii" {
		return []byte(text), nil
	}
	enc := charsets[name]
	if enc == nil {
		return nil, fmt.Errorf("charset %q is not known here", name)
	}
	raw, err := enc.NewEncoder().Bytes([]byte(text))
	if err != nil {
		return nil, fmt.Errorf("a letter of the text does not exist in %s: %w", name, err)
	}
	return raw, nil
}

func ascii(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r < ' ' || r > '~' }) < 0
}

// words writes the text of a field as encoded words of RFC 2047, in the letter's charset; where the letter declares none, the
// raw bytes stand there, as old programs leave them.
func (l *letter) words(s string) string {
	if ascii(s) {
		return s
	}
	if l.Charset == "" || l.Charset == "utf-8" {
		return strings.ReplaceAll(mime.QEncoding.Encode("utf-8", s), "?= =?", "?=\r\n =?")
	}
	raw, err := encodeCharset(l.Charset, s)
	if err != nil {
		panic(err) // a page that does not fit its own charset
	}
	if l.Declare == "nothing" {
		return string(raw)
	}
	return "=?" + l.Charset + "?B?" + base64.StdEncoding.EncodeToString(raw) + "?="
}

func (l *letter) address(a *mail.Address) string {
	switch {
	case a.Name == "":
		return a.Address
	case ascii(a.Name) && !strings.ContainsAny(a.Name, `.,;:"()<>@`):
		return a.Name + " <" + a.Address + ">"
	case ascii(a.Name):
		return `"` + a.Name + `" <` + a.Address + ">"
	}
	return l.words(a.Name) + " <" + a.Address + ">"
}

// fileParameter writes a file name as parameter of Content-Disposition or Content-Type, the way its program would:
//
//	2231  percent-encoded, in pieces (RFC 2231); what is not plain ASCII gets this by default
//	2047  an encoded word in quotes, against the standard, as Outlook does
//	raw   the bytes of UTF-8 as they are
func fileParameter(parameter, name, style string) string {
	switch {
	case style == "2047":
		return fmt.Sprintf(`%s="%s"`, parameter, mime.BEncoding.Encode("utf-8", name))
	case style == "raw" || ascii(name) && style == "":
		return fmt.Sprintf(`%s="%s"`, parameter, name)
	}
	escaped := url.PathEscape(name)
	if len(escaped) < 60 {
		return parameter + "*=utf-8''" + escaped
	}
	return strings.Join(continuations(parameter, escaped), ";\r\n ")
}

func continuations(parameter, escaped string) []string {
	var pieces []string
	for prefix := "utf-8''"; escaped != ""; prefix = "" {
		n := min(len(escaped), 50)
		for n < len(escaped) && strings.Contains(escaped[n-min(n, 2):n], "%") {
			n-- // never inside an escape
		}
		pieces = append(pieces, fmt.Sprintf("%s*%d*=%s%s", parameter, len(pieces), prefix, escaped[:n]))
		escaped = escaped[n:]
	}
	return pieces
}
