package imap

import (
	"context"
	"errors"
	"io"
	"log"
	"net"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	goimap "github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-imap/v2/imapserver/imapmemserver"

	"okienko/ingest"
	"okienko/internal/board"
)

// noLedger keeps nothing but the cursor.
type noLedger struct{ cursor string }

func (*noLedger) Saw(context.Context, string, []string) error { return nil }
func (l *noLedger) Cursor(context.Context, string) (string, error) {
	return l.cursor, nil
}
func (l *noLedger) SetCursor(_ context.Context, _, cursor string) error {
	l.cursor = cursor
	return nil
}

// town is a server inside a synctest bubble, reached over pipes, where hours pass at once.
type town struct {
	conns chan net.Conn
	user  *imapmemserver.User

	mu       sync.Mutex
	dials    []time.Time
	commands map[string]int
	silent   bool // bytes vanish on the way, as when a firewall forgets a connection
	refuse   error
	nets     []net.Conn
}

func newTown(t *testing.T) *town {
	w := &town{conns: make(chan net.Conn), user: imapmemserver.NewUser("u", "p"), commands: map[string]int{}}
	if err := w.user.Create("INBOX", nil); err != nil {
		t.Fatal(err)
	}
	store := imapmemserver.New()
	store.AddUser(w.user)
	server := imapserver.New(&imapserver.Options{
		NewSession: func(*imapserver.Conn) (imapserver.Session, *imapserver.GreetingData, error) {
			return store.NewSession(), nil, nil
		},
		Caps: goimap.CapSet{goimap.CapIMAP4rev1: {}, goimap.CapMove: {}}, InsecureAuth: true, Logger: log.New(io.Discard, "", 0),
	})
	go server.Serve(w)
	t.Cleanup(func() {
		server.Close()
		for _, conn := range w.nets {
			conn.Close()
		}
	})
	return w
}

func (w *town) Accept() (net.Conn, error) {
	conn, ok := <-w.conns
	if !ok {
		return nil, net.ErrClosed
	}
	return conn, nil
}
func (w *town) Close() error   { close(w.conns); return nil }
func (w *town) Addr() net.Addr { return &net.TCPAddr{} }

func (w *town) dial(context.Context, string, string) (net.Conn, error) {
	w.mu.Lock()
	w.dials = append(w.dials, time.Now())
	refuse := w.refuse
	w.mu.Unlock()
	if refuse != nil {
		return nil, refuse
	}
	near, far := net.Pipe()
	w.mu.Lock()
	w.nets = append(w.nets, near, far)
	w.mu.Unlock()
	w.conns <- far
	return &tapped{near, w}, nil
}

// tapped counts commands, and loses what is written while the town is silent.
type tapped struct {
	net.Conn
	w *town
}

func (c *tapped) Write(p []byte) (int, error) {
	c.w.mu.Lock()
	for _, name := range []string{"IDLE", "SELECT", "SEARCH"} {
		c.w.commands[name] += strings.Count(string(p), " "+name)
	}
	silent := c.w.silent
	c.w.mu.Unlock()
	if silent {
		return len(p), nil
	}
	return c.Conn.Write(p)
}

func (w *town) append(t *testing.T, text string) {
	t.Helper()
	if _, err := w.user.Append("INBOX", sized{strings.NewReader(text)}, &goimap.AppendOptions{Time: time.Now()}); err != nil {
		t.Fatal(err)
	}
}

type sized struct{ *strings.Reader }

func (s sized) Size() int64 { return s.Reader.Size() }

func (w *town) count(name string) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.commands[name]
}

func (w *town) dialled() []time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.dials
}

