package webhook_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"okienko/ingest"
	"okienko/workflow"
	"okienko/workflow/store"
	"okienko/workflow/webhook"
)

var secret = []byte("0123456789abcdef0123456789abcdef")

// receiver is another system: it checks the signature and keeps the ids of events.
type receiver struct {
	mu     sync.Mutex
	status int // of the next answers
	got    []int64
	asked  int
	now    time.Time
}

func (r *receiver) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.asked++
	body, _ := io.ReadAll(req.Body)
	if err := webhook.Verify(secret, body, req.Header.Get(webhook.SignatureHeader), r.now); err != nil {
		w.WriteHeader(http.StatusForbidden)
		return
	}
	var m struct{ Events []struct{ ID int64 } }
	if json.Unmarshal(body, &m) == nil && r.status == http.StatusOK {
		for _, e := range m.Events {
			r.got = append(r.got, e.ID)
		}
	}
	w.WriteHeader(r.status)
}

type world struct {
	t     *testing.T
	store *store.Store
	to    *receiver
	url   string
	c     workflow.CaseID
	now   time.Time
}

func newWorld(t *testing.T) *world {
	t.Helper()
	path := filepath.Join(t.TempDir(), "okienko.db")
	if err := store.Migrate(t.Context(), path); err != nil {
		t.Fatal(err)
	}
	s, err := store.Open(t.Context(), path, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	w := &world{t: t, store: s, now: time.Date(2026, 11, 24, 11, 0, 0, 0, time.UTC)}
	w.to = &receiver{status: http.StatusOK, now: w.now}
	server := httptest.NewServer(w.to)
	t.Cleanup(server.Close)
	w.url = server.URL
	c := workflow.Case{Route: workflow.Route{Desk: "KM"}, Submission: ingest.Submission{Source: "poczta", Channel: ingest.Email, ReceivedAt: w.now,
		Originals: []ingest.Original{{Role: "body", Digest: ingest.DigestOf([]byte("a"))}}}}
	if err := s.Tx(t.Context(), func(tx workflow.Tx) error { _, err := tx.Create(t.Context(), &c); return err }); err != nil {
		t.Fatal(err)
	}
	w.c = c.ID
	if _, err := s.Subscription(t.Context(), "ezd"); err != nil { // from now on
		t.Fatal(err)
	}
	return w
}

func (w *world) event(kinds ...workflow.EventKind) {
	w.t.Helper()
	err := w.store.Tx(w.t.Context(), func(tx workflow.Tx) error {
		for _, k := range kinds {
			if err := tx.Append(w.t.Context(), workflow.Event{Case: w.c, Kind: k, Detail: "Jan Kowalski"}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) sender(subs workflow.Subscriptions) *webhook.Sender {
	return &webhook.Sender{Config: webhook.Config{Name: "ezd", URL: w.url, Desks: []string{"KM"}}, Secret: secret, Subscriptions: subs,
		Now: func() time.Time { return w.now }, Log: slog.New(slog.DiscardHandler)}
}

func TestAReceiverThatWasDownMissesNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.sender(w.store)
	w.event(workflow.EventJudged)
	w.to.status = http.StatusServiceUnavailable
	if _, err := s.Step(t.Context()); err == nil {
		t.Error("a receiver that refused is taken for one that took")
	}
	w.event(workflow.EventClaimed, workflow.EventViewed)
	w.to.status = http.StatusOK
	if _, err := s.Step(t.Context()); err != nil || w.to.asked != 1 {
		t.Errorf("tried again at once: %d requests, %v", w.to.asked, err)
	}
	w.now = w.now.Add(time.Minute)
	if _, err := s.Step(t.Context()); err != nil || len(w.to.got) != 2 {
		t.Errorf("after the pause it has %v, %v; want judged and claimed", w.to.got, err)
	}
	if _, err := s.Step(t.Context()); err != nil || w.to.asked != 2 {
		t.Errorf("without news there were %d requests, %v", w.to.asked, err)
	}
	sub, err := w.store.Subscription(t.Context(), "ezd")
	if err != nil || sub.Failures != 0 || sub.Detail != "" || !sub.TakenAt.Equal(w.now) {
		t.Errorf("subscription %+v, %v", sub, err)
	}
}

// forgetful loses what a sender wants remembered.
type forgetful struct{ workflow.Subscriptions }

func (forgetful) SaveSubscription(context.Context, workflow.Subscription) error {
	return errors.New("database gone")
}

func TestWhatIsNotRememberedIsPushedAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.event(workflow.EventJudged)
	if _, err := w.sender(forgetful{w.store}).Step(t.Context()); err == nil {
		t.Error("the lost cursor is no error")
	}
	w.now = w.now.Add(2 * time.Minute)
	if _, err := w.sender(w.store).Step(t.Context()); err != nil {
		t.Fatal(err)
	}
	if len(w.to.got) != 2 || w.to.got[0] != w.to.got[1] {
		t.Errorf("pushed %v, want the same event twice", w.to.got)
	}
}

func TestSendersSideBySidePushOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for range 20 {
		w.event(workflow.EventNote)
	}
	var all sync.WaitGroup
	for range 6 {
		all.Go(func() {
			if _, err := w.sender(w.store).Step(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if len(w.to.got) != 20 {
		t.Errorf("%d events pushed by six senders, want 20", len(w.to.got))
	}
}

func TestASignatureIsOfThisBodyThisSecretAndNow(t *testing.T) {
	t.Parallel()
	now := time.Unix(1_800_000_000, 0)
	header := webhook.Sign(secret, []byte("body"), now)
	for _, tc := range []struct {
		name, body, header string
		secret             []byte
		now                time.Time
		want               error
	}{
		{"as signed", "body", header, secret, now, nil},
		{"another body", "b0dy", header, secret, now, webhook.ErrSignature},
		{"another secret", "body", header, []byte("x"), now, webhook.ErrSignature},
		{"sent again later", "body", header, secret, now.Add(6 * time.Minute), webhook.ErrSignature},
		{"another time in the header", "body", strings.Replace(header, "t=18", "t=19", 1), secret, now.Add(100_000_000 * time.Second), webhook.ErrSignature},
		{"no header", "body", "", secret, now, webhook.ErrSignature},
	} {
		if err := webhook.Verify(tc.secret, []byte(tc.body), tc.header, tc.now); !errors.Is(err, tc.want) {
			t.Errorf("%s: %v, want %v", tc.name, err, tc.want)
		}
	}
}

func TestConfigNamesWhatIsWrong(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name string
		c    webhook.Config
		want string
	}{
		{"as it should be", webhook.Config{Name: "ezd", URL: "https://ezd.example/okienko", SecretFile: "s"}, ""},
		{"http on the loopback", webhook.Config{Name: "ezd", URL: "http://127.0.0.1:9/x", SecretFile: "s"}, ""},
		{"http elsewhere", webhook.Config{Name: "ezd", URL: "http://ezd.example", SecretFile: "s"}, "url of ezd"},
		{"a password in the address", webhook.Config{Name: "ezd", URL: "https://a:b@ezd.example", SecretFile: "s"}, "url of ezd"},
		{"no name", webhook.Config{URL: "https://ezd.example", SecretFile: "s"}, "name"},
		{"no secret", webhook.Config{Name: "ezd", URL: "https://ezd.example"}, "secret_file of ezd"},
	} {
		err := tc.c.Validate()
		if tc.want == "" && err != nil || tc.want != "" && (err == nil || !strings.HasPrefix(err.Error(), tc.want)) {
			t.Errorf("%s: %v, want %q", tc.name, err, tc.want)
		}
	}
}
