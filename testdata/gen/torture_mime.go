package main

import (
	"fmt"
	"strings"
)

// wrongParts: multiparts whose borders are missing, doubled or endless.
func wrongParts() []wrong {
	multi := func(id, kind, body string) string {
		return simple(id, "MIME-Version: 1.0\r\nContent-Type: "+kind+"\r\n", body)
	}
	part := "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n" + text
	return []wrong{
		{"no-boundary", "multipart without a boundary parameter", multi("mp-1", "multipart/mixed", "--b\r\n"+part+"--b--\r\n")},
		{"empty-boundary", "multipart with an empty boundary", multi("mp-2", `multipart/mixed; boundary=""`, "--\r\n"+part+"----\r\n")},
		{"boundary-never-comes", "the boundary never occurs in the body", multi("mp-3", "multipart/mixed; boundary=nigdy", part)},
		{"boundary-not-closed", "the last boundary is missing", multi("mp-4", "multipart/mixed; boundary=b", "--b\r\n"+part)},
		{"boundary-only-closed", "a closing boundary and no part", multi("mp-5", "multipart/mixed; boundary=b", "--b--\r\n")},
		{"boundary-two-kb", "a boundary of 2,000 characters", multi("mp-6", "multipart/mixed; boundary="+strings.Repeat("b", 2000), "--"+strings.Repeat("b", 2000)+"\r\n"+part+"--"+strings.Repeat("b", 2000)+"--\r\n")},
		{"boundary-odd", "a boundary with blanks and brackets, unquoted", multi("mp-7", "multipart/mixed; boundary=a b(c)<d>", "--a b(c)<d>\r\n"+part+"--a b(c)<d>--\r\n")},
		{"boundary-prefix", "the inner boundary begins like the outer one", multi("mp-8", "multipart/mixed; boundary=b", "--b\r\nContent-Type: multipart/alternative; boundary=bb\r\n\r\n--bb\r\n"+part+"--bb--\r\n--b--\r\n")},
		{"same-boundary-inside", "inner and outer multipart share one boundary", multi("mp-9", "multipart/mixed; boundary=b", "--b\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n"+part+"--b--\r\n--b\r\n"+part+"--b--\r\n")},
		{"text-around-parts", "text before the first and after the last boundary, where nobody looks", multi("mp-10", "multipart/mixed; boundary=b", "Wniosek jest tutaj.\r\n--b\r\n"+part+"--b--\r\nI tutaj tez.\r\n")},
		{"part-without-header", "a part that begins with its text, no header, no empty line", multi("mp-11", "multipart/mixed; boundary=b", "--b\r\nTo jest tresc bez naglowka\r\n--b--\r\n")},
		{"empty-parts", "a thousand empty parts", multi("mp-12", "multipart/mixed; boundary=b", strings.Repeat("--b\r\n\r\n", 1000)+"--b--\r\n")},
		{"nested-200", "multiparts 200 deep, the letter in the innermost", nestedMultiparts(200, part)},
		{"nested-mails-60", "a mail in a mail in a mail, 60 deep", nestedMails(60)},
		{"multipart-base64", "a multipart that is itself base64, which RFC 2045 forbids", simple("mp-15", "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\nContent-Transfer-Encoding: base64\r\n", string(encodeTransfer("base64", []byte("--b\r\n"+part+"--b--\r\n"))))},
		{"alternative-disagrees", "plain text and HTML of an alternative say different things", multi("mp-16", "multipart/alternative; boundary=b", "--b\r\n"+part+"--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>Wycofuję wniosek o rejestrację.</p>\r\n--b--\r\n")},
		{"bad-content-type", "a Content-Type of three parts and a stray quote", multi("mp-17", `text/plain/x; charset="utf-8; =; ;;`, text)},
		{"unknown-type", "a media type nobody has heard of, inline", multi("mp-18", "x-urzad/x-wniosek", text)},
		{"partial", "message/partial, the second of three pieces", multi("mp-19", `message/partial; id="abc@poczta.example"; number=2; total=3`, "dalszy ciag\r\n")},
		{"external-body", "message/external-body: the letter lies on somebody's server", multi("mp-20", `message/external-body; access-type=URL; URL="https://zly.example/wniosek.pdf"`, "Content-Type: application/pdf\r\n\r\n")},
		{"encrypted-smime", "an S/MIME envelope that only its addressee can open", mixed("mp-21", attached("smime.p7m", "application/pkcs7-mime; smime-type=enveloped-data", []byte("\x30\x80\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x03\xa0\x80")))},
		{"pgp", "a PGP message instead of a text", simple("mp-22", plain, "-----BEGIN PGP MESSAGE-----\r\n\r\nhQEMA0000000000000AQ==\r\n=AAAA\r\n-----END PGP MESSAGE-----\r\n")},
		{"tnef", "a winmail.dat stub, as Outlook sends it to everybody", mixed("mp-23", attached("winmail.dat", "application/ms-tnef", []byte("\x78\x9f\x3e\x22\x01\x00\x01\x06\x90\x08\x00\x04\x00\x00\x00\x00\x00\x01\x00\x01\x00\x01\x07\x90\x06\x00\x08\x00\x00\x00")))},
		{"calendar", "only an invitation, no text", multi("mp-24", "text/calendar; method=REQUEST; charset=utf-8", "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nDTSTART:20261102T080000Z\r\nSUMMARY:Wizyta\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n")},
	}
}

