package imap_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"okienko/ingest"
	"okienko/ingest/imap"
)

// office stands for everything behind accept: it keeps what it was given, like the store does, by the digest of the bytes.
type office struct {
	mu      sync.Mutex
	letters map[ingest.Digest]int // times taken
	order   []taken
	refuse  func(ingest.Envelope, []byte) error // nil takes everything
}

type taken struct {
	item   string
	digest ingest.Digest
	date   time.Time
	meta   map[string]string
	name   string
	bytes  int
	body   string // of small ones
}

func newOffice() *office { return &office{letters: map[ingest.Digest]int{}} }

func (o *office) accept(_ context.Context, e ingest.Envelope) error {
	hash := sha256.New()
	var text bytes.Buffer
	n, err := io.Copy(io.MultiWriter(hash, &limited{&text, 64 << 10}), e.Body)
	if err != nil {
		return err
	}
	o.mu.Lock()
	refuse := o.refuse
	o.mu.Unlock()
	if refuse != nil {
		if err := refuse(e, text.Bytes()); err != nil {
			return err
		}
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	d := ingest.Digest(fmt.Sprintf("%x", hash.Sum(nil)))
	o.letters[d]++
	o.order = append(o.order, taken{e.Item, d, e.ReceivedAt, e.Meta, e.Name, int(n), text.String()})
	return nil
}

// limited keeps the first bytes.
type limited struct {
	w    *bytes.Buffer
	left int
}

func (l *limited) Write(p []byte) (int, error) {
	n := min(l.left, len(p))
	l.left -= n
	l.w.Write(p[:n])
	return len(p), nil
}

func (o *office) setRefuse(f func(ingest.Envelope, []byte) error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.refuse = f
}

func (o *office) distinct() int {
	o.mu.Lock()
	defer o.mu.Unlock()
	return len(o.letters)
}

func (o *office) all() []taken {
	o.mu.Lock()
	defer o.mu.Unlock()
	return slices.Clone(o.order)
}

// ledger is a ledger in memory that can also reconcile.
type ledger struct {
	mu     sync.Mutex
	cursor map[string]string
	seen   map[string]bool
	saws   int
	fail   error
	open   func() []string
	gone   []string
}

func newLedger() *ledger {
	return &ledger{cursor: map[string]string{}, seen: map[string]bool{}}
}

func (l *ledger) Saw(_ context.Context, source string, items []string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.fail != nil {
		return l.fail
	}
	l.saws++
	for _, item := range items {
		l.seen[item] = true
	}
	return nil
}

func (l *ledger) Cursor(_ context.Context, source string) (string, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.cursor[source], l.fail
}

func (l *ledger) SetCursor(_ context.Context, source, cursor string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.cursor[source] = cursor
	return l.fail
}

func (l *ledger) Open(context.Context, string) ([]string, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.open == nil {
		return nil, nil
	}
	return l.open(), nil
}

func (l *ledger) Gone(_ context.Context, _ string, items []string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.gone = append(l.gone, items...)
	return nil
}

func (l *ledger) seenItems() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	var items []string
	for item := range l.seen {
		items = append(items, item)
	}
	slices.Sort(items)
	return items
}

// logbook is a log that tests can read.
type logbook struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *logbook) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *logbook) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

func (l *logbook) lines() int { return strings.Count(l.String(), "\n") }

// desk is a source that runs in the background with all that surrounds it.
type desk struct {
	*imap.Source
	office *office
	ledger *ledger
	log    *logbook
	stop   func() error
}

// run starts a source; it is stopped at the end of the test.
func run(t testing.TB, cfg imap.Config, o *office, l *ledger) *desk {
	t.Helper()
	d := &desk{office: o, ledger: l, log: &logbook{}}
	source, err := imap.New(cfg, l, slog.New(slog.NewTextHandler(d.log, nil)))
	if err != nil {
		t.Fatal(err)
	}
	d.Source = source
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- source.Fetch(ctx, o.accept) }()
	d.stop = sync.OnceValue(func() error {
		cancel()
		select {
		case err := <-done:
			return err
		case <-time.After(20 * time.Second):
			return errors.New("Fetch did not end within 20 s of its context")
		}
	})
	t.Cleanup(func() {
		if err := d.stop(); err != nil {
			t.Error(err)
		}
		if t.Failed() {
			t.Logf("log of %s:\n%s", cfg.Name, d.log)
		}
	})
	return d
}

// eventually fails the test unless ok becomes true.
func eventually(t testing.TB, what string, ok func() bool) {
	t.Helper()
	deadline := time.Now().Add(20 * time.Second)
	for !ok() {
		if time.Now().After(deadline) {
			t.Fatalf("waited 20 s in vain: %s", what)
		}
		time.Sleep(2 * time.Millisecond)
	}
}

// mail makes a message of about size bytes; n makes it unique.
func mail(n, size int) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "From: Jan Testowy <jan@example.org>\r\nTo: kancelaria@example.gov.pl\r\nSubject: Pismo %d\r\n"+
		"Message-ID: <%d@example.org>\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n", n, n)
	line := fmt.Sprintf("%08d Wnoszę o zarejestrowanie pojazdu i załączam dokumenty. ", n)
	for b.Len() < size {
		b.WriteString(line + "\r\n")
	}
	return b.Bytes()
}

// fetch runs source with accept until the end of the test.
func fetch(t testing.TB, source *imap.Source, accept ingest.AcceptFunc) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- source.Fetch(ctx, accept) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
}
