package reply_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"okienko/ingest"
	"okienko/workflow"
	"okienko/workflow/reply"
	"okienko/workflow/reply/smtpsink"
	"okienko/workflow/store"
	"okienko/workflow/workflowtest"
)

func TestMain(m *testing.M) { workflowtest.Main(m) }

// eachDatabase runs a test on SQLite and on PostgreSQL.
func eachDatabase(t *testing.T, test func(t *testing.T, open func(testing.TB) *store.Store)) {
	for name, url := range map[string]func(testing.TB) string{
		"SQLite":     func(tb testing.TB) string { return filepath.Join(tb.TempDir(), "okienko.db") },
		"PostgreSQL": workflowtest.Postgres,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, func(tb testing.TB) *store.Store { return openStore(tb, url(tb)) })
		})
	}
}

func openStore(tb testing.TB, url string) *store.Store {
	tb.Helper()
	if err := store.Migrate(context.Background(), url); err != nil {
		tb.Fatal(err)
	}
	s, err := store.Open(context.Background(), url, nil)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { s.Close() })
	return s
}

var cases atomic.Int64

// newCase registers a case with n queued letters.
func newCase(tb testing.TB, s workflow.Store, n int) workflow.CaseID {
	tb.Helper()
	var id workflow.CaseID
	err := s.Tx(context.Background(), func(tx workflow.Tx) error {
		ctx := context.Background()
		body := fmt.Sprint("case ", cases.Add(1))
		c := workflow.Case{
			Submission: ingest.Submission{Source: "poczta", Channel: ingest.Email, Item: body, ReceivedAt: monday,
				Originals: []ingest.Original{{Role: "body", Digest: ingest.DigestOf([]byte(body))}}},
			Stage: workflow.StageDone, Status: workflow.StatusOpen,
		}
		if _, err := tx.Create(ctx, &c); err != nil {
			return err
		}
		id = c.ID
		for i := range n {
			l := letter()
			l.ID, l.Case, l.Status, l.SendingAt, l.CreatedAt = 0, id, workflow.LetterQueued, time.Time{}, monday
			l.MessageID = fmt.Sprintf("okienko.%d.%d@um.krakow.pl", id, i)
			if err := tx.SaveLetter(ctx, &l); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		tb.Fatal(err)
	}
	return id
}

func letters(tb testing.TB, s *store.Store, id workflow.CaseID) []workflow.Letter {
	tb.Helper()
	all, err := s.CaseLetters(context.Background(), id)
	if err != nil {
		tb.Fatal(err)
	}
	return all
}

func postman(s workflow.Store, c workflow.Carrier, now time.Time) reply.Postman {
	return reply.Postman{
		Store: s, Carriers: map[ingest.Channel]workflow.Carrier{ingest.Email: c}, Now: func() time.Time { return now },
	}
}

// copies counts the mails with one Message-ID that reached the next server.
func copies(s *smtpsink.Sink, messageID string) int {
	n := 0
	for _, m := range s.Messages() {
		if m.Header().Get("Message-Id") == "<"+messageID+">" {
			n++
		}
	}
	return n
}

func TestDeliver(t *testing.T) {
	t.Parallel()
	eachDatabase(t, func(t *testing.T, open func(testing.TB) *store.Store) {
		for _, tt := range []struct {
			name   string
			fault  smtpsink.Fault
			status workflow.LetterStatus
			again  bool // Deliver asks to be called again
			copies int
		}{
			{"a letter the server takes is sent", smtpsink.None, workflow.LetterSent, false, 1},
			{"a letter the server defers stays queued", smtpsink.Defer, workflow.LetterQueued, true, 0},
			{"a letter the server refuses has failed", smtpsink.RefuseRcpt, workflow.LetterFailed, false, 0},
			{"a letter whose answer is lost is unknown", smtpsink.DropAfterKept, workflow.LetterUnknown, false, 1},
		} {
			t.Run(tt.name, func(t *testing.T) {
				t.Parallel()
				s, mails := open(t), sink(t)
				id := newCase(t, s, 1)
				mails.Fail(tt.fault)
				p := postman(s, carrier(t, mails.Addr()), monday)
				if err := p.Deliver(t.Context(), id); (err != nil) != tt.again {
					t.Errorf("Deliver = %v, want an error: %v", err, tt.again)
				}
				l := letters(t, s, id)[0]
				if l.Status != tt.status || l.SentAt.IsZero() == (tt.status == workflow.LetterSent) {
					t.Errorf("letter is %s, sent at %v, want %s", l.Status, l.SentAt, tt.status)
				}
				if n := copies(mails, l.MessageID); n != tt.copies {
					t.Errorf("%d copies arrived, want %d", n, tt.copies)
				}
				// Once more, when the server is well again: only what surely was not sent goes out.
				mails.Fail(smtpsink.None)
				if err := postman(s, carrier(t, mails.Addr()), monday.Add(time.Hour)).Deliver(t.Context(), id); err != nil {
					t.Errorf("Deliver again = %v", err)
				}
				want := tt.copies
				if tt.again {
					want = 1
				}
				if n := copies(mails, l.MessageID); n != want {
					t.Errorf("after a second round %d copies arrived, want %d", n, want)
				}
				checkHistory(t, s, id)
			})
		}
	})
}

// checkHistory: whatever happened to a letter is in the history of its case, without anybody's address.
func checkHistory(t *testing.T, s *store.Store, id workflow.CaseID) {
	t.Helper()
	events, err := s.Events(context.Background(), id)
	if err != nil || len(events) == 0 {
		t.Errorf("%d events, %v: want at least one", len(events), err)
	}
	for _, e := range events {
		if e.Kind != workflow.EventLetter || e.Actor != workflow.Machine || e.Detail == "" {
			t.Errorf("odd event %+v", e)
		}
		if containsAny(e.Detail, "@", "anna") {
			t.Errorf("event names the resident: %q", e.Detail)
		}
	}
}

func TestOnlyQueuedLettersAreTouched(t *testing.T) {
	t.Parallel()
	s, mails := openStore(t, filepath.Join(t.TempDir(), "okienko.db")), sink(t)
	statuses := []workflow.LetterStatus{
		workflow.LetterDraft, workflow.LetterHeld, workflow.LetterSent, workflow.LetterFailed, workflow.LetterUnknown, workflow.LetterCancelled,
	}
	id := newCase(t, s, len(statuses))
	setLetters(t, s, id, func(i int, l *workflow.Letter) { l.Status = statuses[i] })
	if err := postman(s, carrier(t, mails.Addr()), monday).Deliver(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	for i, l := range letters(t, s, id) {
		if l.Status != statuses[i] {
			t.Errorf("letter %s became %s", statuses[i], l.Status)
		}
	}
	if n := len(mails.Messages()); n != 0 {
		t.Errorf("%d mails were sent", n)
	}
}

func setLetters(tb testing.TB, s workflow.Store, id workflow.CaseID, change func(int, *workflow.Letter)) {
	tb.Helper()
	err := s.Tx(context.Background(), func(tx workflow.Tx) error {
		all, err := tx.LockLetters(context.Background(), id)
		for i := range all {
			change(i, &all[i])
			if err == nil {
				err = tx.SaveLetter(context.Background(), &all[i])
			}
		}
		return err
	})
	if err != nil {
		tb.Fatal(err)
	}
}

func TestALetterInHandIsLeftAloneUntilTheLeaseEnds(t *testing.T) {
	t.Parallel()
	s, mails := openStore(t, filepath.Join(t.TempDir(), "okienko.db")), sink(t)
	id := newCase(t, s, 2)
	setLetters(t, s, id, func(i int, l *workflow.Letter) {
		if i == 0 {
			l.Status, l.SendingAt = workflow.LetterSending, monday
		}
	})
	err := postman(s, carrier(t, mails.Addr()), monday.Add(10*time.Minute-time.Second)).Deliver(t.Context(), id)
	if all := letters(t, s, id); !errors.Is(err, reply.ErrUnderWay) || all[0].Status != workflow.LetterSending || all[1].Status != workflow.LetterSent {
		t.Errorf("inside the lease: %v, %s and %s; want ErrUnderWay, sending and the other one sent", err, all[0].Status, all[1].Status)
	}
	err = postman(s, carrier(t, mails.Addr()), monday.Add(10*time.Minute)).Deliver(t.Context(), id)
	if all := letters(t, s, id); err != nil || all[0].Status != workflow.LetterUnknown {
		t.Errorf("after the lease: %v, %s; want nil and unknown", err, all[0].Status)
	}
	if n := len(mails.Messages()); n != 1 {
		t.Errorf("%d mails, want 1", n)
	}
	checkHistory(t, s, id)
}

// The program is told to stop while the server thinks: the outcome is still recorded.
func TestAStopWhileSendingStillRecordsTheOutcome(t *testing.T) {
	t.Parallel()
	s, mails := openStore(t, filepath.Join(t.TempDir(), "okienko.db")), sink(t)
	mails.Delay(time.Second)
	id := newCase(t, s, 1)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	done := make(chan error)
	go func() { done <- postman(s, carrier(t, mails.Addr()), monday).Deliver(ctx, id) }()
	for letters(t, s, id)[0].Status == workflow.LetterQueued {
		time.Sleep(time.Millisecond)
	}
	for mails.Taking() == 0 {
		time.Sleep(time.Millisecond)
	}
	stop()
	err := <-done
	if l := letters(t, s, id)[0]; l.Status != workflow.LetterSent || len(mails.Messages()) != 1 {
		t.Errorf("Deliver = %v, letter is %s, %d mails", err, l.Status, len(mails.Messages()))
	}
}

func TestALetterNobodyHereCarriesStaysQueued(t *testing.T) {
	t.Parallel()
	s, mails := openStore(t, filepath.Join(t.TempDir(), "okienko.db")), sink(t)
	id := newCase(t, s, 2)
	setLetters(t, s, id, func(i int, l *workflow.Letter) {
		if i == 0 {
			l.Channel = ingest.EPUAP
		}
	})
	err := postman(s, carrier(t, mails.Addr()), monday).Deliver(t.Context(), id)
	if all := letters(t, s, id); err == nil || all[0].Status != workflow.LetterQueued || all[1].Status != workflow.LetterSent {
		t.Errorf("%v, %s and %s; want an error, queued and the other one sent", err, all[0].Status, all[1].Status)
	}
}

func TestACaseThatIsNoneIsAnError(t *testing.T) {
	t.Parallel()
	s := openStore(t, filepath.Join(t.TempDir(), "okienko.db"))
	if err := postman(s, nil, monday).Deliver(t.Context(), 4711); !errors.Is(err, workflow.ErrNotFound) {
		t.Errorf("Deliver = %v, want ErrNotFound", err)
	}
}

// Six workers, five letters a case: each arrives once, whoever sends it.
func TestSixPostmenAtOnce(t *testing.T) {
	t.Parallel()
	eachDatabase(t, func(t *testing.T, open func(testing.TB) *store.Store) {
		s, mails := open(t), sink(t)
		const rounds, perCase = 10, 5
		for range rounds {
			id := newCase(t, s, perCase)
			var workers sync.WaitGroup
			for range 6 {
				workers.Go(func() {
					err := postman(s, carrier(t, mails.Addr()), monday).Deliver(context.Background(), id)
					if err != nil && !errors.Is(err, reply.ErrUnderWay) {
						t.Errorf("Deliver = %v", err)
					}
				})
			}
			workers.Wait()
			for _, l := range letters(t, s, id) {
				if n := copies(mails, l.MessageID); n != 1 || l.Status != workflow.LetterSent {
					t.Errorf("letter is %s, %d copies arrived; want sent, 1", l.Status, n)
				}
			}
		}
		t.Logf("%d letters by six postmen: 0 lost, 0 doubled", rounds*perCase)
	})
}

// Every store call of one delivery fails, once before it did anything and once after it did; and the process dies at each of
// these points and around the sending. Never are there two copies, and never does the record say more than what is true.
func TestFaultsAtEveryStep(t *testing.T) {
	t.Parallel()
	eachDatabase(t, func(t *testing.T, open func(testing.TB) *store.Store) {
		s, mails := open(t), sink(t)
		trials := 0
		for _, mode := range []fault{failsBefore, failsAfter, diesBefore, diesAfter} {
			for n := 1; ; n++ {
				id := newCase(t, s, 1)
				broken := &faulty{mode: mode, at: int64(n)}
				deliverOnce(t, broken, s, carrier(t, mails.Addr()), id)
				if !broken.reached() {
					break
				}
				trials++
				checkAfterFault(t, s, mails, id, fmt.Sprintf("%s call %d (%s)", mode, n, broken.name))
			}
		}
		t.Logf("%d trials: 0 letters lost, 0 doubled, 0 recorded as sent without a copy", trials)
	})
}

// checkAfterFault lets healthy postmen finish, one soon after and one after the lease, and looks at what came of it.
func checkAfterFault(t *testing.T, s *store.Store, mails *smtpsink.Sink, id workflow.CaseID, what string) {
	t.Helper()
	for _, later := range []time.Duration{time.Minute, 11 * time.Minute, 22 * time.Minute} {
		err := postman(s, carrier(t, mails.Addr()), monday.Add(later)).Deliver(context.Background(), id)
		if err != nil && (later > 10*time.Minute || !errors.Is(err, reply.ErrUnderWay)) {
			t.Errorf("%s: a healthy postman after %v: %v", what, later, err)
		}
	}
	l := letters(t, s, id)[0]
	n := copies(mails, l.MessageID)
	switch {
	case n > 1:
		t.Errorf("%s: %d copies arrived", what, n)
	case l.Status == workflow.LetterSent && n == 1:
	case l.Status == workflow.LetterUnknown:
		if diesOnly := containsAny(what, string(failsBefore), string(failsAfter)); diesOnly {
			t.Errorf("%s: a single failed call left the letter unknown, though its process lived", what)
		}
	default:
		t.Errorf("%s: letter is %s, %d copies arrived", what, l.Status, n)
	}
}

// deliverOnce runs one delivery through the fault; a death ends only its goroutine.
func deliverOnce(t *testing.T, f *faulty, s workflow.Store, c workflow.Carrier, id workflow.CaseID) {
	t.Helper()
	done := make(chan struct{})
	go func() {
		defer close(done)
		p := postman(faultyStore{f, s}, faultyCarrier{f, c}, monday)
		p.Deliver(context.Background(), id)
	}()
	<-done
}

// fault is how a call goes wrong.
type fault string

const (
	failsBefore fault = "failing before"
	failsAfter  fault = "done but reported failed:"
	diesBefore  fault = "killed before"
	diesAfter   fault = "killed after"
)

// faulty makes the at-th call go wrong.
type faulty struct {
	mode  fault
	at    int64
	calls int64
	name  string
}

func (f *faulty) reached() bool { return f.calls >= f.at }

func (f *faulty) do(name string, call func() error) error {
	if f.calls++; f.calls != f.at {
		return call()
	}
	f.name = name
	switch f.mode {
	case failsBefore:
		return errors.New("injected: not done")
	case diesBefore:
		runtime.Goexit()
	}
	err := call()
	if f.mode == diesAfter {
		runtime.Goexit()
	}
	return errors.Join(errors.New("injected: done, but the answer was lost"), err)
}

type faultyStore struct {
	*faulty
	workflow.Store
}

func (s faultyStore) Tx(ctx context.Context, fn func(workflow.Tx) error) error {
	return s.do("Tx", func() error {
		return s.Store.Tx(ctx, func(tx workflow.Tx) error { return fn(faultyTx{s.faulty, tx}) })
	})
}

type faultyTx struct {
	*faulty
	workflow.Tx
}

func (tx faultyTx) Lock(ctx context.Context, id workflow.CaseID) (c workflow.Case, err error) {
	err = tx.do("Lock", func() error { c, err = tx.Tx.Lock(ctx, id); return err })
	return c, err
}

func (tx faultyTx) LockLetters(ctx context.Context, id workflow.CaseID) (all []workflow.Letter, err error) {
	err = tx.do("LockLetters", func() error { all, err = tx.Tx.LockLetters(ctx, id); return err })
	return all, err
}

func (tx faultyTx) SaveLetter(ctx context.Context, l *workflow.Letter) error {
	return tx.do("SaveLetter", func() error { return tx.Tx.SaveLetter(ctx, l) })
}

func (tx faultyTx) Append(ctx context.Context, e workflow.Event) error {
	return tx.do("Append", func() error { return tx.Tx.Append(ctx, e) })
}

// faultyCarrier dies around the sending; a Carrier that fails is TestDeliver's matter.
type faultyCarrier struct {
	*faulty
	workflow.Carrier
}

func (c faultyCarrier) Send(ctx context.Context, l workflow.Letter) error {
	if c.mode == failsBefore || c.mode == failsAfter {
		return c.Carrier.Send(ctx, l)
	}
	return c.do("Send", func() error { return c.Carrier.Send(ctx, l) })
}
