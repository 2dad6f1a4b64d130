package main

import (
	"fmt"
	"strings"
)

// wrongHeaders: fields that are doubled, missing, endless or not fields.
func wrongHeaders() []wrong {
	good := simple("fields", plain, text)
	return []wrong{
		{"no-from", "no From", strings.Replace(good, "From: Jan Kowal <jan.kowal@poczta.example>\r\n", "", 1)},
		{"no-date", "no Date", strings.Replace(good, when, "", 1)},
		{"no-subject", "no Subject", strings.Replace(good, what, "", 1)},
		{"no-message-id", "no Message-ID", strings.Replace(good, "Message-ID: <fields@poczta.example>\r\n", "", 1)},
		{"bad-message-id", "a Message-ID without brackets, with blanks and a second @", strings.Replace(good, "<fields@poczta.example>", "fields @ poczta @ example", 1)},
		{"bad-date", "a Date on the 31st of November, in Polish", strings.Replace(good, when, "Date: wt, 31 lis 2026 26:61:00 +9900\r\n", 1)},
		{"date-1970", "a Date in 1970", strings.Replace(good, when, "Date: Thu, 01 Jan 1970 00:00:00 +0000\r\n", 1)},
		{"date-9999", "a Date in the year 9999", strings.Replace(good, when, "Date: Fri, 31 Dec 9999 23:59:59 +0000\r\n", 1)},
		{"two-from", "two From fields that contradict each other", "From: urzad@um-krakow.example\r\n" + good},
		{"two-of-everything", "each field twice, the second one different", strings.ReplaceAll(who+when+what, "Kowal", "Nowak") + good},
		{"two-content-types", "two Content-Type fields, text and multipart", strings.Replace(good, "Content-Type:", "Content-Type: multipart/mixed; boundary=x\r\nContent-Type:", 1)},
		{"line-without-colon", "a header line without a colon", strings.Replace(good, what, what+"to nie jest pole naglowka\r\n", 1)},
		{"empty-field-name", "a field without a name", strings.Replace(good, what, ": pusto\r\n"+what, 1)},
		{"blank-before-colon", "blanks between field name and colon", strings.Replace(good, "Subject:", "Subject \t :", 1)},
		{"starts-folded", "the first header line begins with a blank, as if it continued another", " ciag dalszy niczego\r\n" + good},
		{"folded-blank-line", "a folded field whose continuation is only blanks", strings.Replace(good, "Rejestracja samochodu", "Rejestracja\r\n \t \r\n samochodu", 1)},
		{"huge-field", "a subject of 100,000 characters on one line", strings.Replace(good, "Rejestracja", strings.Repeat("R", 100_000), 1)},
		{"many-fields", "3,000 fields before the subject", manyFields(3000) + good},
		{"many-received", "500 Received fields, a mail that went round in circles", strings.Repeat("Received: from a.example by b.example; Mon, 02 Nov 2026 08:00:00 +0100\r\n", 500) + good},
		{"many-references", "2,000 references", strings.Replace(good, what, what+"References:"+strings.Repeat(" <a.b.c@d.example>", 2000)+"\r\n", 1)},
		{"raw-8bit-header", "UTF-8 and windows-1250 bytes in the header, undeclared", strings.Replace(good, what, "Subject: Wniosek o sprzeda\xbf i odpis za\u017c\u00f3\u0142\u0107\r\n", 1)},
		{"bad-encoded-word", "encoded words that are cut, of an unknown charset, with bad base64", strings.Replace(good, "Rejestracja", "=?utf-8?B?WmHFvMOzxYL=?= =?klingon?Q?abc?= =?utf-8?Q?=C5?= =?utf-8?X?abc?= =?utf-8?B", 1)},
		{"encoded-word-newline", "an encoded word that hides a line end and a Bcc field", strings.Replace(good, "Rejestracja", "=?utf-8?Q?Rejestracja=0D=0ABcc=3A_wszyscy=40um-krakow.example?=", 1)},
		{"unicode-tricks", "a subject with bidi overrides, zero-width letters and a combining heap", strings.Replace(good, "Rejestracja", "\u202eajcartsejeR\u202c z\u200bero\u200d Z"+strings.Repeat("\u0302", 300), 1)},
		{"lone-surrogates", "WTF-8: surrogates coded as UTF-8 in subject and text", strings.Replace(simple("wtf8", plain, "A \xed\xa0\xbd\xed\xb8\x80 B\r\n"), "Rejestracja", "\xed\xa0\x80", 1)},
	}
}

