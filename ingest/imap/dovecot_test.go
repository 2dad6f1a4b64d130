package imap_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	goimap "github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"okienko/ingest"
	"okienko/ingest/imap"
	"okienko/ingest/imap/imaptest"
	"okienko/internal/board"
)

func startDovecot(t testing.TB, without ...string) *imaptest.Dovecot {
	t.Helper()
	d, err := imaptest.StartDovecot(imaptest.DovecotOptions{WithoutCapabilities: without})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("log of dovecot:\n%s", d.Log())
		}
		d.Close()
	})
	return d
}

func dovecotConfig(d *imaptest.Dovecot) imap.Config {
	return imap.Config{
		Name: "poczta", Host: d.Host, Port: d.Port, TLS: imap.Plain, Username: d.Username, Password: imap.Secret(d.Password),
		Start: imap.FromAll, RetryMin: 5 * time.Millisecond, RetryMax: 50 * time.Millisecond,
	}
}

// deliver puts letters number from to to-1 into INBOX.
func deliver(t testing.TB, d *imaptest.Dovecot, date time.Time, from, to int) {
	t.Helper()
	var messages [][]byte
	for i := from; i < to; i++ {
		messages = append(messages, mail(i, 2000))
	}
	if err := d.Append("INBOX", date, messages...); err != nil {
		t.Fatal(err)
	}
}

func idle(d *desk) func() bool { return func() bool { return d.Status().Phase == board.Idle } }

// wantLetters fails unless exactly letters from to to-1 were taken, each once.
func wantLetters(t *testing.T, o *office, from, to int) {
	t.Helper()
	o.mu.Lock()
	defer o.mu.Unlock()
	for i := from; i < to; i++ {
		if n := o.letters[ingest.DigestOf(mail(i, 2000))]; n != 1 {
			t.Errorf("letter %d taken %d times", i, n)
		}
	}
	if len(o.letters) != to-from {
		t.Errorf("%d distinct letters taken, want %d", len(o.letters), to-from)
	}
}

func TestDovecot(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		without []string
		change  func(*imap.Config, *imaptest.Dovecot)
	}{
		"implicit TLS": {change: func(c *imap.Config, d *imaptest.Dovecot) { c.TLS, c.Port = imap.Implicit, d.TLSPort }},
		"STARTTLS":     {change: func(c *imap.Config, d *imaptest.Dovecot) { c.TLS = imap.StartTLS }},
		"no TLS":       {},
		"without MOVE": {without: []string{"MOVE"}},
		"streaming only": {change: func(c *imap.Config, _ *imaptest.Dovecot) {
			c.BufferBytes, c.Workers = 64<<10, 64
		}},
		"one at a time": {change: func(c *imap.Config, _ *imaptest.Dovecot) { c.Batch, c.Workers = 1, 1 }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := startDovecot(t, test.without...)
			date := time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)
			deliver(t, server, date, 0, 120)
			cfg := dovecotConfig(server)
			if test.change != nil {
				test.change(&cfg, server)
			}
			if cfg.TLS != imap.Plain {
				cfg.CAFile = write(t, "ca.pem", server.CAPEM)
			}
			d := run(t, cfg, newOffice(), newLedger())
			eventually(t, "all letters taken", func() bool { return d.Status().Taken == 120 && idle(d)() })
			wantLetters(t, d.office, 0, 120)
			if in, done := server.Count("INBOX"), server.Count("Okienko"); in != 0 || done != 120 {
				t.Errorf("%d letters in INBOX, %d in the done folder", in, done)
			}
			for _, l := range d.office.all() {
				if !l.date.Equal(date) {
					t.Fatalf("%s received at %s, want %s", l.item, l.date, date)
				}
			}
			if n := len(d.ledger.seenItems()); n != 120 {
				t.Errorf("%d items seen", n)
			}
			if cfg.Batch == 0 && d.ledger.saws != 3 {
				t.Errorf("the ledger was written %d times for 120 letters in batches of 50", d.ledger.saws)
			}
		})
	}
}

