package imap_test

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"okienko/ingest"
	"okienko/ingest/imap"
)

// takenBytes returns what was taken, by item.
func takenBytes(o *office) map[string]string {
	bodies := map[string]string{}
	for _, l := range o.all() {
		bodies[l.item] = l.body
	}
	return bodies
}

// wantWhole fails unless letters 1 to n were taken, byte by byte, under UIDVALIDITY 7.
func wantWhole(t *testing.T, o *office, n int) {
	t.Helper()
	bodies := takenBytes(o)
	if len(bodies) != n {
		t.Errorf("%d items taken, want %d: %v", len(bodies), n, slices.Sorted(maps.Keys(bodies)))
	}
	for uid := 1; uid <= n; uid++ {
		if got := bodies[fmt.Sprintf("7:%d", uid)]; got != string(mail(uid, 500)) {
			t.Errorf("letter %d is not what was sent: %d bytes", uid, len(got))
		}
	}
}

// A fault that a server shows once must cost nothing but time: every letter is taken whole, none twice, all are moved.
func TestLiesToldOnceLoseNothing(t *testing.T) {
	t.Parallel()
	const letters = 5
	truncate := func(text []byte, n int) string { return string(text[:n]) }
	for name, lie := range map[string]func(c *liarConn){
		"literal shorter than announced, then the connection ends": func(c *liarConn) {
			c.send("* 3 FETCH (UID 3 BODY[] {%d}\r\n%s", len(c.letters[3]), truncate(c.letters[3], 200))
			c.Close()
		},
		"connection ends right after the literal": func(c *liarConn) {
			c.send("* 3 FETCH (UID 3 BODY[] {%d}\r\n%s", len(c.letters[3]), c.letters[3])
			c.Close()
		},
		"literal longer than announced": func(c *liarConn) {
			c.send("* 3 FETCH (UID 3 BODY[] {%d}\r\n%s)\r\n", len(c.letters[3])-100, c.letters[3])
		},
		"literal announced as empty": func(c *liarConn) {
			c.send("* 3 FETCH (UID 3 BODY[] {0}\r\n%s)\r\n", c.letters[3])
		},
		"literal stops in the middle and nothing follows": func(c *liarConn) {
			c.send("* 3 FETCH (UID 3 BODY[] {%d}\r\n%s", len(c.letters[3]), truncate(c.letters[3], 200))
			c.hang()
		},
		"literal comes a byte at a time, without end": func(c *liarConn) {
			c.send("* 3 FETCH (UID 3 BODY[] {%d}\r\n", 1<<19)
			for i := 0; ; i++ {
				if _, err := c.Write([]byte("x")); err != nil {
					return
				}
				time.Sleep(20 * time.Millisecond)
			}
		},
		"BYE in the middle of a batch": func(c *liarConn) {
			c.send("* BYE maintenance\r\n")
			c.Close()
		},
		"BYE inside a literal": func(c *liarConn) {
			c.send("* 3 FETCH (UID 3 BODY[] {%d}\r\n%s\r\n* BYE maintenance\r\n", len(c.letters[3]), truncate(c.letters[3], 100))
			c.Close()
		},
		"garbage instead of an answer":    func(c *liarConn) { c.send("%s\r\n", strings.Repeat("\x00\xff(((", 50)) },
		"an HTTP page instead of IMAP":    func(c *liarConn) { c.send("HTTP/1.1 200 OK\r\n\r\n<html>\r\n") },
		"the answer to another command":   func(c *liarConn) { c.send("T9999 OK done\r\n") },
		"a continuation nobody asked for": func(c *liarConn) { c.send("+ go on\r\n") },
		"NIL instead of a letter":         func(c *liarConn) { c.send("* 3 FETCH (UID 3 BODY[] NIL)\r\n") },
		"a letter without its UID":        func(c *liarConn) { c.send("* 3 FETCH (BODY[] {%d}\r\n%s)\r\n", len(c.letters[3]), c.letters[3]) },
		"another letter's UID":            func(c *liarConn) { c.send("* 3 FETCH (UID 99 BODY[] {5}\r\nhello)\r\n") },
		"no answer at all to the letter":  func(c *liarConn) {},
		"a line without end":              func(c *liarConn) { flood(c, "* OK ", "a") },
		"an atom without end in an answer": func(c *liarConn) {
			flood(c, "* 3 FETCH (UID 3 FLAGS (", "a")
		},
		"a quoted string without end, which looks like a literal": func(c *liarConn) {
			flood(c, "* 3 FETCH (UID 3 ENVELOPE (\"BODY[] {2000000000}\r\n", "a")
		},
		"a literal of terabytes in a place where it is kept": func(c *liarConn) {
			flood(c, "* 3 FETCH (UID 3 ENVELOPE ({2000000000000}\r\n", "a")
		},
		"short lines without end": func(c *liarConn) { flood(c, "", "* 7 EXISTS\r\n") },
		"lists in lists in lists": func(c *liarConn) { flood(c, "* 3 FETCH (UID 3 BODYSTRUCTURE ", "(") },
		"a size beyond numbers":   func(c *liarConn) { c.send("* 3 FETCH (UID 3 BODY[] {99999999999999999999}\r\n") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := startLiar(t, letters)
			var told atomic.Bool
			l.say = l.onBody(3, func(c *liarConn) {
				if told.Swap(true) {
					c.fetch(3, "BODY.PEEK[]")
					return
				}
				lie(c)
			})
			d := run(t, l.config(), newOffice(), newLedger())
			eventually(t, "all letters moved", l.movedAll(letters))
			wantWhole(t, d.office, letters)
			if n := len(d.office.all()); n != letters {
				t.Errorf("%d letters offered, want %d: a lost connection alone must not offer one again", n, letters)
			}
			if n := d.log.lines(); n > 4 {
				t.Errorf("%d lines of log for one fault, want at most 4", n)
			}
			for _, private := range []string{"Jan", "zarejestrowanie", "html", "aaaa"} {
				if strings.Contains(d.log.String(), private) {
					t.Errorf("the log repeats what the server sent: %q", private)
				}
			}
		})
	}
}

