package edelivery_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"slices"
	"sync"
	"testing"
	"time"

	"okienko/ingest"
	"okienko/ingest/edelivery"
	"okienko/ingest/edelivery/edeliverytest"
)

// office is where messages end up in these tests: it keeps what it accepted, and knows what it was offered before.
type office struct {
	mu     sync.Mutex
	refuse error // accept nothing
	noSaw  error // write nothing down
	cursor string
	status map[string]string // of items: "", "registered", "gone"
	order  []string
	cases  []taken
	offers int
}

type taken struct {
	envelope ingest.Envelope
	body     string
	parts    []part
}

type part struct {
	role, name, text, sum string
	size                  int64
}

func (o *office) accept(_ context.Context, e ingest.Envelope) error {
	body, err := io.ReadAll(e.Body)
	if err != nil {
		return err
	}
	t := taken{envelope: e, body: string(body)}
	for _, p := range e.Parts {
		one, err := keep(p)
		if err != nil {
			return err
		}
		t.parts = append(t.parts, one)
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.offers++
	if o.refuse != nil {
		return o.refuse
	}
	if _, ok := o.status[e.Item]; !ok {
		return errors.New("offered before it was written down as seen")
	}
	o.status[e.Item] = "registered"
	if !slices.ContainsFunc(o.cases, func(c taken) bool { return c.envelope.Key == e.Key }) {
		o.cases = append(o.cases, t)
	}
	return nil
}

// keep reads a part as evidence does: as a stream.
func keep(p ingest.Part) (part, error) {
	sum, head := sha256.New(), &headWriter{}
	n, err := io.Copy(io.MultiWriter(sum, head), p.Body)
	return part{p.Role, p.Name, string(head.kept), hex.EncodeToString(sum.Sum(nil)), n}, err
}

// headWriter keeps the beginning.
type headWriter struct{ kept []byte }

func (h *headWriter) Write(p []byte) (int, error) {
	h.kept = append(h.kept, p[:min(len(p), 2000-min(2000, len(h.kept)))]...)
	return len(p), nil
}

func (o *office) Saw(_ context.Context, _ string, items []string) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, item := range items {
		if o.noSaw != nil {
			return o.noSaw
		}
		if s, ok := o.status[item]; !ok || s == "gone" {
			o.status[item] = ""
			o.order = append(o.order, item)
		}
	}
	return nil
}

func (o *office) Open(context.Context, string) ([]string, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	var open []string
	for _, item := range o.order {
		if o.status[item] == "" && !slices.Contains(open, item) {
			open = append(open, item)
		}
	}
	return open, nil
}

func (o *office) Gone(_ context.Context, _ string, items []string) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, item := range items {
		o.status[item] = "gone"
	}
	return nil
}

func (o *office) Cursor(context.Context, string) (string, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.cursor, nil
}

func (o *office) SetCursor(_ context.Context, _, cursor string) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.cursor = cursor
	return nil
}

func (o *office) set(change func(*office)) {
	o.mu.Lock()
	defer o.mu.Unlock()
	change(o)
}

func (o *office) all() []taken {
	o.mu.Lock()
	defer o.mu.Unlock()
	return slices.Clone(o.cases)
}

func (o *office) count() (cases, offers int) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return len(o.cases), o.offers
}

// start gives each test a simulator of its own.
func start(t *testing.T) *edeliverytest.Server {
	t.Helper()
	s, err := edeliverytest.Start()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func config(s *edeliverytest.Server, changes ...func(*edelivery.Config)) edelivery.Config {
	c := s.Config("ade", edeliverytest.Address)
	c.Poll, c.RetryMin, c.RetryMax = 20*time.Millisecond, 2*time.Millisecond, 10*time.Millisecond
	c.ContentPatience, c.ProofPatience = 20*time.Millisecond, 50*time.Millisecond
	for _, change := range changes {
		change(&c)
	}
	return c
}

// run fetches in the background until the test ends or stop is called.
func run(t *testing.T, c edelivery.Config, o *office) (source *edelivery.Source, stop func()) {
	t.Helper()
	o.set(func(o *office) {
		if o.status == nil {
			o.status = map[string]string{}
		}
	})
	source, err := edelivery.New(c, o, nil)
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

func registered(t *testing.T, o *office, n int) {
	t.Helper()
	until(t, "all are registered", func() bool { cases, _ := o.count(); return cases == n })
}

const anna = "AE:PL-11111-22222-ANNAT-23"

func letter(text string) edeliverytest.Letter {
	return edeliverytest.Letter{From: anna, Name: "Anna Przykładowa", Subject: "Wniosek " + text, Text: "Proszę o " + text + ".",
		Files: []edeliverytest.File{{Name: text + ".txt", MediaType: "text/plain", Content: []byte("załącznik " + text)}}}
}

func deliver(t *testing.T, s *edeliverytest.Server, letters ...edeliverytest.Letter) []string {
	t.Helper()
	ids, err := s.Deliver(letters...)
	if err != nil {
		t.Fatal(err)
	}
	return ids
}
