package epuap_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"time"

	"okienko/ingest"
	"okienko/ingest/epuap"
	"okienko/ingest/epuap/epuaptest"
)

// office is where documents end up in these tests: it keeps what it accepted, and knows what it was offered before.
type office struct {
	mu     sync.Mutex
	refuse error // accept nothing
	broken error // write nothing down
	seen   map[string]bool
	cases  []taken
	offers int
}

type taken struct {
	envelope ingest.Envelope
	body     string
	parts    []string
}

func (o *office) accept(_ context.Context, e ingest.Envelope) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.offers++
	if o.refuse != nil {
		return o.refuse
	}
	t := taken{envelope: e}
	body, err := io.ReadAll(e.Body)
	if err != nil {
		return err
	}
	t.body = string(body)
	for _, p := range e.Parts {
		b, err := io.ReadAll(p.Body)
		if err != nil {
			return err
		}
		t.parts = append(t.parts, string(b))
	}
	if !o.seen[e.Item] {
		return errors.New("offered before it was written down as seen")
	}
	if !slices.ContainsFunc(o.cases, func(c taken) bool { return c.envelope.Key == e.Key && c.body == t.body }) {
		o.cases = append(o.cases, t)
	}
	return nil
}

func (o *office) Saw(_ context.Context, _ string, items []string) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.broken != nil {
		return o.broken
	}
	for _, item := range items {
		o.seen[item] = true
	}
	return nil
}

func (o *office) Cursor(context.Context, string) (string, error)  { return "", nil }
func (o *office) SetCursor(context.Context, string, string) error { return nil }

func (o *office) set(refuse error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.refuse = refuse
}

func (o *office) all() []taken {
	o.mu.Lock()
	defer o.mu.Unlock()
	return slices.Clone(o.cases)
}

func (o *office) offered() int {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.offers
}

// start gives each test a simulator of its own.
func start(t *testing.T) *epuaptest.Server {
	t.Helper()
	s, err := epuaptest.Start()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func config(t *testing.T, s *epuaptest.Server, changes ...func(*epuap.Config)) epuap.Config {
	t.Helper()
	c, err := s.Config("skrytka", t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	c.Poll, c.RetryMin, c.RetryMax = 20*time.Millisecond, 5*time.Millisecond, 20*time.Millisecond
	for _, change := range changes {
		change(&c)
	}
	return c
}

// run fetches in the background until the test ends or stop is called.
func run(t *testing.T, c epuap.Config, o *office) (source *epuap.Source, stop func()) {
	t.Helper()
	return runLogged(t, c, o, nil)
}

func runLogged(t *testing.T, c epuap.Config, o *office, log *slog.Logger) (source *epuap.Source, stop func()) {
	t.Helper()
	if o.seen == nil {
		o.seen = map[string]bool{}
	}
	source, err := epuap.New(c, o, log)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- source.Fetch(ctx, o.accept) }()
	stop = sync.OnceFunc(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("Fetch = %v", err)
		}
	})
	t.Cleanup(stop)
	return source, stop
}

// until polls with a deadline.
func until(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(2 * time.Millisecond) {
		if ok() {
			return
		}
	}
	t.Fatalf("in 20 s it did not happen that %s", what)
}

func emptied(t *testing.T, s *epuaptest.Server) {
	t.Helper()
	until(t, "the queue is empty", func() bool { return s.Waiting() == 0 })
}

var anna = epuaptest.Person{Login: "anna_testowa", Given: "Anna", Family: "Przykładowa", PESEL: "00000000000"}

func document(text string) epuaptest.Document {
	return epuaptest.Document{
		Content: []byte("<pismo>" + text + "</pismo>"), SentAt: time.Date(2026, 11, 20, 10, 15, 30, 123e6, time.FixedZone("", 3600)),
		ReplyBox: "/anna_testowa/domyslna", Person: anna,
	}
}
