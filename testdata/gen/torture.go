package main

import (
	"fmt"
	"path"
	"strings"
)

// wrong is one mail of the torture collection: what is wrong with it, in one sentence, and its bytes.
type wrong struct {
	name, what, raw string
}

// addTorture writes the collection and its index.
func addTorture(made map[string][]byte) error {
	var index strings.Builder
	for _, w := range allWrong() {
		name := path.Join("torture", "mails", w.name+".eml")
		if _, twice := made[name]; twice {
			return fmt.Errorf("two torture mails are called %s", w.name)
		}
		made[name] = []byte(w.raw)
		fmt.Fprintf(&index, "%s\t%s\n", w.name, w.what)
	}
	made[path.Join("torture", "mails", "index.tsv")] = []byte(index.String())
	return nil
}

func allWrong() []wrong {
	var all []wrong
	for _, group := range [][]wrong{wrongBytes(), wrongHeaders(), wrongAddresses(), wrongParts(), wrongEncodings(), wrongNames(), wrongFiles(), wrongLoops()} {
		all = append(all, group...)
	}
	return all
}

const (
	who  = "From: Jan Kowal <jan.kowal@poczta.example>\r\nTo: podania@um-krakow.example\r\n"
	when = "Date: Mon, 02 Nov 2026 08:00:00 +0100\r\n"
	what = "Subject: Rejestracja samochodu\r\n"
	text = "Dzień dobry, proszę o rejestrację samochodu KR 1AB23.\r\nJan Kowal\r\n"
)

// simple is a mail of one part with the given header fields after the usual ones.
func simple(id, fields, body string) string {
	return who + when + what + "Message-ID: <" + id + "@poczta.example>\r\n" + fields + "\r\n" + body
}

// mixed is a sound multipart/mixed of a text and the given parts, each with its own header.
func mixed(id string, parts ...string) string {
	var b strings.Builder
	b.WriteString(simple(id, "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=\"b\"\r\n", ""))
	for _, p := range append([]string{"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n" + text}, parts...) {
		b.WriteString("--b\r\n" + p + "\r\n")
	}
	return b.String() + "--b--\r\n"
}

// attached is a part that carries a file.
func attached(name, kind string, content []byte) string {
	return "Content-Type: " + kind + "\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: attachment; filename=\"" + name + "\"\r\n\r\n" +
		string(encodeTransfer("base64", content)) + "\r\n"
}

const plain = "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n"

// wrongBytes: what is hardly a mail, and line ends.
func wrongBytes() []wrong {
	lf := func(s string) string { return strings.ReplaceAll(s, "\r\n", "\n") }
	garbage := make([]byte, 4096)
	r := chance("garbage")
	for i := range garbage {
		garbage[i] = byte(r.IntN(256))
	}
	good := simple("lines", plain, text)
	return []wrong{
		{"empty", "no bytes at all", ""},
		{"one-newline", "a single line end", "\n"},
		{"garbage", "4096 bytes of chance", string(garbage)},
		{"zeros", "1024 NUL bytes", strings.Repeat("\x00", 1024)},
		{"html-page", "a web page instead of a mail", "<!DOCTYPE html>\n<html><body><h1>502 Bad Gateway</h1></body></html>\n"},
		{"jpeg-bytes", "the first bytes of a photograph instead of a mail", "\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00" + string(garbage[:512])},
		{"text-without-header", "only a text, no header and no empty line", "Prosze o odpis aktu urodzenia.\nJan Kowal\n"},
		{"header-only", "a header and nothing after it, not even the empty line", strings.TrimSuffix(simple("header-only", plain, ""), "\r\n")},
		{"cut-in-header", "broken off in the middle of a header field", who + "Subject: Rejestra"},
		{"body-starts-at-once", "an empty line first, so that the header is body", "\r\n" + good},
		{"only-lf", "line ends are LF alone", lf(good)},
		{"only-cr", "line ends are CR alone", strings.ReplaceAll(lf(good), "\n", "\r")},
		{"mixed-line-ends", "CRLF, LF and CR in turn", strings.Replace(strings.Replace(good, "\r\n", "\n", 2), "\r\nMessage", "\rMessage", 1)},
		{"mbox-from-line", "an mbox separator before the header, >From in the text", "From jan.kowal@poczta.example Mon Nov  2 08:00:00 2026\n" + lf(simple("mbox", plain, ">From dawna czekam.\r\n"+text))},
		{"bom", "a byte order mark before the header", "\xef\xbb\xbf" + good},
		{"utf-16", "the whole mail in UTF-16", utf16(good)},
		{"nul-in-text", "NUL bytes in the text", simple("nul-text", plain, "Pro\x00sze o od\x00pis.\r\n")},
		{"nul-in-header", "NUL bytes in subject and sender", strings.Replace(strings.Replace(good, "Rejestracja", "Rejes\x00tracja", 1), "jan.kowal", "jan\x00kowal", 1)},
		{"control-characters", "bells, escapes and back spaces in the text", simple("bells", plain, "Wniosek\a\x1b[2J\x1b[31m o odpis\b\b\b\b\bzgon\r\n")},
		{"no-final-newline", "the text ends without a line end", strings.TrimSuffix(good, "\r\n")},
		{"dots", "lines of a single dot, as SMTP writes the end of a mail", simple("dots", plain, ".\r\n..\r\nWniosek\r\n.\r\ndalszy ciąg\r\n")},
		{"long-line", "a text line of 100,000 characters (RFC 5321 allows 998)", simple("long-line", plain, strings.Repeat("wniosek ", 12_500)+"\r\n")},
	}
}

func utf16(s string) string {
	var b strings.Builder
	b.WriteString("\xff\xfe")
	for _, r := range s {
		b.WriteByte(byte(r))
		b.WriteByte(byte(r >> 8))
	}
	return b.String()
}