func manyFields(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "X-Field-%d: %d\r\n", i, i)
	}
	return b.String()
}

// wrongAddresses: whom not to answer, and whom nobody can.
func wrongAddresses() []wrong {
	from := func(id, field string) string {
		return strings.Replace(simple(id, plain, text), "From: Jan Kowal <jan.kowal@poczta.example>", field, 1)
	}
	var many strings.Builder
	for i := range 10_000 {
		fmt.Fprintf(&many, "a%d@b.example,\r\n ", i)
	}
	return []wrong{
		{"from-empty", "an empty From", from("from-empty", "From:")},
		{"from-no-address", "a From with a name only", from("from-name", "From: Jan Kowal z Krakowa")},
		{"from-unbalanced", "a From with an open bracket and an open quote", from("from-open", `From: "Jan Kowal <jan.kowal@poczta.example`)},
		{"from-two-people", "a From with two addresses and no Sender", from("from-two", "From: jan@poczta.example, anna@poczta.example")},
		{"from-group", "a From that is a group (RFC 6854)", from("from-group", "From: Sasiedzi: jan@poczta.example, anna@poczta.example;")},
		{"from-injection", "a From whose quoted local part holds a line end and a command", from("from-inject", "From: \"jan\\\r\n RCPT TO:<wszyscy@um-krakow.example>\"@poczta.example")},
		{"from-us", "a From that is the office's own address", from("from-us", "From: Urzad <podania@um-krakow.example>")},
		{"from-name-is-address", "a display name that is somebody else's address", from("from-name2", `From: "prezydent@um-krakow.example" <zly@oszust.example>`)},
		{"from-idn", "an address with Polish letters on both sides (RFC 6532)", from("from-idn", "From: Żaneta <żaneta@półka.example>")},
		{"from-ip-literal", "an address at an IPv6 literal", from("from-ip", "From: <jan@[IPv6:2001:db8::1]>")},
		{"from-endless", "a local part of 5,000 characters", from("from-endless", "From: <"+strings.Repeat("j", 5000)+"@poczta.example>")},
		{"reply-to-list", "a Reply-To that would send our answer to a mailing list", simple("reply-to", "Reply-To: wszyscy@lista.example\r\n"+plain, text)},
		{"ten-thousand-recipients", "10,000 recipients", strings.Replace(simple("to-10000", plain, text), "To: podania@um-krakow.example", "To: "+many.String()+"podania@um-krakow.example", 1)},
		{"no-recipient", "no To, as in a blind copy", strings.Replace(simple("no-to", plain, text), "To: podania@um-krakow.example\r\n", "", 1)},
	}
}

// wrongLoops: what must never be answered, in the shapes that are easily overlooked (RFC 3834).
func wrongLoops() []wrong {
	auto := func(id, field string) string { return simple(id, field+"\r\n"+plain, "Jestem na urlopie.\r\n") }
	return []wrong{
		{"auto-submitted-case", "Auto-Submitted in capitals, with a comment and a parameter", auto("auto-1", "AUTO-SUBMITTED: (tak) Auto-Replied; owner-email=\"jan@poczta.example\"")},
		{"auto-submitted-no", "Auto-Submitted: no, so a person wrote it", auto("auto-2", "Auto-Submitted: no")},
		{"precedence-old", "only the old Precedence: auto_reply", auto("auto-3", "Precedence: auto_reply")},
		{"x-autoreply", "only X-Autoreply: yes", auto("auto-4", "X-Autoreply: yes")},
		{"exchange-suppress", "only X-Auto-Response-Suppress: OOF, AutoReply", auto("auto-5", "X-Auto-Response-Suppress: OOF, AutoReply")},
		{"null-return-path", "only the null sender in Return-Path says that it is automatic", "Return-Path: <>\r\n" + auto("auto-6", "X-Mailer: robot")},
		{"noreply", "only the sender's name noreply says that nobody reads answers", strings.Replace(auto("auto-7", "X-Mailer: robot"), "jan.kowal@", "no-reply@", 1)},
		{"list-folded", "List-Unsubscribe folded over lines, the only sign of a list", auto("auto-8", "List-Unsubscribe:\r\n <https://lista.example/wypisz>,\r\n <mailto:wypisz@lista.example>")},
	}
}
