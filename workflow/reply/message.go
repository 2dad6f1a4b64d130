package reply

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"mime/quotedprintable"
	"strings"
	"time"
	"unicode/utf8"

	"okienko/workflow"
	"okienko/workflow/deadline"
)

// sender is who a mail is from, the same for all letters of a configuration.
type sender struct {
	Name, Address string
	ReplyTo       string // "" when answers go to Address
}

// message writes a letter as a mail (RFC 5322): plain text in UTF-8, flowed (RFC 3676), quoted-printable, CRLF line ends.
//
// An automatic letter says so (Auto-Submitted: auto-replied, RFC 3834 section 5) and asks other machines not to answer. A
// letter a clerk approved is the act of a person: RFC 3834 leaves the field out of those. It still asks not to be answered
// by an out-of-office program, whose answer would only be one more letter to register.
func message(l workflow.Letter, from sender, at time.Time) ([]byte, error) {
	var b bytes.Buffer
	field := func(name, value string) { writeField(&b, name, value) }
	field("Date", at.In(deadline.Warsaw()).Format(time.RFC1123Z))
	field("From", displayName(from.Name)+"<"+from.Address+">")
	field("To", "<"+l.To+">")
	if from.ReplyTo != "" {
		field("Reply-To", "<"+from.ReplyTo+">")
	}
	field("Subject", encodeWords(l.Subject))
	field("Message-ID", "<"+l.MessageID+">")
	if n := len(l.InReplyTo); n > 0 {
		field("In-Reply-To", "<"+l.InReplyTo[n-1]+">")
		field("References", "<"+strings.Join(l.InReplyTo, "> <")+">")
	}
	if l.Automatic {
		field("Auto-Submitted", "auto-replied")
	}
	field("X-Auto-Response-Suppress", "All")
	field("Content-Language", "pl")
	field("MIME-Version", "1.0")
	field("Content-Type", "text/plain; charset=utf-8; format=flowed")
	field("Content-Transfer-Encoding", "quoted-printable")
	b.WriteString("\r\n")
	qp := quotedprintable.NewWriter(&b)
	if _, err := qp.Write([]byte(flow(l.Text))); err != nil {
		return nil, fmt.Errorf("encoding the text: %w", err)
	}
	if err := qp.Close(); err != nil {
		return nil, fmt.Errorf("encoding the text: %w", err)
	}
	return b.Bytes(), nil
}

// foldAt is where header lines are folded (RFC 5322 section 2.1.1 wants at most 78).
const foldAt = 76

// writeField writes one header field, folded at blanks. A line break in the value becomes a blank: nobody adds fields.
func writeField(b *bytes.Buffer, name, value string) {
	b.WriteString(name + ":")
	column := len(name) + 1
	for word := range strings.FieldsSeq(value) {
		if column+1+len(word) > foldAt && column > len(name)+1 {
			b.WriteString("\r\n")
			column = 0
		}
		b.WriteString(" " + word)
		column += 1 + len(word)
	}
	b.WriteString("\r\n")
}

// encodeWords encodes a header text (RFC 2047) so that each encoded word fits a line and holds whole characters.
func encodeWords(s string) string {
	if isPlain(s) && !strings.Contains(s, "=?") {
		return s
	}
	var words []string
	for s = strings.ToValidUTF8(s, "?"); s != ""; {
		cut := min(len(s), 42) // 42 bytes are 56 in base64
		for cut < len(s) && !utf8.RuneStart(s[cut]) {
			cut--
		}
		words = append(words, "=?utf-8?B?"+base64.StdEncoding.EncodeToString([]byte(s[:cut]))+"?=")
		s = s[cut:]
	}
	return strings.Join(words, " ")
}

// displayName is a name before an address: quoted (RFC 5322 section 3.2.4), or encoded where it is more than ASCII.
func displayName(name string) string {
	switch {
	case name == "":
		return ""
	case isPlain(name) && !strings.Contains(name, "=?"):
		return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(name) + `" `
	}
	return encodeWords(name) + " "
}

// isPlain reports whether s is printable ASCII.
func isPlain(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r < ' ' || r > '~' }) < 0
}

// flow breaks long lines softly (RFC 3676 section 4.2): a line that ends in a blank goes on in the next one.
func flow(text string) string {
	var b strings.Builder
	for line := range strings.SplitSeq(strings.TrimRight(text, "\r\n"), "\n") {
		line = strings.TrimRight(line, " \t\r")
		for cut := breakAt(line); cut > 0; cut = breakAt(line) {
			b.WriteString(stuff(line[:cut]) + "\r\n")
			line = line[cut:]
		}
		b.WriteString(stuff(line) + "\r\n")
	}
	return b.String()
}

// flowWidth is how many characters a flowed line has at most; a longer word stays whole.
const flowWidth = 72

// breakAt returns the offset after the last blank within flowWidth characters, or 0 if the line need not or cannot be broken.
func breakAt(line string) int {
	count, cut := 0, 0
	for i, r := range line {
		if count++; count > flowWidth && cut > 0 {
			return cut
		}
		if r == ' ' && strings.TrimSpace(line[:i]) != "" {
			cut = i + 1
		}
	}
	return 0
}

// stuff keeps a line from being taken for a quotation or an mbox separator (RFC 3676 section 4.4).
func stuff(line string) string {
	if strings.HasPrefix(line, " ") || strings.HasPrefix(line, ">") || strings.HasPrefix(line, "From ") {
		return " " + line
	}
	return line
}