func TestFromNowOn(t *testing.T) {
	t.Parallel()
	server := startDovecot(t)
	cfg := dovecotConfig(server)
	cfg.Start = imap.FromNow
	book, o := newLedger(), newOffice()
	deliver(t, server, time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC), 0, 5)
	deliver(t, server, time.Date(2035, 1, 1, 0, 0, 0, 0, time.UTC), 5, 6) // dated in the future by mistake
	deliver(t, server, time.Now().Add(-time.Minute), 6, 10)

	d := run(t, cfg, o, book)
	eventually(t, "first look", idle(d))
	deliver(t, server, time.Time{}, 10, 13)
	eventually(t, "new letters taken", func() bool { return o.distinct() == 3 })
	if err := d.stop(); err != nil {
		t.Fatal(err)
	}
	wantLetters(t, o, 10, 13)

	// While Okienko is down letters come, and then the server forgets its numbers.
	deliver(t, server, time.Time{}, 13, 16)
	renumber(t, server, "INBOX")
	d = run(t, cfg, o, book)
	// The one from the future cannot be told from a new one any more: in doubt it is taken.
	eventually(t, "letters that came meanwhile are taken", func() bool { return o.distinct() == 7 })
	eventually(t, "moved", func() bool { return server.Count("INBOX") == 9 })
	for i := range 10 {
		if n := o.letters[ingest.DigestOf(mail(i, 2000))]; (i == 5) != (n == 1) {
			t.Errorf("old letter %d taken %d times", i, n)
		}
	}

	// The new numbers are remembered: nothing old is taken at the next start either, and new ones are.
	if err := d.stop(); err != nil {
		t.Fatal(err)
	}
	deliver(t, server, time.Time{}, 16, 17)
	d = run(t, cfg, o, book)
	eventually(t, "one more", func() bool { return o.distinct() == 8 && idle(d)() })
	if n := server.Count("INBOX"); n != 9 {
		t.Errorf("%d old letters left, want 9", n)
	}
}

func renumber(t *testing.T, server *imaptest.Dovecot, folder string) {
	t.Helper()
	before := validity(t, server, folder)
	time.Sleep(time.Until(time.Now().Truncate(time.Second).Add(time.Second))) // Dovecot takes the time in seconds
	if err := errors.Join(server.Stop(), server.Renumber(folder), server.Start()); err != nil {
		t.Fatal(err)
	}
	if after := validity(t, server, folder); after == before {
		t.Fatalf("UIDVALIDITY is still %d", after)
	}
}