// flood sends until the client hangs up.
func flood(c *liarConn, first, again string) {
	c.send("%s", first)
	chunk := []byte(strings.Repeat(again, 64<<10/len(again)))
	for {
		if _, err := c.Write(chunk); err != nil {
			return
		}
	}
}

// A letter with which the server fails every time must not keep the others waiting, and ends up registered by its head.
func TestALetterThatIsNeverGivenOutIsRegisteredByItsHead(t *testing.T) {
	t.Parallel()
	for name, lie := range map[string]func(c *liarConn){
		"the server dies of it":          func(c *liarConn) { c.Close() },
		"the server hangs":               func(c *liarConn) { c.hang() },
		"the literal is always too long": func(c *liarConn) { c.send("* 3 FETCH (UID 3 BODY[] {9}\r\n%s)\r\n", c.letters[3]) },
		"NIL":                            func(c *liarConn) { c.send("* 3 FETCH (UID 3 BODY[] NIL)\r\n") },
		"nothing":                        func(c *liarConn) {},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := startLiar(t, 8)
			l.say = l.onBody(3, lie)
			d := run(t, l.config(), newOffice(), newLedger())
			eventually(t, "all letters moved", l.movedAll(8))
			if folder := l.folderOf(3); folder != "Okienko-do-sprawdzenia" {
				t.Errorf("letter 3 lies in %q", folder)
			}
			if folder := l.folderOf(4); folder != "Okienko" {
				t.Errorf("letter 4 lies in %q", folder)
			}
			wantHead(t, d.office, "7:3", imap.Unreadable)
		})
	}
}

// wantHead fails unless item was taken by its head only, for the reason.
func wantHead(t *testing.T, o *office, item, reason string) taken {
	t.Helper()
	for _, l := range o.all() {
		if l.item != item {
			continue
		}
		if l.meta[imap.MetaIncomplete] != reason || l.meta[imap.MetaFolder] != "Okienko-do-sprawdzenia" {
			t.Errorf("meta of %s: %v, want %s", item, l.meta, reason)
		}
		if !strings.HasPrefix(l.body, "From: ") || !strings.HasSuffix(l.body, "\r\n\r\n") || l.name != "headers.eml" {
			t.Errorf("%s is not a head: %q %q", item, l.name, l.body)
		}
		return l
	}
	t.Errorf("%s was not taken", item)
	return taken{}
}

func TestALetterTheServerCannotDescribeDoesNotBlockTheOthers(t *testing.T) {
	t.Parallel()
	l := startLiar(t, 8)
	l.say = func(c *liarConn, command string) bool {
		if !strings.HasPrefix(command, "UID FETCH") || !strings.Contains(command, "RFC822.SIZE") {
			return false
		}
		for _, uid := range c.in(strings.Fields(command)[2]) {
			if uid == 3 {
				c.send("* 3 FETCH (UID 3 INTERNALDATE \"yesterday\" RFC822.SIZE 100)\r\n")
				continue
			}
			c.fetch(uid, command)
		}
		c.ok()
		return true
	}
	d := run(t, l.config(), newOffice(), newLedger())
	eventually(t, "all letters moved", l.movedAll(8))
	if l := wantHead(t, d.office, "7:3", imap.Unreadable); !l.date.IsZero() {
		t.Errorf("received at %s, but the server does not say", l.date)
	}
}

