package epuap_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"okienko/ingest"
	"okienko/ingest/epuap"
	"okienko/ingest/epuap/epuaptest"
	"okienko/internal/board"
)

// between stands between the connector and the platform, and answers in its place while bad is set.
type between struct {
	platform *epuaptest.Server
	bad      atomic.Pointer[func(http.ResponseWriter, *http.Request)]
}

func (b *between) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if bad := b.bad.Load(); bad != nil {
		_, _ = io.Copy(io.Discard, r.Body) // or the end of the connection is not noticed
		(*bad)(w, r)
		return
	}
	b.platform.ServeHTTP(w, r)
}

// through is the configuration of a box behind a server that misbehaves as bad does until it is told to stop.
func through(t *testing.T, s *epuaptest.Server, bad func(http.ResponseWriter, *http.Request), changes ...func(*epuap.Config)) (c epuap.Config, behave func()) {
	t.Helper()
	b := &between{platform: s}
	b.bad.Store(&bad)
	server := httptest.NewServer(b)
	t.Cleanup(func() { server.CloseClientConnections(); server.Close() })
	c = config(t, s, changes...)
	c.PullURL, c.FileRepoURL, c.SkrytkaURL = server.URL, server.URL, server.URL
	return c, func() { b.bad.Store(nil) }
}

// The ways to take forever, or to send more than anybody wants.
var (
	silent = func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }
	drips  = func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/xml")
		for r.Context().Err() == nil {
			_, _ = io.WriteString(w, " ")
			_ = http.NewResponseController(w).Flush()
			select {
			case <-r.Context().Done():
			case <-time.After(5 * time.Millisecond):
			}
		}
	}
	endless = func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/xml")
		for r.Context().Err() == nil {
			if _, err := io.WriteString(w, strings.Repeat("<a>b</a>", 10_000)); err != nil {
				return
			}
		}
	}
	endlessParts = func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", `multipart/related; boundary="b"`)
		for r.Context().Err() == nil {
			if _, err := io.WriteString(w, "--b\r\n\r\n"+strings.Repeat("x", 100_000)+"\r\n"); err != nil {
				return
			}
		}
	}
	endlessHead = func(w http.ResponseWriter, _ *http.Request) {
		for i := range 5000 {
			w.Header().Set(fmt.Sprint("X-", i), strings.Repeat("x", 100))
		}
	}
	stopsEarly = func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "1000")
		_, _ = io.WriteString(w, "<a>")
		panic(http.ErrAbortHandler)
	}
	zipped = func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/xml")
		w.Header().Set("Content-Encoding", "gzip")
		_, _ = io.WriteString(w, "\x1f\x8b\x08")
	}
)

// TestServersThatTakeForever: each is left in time with a class of its own, and loses no document.
func TestServersThatTakeForever(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		bad   func(http.ResponseWriter, *http.Request)
		class board.Class
	}{
		{"it says nothing", silent, "timeout"},
		{"it sends a byte now and then", drips, "timeout"},
		{"it never ends", endless, "protocol"},
		{"its parts never end", endlessParts, "protocol"},
		{"its head never ends", endlessHead, "unreachable"},
		{"it stops before the length it announced", stopsEarly, "unreachable"},
		{"it packs what nobody asked it to", zipped, "protocol"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s, o := start(t), &office{}
			s.Deliver(document("jedno"), document("drugie"))
			c, behave := through(t, s, tt.bad, func(c *epuap.Config) {
				c.Timeout = time.Second
				c.MaxDocumentBytes = 1 << 20
			})
			source, _ := run(t, c, o)
			until(t, "the status tells "+string(tt.class), func() bool { return source.Status().LastError == tt.class })
			behave()
			emptied(t, s)
			if n := len(o.all()); n != 2 || s.Confirmed() != 2 {
				t.Errorf("%d cases, %d confirmed; want 2 and 2", n, s.Confirmed())
			}
		})
	}
}

// The time-out of each bad box is longer than the test waits: who had to wait for it would fail.
func TestOneBadBoxDoesNotDelayAnother(t *testing.T) {
	t.Parallel()
	for _, bad := range []func(http.ResponseWriter, *http.Request){silent, drips} {
		c, _ := through(t, start(t), bad, func(c *epuap.Config) { c.Name, c.Timeout = "zla", time.Minute })
		run(t, c, &office{})
	}
	s, o := start(t), &office{}
	for i := range 20 {
		s.Deliver(document(fmt.Sprint("pismo ", i)))
	}
	run(t, config(t, s), o)
	emptied(t, s)
	if n := len(o.all()); n != 20 {
		t.Errorf("%d cases, want 20", n)
	}
}

// syncedText collects a log.
type syncedText struct {
	mu sync.Mutex
	b  strings.Builder
}

func (s *syncedText) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *syncedText) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

func TestManyFailuresAreOneAlarm(t *testing.T) {
	t.Parallel()
	s, o, log := start(t), &office{}, &syncedText{}
	s.Set(func(sw *epuaptest.Switches) { sw.NotSOAP = http.StatusBadGateway })
	source, _ := runLogged(t, config(t, s), o, slog.New(slog.NewTextHandler(log, nil)))
	until(t, "it failed thirty times", func() bool { return source.Status().Failures >= 30 })
	s.Behave()
	until(t, "it is well", func() bool { return source.Status().Up() })
	if warned, well := strings.Count(log.String(), "level=WARN"), strings.Count(log.String(), "works again"); warned != 1 || well != 1 {
		t.Errorf("%d alarms, %d times well again; want one of each:\n%s", warned, well, log)
	}
}

func TestALedgerThatFailsStopsOffering(t *testing.T) {
	t.Parallel()
	s, o := start(t), &office{broken: errors.New("database is locked")}
	s.Deliver(document("jedno"))
	source, _ := run(t, config(t, s), o)
	until(t, "trouble is told", func() bool { return source.Status().LastError == epuap.NoLedger })
	if o.offered() != 0 || s.Confirmed() != 0 {
		t.Error("a document was offered that the ledger does not know")
	}
	o.mu.Lock()
	o.broken = nil
	o.mu.Unlock()
	emptied(t, s)
}

// A stop while a document is being accepted ends at once, and leaves it at the platform.
func TestAStopInTheMiddle(t *testing.T) {
	t.Parallel()
	s, o := start(t), &office{seen: map[string]bool{}}
	s.Deliver(document("jedno"))
	source, err := epuap.New(config(t, s), o, nil)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	err = source.Fetch(ctx, func(ctx context.Context, _ ingest.Envelope) error {
		cancel()
		<-ctx.Done()
		return ctx.Err()
	})
	if err != nil || s.Waiting() != 1 || s.Confirmed() != 0 || source.Status().Phase != board.Stopped {
		t.Errorf("Fetch = %v, %d waiting, %d confirmed, %+v", err, s.Waiting(), s.Confirmed(), source.Status())
	}
}
