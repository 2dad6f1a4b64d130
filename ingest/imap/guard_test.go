package imap

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"okienko/ingest"
)

func TestMeter(t *testing.T) {
	t.Parallel()
	const limit = 1000
	many := func(s string) string { return strings.Repeat(s, 2*limit) }
	for name, test := range map[string]struct {
		stream string
		ok     bool
	}{
		"many short lines":                            {many("* 1 EXISTS\r\n"), true},
		"a line as long as allowed":                   {strings.Repeat("a", limit-2) + "\r\n* OK\r\n", true},
		"a line one longer":                           {strings.Repeat("a", limit-1) + "\r\n", false},
		"a line without end":                          {many("a"), false},
		"a long letter":                               {"* 1 FETCH (UID 5 BODY[] {2000}\r\n" + many("a") + ")\r\nT1 OK\r\n", true},
		"a long head in part":                         {"* 1 FETCH (UID 5 BODY[HEADER]<0> {2000}\r\n" + many("a") + ")\r\nT1 OK\r\n", true},
		"a letter with lines that look like literals": {"* 1 FETCH (UID 5 BODY[] {2000}\r\n" + many("{900000}\r\n")[:2000] + ")\r\nT1 OK\r\n", true},
		"many letters":                                {strings.Repeat("* 1 FETCH (UID 5 BODY[] {2000}\r\n"+many("a")+")\r\n", 50), true},
		"flags in small letters, two literals":        {"* 1 fetch (flags () body[] {1500}\r\n" + many("a")[:1500] + " body[header] {1500}\r\n" + many("a")[:1500] + ")\r\n", true},
		"a literal that is kept, as long as allowed":  {"* LIST () \"/\" {900}\r\n" + many("a")[:900] + "\r\n", true},
		"a literal that is kept, longer":              {"* LIST () \"/\" {990}\r\n", false},
		"literals that are kept, longer together":     {"* LIST () \"/\" {500}\r\n" + many("a")[:500] + " {500}\r\n", false},
		"a letter in a status line":                   {"* OK BODY[] {2000}\r\n", false},
		"a letter outside FETCH":                      {"* 1 LIST (BODY[] {2000}\r\n", false},
		"a letter in a quoted string":                 {"* 1 FETCH (ENVELOPE (\"x BODY[] {2000}\r\n", false},
		"a letter in a quoted string with an escape":  {"* 1 FETCH (ENVELOPE (\"\\\" BODY[] {2000}\r\n", false},
		"a letter after a quoted string":              {"* 1 FETCH (INTERNALDATE \"02-Nov-2026\" BODY[] {2000}\r\n" + many("a") + ")\r\n", true},
		"an item that only ends like a letter":        {"* 1 FETCH (XBODY[] {2000}\r\n", false},
		"a size beyond numbers":                       {"* 1 FETCH (BODY[] {99999999999999999999}\r\n", false},
		"lists in lists":                              {"* 1 FETCH (BODYSTRUCTURE " + strings.Repeat("(", maxDepth+1), false},
		"lists after lists":                           {"* 1 FETCH (BODYSTRUCTURE " + strings.Repeat("()", 400) + ")\r\n", true},
		"a bracket among capabilities":                {"* CAPABILITY(", false},
		"a bracket among capabilities in a code":      {"T5 OK [CAPABILITY IMAP4rev1 (", false},
		"a bracket after capabilities":                {"* OK [CAPABILITY IMAP4rev1] Dovecot (Debian) ready.\r\n", true},
		"brackets in text":                            {"* OK " + strings.Repeat("(", 500) + "\r\nT1 NO " + strings.Repeat("(", 500) + "\r\n", true},
		"brackets in a quoted string":                 {"* LIST () \"" + strings.Repeat("(", 500) + "\"\r\n", true},
		"a line that ends inside a quoted string":     {"* LIST () \"\r\n* 1 FETCH (BODY[] {1500}\r\n" + many("a")[:1500] + ")\r\n", true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, size := range []int{1, 7, 4096} {
				m := meter{limit: limit}
				if err := passIn(&m, []byte(test.stream), size); (err == nil) != test.ok {
					t.Errorf("in pieces of %d: %v, want ok: %t", size, err, test.ok)
				}
			}
		})
	}
}