func validity(t *testing.T, server *imaptest.Dovecot, folder string) (v uint32) {
	t.Helper()
	err := server.Do(func(c *imapclient.Client) error {
		data, err := c.Status(folder, &goimap.StatusOptions{UIDValidity: true}).Wait()
		v = data.UIDValidity
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// The case without a restart: the folder is deleted and made anew under a connection that is open.
func TestRenumberedWhileConnected(t *testing.T) {
	t.Parallel()
	server := startDovecot(t)
	cfg := dovecotConfig(server)
	cfg.Folder, cfg.Start, cfg.Poll = "Kancelaria", imap.FromNow, time.Second
	if err := server.Append("Kancelaria", time.Now().Add(-time.Hour), mail(0, 2000)); err != nil {
		t.Fatal(err)
	}
	d := run(t, cfg, newOffice(), newLedger())
	eventually(t, "first look", idle(d))
	err := server.Do(func(c *imapclient.Client) error {
		return errors.Join(c.Delete("Kancelaria").Wait(), c.Create("Kancelaria", nil).Wait())
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := server.Append("Kancelaria", time.Time{}, mail(1, 2000), mail(2, 2000)); err != nil {
		t.Fatal(err)
	}
	eventually(t, "letters of the new folder taken", func() bool { return d.office.distinct() == 2 && server.Count("Kancelaria") == 0 })
	wantLetters(t, d.office, 1, 3)
}

func TestALetterMovedBackIsOfferedAgain(t *testing.T) {
	t.Parallel()
	server := startDovecot(t)
	deliver(t, server, time.Time{}, 0, 2)
	d := run(t, dovecotConfig(server), newOffice(), newLedger())
	eventually(t, "moved", func() bool { return server.Count("Okienko") == 2 })
	err := server.Do(func(c *imapclient.Client) error {
		if _, err := c.Select("Okienko", nil).Wait(); err != nil {
			return err
		}
		_, err := c.Move(goimap.UIDSetNum(1), "INBOX").Wait()
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	eventually(t, "offered again", func() bool { return len(d.office.all()) == 3 })
	eventually(t, "moved again", func() bool { return server.Count("Okienko") == 2 })
	var items []string
	for _, l := range d.office.all() {
		items = append(items, l.item)
	}
	if slices.Sort(items); len(slices.Compact(items)) != 3 || d.office.distinct() != 2 {
		t.Errorf("items %v, %d distinct letters: want a new name for the same bytes", items, d.office.distinct())
	}
}

func TestReadAndFlaggedLettersAreTakenAndKeepTheirFlags(t *testing.T) {
	t.Parallel()
	server := startDovecot(t)
	deliver(t, server, time.Time{}, 0, 3)
	flag := func(uid goimap.UID, flags ...goimap.Flag) error {
		return server.Do(func(c *imapclient.Client) error {
			if _, err := c.Select("INBOX", nil).Wait(); err != nil {
				return err
			}
			return c.Store(goimap.UIDSetNum(uid), &goimap.StoreFlags{Op: goimap.StoreFlagsAdd, Flags: flags}, nil).Close()
		})
	}
	if err := errors.Join(flag(1, goimap.FlagSeen), flag(2, goimap.FlagDeleted)); err != nil {
		t.Fatal(err)
	}
	d := run(t, dovecotConfig(server), newOffice(), newLedger())
	eventually(t, "moved", func() bool { return server.Count("Okienko") == 3 })
	wantLetters(t, d.office, 0, 3)
	var unseen uint32
	err := server.Do(func(c *imapclient.Client) error {
		data, err := c.Status("Okienko", &goimap.StatusOptions{NumUnseen: true}).Wait()
		unseen = *data.NumUnseen
		return err
	})
	if err != nil || unseen != 2 {
		t.Errorf("%d unseen letters, want 2 as before: %v", unseen, err)
	}
}

func TestExpungedBySomebodyElseInTheMiddle(t *testing.T) {
	t.Parallel()
	server := startDovecot(t)
	deliver(t, server, time.Time{}, 0, 6)
	cfg := dovecotConfig(server)
	cfg.BufferBytes, cfg.Workers = 64<<10, 64 // streamed one by one, so that some are still to come
	o, book := newOffice(), newLedger()
	book.open = func() []string { return []string{fmt.Sprintf("%d:4", validity(t, server, "INBOX")), "1:99"} }
	var once atomic.Bool
	o.setRefuse(func(ingest.Envelope, []byte) error {
		if once.Swap(true) {
			return nil
		}
		return server.Do(func(c *imapclient.Client) error {
			if _, err := c.Select("INBOX", nil).Wait(); err != nil {
				return err
			}
			set := goimap.UIDSetNum(4)
			if err := c.Store(set, &goimap.StoreFlags{Op: goimap.StoreFlagsAdd, Flags: []goimap.Flag{goimap.FlagDeleted}}, nil).Close(); err != nil {
				return err
			}
			return c.UIDExpunge(set).Close()
		})
	})
	d := run(t, cfg, o, book)
	eventually(t, "the others moved", func() bool { return server.Count("INBOX") == 0 })
	// Dovecot still gives out a letter that a session had opened before; then it is taken. Either way nothing is stuck.
	if n := o.distinct(); n < 5 {
		t.Errorf("%d letters taken", n)
	}
	eventually(t, "no trouble", func() bool { s := d.Status(); return s.LastError == "" && s.Held == 0 })
}

func TestWakesUpInIdle(t *testing.T) {
	t.Parallel()
	server := startDovecot(t)
	cfg := dovecotConfig(server)
	cfg.Poll = 20 * time.Minute
	d := run(t, cfg, newOffice(), newLedger())
	eventually(t, "idle", idle(d))
	for i := range 3 {
		start := time.Now()
		deliver(t, server, time.Time{}, i, i+1)
		eventually(t, "taken", func() bool { return d.office.distinct() == i+1 })
		t.Logf("letter %d taken %s after delivery began", i, time.Since(start))
	}
}

func TestWithoutIdleItPolls(t *testing.T) {
	t.Parallel()
	server := startDovecot(t, "IDLE")
	cfg := dovecotConfig(server)
	cfg.Poll = time.Second
	d := run(t, cfg, newOffice(), newLedger())
	eventually(t, "first look", idle(d))
	deliver(t, server, time.Time{}, 0, 3)
	eventually(t, "taken and moved", func() bool { return server.Count("Okienko") == 3 })
	wantLetters(t, d.office, 0, 3)
}

func TestServerRestartsInTheMiddleOfABatch(t *testing.T) {
	t.Parallel()
	server := startDovecot(t)
	deliver(t, server, time.Time{}, 0, 200)
	o := newOffice()
	var n atomic.Int32
	o.setRefuse(func(ingest.Envelope, []byte) error {
		if n.Add(1) == 70 { // in the second batch
			return errors.Join(server.Stop(), server.Start())
		}
		return nil
	})
	d := run(t, dovecotConfig(server), o, newLedger())
	eventually(t, "all taken and moved", func() bool { return server.Count("Okienko") == 200 })
	eventually(t, "idle", idle(d))
	wantLetters(t, o, 0, 200)
}

// A process that dies between accept and move offers the letter again, under the same name.
func TestCrashBetweenAcceptAndMove(t *testing.T) {
	t.Parallel()
	l := startLiar(t, 3)
	var dead atomic.Bool
	dead.Store(true)
	l.say = func(c *liarConn, command string) bool {
		if strings.HasPrefix(command, "UID MOVE") && dead.Load() {
			c.Close()
			return true
		}
		return false
	}
	o := newOffice()
	first := run(t, l.config(), o, newLedger())
	eventually(t, "taken", func() bool { return len(o.all()) == 3 })
	eventually(t, "several tries to move", func() bool { return l.connections() > 3 })
	if err := first.stop(); err != nil {
		t.Fatal(err)
	}
	if n := len(o.all()); n != 3 {
		t.Errorf("%d letters offered before the crash, want 3", n)
	}
	dead.Store(false)
	run(t, l.config(), o, newLedger())
	eventually(t, "moved", l.movedAll(3))
	if n := len(o.all()); n != 6 || o.distinct() != 3 {
		t.Errorf("%d offers of %d letters, want 6 of 3", n, o.distinct())
	}
	wantWhole(t, o, 3)
}

func TestNothingIsMovedThatWasNotAccepted(t *testing.T) {
	t.Parallel()
	server := startDovecot(t)
	deliver(t, server, time.Time{}, 0, 60)
	o := newOffice()
	full := errors.New("no space left on device")
	o.setRefuse(func(ingest.Envelope, []byte) error { return full })
	cfg := dovecotConfig(server)
	d := run(t, cfg, o, newLedger())
	eventually(t, "trouble is told", func() bool { return d.Status().LastError == imap.NotAccepted })
	eventually(t, "tried again", func() bool { return d.Status().Failures > 5 })
	if in, done := server.Count("INBOX"), server.Count("Okienko"); in != 60 || done != 0 {
		t.Errorf("%d letters in INBOX, %d in the done folder", in, done)
	}
	o.setRefuse(nil)
	eventually(t, "all moved", func() bool { return server.Count("Okienko") == 60 })
	eventually(t, "trouble is over", func() bool { return d.Status().LastError == "" })
	wantLetters(t, o, 0, 60)
	if n := d.log.lines(); n != 2 {
		t.Errorf("%d lines of log, want one for the trouble and one for its end:\n%s", n, d.log)
	}
}

// Two letters that are never accepted delay no other one, and are offered less and less often.
func TestPoison(t *testing.T) {
	t.Parallel()
	server := startDovecot(t)
	deliver(t, server, time.Time{}, 0, 60)
	poison := map[ingest.Digest]bool{ingest.DigestOf(mail(0, 2000)): true, ingest.DigestOf(mail(30, 2000)): true}
	o := newOffice()
	var offers atomic.Int32
	o.setRefuse(func(_ ingest.Envelope, text []byte) error {
		if poison[ingest.DigestOf(text)] {
			offers.Add(1)
			return errors.New("cannot")
		}
		return nil
	})
	cfg := dovecotConfig(server)
	cfg.RetryMin, cfg.RetryMax = 20*time.Millisecond, time.Hour
	d := run(t, cfg, o, newLedger())
	eventually(t, "58 moved", func() bool { return server.Count("Okienko") == 58 })
	eventually(t, "several tries", func() bool { return offers.Load() >= 8 })
	start := time.Now()
	deliver(t, server, time.Time{}, 60, 61)
	eventually(t, "a new letter taken", func() bool { return server.Count("Okienko") == 59 })
	if took := time.Since(start); took > 5*time.Second {
		t.Errorf("a new letter took %s", took)
	}
	if s := d.Status(); s.Held != 2 || s.LastError != imap.NotAccepted {
		t.Errorf("status %+v", s)
	}
}

func TestTwoFoldersSideBySide(t *testing.T) {
	t.Parallel()
	server := startDovecot(t)
	deliver(t, server, time.Time{}, 0, 30)
	var other [][]byte
	for i := 30; i < 60; i++ {
		other = append(other, mail(i, 2000))
	}
	if err := server.Append("Podatki", time.Time{}, other...); err != nil {
		t.Fatal(err)
	}
	o, book := newOffice(), newLedger()
	run(t, dovecotConfig(server), o, book)
	cfg := dovecotConfig(server)
	cfg.Name, cfg.Folder, cfg.DoneFolder = "podatki", "Podatki", "Podatki/Załatwione"
	run(t, cfg, o, book)
	eventually(t, "both moved", func() bool { return server.Count("Okienko") == 30 && server.Count("Podatki/Załatwione") == 30 })
	wantLetters(t, o, 0, 60)
}

// A stop in the middle leaves nothing accepted and unmoved, and nothing half taken.
func TestGracefulStop(t *testing.T) {
	t.Parallel()
	server := startDovecot(t)
	deliver(t, server, time.Time{}, 0, 300)
	o := newOffice()
	reached := make(chan struct{})
	var n atomic.Int32
	o.setRefuse(func(ingest.Envelope, []byte) error {
		if n.Add(1) == 75 {
			close(reached)
		}
		return nil
	})
	d := run(t, dovecotConfig(server), o, newLedger())
	<-reached
	if err := d.stop(); err != nil {
		t.Fatal(err)
	}
	taken := o.distinct()
	if done, left := server.Count("Okienko"), server.Count("INBOX"); done != taken || left != 300-taken {
		t.Errorf("%d taken, %d moved, %d left", taken, done, left)
	}
	if d.Status().Phase != board.Stopped {
		t.Errorf("status %+v", d.Status())
	}
	run(t, dovecotConfig(server), o, newLedger())
	eventually(t, "the rest taken", func() bool { return server.Count("Okienko") == 300 })
	wantLetters(t, o, 0, 300)
}

func TestAnAcceptThatReadsNothingOrHalf(t *testing.T) {
	t.Parallel()
	for name, read := range map[string]int64{"nothing": 0, "half": 100 << 10} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := startDovecot(t)
			if err := server.Append("INBOX", time.Time{}, mail(1, 900<<10), mail(2, 100), mail(3, 900<<10)); err != nil {
				t.Fatal(err)
			}
			source, err := imap.New(dovecotConfig(server), newLedger(), nil)
			if err != nil {
				t.Fatal(err)
			}
			accept := func(_ context.Context, e ingest.Envelope) error {
				_, err := io.CopyN(io.Discard, e.Body, read)
				if errors.Is(err, io.EOF) {
					err = nil
				}
				return err
			}
			fetch(t, source, accept)
			eventually(t, "all moved", func() bool { return server.Count("Okienko") == 3 })
		})
	}
}