func TestALetterLargerThanAllowedIsRegisteredByItsHead(t *testing.T) {
	t.Parallel()
	const larger = 3 << 20
	for name, announced := range map[string]int{"as the server says": larger, "though the server says otherwise": 400} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := startLiar(t, 4)
			l.letters[3] = mail(3, larger)
			l.say = func(c *liarConn, command string) bool {
				if !strings.Contains(command, "RFC822.SIZE") {
					return false
				}
				for _, uid := range c.in(strings.Fields(command)[2]) {
					size := len(c.letters[uid])
					if uid == 3 {
						size = announced
					}
					c.send("* %d FETCH (UID %d RFC822.SIZE %d INTERNALDATE %q)\r\n", uid, uid, size, "02-Nov-2026 09:00:00 +0100")
				}
				c.ok()
				return true
			}
			d := run(t, l.config(), newOffice(), newLedger())
			eventually(t, "all letters moved", l.movedAll(4))
			head := wantHead(t, d.office, "7:3", imap.TooLarge)
			if want := fmt.Sprint(max(len(mail(3, larger)), announced)); announced == larger && head.meta[imap.MetaSize] != fmt.Sprint(larger) ||
				announced != larger && head.meta[imap.MetaSize] != want {
				t.Errorf("size in meta: %q", head.meta[imap.MetaSize])
			}
			if n := len(d.office.all()); n != 4 {
				t.Errorf("%d letters taken, want 4", n)
			}
		})
	}
}

func TestSilentServersAreLeftInTime(t *testing.T) {
	t.Parallel()
	for _, step := range []string{"GREETING", "CAPABILITY", "LOGIN", "STATUS", "SELECT", "UID SEARCH", "UID FETCH", "UID MOVE", "IDLE"} {
		t.Run(step, func(t *testing.T) {
			t.Parallel()
			l := startLiar(t, 3)
			var hung atomic.Bool
			l.say = func(c *liarConn, command string) bool {
				if strings.HasPrefix(command, step) && !hung.Swap(true) {
					c.hang()
					return true
				}
				return false
			}
			d := run(t, l.config(), newOffice(), newLedger())
			eventually(t, "all letters moved", l.movedAll(3))
			eventually(t, "a new connection", func() bool { return l.connections() == 2 })
			wantWhole(t, d.office, 3)
			if n := len(d.office.all()); n != 3 {
				t.Errorf("%d letters offered, want 3", n)
			}
			if s := d.log.String(); !strings.Contains(s, "class=timeout") {
				t.Errorf("the log does not speak of a timeout:\n%s", s)
			}
		})
	}
}

func TestAServerThatClaimsFourBillionLetters(t *testing.T) {
	t.Parallel()
	for name, claim := range map[string]string{
		"in a list":       "* ESEARCH (TAG \"%s\") UID ALL 1:4294967295\r\n",
		"without an end":  "* ESEARCH (TAG \"%s\") UID ALL 1:*\r\n",
		"none of them":    "* ESEARCH (TAG \"%s\") UID\r\n",
		"from the bottom": "* ESEARCH (TAG \"%s\") UID ALL 4294967295:1\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := startLiar(t, 3)
			l.say = func(c *liarConn, command string) bool {
				if strings.HasPrefix(command, "SELECT") && c.n == 1 {
					c.send("* 4294967295 EXISTS\r\n* OK [UIDVALIDITY 7] ok\r\n* OK [UIDNEXT 4294967295] ok\r\n")
					c.ok()
					return true
				}
				if strings.HasPrefix(command, "UID SEARCH") && c.n == 1 {
					c.send(claim, c.tag)
					c.ok()
					go func() { time.Sleep(500 * time.Millisecond); c.Close() }()
					return true
				}
				return false
			}
			d := run(t, l.config(), newOffice(), newLedger())
			eventually(t, "all letters moved", l.movedAll(3))
			wantWhole(t, d.office, 3)
		})
	}
}