// passIn passes the stream in pieces.
func passIn(m *meter, stream []byte, size int) error {
	for len(stream) > 0 {
		n := min(size, len(stream))
		if err := m.pass(stream[:n]); err != nil {
			return err
		}
		stream = stream[n:]
	}
	return nil
}

// The verdict does not depend on how the network cuts the stream.
func FuzzMeter(f *testing.F) {
	f.Add([]byte("* 1 FETCH (UID 5 BODY[] {5}\r\nhello)\r\nT1 OK done\r\n"), 3)
	f.Add([]byte("* 1 FETCH (ENVELOPE (\"a\\\"b\" {3}\r\nabc NIL))\r\n* OK (((\r\n"), 1)
	f.Fuzz(func(t *testing.T, stream []byte, size int) {
		if size < 1 {
			return
		}
		whole, pieces := meter{limit: 200}, meter{limit: 200}
		a, b := whole.pass(stream), passIn(&pieces, stream, size)
		if (a == nil) != (b == nil) {
			t.Fatalf("whole: %v, in pieces of %d: %v", a, size, b)
		}
		if a == nil && (whole.held != pieces.held || whole.skip != pieces.skip || whole.open != pieces.open || whole.depth != pieces.depth) {
			t.Fatalf("whole: %+v, in pieces: %+v", whole, pieces)
		}
		if a == nil && (whole.held > whole.limit || whole.skip < 0) {
			t.Fatalf("too much held: %+v", whole)
		}
	})
}

// script is a connection to a server whose every word is written down: a part is said after each command.
type script struct {
	net.Conn
	mu     sync.Mutex
	cond   *sync.Cond
	parts  [][]byte
	ready  []byte
	closed bool
	until  time.Time // for Read; zero for ever
}

func newScript(text []byte) *script {
	s := &script{parts: bytes.Split(text, []byte{1})}
	s.cond = sync.NewCond(&s.mu)
	s.release()
	return s
}

func (s *script) release() {
	if len(s.parts) > 0 {
		s.ready, s.parts = append(s.ready, s.parts[0]...), s.parts[1:]
	}
	if len(s.parts) == 0 {
		s.closed = true
	}
	s.cond.Broadcast()
}

func (s *script) Read(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for len(s.ready) == 0 {
		if s.closed {
			return 0, io.EOF
		}
		if !s.until.IsZero() && !time.Now().Before(s.until) {
			return 0, os.ErrDeadlineExceeded
		}
		s.cond.Wait()
	}
	n := copy(p, s.ready)
	s.ready = s.ready[n:]
	return n, nil
}

func (s *script) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed && len(s.ready) == 0 {
		return 0, io.ErrClosedPipe
	}
	for range bytes.Count(p, []byte("\r\n")) {
		s.release()
	}
	return len(p), nil
}

func (s *script) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed, s.ready, s.parts = true, nil, nil
	s.cond.Broadcast()
	return nil
}

func (s *script) SetReadDeadline(t time.Time) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.until = t; !t.IsZero() {
		time.AfterFunc(time.Until(t), s.cond.Broadcast)
	}
	return nil
}

func (*script) SetWriteDeadline(time.Time) error { return nil }

