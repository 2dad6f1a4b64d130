package imap

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"sync/atomic"

	"okienko/ingest"
	"okienko/internal/board"
)

// Source takes letters from one mailbox. It implements ingest.Source.
type Source struct {
	cfg    Config
	ledger ingest.Ledger
	log    *slog.Logger
	status *board.Board

	dialTCP func(ctx context.Context, network, address string) (net.Conn, error)
	running atomic.Bool
	memory  memory // owned by Fetch
}

// New returns the Source that cfg describes, without touching the network. A nil log discards.
func New(cfg Config, ledger ingest.Ledger, log *slog.Logger) (*Source, error) {
	if err := cfg.Validate(); err != nil {
		return nil, fmt.Errorf("mailbox %q: %w", cfg.Name, err)
	}
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	log = log.With("source", cfg.Name)
	return &Source{
		cfg: cfg.WithDefaults(), ledger: ledger, log: log,
		status: &board.Board{Log: log, What: "mailbox", ClassOf: classOf}, dialTCP: (&net.Dialer{}).DialContext,
	}, nil
}

// Name is the configured name.
func (s *Source) Name() string { return s.cfg.Name }

// Status tells how the source does. It is safe for concurrent use.
func (s *Source) Status() board.Status { return s.status.Read() }

// Fetch offers every letter in the folder, lowest UID first and up to Config.Workers at a time, until ctx ends; then it
// finishes within seconds and returns nil. It retries by itself. It returns an error only if the mailbox never worked since
// Fetch began and waiting will not change that: the password is refused, the folder does not exist, a file of the
// configuration cannot be read, the stored cursor is damaged. Once it worked, even these are waited out: passwords get
// changed, and intake must not end for it. Fetch may be called again after it returned, but not concurrently.
func (s *Source) Fetch(ctx context.Context, accept ingest.AcceptFunc) error {
	if !s.running.CompareAndSwap(false, true) {
		return errors.New("mailbox " + s.cfg.Name + ": Fetch is already running")
	}
	defer s.running.Store(false)
	defer s.status.Stop()
	s.memory = memory{}
	pause := board.Pause{Min: s.cfg.RetryMin, Max: s.cfg.RetryMax}
	for worked := false; ; {
		err := s.connectAndServe(ctx, accept, func(proven bool) {
			if worked = true; proven {
				pause.Reset()
			}
		})
		if ctx.Err() != nil {
			return nil
		}
		if f := (*fault)(nil); errors.As(err, &f) && f.final && !worked {
			s.status.Failed(err, 0)
			return fmt.Errorf("mailbox %q: %w", s.cfg.Name, err)
		}
		wait := pause.Next()
		s.status.Failed(err, wait)
		if !board.Sleep(ctx, wait) {
			return nil
		}
	}
}

// connectAndServe is the life of one connection. It calls works whenever one whole look into the folder succeeded; proven
// says that the connection is not one of those that fail as soon as they are open.
func (s *Source) connectAndServe(ctx context.Context, accept ingest.AcceptFunc, works func(proven bool)) error {
	s.status.Enter(board.Connecting)
	c, err := s.connect(ctx)
	if err != nil {
		return err
	}
	defer c.close()
	if err := c.prepare(ctx); err != nil {
		return err
	}
	s.status.Connected()
	return c.serve(ctx, accept, works)
}