func TestAServerThatRefusesToMoveIsNotOfferedTheLettersAgain(t *testing.T) {
	t.Parallel()
	l := startLiar(t, 3)
	var refusing atomic.Bool
	refusing.Store(true)
	l.say = func(c *liarConn, command string) bool {
		if strings.HasPrefix(command, "UID MOVE") && refusing.Load() {
			c.send("%s NO [OVERQUOTA] full\r\n", c.tag)
			return true
		}
		return false
	}
	d := run(t, l.config(), newOffice(), newLedger())
	eventually(t, "trouble is told", func() bool { s := d.Status(); return s.LastError == imap.NotMoved && s.Unmoved == 3 })
	l.mu.Lock()
	l.letters[9] = mail(9, 500)
	l.mu.Unlock()
	eventually(t, "a letter that comes meanwhile is taken", func() bool { return len(d.office.all()) == 4 })
	refusing.Store(false)
	eventually(t, "all letters moved", l.movedAll(4))
	eventually(t, "trouble is over", func() bool { return d.Status().LastError == "" })
	if n := len(d.office.all()); n != 4 {
		t.Errorf("%d letters offered, want 4", n)
	}
	if n := d.log.lines(); n != 2 {
		t.Errorf("%d lines of log, want one for the trouble and one for its end:\n%s", n, d.log)
	}
}

func TestAServerThatRefusesToMoveOneLetter(t *testing.T) {
	t.Parallel()
	l := startLiar(t, 4)
	l.say = func(c *liarConn, command string) bool {
		if strings.HasPrefix(command, "UID MOVE") && slices.Contains(c.in(strings.Fields(command)[2]), 2) {
			c.send("%s NO [CANNOT] not this one\r\n", c.tag)
			return true
		}
		return false
	}
	d := run(t, l.config(), newOffice(), newLedger())
	eventually(t, "the others are moved", l.movedAll(3))
	eventually(t, "one is left", func() bool { return d.Status().Unmoved == 1 })
}

func TestAMissingDoneFolderIsCreated(t *testing.T) {
	t.Parallel()
	l := startLiar(t, 2)
	var created atomic.Int32
	l.say = func(c *liarConn, command string) bool {
		switch {
		case strings.HasPrefix(command, "CREATE"):
			created.Add(1)
		case created.Load() < 2 && strings.HasPrefix(command, "STATUS"):
			c.send("%s NO no such folder\r\n", c.tag)
			return true
		case created.Load() < 2 && strings.HasPrefix(command, "UID MOVE"): // deleted again meanwhile
			c.send("%s NO [TRYCREATE] no such folder\r\n", c.tag)
			return true
		}
		return false
	}
	run(t, l.config(), newOffice(), newLedger())
	eventually(t, "all letters moved", l.movedAll(2))
	if n := created.Load(); n != 2 {
		t.Errorf("created %d times, want once before and once when it had gone", n)
	}
}

// runToEnd runs Fetch until it returns by itself.
func runToEnd(t *testing.T, cfg imap.Config) error {
	t.Helper()
	source, err := imap.New(cfg, newLedger(), nil)
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- source.Fetch(t.Context(), newOffice().accept) }()
	select {
	case err := <-done:
		return err
	case <-time.After(10 * time.Second):
		t.Fatal("Fetch did not give up")
		return nil
	}
}

func TestWhatWaitingCannotMendIsAnError(t *testing.T) {
	t.Parallel()
	no := func(prefix, answer string) func(*liarConn, string) bool {
		return func(c *liarConn, command string) bool {
			if !strings.HasPrefix(command, prefix) {
				return false
			}
			c.send("%s %s\r\n", c.tag, answer)
			return true
		}
	}
	for name, test := range map[string]struct {
		caps, want string
		say        func(*liarConn, string) bool
		cfg        func(*imap.Config)
	}{
		"a refused password":                  {say: no("LOGIN", "NO [AUTHENTICATIONFAILED] wrong"), want: `mailbox "poczta": signing in: refused: NO [AUTHENTICATIONFAILED] wrong`},
		"a password refused without a reason": {say: no("LOGIN", "NO haslo is wrong"), want: "signing in: refused: NO [] *** is wrong"},
		"a missing folder":                    {say: no("SELECT", "NO [NONEXISTENT] no such folder"), want: "opening folder: INBOX: NO [NONEXISTENT]"},
		"a server that cannot move":           {caps: "IMAP4rev1 IDLE", want: "neither MOVE (RFC 6851) nor UIDPLUS (RFC 4315)"},
		"a server that wants TLS first":       {caps: "IMAP4rev1 LOGINDISABLED", want: "tls: implicit or starttls is needed"},
		"a missing password file": {cfg: func(c *imap.Config) { c.Password, c.PasswordFile = "", "/nonexistent/haslo" },
			want: "reading password_file: open /nonexistent/haslo: no such file or directory"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := startLiar(t, 1)
			l.say = test.say
			if test.caps != "" {
				l.caps = test.caps
			}
			cfg := l.config()
			if test.cfg != nil {
				test.cfg(&cfg)
			}
			err := runToEnd(t, cfg)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want %q", err, test.want)
			}
		})
	}
}