// start runs a source until the end of the test. taken tells when letters were accepted.
func (w *town) start(t *testing.T, cfg Config) (s *Source, taken func() []time.Time) {
	cfg.Name, cfg.Host, cfg.TLS, cfg.Username, cfg.Password = "poczta", "127.0.0.1", Plain, "u", "p"
	s, err := New(cfg, &noLedger{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	s.dialTCP = w.dial
	var mu sync.Mutex
	var times []time.Time
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() {
		done <- s.Fetch(ctx, func(_ context.Context, e ingest.Envelope) error {
			mu.Lock()
			defer mu.Unlock()
			times = append(times, time.Now())
			return nil
		})
	}()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	return s, func() []time.Time { mu.Lock(); defer mu.Unlock(); return times }
}

func TestIdleIsRenewedAndWakesAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		s, taken := w.start(t, Config{Start: FromAll, Poll: 25 * time.Minute})
		time.Sleep(4*time.Hour + 15*time.Minute)
		if n := len(w.dialled()); n != 1 {
			t.Errorf("%d connections in four quiet hours, want 1", n)
		}
		if n := w.count("IDLE"); n != 11 {
			t.Errorf("IDLE sent %d times in 255 minutes, want 11: once every 25", n)
		}
		if n := w.count("SELECT"); n != 11 {
			t.Errorf("the folder was opened %d times, want 11", n)
		}
		arrived := time.Now()
		w.append(t, "Subject: a\r\n\r\nb\r\n")
		synctest.Wait()
		if times := taken(); len(times) != 1 || !times[0].Equal(arrived) {
			t.Errorf("taken at %v, arrived at %s", times, arrived)
		}
		if p := s.Status().Phase; p != board.Idle {
			t.Errorf("phase %s", p)
		}
	})
}

func TestAConnectionThatDiedSilentlyIsNoticed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		s, taken := w.start(t, Config{Start: FromAll})
		time.Sleep(10 * time.Second)
		w.mu.Lock()
		w.silent = true
		w.mu.Unlock()
		time.Sleep(50*time.Second + 59*time.Second) // the poll interval, and nearly the time for an answer
		if s.Status().LastError != "" {
			t.Error("given up too early")
		}
		time.Sleep(2 * time.Second)
		if e := s.Status().LastError; e != Silent {
			t.Errorf("last error %q", e)
		}
		w.mu.Lock()
		w.silent = false
		w.mu.Unlock()
		w.append(t, "Subject: a\r\n\r\nb\r\n")
		time.Sleep(2 * time.Minute) // the first new connection was lost in the silence too
		if n := len(taken()); n != 1 {
			t.Errorf("%d letters taken after the connection was made anew", n)
		}
	})
}

func TestPausesGrowWithJitterAndEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		w.refuse = errors.New("connection refused")
		s, taken := w.start(t, Config{Start: FromAll})
		time.Sleep(2 * time.Hour)
		dials := w.dialled()
		full := time.Second
		for i := 1; i < len(dials); i++ {
			pause := dials[i].Sub(dials[i-1])
			if pause < full/2 || pause > full {
				t.Errorf("pause %d is %s, want half to all of %s", i, pause, full)
			}
			full = min(2*full, 5*time.Minute)
		}
		if n := len(dials); n < 2*60/5 || n > 60 {
			t.Errorf("%d tries in two hours", n)
		}
		if st := s.Status(); st.Phase != board.Pausing || st.Failures != len(dials) || !st.RetryAt.After(time.Now()) || st.LastError != Unreachable {
			t.Errorf("status %+v", st)
		}
		w.mu.Lock()
		w.refuse = nil
		w.mu.Unlock()
		w.append(t, "Subject: a\r\n\r\nb\r\n")
		time.Sleep(5 * time.Minute)
		if n := len(taken()); n != 1 {
			t.Errorf("%d letters taken after the server came back", n)
		}
		if st := s.Status(); st.Phase != board.Idle || st.LastError != "" || st.UpSince.IsZero() {
			t.Errorf("status %+v", st)
		}
	})
}

// A slow disk is not a silent server: the time a letter rests in accept counts for nothing.
func TestSlowAcceptIsNoTimeout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		for range 5 {
			w.append(t, "Subject: a\r\n\r\n"+strings.Repeat("b\r\n", 1<<20))
		}
		cfg := Config{Name: "poczta", Host: "127.0.0.1", TLS: Plain, Username: "u", Password: "p", Start: FromAll,
			CommandTimeout: 10 * time.Second, MessageTimeout: 20 * time.Second}
		s, err := New(cfg, &noLedger{}, nil)
		if err != nil {
			t.Fatal(err)
		}
		s.dialTCP = w.dial
		ctx, cancel := context.WithCancel(context.Background())
		done, n := make(chan error, 1), 0
		go func() {
			done <- s.Fetch(ctx, func(_ context.Context, e ingest.Envelope) error {
				io.CopyN(io.Discard, e.Body, 1<<20)
				time.Sleep(4 * time.Minute) // the server in this test gives up after 5
				n++
				return nil
			})
		}()
		time.Sleep(time.Hour)
		if e := s.Status().LastError; e != "" || n != 5 || len(w.dialled()) != 1 {
			t.Errorf("%d letters, %d connections, last error %q", n, len(w.dialled()), e)
		}
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
}
