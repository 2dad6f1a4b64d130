package main

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"html"
	"mime/quotedprintable"
	"net/mail"
	"strings"
	"time"
)

// entity is a node of a MIME tree: a leaf with a body, or a multipart with children.
type entity struct {
	fields   []string // "Name: value", folded
	body     []byte   // already transfer-encoded
	boundary string   // of a multipart
	children []entity
}

func (e entity) write(w *bytes.Buffer) {
	for _, f := range e.fields {
		w.WriteString(f + "\r\n")
	}
	w.WriteString("\r\n")
	w.Write(e.body)
	for _, child := range e.children {
		w.WriteString("--" + e.boundary + "\r\n")
		child.write(w)
		w.WriteString("\r\n")
	}
	if e.boundary != "" {
		w.WriteString("--" + e.boundary + "--\r\n")
	}
}

// reports are the multiparts of RFC 6522 by the name a page gives them.
var reports = map[string]string{
	"report":  "report; report-type=delivery-status",
	"receipt": "report; report-type=disposition-notification",
}

// multipart joins entities; a single one needs no multipart.
func multipart(kind, name string, children []entity) entity {
	if len(children) == 1 {
		return children[0]
	}
	boundary := "=_" + hexName(kind+name, 12)
	if report := reports[kind]; report != "" {
		kind = report
	}
	return entity{
		fields:   []string{fmt.Sprintf("Content-Type: multipart/%s;\r\n boundary=\"%s\"", kind, boundary)},
		boundary: boundary,
		children: children,
	}
}

// render writes the letter as it lies in the office's mailbox.
func (l *letter) render(name string) ([]byte, error) {
	content, err := l.content(name)
	if err != nil {
		return nil, err
	}
	fields, err := l.fields(name)
	if err != nil {
		return nil, err
	}
	content.fields = append(fields, content.fields...)
	var w bytes.Buffer
	content.write(&w)
	return w.Bytes(), nil
}

// content is the letter's text with everything attached to it.
func (l *letter) content(name string) (entity, error) {
	var inline, attached []entity
	for i, s := range l.parts {
		part, err := s.entity(fmt.Sprintf("%s/%d/%s", name, i, s.name), l.Received)
		if err != nil {
			return entity{}, fmt.Errorf("attachment %q: %w", s.name, err)
		}
		if s.has("inline") {
			inline = append(inline, part)
		} else {
			attached = append(attached, part)
		}
	}
	text, err := l.text(name)
	if err != nil {
		return entity{}, err
	}
	shown := multipart("related", name, append([]entity{text}, inline...))
	kind := l.Multi
	if kind == "" {
		kind = "mixed"
	}
	return multipart(kind, name, append([]entity{shown}, attached...)), nil
}

// text is the letter's own text in the forms its page asks for.
func (l *letter) text(name string) (entity, error) {
	if l.Form == "html" {
		return l.textPart("html", l.body)
	}
	plain, err := l.textPart("plain", l.body)
	if err != nil || l.Form == "" {
		return plain, err
	}
	rich, err := l.textPart("html", l.asHTML())
	return multipart("alternative", name, []entity{plain, rich}), err
}

func (l *letter) textPart(subtype, text string) (entity, error) {
	raw, err := encodeCharset(l.Charset, strings.ReplaceAll(text, "\n", "\r\n"))
	if err != nil {
		return entity{}, err
	}
	kind := "Content-Type: text/" + subtype
	switch {
	case l.Declare == "nothing":
	case l.Declare != "":
		kind += "; charset=" + l.Declare
	case l.Charset != "":
		kind += "; charset=" + l.Charset
	default:
		kind += `; charset="utf-8"`
	}
	transfer := l.Transfer
	switch transfer {
	case "":
		transfer = "quoted-printable"
	case "broken":
		transfer, raw = "quoted-printable", brokenQP(raw)
		return entity{fields: []string{kind, "Content-Transfer-Encoding: " + transfer}, body: raw}, nil
	}
	return entity{fields: []string{kind, "Content-Transfer-Encoding: " + transfer}, body: encodeTransfer(transfer, raw)}, nil
}