func nestedMultiparts(depth int, part string) string {
	var open, shut strings.Builder
	for i := range depth {
		fmt.Fprintf(&open, "Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n", i, i)
		fmt.Fprintf(&shut, "--b%d--\r\n", depth-1-i)
	}
	return who + when + what + "Message-ID: <nested@poczta.example>\r\nMIME-Version: 1.0\r\n" + open.String() + part + shut.String()
}

func nestedMails(depth int) string {
	inner := simple("inner", plain, text)
	for i := range depth {
		inner = simple(fmt.Sprintf("outer-%d", i), "MIME-Version: 1.0\r\nContent-Type: message/rfc822\r\n", inner)
	}
	return inner
}

// wrongEncodings: texts and files whose encoding is cut, false or unknown.
func wrongEncodings() []wrong {
	one := func(id, charset, transfer, body string) string {
		return simple(id, "MIME-Version: 1.0\r\nContent-Type: text/plain; charset="+charset+"\r\nContent-Transfer-Encoding: "+transfer+"\r\n", body)
	}
	b64 := string(encodeTransfer("base64", []byte(strings.Repeat(text, 20))))
	polish := "Prosz\xea o wypis, sprzeda\xbf\xb3em dzia\xb3k\xea.\r\n" // windows-1250
	return []wrong{
		{"base64-cut", "base64 that ends in the middle of a group", one("te-1", "utf-8", "base64", b64[:len(b64)-7])},
		{"base64-garbage", "base64 with foreign characters between the lines", one("te-2", "utf-8", "base64", strings.Replace(b64, "\r\n", "\r\n!!**zakłócenia**!!\r\n", 3))},
		{"base64-one-line", "base64 without line ends, 60,000 characters", one("te-3", "utf-8", "base64", strings.ReplaceAll(string(encodeTransfer("base64", []byte(strings.Repeat(text, 750)))), "\r\n", ""))},
		{"base64-that-is-text", "plain text declared as base64", one("te-4", "utf-8", "base64", text)},
		{"base64-attachment-cut", "an attachment whose base64 breaks off, with the closing boundary", mixed("te-5", "Content-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: attachment; filename=umowa.pdf\r\n\r\nJVBERi0xLjQKJdPr6eEKMSAwIG9iago8PC9UaXR")},
		{"qp-broken", "quoted-printable with =XY, = at the end of the text and lower-case digits", one("te-6", "utf-8", "quoted-printable", "Dzie=c5=84 dobry =XY =\r\n=C5=\r\n=84 koniec =")},
		{"unknown-transfer", "an unknown Content-Transfer-Encoding", one("te-7", "utf-8", "x-wlasne", text)},
		{"binary-transfer", "binary with bare LF, CR and NUL", one("te-8", "utf-8", "binary", "a\nb\rc\x00d\r\n")},
		{"uuencode", "a file uuencoded in the text, as before MIME", simple("te-9", "", "W zalaczeniu umowa.\r\n\r\nbegin 644 umowa.txt\r\n+56UO=V$@;G(@,0``\r\n`\r\nend\r\n")},
		{"yenc", "a yEnc block in the text", simple("te-10", "", "=ybegin line=128 size=4 name=a.bin\r\n\x8b\x8c\x8d\x8e\r\n=yend size=4\r\n")},
		{"charset-unknown", "a charset nobody knows", one("cs-1", "x-polski-maz", "8bit", polish)},
		{"charset-false", "windows-1250 declared as UTF-8", one("cs-2", "utf-8", "8bit", polish)},
		{"charset-false-ascii", "UTF-8 declared as US-ASCII and 7bit", one("cs-3", "us-ascii", "7bit", text)},
		{"charset-none", "windows-1250 without any declaration", simple("cs-4", "", polish)},
		{"charset-mixed", "half of the text UTF-8, half windows-1250", one("cs-5", "utf-8", "8bit", text+polish)},
		{"charset-twice", "UTF-8 that was encoded twice", one("cs-6", "utf-8", "8bit", "DzieÅ\u0084 dobry, proszÄ\u0099 o odpis.\r\n")},
		{"charset-utf-7", "UTF-7, in which text can hide", one("cs-7", "utf-7", "7bit", "Prosz+ARk- o odpis +ADw-script+AD4-\r\n")},
		{"charset-utf-16-part", "a text part in UTF-16 without byte order mark", one("cs-8", "utf-16le", "base64", string(encodeTransfer("base64", []byte(utf16(text)[2:]))))},
		{"charset-mazovia", "Mazovia, the Polish charset of the eighties, undeclared", simple("cs-9", "", "Prosz\x91 o odpis, sprzeda\xa7em dzia\x92k\x91.\r\n")},
		{"charset-iso-2022", "ISO-2022-JP escape sequences that are never closed", one("cs-10", "iso-2022-jp", "7bit", "Wniosek \x1b$B%j%/ o odpis\r\n")},
	}
}
