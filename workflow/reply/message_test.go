package reply

import (
	"bytes"
	"io"
	"mime"
	"mime/quotedprintable"
	"net/mail"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	gomessage "github.com/emersion/go-message"
	_ "github.com/emersion/go-message/charset"

	"okienko/ingest"
	"okienko/workflow"
)

var testLetter = workflow.Letter{
	Kind: workflow.ReplyReceipt, Automatic: true, Channel: ingest.Email, To: "anna@poczta.example",
	Subject: "[RPW/17/2026] Potwierdzenie wpływu pisma, które otrzymaliśmy i które zarejestrowaliśmy w kancelarii urzędu",
	Text: "Dzień dobry,\n\notrzymaliśmy Państwa pismo i przekazaliśmy je wydziałowi, który się nim zajmie w najbliższych dniach roboczych.\n" +
		"   Przykład: wcięty\n>nie cytat\nFrom tej strony\n.kropka\n-- \nkoniec\n",
	MessageID: "okienko.1@um.krakow.pl", InReplyTo: []string{"first@poczta.example", "second@poczta.example"},
}

var testSender = sender{Name: "Urząd Miasta Krakowa", Address: "kancelaria@um.krakow.example", ReplyTo: "odpowiedzi@um.krakow.example"}

// noonInWarsaw is in summer, so that the zone shows.
var noonInWarsaw = time.Date(2026, 7, 1, 10, 0, 0, 0, time.UTC)

func render(tb testing.TB, l workflow.Letter, s sender) ([]byte, *mail.Message) {
	tb.Helper()
	raw, err := message(l, s, noonInWarsaw)
	if err != nil {
		tb.Fatal(err)
	}
	parsed, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		tb.Fatalf("%v in\n%s", err, raw)
	}
	return raw, parsed
}

