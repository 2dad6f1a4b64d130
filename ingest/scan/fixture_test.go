package scan

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"okienko/ingest"
)

const (
	settle = 10 * time.Second
	poll   = time.Second
)

// office is a folder and what accept made of it. Its clock is that of a synctest bubble.
type office struct {
	t      *testing.T
	cfg    Config
	source *Source
	ledger ledger
	log    bytes.Buffer

	parting *Parting

	mu     sync.Mutex
	taken  []taken
	refuse func(e ingest.Envelope) error // asked before a body is read; nil: takes everything
	during func(e ingest.Envelope)       // called after the first byte of a body was read
}

type taken struct {
	ingest.Envelope
	bytes string
}

// open runs a test with a source that fetches.
func open(t *testing.T, test func(t *testing.T, o *office), change ...func(*Config)) {
	t.Helper()
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		o := &office{t: t, cfg: Config{Name: "urna", Folder: dir, Settle: settle, Poll: poll}}
		for _, c := range change {
			c(&o.cfg)
		}
		stop := o.start()
		test(t, o)
		stop()
	})
}

func (o *office) start() (stop func()) {
	o.t.Helper()
	var err error
	if o.source, err = New(o.cfg, &o.ledger, o.parting, slog.New(slog.NewTextHandler(&o.log, nil))); err != nil {
		o.t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(o.t.Context())
	ended := make(chan error, 1)
	go func() { ended <- o.source.Fetch(ctx, o.accept) }()
	return func() {
		cancel()
		if err := <-ended; err != nil {
			o.t.Errorf("Fetch: %v", err)
		}
	}
}

func (o *office) accept(_ context.Context, e ingest.Envelope) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.refuse != nil {
		if err := o.refuse(e); err != nil {
			return err
		}
	}
	var first [1]byte
	n, err := e.Body.Read(first[:])
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	if o.during != nil {
		o.during(e)
	}
	rest, err := io.ReadAll(e.Body)
	if err != nil {
		return err
	}
	e.Body = nil
	o.taken = append(o.taken, taken{e, string(first[:n]) + string(rest)})
	o.ledger.settle(e.Item)
	return nil
}

func (o *office) write(name, text string) {
	o.t.Helper()
	if err := os.WriteFile(filepath.Join(o.cfg.Folder, name), []byte(text), 0o600); err != nil {
		o.t.Fatal(err)
	}
}

func (o *office) rename(from, to string) {
	o.t.Helper()
	if err := os.Rename(filepath.Join(o.cfg.Folder, from), filepath.Join(o.cfg.Folder, to)); err != nil {
		o.t.Fatal(err)
	}
}

// after lets time pass.
func (o *office) after(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

// rest is long enough for whatever is complete to be taken.
func (o *office) rest() { o.after(settle + 3*poll) }

// want holds which bodies were taken, in order, and which files are in the folder.
func (o *office) want(when string, bodies []string, left ...string) {
	o.t.Helper()
	o.mu.Lock()
	defer o.mu.Unlock()
	var got []string
	for _, one := range o.taken {
		got = append(got, one.bytes)
	}
	if !slices.Equal(got, bodies) {
		o.t.Errorf("%s: taken %q, want %q", when, got, bodies)
	}
	if files := o.files(o.cfg.Folder); !slices.Equal(files, left) {
		o.t.Errorf("%s: in the folder %q, want %q", when, files, left)
	}
}

// wantDone holds which bytes are in the done folder.
func (o *office) wantDone(bodies ...string) {
	o.t.Helper()
	dir := o.cfg.WithDefaults().DoneFolder
	var got []string
	for _, name := range o.files(dir) {
		text, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			o.t.Fatal(err)
		}
		got = append(got, string(text))
		if !strings.HasPrefix(name, string(ingest.DigestOf(text)[:16])+"-") {
			o.t.Errorf("%s in the done folder does not have its digest in its name", name)
		}
	}
	slices.Sort(got)
	slices.Sort(bodies)
	if !slices.Equal(got, bodies) {
		o.t.Errorf("in the done folder %q, want %q", got, bodies)
	}
}

// files are the names in a directory, without its sub-directories.
func (o *office) files(dir string) []string {
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		o.t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		if !e.IsDir() {
			names = append(names, e.Name())
		}
	}
	return names
}

// ledger is one in memory.
type ledger struct {
	mu    sync.Mutex
	items map[string]string // outcome, "" while open
	fail  error
}

func (l *ledger) Saw(_ context.Context, _ string, items []string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.items == nil {
		l.items = map[string]string{}
	}
	for _, item := range items {
		if l.items[item] != "settled" {
			l.items[item] = ""
		}
	}
	return l.fail
}

func (l *ledger) settle(item string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if _, seen := l.items[item]; !seen {
		panic("an item was offered that was not written down before")
	}
	l.items[item] = "settled"
}

func (l *ledger) Open(context.Context, string) ([]string, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	var open []string
	for _, item := range slices.Sorted(maps.Keys(l.items)) {
		if l.items[item] == "" {
			open = append(open, item)
		}
	}
	return open, nil
}

func (l *ledger) Gone(_ context.Context, _ string, items []string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, item := range items {
		l.items[item] = "gone"
	}
	return nil
}

func (l *ledger) Cursor(context.Context, string) (string, error)  { return "", nil }
func (l *ledger) SetCursor(context.Context, string, string) error { return nil }

// count is how many items have an outcome.
func (l *ledger) count(outcome string) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := 0
	for _, o := range l.items {
		if o == outcome {
			n++
		}
	}
	return n
}
