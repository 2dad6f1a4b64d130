// Package store owns how cases are kept: it is Store, Records, Accounts and Overview of package workflow, the Ledger of package
// ingest and the session store of the desk, on SQLite and on PostgreSQL 15 or later. One SQL text serves both; what differs is in
// sqlite.go and postgres.go. It also owns River's place in a transaction: Enqueue inserts the job in the same commit.
//
// It refuses to know what a stage does, who may see what, and any byte of evidence. Read next: store.go and query.go for how
// statements run, cases.go and queue.go for the main table, river.go for the jobs; workflow/workflowtest holds the contract.
package store

import (
	"context"
	"fmt"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver"

	"okienko/ingest"
	"okienko/workflow"
	"okienko/workflow/rulebook"
)

// Store is the database of one installation. Its methods may be called concurrently. Errors are transient unless they are
// workflow.ErrNotFound or workflow.ErrConflict.
type Store struct {
	queries // outside any transaction: reads on SQLite's reading pool, or PostgreSQL's pool
	engine  engine
	now     func() time.Time
	enqueue *river.Client[*Tx] // only inserts
}

var (
	_ workflow.Store    = (*Store)(nil)
	_ workflow.Records  = (*Store)(nil)
	_ workflow.Accounts = (*Store)(nil)
	_ workflow.Overview = (*Store)(nil)
	_ ingest.Ledger     = (*Store)(nil)
	_ workflow.Urns     = (*Store)(nil)
	_ workflow.Tx       = (*Tx)(nil)
	_ workflow.Halts    = (*Store)(nil)
	_ rulebook.Shelf    = (*Store)(nil)
	_ rulebook.Past     = (*Store)(nil)

	_ workflow.QueueReader = (*Store)(nil)
	_ workflow.Views       = (*Store)(nil)
	_ workflow.Contacts    = (*Store)(nil)
)

// engine is what the two databases do differently.
type engine interface {
	begin(ctx context.Context) (transaction, error)
	reader() querier
	driver() riverdriver.Driver[*Tx]
	dialect() dialect
	close() error
}

// Open opens the database at url: "sqlite:///var/lib/okienko/okienko.db", a plain path, or "postgres://…". It must exist and
// hold the schema of this program, neither older nor newer: Migrate makes it so. now is the clock; nil: time.Now.
func Open(ctx context.Context, url string, now func() time.Time) (*Store, error) {
	e, err := openEngine(ctx, url, false)
	if err != nil {
		return nil, err
	}
	s, err := newStore(ctx, e, now)
	if err != nil {
		e.close()
		return nil, fmt.Errorf("database %s: %w", shown(url), err)
	}
	return s, nil
}

func newStore(ctx context.Context, e engine, now func() time.Time) (*Store, error) {
	if now == nil {
		now = time.Now
	}
	s := &Store{queries: queries{on: e.reader()}, engine: e, now: now}
	if err := checkSchema(ctx, e); err != nil {
		return nil, err
	}
	var err error
	s.enqueue, err = river.NewClient(e.driver(), insertOnly())
	return s, err
}

// Close closes every connection. Transactions under way fail.
func (s *Store) Close() error { return s.engine.close() }

// Ping reports whether the database answers.
func (s *Store) Ping(ctx context.Context) error {
	var one int
	return s.get(ctx, `SELECT 1`, nil, &one)
}

// Driver is River's way to this database, for the one client that works on jobs (package workflow/jobs).
func (s *Store) Driver() riverdriver.Driver[*Tx] { return s.engine.driver() }

// Now is the store's clock in UTC with microseconds, as times are stored.
func (s *Store) Now() time.Time { return micro(s.now()) }