// asHTML is the letter's text the way mail programs turn it into HTML.
func (l *letter) asHTML() string {
	var b strings.Builder
	b.WriteString("<html><head></head><body style=\"font-family:Calibri,sans-serif;font-size:11pt\">\n")
	for para := range strings.SplitSeq(strings.TrimSpace(l.body), "\n\n") {
		b.WriteString("<p>" + strings.ReplaceAll(html.EscapeString(para), "\n", "<br>\n") + "</p>\n")
	}
	for _, s := range l.parts {
		if s.has("inline") {
			fmt.Fprintf(&b, "<p><img src=\"cid:%s\" alt=\"\"></p>\n", s.contentID())
		}
	}
	return b.String() + "</body></html>\n"
}

func encodeTransfer(transfer string, raw []byte) []byte {
	var w bytes.Buffer
	switch transfer {
	case "quoted-printable":
		q := quotedprintable.NewWriter(&w)
		_, _ = q.Write(raw) // into memory
		_ = q.Close()
	case "base64":
		line := base64.StdEncoding.EncodeToString(raw)
		for len(line) > 76 {
			w.WriteString(line[:76] + "\r\n")
			line = line[76:]
		}
		w.WriteString(line)
	default:
		w.Write(raw)
	}
	return w.Bytes()
}

// brokenQP is quoted-printable as some gateways leave it: lines cut inside a character, lower-case digits, a bare "=" in a
// link, blanks at the ends of lines.
func brokenQP(raw []byte) []byte {
	var w bytes.Buffer
	column := 0
	for _, c := range raw {
		if column >= 60 && c != '\r' && c != '\n' {
			w.WriteString("=\r\n")
			column = 0
		}
		switch {
		case c >= 0x80:
			fmt.Fprintf(&w, "=%02x", c)
			column += 3
		case c == '\r':
			w.WriteString("  \r")
		default:
			w.WriteByte(c)
			column++
		}
		if c == '\n' {
			column = 0
		}
	}
	return w.Bytes()
}

// fields are the header fields of the whole mail, the trace of its delivery first.
func (l *letter) fields(name string) ([]string, error) {
	from, err := mail.ParseAddress(l.From)
	if err != nil {
		return nil, fmt.Errorf("from %q: %w", l.From, err)
	}
	sent := l.Received.Add(-time.Duration(3+chance(name).IntN(9)) * time.Second)
	var f []string
	if !l.Bare {
		f = append(f, l.trace(name, from.Address)...)
	}
	f = append(f, "Date: "+sent.Format(time.RFC1123Z), "From: "+l.address(from))
	if f, err = l.recipients(f); err != nil {
		return nil, err
	}
	f = append(f, "Subject: "+l.words(l.Subject))
	if l.ID == "" { // a mail inside another one
		l.ID = l.ownID(name)
	}
	f = append(f, "Message-ID: "+l.ID)
	if n := len(l.Answers); n > 0 {
		f = append(f, "In-Reply-To: "+l.Answers[n-1], "References: "+strings.Join(l.Answers, "\r\n "))
	}
	f = append(f, l.Headers...)
	return append(f, "MIME-Version: 1.0"), nil
}

func (l *letter) recipients(f []string) ([]string, error) {
	for _, field := range [][2]string{{"To", l.To}, {"Cc", l.Cc}} {
		if field[1] == "" {
			continue
		}
		list, err := mail.ParseAddressList(field[1])
		if err != nil {
			return nil, fmt.Errorf("%s %q: %w", field[0], field[1], err)
		}
		var all []string
		for _, a := range list {
			all = append(all, l.address(a))
		}
		f = append(f, field[0]+": "+strings.Join(all, ",\r\n "))
	}
	return f, nil
}

// trace is what the last two servers wrote: the envelope sender and where the mail came from.
func (l *letter) trace(name, from string) []string {
	_, domain, _ := strings.Cut(from, "@")
	if l.Null {
		from = ""
	}
	host := "smtp." + domain
	return []string{
		"Return-Path: <" + from + ">",
		fmt.Sprintf("Received: from %s (%s [198.51.100.%d])\r\n\tby mx1.um-krakow.example with ESMTPS id %s\r\n\tfor <podania@um-krakow.example>; %s",
			host, host, 1+chance(name).IntN(254), strings.ToUpper(hexName(name, 5)), l.Received.Format(time.RFC1123Z)),
	}
}
