package edelivery

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"okienko/ingest"
	"okienko/internal/board"
)

// Source takes messages from one mailbox. It implements ingest.Source.
type Source struct {
	cfg    Config
	client *Client
	ledger ingest.Ledger
	status *board.Board
	log    *slog.Logger
	hints  chan struct{} // one waits at most

	running atomic.Bool
	// Owned by Fetch:
	seen    map[string]bool // ids that are written down, by this process
	waiting []string        // to be taken, oldest first
	held    map[string]*held
	at      cursor
}

// New returns the Source that cfg describes. It reads the files cfg names, and does not connect. A nil log discards.
func New(cfg Config, ledger ingest.Ledger, log *slog.Logger) (*Source, error) {
	client, err := NewClient(cfg)
	if err != nil {
		return nil, err
	}
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	log = log.With("source", cfg.Name)
	return &Source{
		cfg: cfg.WithDefaults(), client: client, ledger: ledger, log: log, hints: make(chan struct{}, 1),
		status: &board.Board{Log: log, What: "e-Doręczenia mailbox", ClassOf: classOf},
	}, nil
}

// Name is the configured name.
func (s *Source) Name() string { return s.cfg.Name }

// Status tells how the source does. It is safe for concurrent use.
func (s *Source) Status() board.Status { return s.status.Read() }

// Client is the one to answer with.
func (s *Source) Client() *Client { return s.client }

// Fetch offers the messages of the mailbox, oldest first, until ctx ends; then it returns nil. It retries everything itself, a
// refused certificate included: it may be registered on the platform while we wait. Fetch may be called again after it
// returned, but not concurrently.
func (s *Source) Fetch(ctx context.Context, accept ingest.AcceptFunc) error {
	if !s.running.CompareAndSwap(false, true) {
		return errors.New("e-Doręczenia " + s.cfg.Name + ": Fetch is already running")
	}
	defer s.running.Store(false)
	defer s.status.Stop()
	s.seen, s.held, s.waiting, s.at = map[string]bool{}, map[string]*held{}, nil, cursor{}
	pause := board.Pause{Min: s.cfg.RetryMin, Max: s.cfg.RetryMax}
	for begun := false; ; begun = true {
		s.status.Enter(board.Working)
		if !begun {
			s.begin(ctx)
		}
		err := s.round(ctx, accept)
		if ctx.Err() != nil {
			return nil
		}
		if err != nil {
			wait := max(pause.Next(), asError(err).RetryAfter)
			s.status.Failed(err, wait)
			if !board.Sleep(ctx, wait) {
				return nil
			}
			continue
		}
		pause.Reset()
		s.report()
		if !s.rest(ctx) {
			return nil
		}
	}
}

// begin takes up the stored cursor, which only saves work, and asks the platform to tell of news, which only saves time.
func (s *Source) begin(ctx context.Context) {
	text, err := s.ledger.Cursor(ctx, s.cfg.Name)
	if err != nil {
		s.log.Warn("the cursor cannot be read; the whole folder is listed", "error", err)
	}
	s.at = parseCursor(text, time.Now())
	if s.cfg.WebhookURL == "" {
		return
	}
	if err := s.client.Subscribe(ctx); err != nil && ctx.Err() == nil {
		s.log.Warn("the platform will not tell of news; polling finds them", "error", err)
	}
}

// round lists what is new and takes what waits. An error means that nothing works at all now.
func (s *Source) round(ctx context.Context, accept ingest.AcceptFunc) error {
	if err := s.list(ctx); err != nil {
		return err
	}
	if err := s.reconcile(ctx); err != nil {
		return err
	}
	s.status.Update(func(st *board.Status) { st.Waiting, st.LastContact = len(s.waiting), time.Now() })
	return s.takeAll(ctx, accept)
}

// stallAfter is the number of messages in a row that must fail before we stop trying others: then it is not the messages.
const stallAfter = 3

// takeAll takes the messages that wait. One that fails is held; the others pass it.
func (s *Source) takeAll(ctx context.Context, accept ingest.AcceptFunc) error {
	var left []string
	defer func() { s.waiting = left }()
	failing := 0
	for i, id := range s.waiting {
		if ctx.Err() != nil {
			left = append(left, s.waiting[i:]...)
			return ctx.Err()
		}
		if h := s.held[id]; h != nil && time.Now().Before(h.due) {
			left = append(left, id)
			continue
		}
		err := s.take(ctx, id, accept)
		if err == nil {
			delete(s.held, id)
			failing = 0
			continue
		}
		s.hold(id).failed(err)
		left = append(left, id)
		if !alone(err) {
			failing++
		}
		if failing >= stallAfter || general(err) {
			left = append(left, s.waiting[i+1:]...)
			return err
		}
	}
	return nil
}

// general reports whether a failure concerns every message alike.
func general(err error) bool {
	class := classOf(err)
	return class == Refused || class == Limited || class == NoLedger
}

// alone reports whether a failure says nothing of other messages.
func alone(err error) bool {
	class := classOf(err)
	return class == NotReady || class == NoProof || class == NoFile || class == Missing
}

// report tells what is held. A message that merely waits for the platform (its content, its proof) is no trouble.
func (s *Source) report() {
	var trouble error
	for _, h := range s.held {
		if class := classOf(h.last); class != NotReady && class != NoProof {
			trouble = h.last
		}
	}
	s.status.Update(func(st *board.Status) { st.Held = len(s.held) })
	if trouble != nil {
		s.status.Trouble(trouble)
		return
	}
	s.status.Well()
}

// hintPause is how close two rounds may follow each other, however many hints come.
const hintPause = time.Second

// rest waits for the next round: for the time to poll, for a held message that is due, or for a hint.
func (s *Source) rest(ctx context.Context) bool {
	wait := s.cfg.Poll
	for _, h := range s.held {
		wait = max(0, min(wait, time.Until(h.due)))
	}
	s.status.Enter(board.Idle)
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	case <-s.hints:
		return board.Sleep(ctx, min(hintPause, wait))
	}
}

// Hint makes the source look soon. It never blocks; a thousand hints are one.
func (s *Source) Hint() {
	select {
	case s.hints <- struct{}{}:
	default:
	}
}

// reconcile replaces what waits in memory by what the ledger says has no outcome yet: it also knows what was seen, and not
// taken, before the program started.
func (s *Source) reconcile(ctx context.Context) error {
	ledger, ok := s.ledger.(ingest.Reconciler)
	if !ok {
		return nil
	}
	open, err := ledger.Open(ctx, s.cfg.Name)
	if err != nil {
		return board.Classed(NoLedger, fmt.Errorf("reading what waits: %w", err))
	}
	s.waiting = nil
	for _, item := range open {
		if !isArchive(item) {
			s.waiting = append(s.waiting, item)
		}
	}
	return nil
}