// conversation is a whole one: two letters are taken and moved, a third is waited for.
const conversation = "* OK [CAPABILITY IMAP4rev1 MOVE] hello\r\n" +
	"\x01* CAPABILITY IMAP4rev1 MOVE\r\nT1 OK done\r\n" +
	"\x01T2 OK [CAPABILITY IMAP4rev1 MOVE] welcome\r\n" +
	"\x01* CAPABILITY IMAP4rev1 MOVE\r\nT3 OK done\r\n" +
	"\x01* STATUS Okienko (UIDNEXT 9)\r\nT4 OK done\r\n" +
	"\x01* 2 EXISTS\r\n* OK [UIDVALIDITY 7] ok\r\n* OK [UIDNEXT 3] ok\r\nT5 OK [READ-WRITE] done\r\n" +
	"\x01* SEARCH 1 2\r\nT6 OK done\r\n" +
	"\x01* 1 FETCH (UID 1 RFC822.SIZE 5 INTERNALDATE \"02-Nov-2026 09:00:00 +0100\")\r\n" +
	"* 2 FETCH (UID 2 RFC822.SIZE 5 INTERNALDATE \"02-Nov-2026 09:00:00 +0100\")\r\nT7 OK done\r\n" +
	"\x01* 1 FETCH (UID 1 BODY[] {5}\r\nhello)\r\n* 2 FETCH (UID 2 BODY[] {5}\r\nworld)\r\nT8 OK done\r\n" +
	"\x01* 1 EXPUNGE\r\n* 1 EXPUNGE\r\nT9 OK done\r\n" +
	"\x01* SEARCH\r\nT10 OK done\r\n"

// converse runs one connection against the script and returns the letters that were accepted.
func converse(t *testing.T, text []byte) (accepted [][]byte, err error) {
	cfg := Config{Name: "poczta", Host: "127.0.0.1", TLS: Plain, Username: "u", Password: "p", Start: FromAll,
		MaxMessageBytes: 1 << 10, Workers: 1, BufferBytes: 64 << 10,
		ConnectTimeout: 100 * time.Millisecond, CommandTimeout: 100 * time.Millisecond, MessageTimeout: 100 * time.Millisecond}
	s, err := New(cfg, &noLedger{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	s.dialTCP = func(context.Context, string, string) (net.Conn, error) { return newScript(text), nil }
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	var mu sync.Mutex
	err = s.connectAndServe(ctx, func(_ context.Context, e ingest.Envelope) error {
		body, err := io.ReadAll(e.Body)
		if err == nil {
			mu.Lock()
			defer mu.Unlock()
			accepted = append(accepted, body)
		}
		return err
	}, func(bool) { cancel() })
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		t.Fatal("hangs")
	}
	return accepted, err
}

func TestConversation(t *testing.T) {
	t.Parallel()
	accepted, err := converse(t, []byte(conversation))
	if err != nil || len(accepted) != 2 || string(accepted[0]) != "hello" || string(accepted[1]) != "world" {
		t.Errorf("accepted %q: %v", accepted, err)
	}
}

// Whatever a server says, the source ends, does not panic, and accepts nothing but what the server sent as one piece in a
// place where it announced it.
func FuzzServer(f *testing.F) {
	f.Add([]byte(conversation))
	f.Add([]byte(strings.Replace(conversation, "{5}\r\nhello", "\"hello\"", 1)))
	f.Add([]byte(strings.Replace(conversation, "{5}\r\nhello", "{4}\r\nhello", 1)))
	f.Add([]byte(strings.Replace(conversation, "* SEARCH 1 2", "* ESEARCH (TAG \"T6\") UID ALL 1:4294967295", 1)))
	f.Fuzz(func(t *testing.T, text []byte) {
		accepted, _ := converse(t, text)
		plain := bytes.ReplaceAll(text, []byte{1}, nil)
		for _, body := range accepted {
			announced := fmt.Appendf(nil, "{%d}\r\n%s", len(body), body)
			head := bytes.Contains(plain, append(announced, ')')) || bytes.Contains(plain, append(announced, ' '))
			quoted := bytes.ContainsRune(plain, '"')
			if !head && !quoted && !bytes.Contains(plain, []byte("{0")) {
				t.Errorf("accepted %q, which was never announced", body)
			}
		}
	})
}
