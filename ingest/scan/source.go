package scan

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

// Source takes files from one folder. It implements ingest.Source.
type Source struct {
	cfg     Config
	ledger  ingest.Ledger
	parting *Parting // nil without separator sheets
	status  *board.Board
	done    done

	running    atomic.Bool
	folder     folder // owned by Fetch
	unfinished atomic.Pointer[Unfinished]
}

// New returns the Source that cfg describes, without touching the folder. parting may be nil unless cfg has Separators. A nil
// log discards.
func New(cfg Config, ledger ingest.Ledger, parting *Parting, log *slog.Logger) (*Source, error) {
	if err := cfg.Validate(); err != nil {
		return nil, fmt.Errorf("scan folder %q: %w", cfg.Name, err)
	}
	if cfg.Separators && parting == nil {
		return nil, fmt.Errorf("scan folder %q: separators: nobody is there who could part a batch", cfg.Name)
	}
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	cfg = cfg.WithDefaults()
	return &Source{
		cfg: cfg, ledger: ledger, parting: parting, status: &board.Board{Log: log.With("source", cfg.Name), What: "scan folder", ClassOf: classOf}, done: done{cfg.Folder, cfg.DoneFolder},
	}, nil
}

// Name is the configured name.
func (s *Source) Name() string { return s.cfg.Name }

// Status tells how the source does. It is safe for concurrent use.
func (s *Source) Status() board.Status { return s.status.Read() }

// Fetch offers the files of the folder, one at a time, until ctx ends; then it returns nil. It retries everything itself, a
// folder that is not there included: a share may be mounted later. Fetch may be called again after it returned, but not
// concurrently, and no two Sources may have the same folder.
func (s *Source) Fetch(ctx context.Context, accept ingest.AcceptFunc) error {
	if !s.running.CompareAndSwap(false, true) {
		return errors.New("scan folder " + s.cfg.Name + ": Fetch is already running")
	}
	defer s.running.Store(false)
	defer s.status.Stop()
	s.folder = folder{cfg: s.cfg}
	pause := board.Pause{Min: s.cfg.RetryMin, Max: s.cfg.RetryMax}
	for {
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
		}
		if !board.Sleep(ctx, wait) {
			return nil
		}
	}
}

// round looks into the folder and takes what is ready, until something fails. progress: at least one was taken.
func (s *Source) round(ctx context.Context, accept ingest.AcceptFunc) (progress bool, err error) {
	if err := s.done.recover(); err != nil {
		return false, board.Classed(NoFolder, err)
	}
	v, err := s.folder.look(time.Now())
	if err != nil {
		return false, board.Classed(NoFolder, err)
	}
	s.looked(v)
	for _, c := range v.ready {
		err := s.take(ctx, c, accept)
		switch {
		case ctx.Err() != nil:
			return progress, err
		case errors.Is(err, errRestless):
			s.folder.restless(c.name, time.Now())
		case err != nil:
			s.folder.failure(c.name)
			return progress, err
		default:
			progress = true
		}
	}
	if progress {
		return true, s.recount()
	}
	s.rested(v)
	return false, s.reconcile(ctx, v)
}

// recount looks again after files were taken: the screens must not show them as waiting until the next round.
func (s *Source) recount() error {
	v, err := s.folder.look(time.Now())
	s.looked(v)
	return board.Classed(NoFolder, err)
}

// reconcile settles what was seen and is no longer there; only an empty folder tells that for sure.
func (s *Source) reconcile(ctx context.Context, v view) error {
	r, ok := s.ledger.(ingest.Reconciler)
	if !ok || !v.empty() {
		return nil
	}
	open, err := r.Open(ctx, s.cfg.Name)
	if err == nil && len(open) > 0 {
		err = r.Gone(ctx, s.cfg.Name, open)
	}
	return board.Classed(NoLedger, err)
}
