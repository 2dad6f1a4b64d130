package epuap

import (
	"context"
	"errors"
	"log/slog"
	"sync/atomic"
	"time"

	"okienko/ingest"
	"okienko/internal/board"
)

// Source takes documents from one box. It implements ingest.Source.
type Source struct {
	cfg    Config
	client *Client
	ledger ingest.Ledger
	status *board.Board
	files  spool

	running atomic.Bool
	// Owned by Fetch:
	missing map[string]*attempts // big attachments that could not be had so far, by identifier
	swept   time.Time
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
	cfg = cfg.WithDefaults()
	return &Source{
		cfg: cfg, client: client, ledger: ledger, status: &board.Board{Log: log.With("source", cfg.Name), What: "ePUAP box", ClassOf: classOf}, files: spool{cfg.Files},
	}, nil
}

// Name is the configured name.
func (s *Source) Name() string { return s.cfg.Name }

// Status tells how the source does. It is safe for concurrent use.
func (s *Source) Status() board.Status { return s.status.Read() }

// Client is the one to answer with.
func (s *Source) Client() *Client { return s.client }

// Fetch offers the documents of the box, one at a time as the platform's queue does, until ctx ends; then it returns nil. It
// retries everything itself, a refused certificate included: it may be registered on the platform while we wait. Fetch may be
// called again after it returned, but not concurrently.
func (s *Source) Fetch(ctx context.Context, accept ingest.AcceptFunc) error {
	if !s.running.CompareAndSwap(false, true) {
		return errors.New("ePUAP box " + s.cfg.Name + ": Fetch is already running")
	}
	defer s.running.Store(false)
	defer s.status.Stop()
	s.missing = map[string]*attempts{}
	pause := board.Pause{Min: s.cfg.RetryMin, Max: s.cfg.RetryMax}
	for {
		s.status.Enter(board.Working)
		progress, err := s.round(ctx, accept)
		if ctx.Err() != nil {
			return nil
		}
		if progress || err == nil {
			pause.Reset()
		}
		wait := s.cfg.Poll
		if err != nil {
			wait = pause.Next()
			s.status.Failed(err, wait)
		} else {
			s.emptied()
		}
		if !board.Sleep(ctx, wait) {
			return nil
		}
	}
}

// round takes documents until none waits or something fails. progress: at least one left the queue.
func (s *Source) round(ctx context.Context, accept ingest.AcceptFunc) (progress bool, err error) {
	s.sweep()
	last := ""
	for ctx.Err() == nil {
		d, err := s.client.Next(ctx)
		if err != nil || d == nil {
			return progress, err
		}
		if d.item() == last {
			return progress, board.Classed(NotTaken, errors.New("the platform confirmed a document and shows it again"))
		}
		if err := s.take(ctx, d, accept); err != nil {
			return progress, err
		}
		progress, last = true, d.item()
	}
	return progress, nil
}

// sweep empties the directory of big attachments of what is old, once an hour. What cannot be removed now will be later.
func (s *Source) sweep() {
	now := time.Now()
	if now.Sub(s.swept) < time.Hour {
		return
	}
	s.swept = now
	if err := s.files.sweep(now, s.cfg.KeepFile); err != nil {
		s.status.Log.Warn("old big attachments stay in the directory", "error", err)
	}
}

// emptied records that nothing waits any more.
func (s *Source) emptied() {
	s.status.Update(func(st *board.Status) { st.Waiting = 0 })
	s.status.Enter(board.Idle)
	s.status.Well()
}
