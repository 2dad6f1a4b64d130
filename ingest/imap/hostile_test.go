package imap_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"okienko/ingest/imap"
)

// liar is an IMAP server that behaves, except where a test tells it not to.
type liar struct {
	t    testing.TB
	ln   net.Listener
	caps string

	// say answers a command instead of the server if it returns true. It is called with the connection's number, from 1.
	say func(c *liarConn, command string) bool

	mu       sync.Mutex
	validity int
	next     int
	letters  map[int][]byte
	moved    map[int]string
	conns    int
	commands []string
}

type liarConn struct {
	*liar
	net.Conn
	n   int
	tag string
}

func startLiar(t testing.TB, letters int) *liar {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l := &liar{t: t, ln: ln, caps: "IMAP4rev1 MOVE UIDPLUS IDLE", validity: 7, next: letters + 1, letters: map[int][]byte{}, moved: map[int]string{}}
	for uid := 1; uid <= letters; uid++ {
		l.letters[uid] = mail(uid, 500)
	}
	var conns sync.WaitGroup
	stopped := make(chan struct{})
	t.Cleanup(func() { close(stopped); ln.Close(); conns.Wait() })
	conns.Go(func() {
		for {
			conn, err := ln.Accept()
			if err != nil {
				return
			}
			conns.Go(func() {
				defer conn.Close()
				go func() { <-stopped; conn.Close() }()
				l.serve(conn)
			})
		}
	})
	return l
}

func (l *liar) config() imap.Config {
	return imap.Config{
		Name: "poczta", Host: "127.0.0.1", Port: l.ln.Addr().(*net.TCPAddr).Port, TLS: imap.Plain, Start: imap.FromAll,
		Username: "kancelaria", Password: "haslo", Poll: time.Second,
		ConnectTimeout: time.Second, CommandTimeout: 300 * time.Millisecond, MessageTimeout: 600 * time.Millisecond,
		RetryMin: 5 * time.Millisecond, RetryMax: 40 * time.Millisecond, MaxMessageBytes: 1 << 20, BufferBytes: 1 << 20,
	}
}

func (l *liar) serve(conn net.Conn) {
	l.mu.Lock()
	l.conns++
	c := &liarConn{liar: l, Conn: conn, n: l.conns}
	l.mu.Unlock()
	if !c.lied("GREETING") {
		c.send("* OK hello\r\n")
	}
	for lines := bufio.NewScanner(conn); lines.Scan(); {
		tag, command, _ := strings.Cut(lines.Text(), " ")
		c.tag = tag
		if c.lied(command) {
			continue
		}
		c.answer(command, lines)
	}
}

func (c *liarConn) lied(command string) bool {
	c.mu.Lock()
	say := c.say
	c.commands = append(c.commands, command)
	c.mu.Unlock()
	return say != nil && say(c, command)
}

func (c *liarConn) send(format string, args ...any) { fmt.Fprintf(c.Conn, format, args...) }

func (c *liarConn) ok() { c.send("%s OK done\r\n", c.tag) }

func (c *liarConn) answer(command string, lines *bufio.Scanner) {
	words := strings.Fields(command)
	switch verb := strings.TrimPrefix(command, "UID "); {
	case strings.HasPrefix(verb, "CAPABILITY"):
		c.send("* CAPABILITY %s\r\n", c.caps)
	case strings.HasPrefix(verb, "SELECT"):
		c.mu.Lock()
		c.send("* %d EXISTS\r\n* OK [UIDVALIDITY %d] ok\r\n* OK [UIDNEXT %d] ok\r\n* FLAGS (\\Seen)\r\n", len(c.letters), c.validity, c.next)
		c.mu.Unlock()
	case strings.HasPrefix(verb, "SEARCH"):
		c.send("* SEARCH")
		for _, uid := range c.uids() {
			c.send(" %d", uid)
		}
		c.send("\r\n")
	case strings.HasPrefix(verb, "FETCH"):
		for _, uid := range c.in(words[2]) {
			c.fetch(uid, command)
		}
	case strings.HasPrefix(command, "FETCH"): // by sequence number
		for i, uid := range c.uids() {
			c.send("* %d FETCH (UID %d INTERNALDATE %q)\r\n", i+1, uid, "02-Nov-2026 09:00:00 +0100")
		}
	case strings.HasPrefix(verb, "MOVE"):
		c.mu.Lock()
		for _, uid := range c.inLocked(words[2]) {
			c.moved[uid] = strings.Trim(words[3], `"`)
			delete(c.letters, uid)
		}
		c.mu.Unlock()
	case strings.HasPrefix(verb, "IDLE"):
		c.send("+ idling\r\n")
		lines.Scan() // DONE
	}
	c.ok()
}

// fetch answers UID FETCH about one letter.
func (c *liarConn) fetch(uid int, command string) {
	c.mu.Lock()
	text := c.letters[uid]
	c.mu.Unlock()
	switch {
	case strings.Contains(command, "BODY.PEEK[HEADER]"):
		head, _, _ := strings.Cut(string(text), "\r\n\r\n")
		c.send("* %d FETCH (UID %d BODY[HEADER]<0> {%d}\r\n%s)\r\n", uid, uid, len(head)+4, head+"\r\n\r\n")
	case strings.Contains(command, "BODY.PEEK[]"):
		c.send("* %d FETCH (UID %d BODY[] {%d}\r\n%s)\r\n", uid, uid, len(text), text)
	default:
		c.send("* %d FETCH (UID %d RFC822.SIZE %d INTERNALDATE %q)\r\n", uid, uid, len(text), "02-Nov-2026 09:00:00 +0100")
	}
}

func (l *liar) uids() []int {
	l.mu.Lock()
	defer l.mu.Unlock()
	var uids []int
	for uid := range l.letters {
		uids = append(uids, uid)
	}
	slices.Sort(uids)
	return uids
}

// in returns the letters of a UID set such as 1:3,7.
func (l *liar) in(set string) []int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.inLocked(set)
}

func (l *liar) inLocked(set string) []int {
	var uids []int
	for part := range strings.SplitSeq(set, ",") {
		from, to, isRange := strings.Cut(part, ":")
		if !isRange {
			to = from
		}
		a, _ := strconv.Atoi(from)
		b, _ := strconv.Atoi(to)
		for uid := range l.letters {
			if a <= uid && uid <= b {
				uids = append(uids, uid)
			}
		}
	}
	slices.Sort(uids)
	return uids
}

func (l *liar) folderOf(uid int) string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.moved[uid]
}

func (l *liar) movedAll(n int) func() bool {
	return func() bool {
		l.mu.Lock()
		defer l.mu.Unlock()
		return len(l.moved) == n
	}
}

func (l *liar) connections() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.conns
}

func isBody(command string) bool { return strings.Contains(command, "BODY.PEEK[]") }

// onBody lies once, or always, about the body of one letter, in whatever set it is asked for, and answers the rest properly.
func (l *liar) onBody(uid int, lie func(c *liarConn)) func(*liarConn, string) bool {
	return func(c *liarConn, command string) bool {
		if !isBody(command) {
			return false
		}
		for _, other := range c.in(strings.Fields(command)[2]) {
			if other == uid {
				lie(c)
				continue
			}
			c.fetch(other, command)
		}
		c.ok()
		return true
	}
}

// hang says nothing until the client gives up.
func (c *liarConn) hang() { io.Copy(io.Discard, c.Conn) }