func TestWhatWaitingMayMendIsWaitedOut(t *testing.T) {
	t.Parallel()
	const times = 4
	for name, test := range map[string]struct{ prefix, answer string }{
		"sign-in is not available now":    {"LOGIN", "NO [UNAVAILABLE] later"},
		"the mailbox is in use":           {"LOGIN", "NO [INUSE] later"},
		"the folder is not available now": {"SELECT", "NO [UNAVAILABLE] later"},
		"the search is refused":           {"UID SEARCH", "NO [SERVERBUG] oops"},
		"the letters are refused":         {"UID FETCH", "NO [SERVERBUG] oops"},
		"no service":                      {"GREETING", "BYE overloaded"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := startLiar(t, 2)
			var n atomic.Int32
			l.say = func(c *liarConn, command string) bool {
				if !strings.HasPrefix(command, test.prefix) || n.Add(1) > times {
					return false
				}
				if c.tag == "" {
					c.tag = "*"
				}
				c.send("%s %s\r\n", c.tag, test.answer)
				return true
			}
			d := run(t, l.config(), newOffice(), newLedger())
			eventually(t, "all letters moved", l.movedAll(2))
			wantWhole(t, d.office, 2)
		})
	}
}

// Once a mailbox worked, nothing ends its intake: passwords get changed, folders get renamed and renamed back.
func TestAMailboxThatWorkedIsNeverGivenUp(t *testing.T) {
	t.Parallel()
	l := startLiar(t, 1)
	var refusals atomic.Int32
	l.say = func(c *liarConn, command string) bool {
		switch {
		case c.n == 1 && strings.HasPrefix(command, "IDLE"):
			c.Close()
			return true
		case c.n > 1 && strings.HasPrefix(command, "LOGIN") && refusals.Add(1) <= 5:
			c.send("%s NO [AUTHENTICATIONFAILED] wrong\r\n", c.tag)
			return true
		case c.n > 1 && strings.HasPrefix(command, "LOGIN"):
			c.mu.Lock()
			c.letters[5] = mail(5, 500)
			c.mu.Unlock()
		}
		return false
	}
	d := run(t, l.config(), newOffice(), newLedger())
	eventually(t, "both letters moved", l.movedAll(2))
	eventually(t, "trouble is over", func() bool { return d.Status().LastError == "" })
	if s := d.log.String(); strings.Count(s, "class=refused") != 1 {
		t.Errorf("want one line about five refusals:\n%s", s)
	}
}

func TestAServerThatHangsUpAgainAndAgainIsOneAlarm(t *testing.T) {
	t.Parallel()
	for name, when := range map[string]string{"at once": "GREETING", "after sign-in": "STATUS", "when idle": "IDLE"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := startLiar(t, 0)
			l.say = func(c *liarConn, command string) bool {
				if strings.HasPrefix(command, when) {
					c.Close()
					return true
				}
				return false
			}
			cfg := l.config()
			cfg.Poll = time.Minute
			d := run(t, cfg, newOffice(), newLedger())
			eventually(t, "30 connections", func() bool { return l.connections() >= 30 })
			if n := strings.Count(d.log.String(), "level=WARN"); n != 1 {
				t.Errorf("%d alarms for %d lost connections, want 1:\n%s", n, l.connections(), d.log)
			}
		})
	}
}

func TestOneBadServerDoesNotDelayAnotherSource(t *testing.T) {
	t.Parallel()
	bad := startLiar(t, 1)
	bad.say = bad.onBody(1, func(c *liarConn) { c.hang() })
	cfg := bad.config()
	cfg.Name, cfg.MessageTimeout, cfg.CommandTimeout = "zla", time.Minute, time.Minute
	run(t, cfg, newOffice(), newLedger())
	good := startLiar(t, 20)
	d := run(t, good.config(), newOffice(), newLedger())
	eventually(t, "the good server's letters are moved", good.movedAll(20))
	wantWhole(t, d.office, 20)
}

func TestALedgerThatFailsStopsOffering(t *testing.T) {
	t.Parallel()
	l, o, book := startLiar(t, 3), newOffice(), newLedger()
	book.fail = errors.New("database is locked")
	d := run(t, l.config(), o, book)
	eventually(t, "trouble is told", func() bool { return d.Status().LastError == imap.NoLedger })
	if n := len(o.all()); n != 0 {
		t.Errorf("%d letters offered that the ledger does not know", n)
	}
	book.mu.Lock()
	book.fail = nil
	book.mu.Unlock()
	eventually(t, "all letters moved", l.movedAll(3))
}

var _ ingest.Source = (*imap.Source)(nil)