func TestHeadersOfAnAutomaticLetter(t *testing.T) {
	t.Parallel()
	_, m := render(t, testLetter, testSender)
	for name, want := range map[string]string{
		"Date":                      "Wed, 01 Jul 2026 12:00:00 +0200",
		"To":                        "<anna@poczta.example>",
		"Reply-To":                  "<odpowiedzi@um.krakow.example>",
		"Message-Id":                "<okienko.1@um.krakow.pl>",
		"In-Reply-To":               "<second@poczta.example>",
		"References":                "<first@poczta.example> <second@poczta.example>",
		"Auto-Submitted":            "auto-replied",
		"X-Auto-Response-Suppress":  "All",
		"Content-Language":          "pl",
		"Mime-Version":              "1.0",
		"Content-Type":              "text/plain; charset=utf-8; format=flowed",
		"Content-Transfer-Encoding": "quoted-printable",
	} {
		if got := m.Header.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	decoder := new(mime.WordDecoder)
	if subject, err := decoder.DecodeHeader(m.Header.Get("Subject")); err != nil || subject != testLetter.Subject {
		t.Errorf("Subject %q, %v", subject, err)
	}
	if from, err := m.Header.AddressList("From"); err != nil || from[0].Name != testSender.Name || from[0].Address != testSender.Address {
		t.Errorf("From %v, %v", from, err)
	}
	for _, never := range []string{"Precedence", "List-Id", "Disposition-Notification-To", "Return-Receipt-To", "Return-Path"} {
		if v := m.Header.Get(never); v != "" {
			t.Errorf("%s: %q should not be there", never, v)
		}
	}
}

// A clerk approved it, so it is a person's letter: RFC 3834 section 5 leaves the field out.
func TestHeadersOfALetterAClerkApproved(t *testing.T) {
	t.Parallel()
	l := testLetter
	l.Automatic, l.InReplyTo = false, nil
	_, m := render(t, l, sender{Address: testSender.Address})
	for _, absent := range []string{"Auto-Submitted", "In-Reply-To", "References", "Reply-To"} {
		if _, there := m.Header[absent]; there {
			t.Errorf("%s: %q should not be there", absent, m.Header.Get(absent))
		}
	}
	if got := m.Header.Get("X-Auto-Response-Suppress"); got != "All" {
		t.Errorf("X-Auto-Response-Suppress: %q", got)
	}
}

// A second reader, of another author, gets the same text.
func TestTheTextComesBackWhole(t *testing.T) {
	t.Parallel()
	raw, m := render(t, testLetter, testSender)
	entity, err := gomessage.Read(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	second, err := io.ReadAll(entity.Body)
	if err != nil {
		t.Fatal(err)
	}
	first, err := io.ReadAll(quotedprintable.NewReader(m.Body))
	if err != nil {
		t.Fatal(err)
	}
	want := strings.TrimRight(strings.ReplaceAll(testLetter.Text, "-- \n", "--\n"), "\n") + "\n"
	for i, body := range [][]byte{first, second} {
		if got := unflow(string(body)); got != want {
			t.Errorf("reader %d got\n%q, want\n%q", i+1, got, want)
		}
	}
}

// unflow undoes RFC 3676 as a mail program does.
func unflow(text string) string {
	var b strings.Builder
	for line := range strings.SplitSeq(strings.TrimSuffix(strings.ReplaceAll(text, "\r\n", "\n"), "\n"), "\n") {
		line = strings.TrimPrefix(line, " ")
		b.WriteString(line)
		if !strings.HasSuffix(line, " ") {
			b.WriteString("\n")
		}
	}
	return b.String()
}

// Nothing that stands in a letter, whoever wrote it, changes the shape of the mail: no further header field, no line that is too
// long, no bare CR or LF, and the text comes back.
func FuzzMessage(f *testing.F) {
	f.Add("[RPW/17/2026] Temat", "Dzień dobry\n", "a@b.example", "1@x", "Urząd")
	f.Add("temat\r\nBcc: evil@x.example", "a\r\n.\r\nb", "a@b.example", "1@x>\r\nBcc: <e@x", "\"U\\rząd\"\r\nX: y")
	f.Add(strings.Repeat("ż", 300), strings.Repeat("słowo ", 500)+"\nFrom x\n>x\n  x\n \n", "a@b.example", strings.Repeat("r", 900), "=?utf-8?q?x?=")
	f.Add("\xff\xfe", "\xff\r\r\n\n", "ż@b.example", "", strings.Repeat("\x80", 60))
	f.Fuzz(func(t *testing.T, subject, text, to, reference, name string) {
		if !utf8.ValidString(text) || strings.Contains(text, "\r") || len(reference) > 900 || strings.ContainsAny(to, "\r\n") || !isPlain(to) {
			return // no such letter: the store holds UTF-8 with LF, the thread comes from a parser, the address is parsed before
		}
		l := workflow.Letter{Subject: subject, Text: text, To: to, MessageID: "1@x.example", InReplyTo: []string{reference}, Automatic: true}
		raw, m := render(t, l, sender{Name: name, Address: "o@x.example"})
		known := []string{"Date", "From", "To", "Subject", "Message-Id", "In-Reply-To", "References", "Auto-Submitted",
			"X-Auto-Response-Suppress", "Content-Language", "Mime-Version", "Content-Type", "Content-Transfer-Encoding"}
		for field, values := range m.Header {
			if !slices.Contains(known, field) || len(values) != 1 {
				t.Errorf("field %s: %q", field, values)
			}
		}
		for line := range bytes.SplitSeq(bytes.TrimSuffix(raw, []byte("\r\n")), []byte("\r\n")) {
			if len(line) > 998 || bytes.ContainsAny(line, "\r\n") {
				t.Errorf("line of %d bytes: %q", len(line), line)
			}
		}
		body, err := io.ReadAll(quotedprintable.NewReader(m.Body))
		if err != nil {
			t.Fatal(err)
		}
		var want strings.Builder
		for line := range strings.SplitSeq(strings.TrimRight(text, "\n"), "\n") {
			want.WriteString(strings.TrimRight(line, " \t") + "\n")
		}
		if got := unflow(string(body)); got != want.String() {
			t.Errorf("text came back as %q, want %q", got, want.String())
		}
	})
}

// The dot that ends a message must not be found inside it (RFC 5321 section 4.5.2).
func FuzzDotStuffed(f *testing.F) {
	f.Add([]byte("a\r\n.\r\nb"))
	f.Add([]byte("."))
	f.Add([]byte("..\r\n.\r\n\r\n."))
	f.Fuzz(func(t *testing.T, raw []byte) {
		raw = append(bytes.Clone(raw), '\r', '\n')
		stuffed := dotStuffed(bytes.Clone(raw))
		if bytes.HasPrefix(stuffed, []byte(".\r\n")) || bytes.Contains(stuffed, []byte("\r\n.\r\n")) {
			t.Errorf("%q ends early", stuffed)
		}
		var back []byte
		for line := range bytes.SplitAfterSeq(stuffed, []byte("\r\n")) {
			back = append(back, bytes.TrimPrefix(line, []byte("."))...)
		}
		if !bytes.Equal(back, raw) {
			t.Errorf("%q came back as %q", raw, back)
		}
	})
}

func TestScrub(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, text, want string }{
		{"an address in brackets", "RCPT: 550 <anna.n@poczta.example> unknown", "RCPT: 550 <…> unknown"},
		{"an address of somebody else", "550 relay for x@y.example; denied", "550 relay for …; denied"},
		{"the recipient's name alone", "550 user Anna.N does not exist", "550 user … does not exist"},
		{"control characters", "550 a\x00b\r\nc", "550 a b  c"},
		{"nothing personal", "554 5.7.1 blocked, see https://list.example/?q=1", "554 5.7.1 blocked, see https://list.example/?q=1"},
	} {
		if got := scrub(&smtpError{"x", 1, ""}, ""); got == nil {
			t.Fatal("an error was lost")
		}
		if got := scrub(errorText(tt.text), "anna.n@poczta.example").Error(); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
	if got := scrub(errorText(strings.Repeat("ż", 1000)), "a@b.example").Error(); utf8.RuneCountInString(got) != longestText+1 {
		t.Errorf("%d characters were kept", utf8.RuneCountInString(got))
	}
	if scrub(nil, "a@b.example") != nil {
		t.Error("nil became an error")
	}
}

type errorText string

func (e errorText) Error() string { return string(e) }
