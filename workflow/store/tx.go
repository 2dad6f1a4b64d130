package store

import (
	"context"
	"fmt"

	"github.com/riverqueue/river/riverdriver"

	"okienko/workflow"
)

// Tx is one transaction, on either database. It is for one goroutine. After the first error nothing more can be done in it and
// it will not be committed, as on PostgreSQL.
type Tx struct {
	queries
	st     *Store
	on     transaction
	locked map[int64]bool // hashes of the keys that are ours until the end
	texts  map[workflow.CaseID]*indexed
}

// transaction is a begun transaction of one of the databases.
type transaction interface {
	querier
	executor() riverdriver.ExecutorTx // the same transaction, as River sees it
	commit(ctx context.Context) error
	rollback()
}

// Tx runs fn in one transaction: see workflow.Store.
func (s *Store) Tx(ctx context.Context, fn func(workflow.Tx) error) error {
	return s.tx(ctx, func(tx *Tx) error { return fn(tx) })
}

func (s *Store) tx(ctx context.Context, fn func(*Tx) error) error {
	on, err := s.engine.begin(ctx)
	if err != nil {
		return fmt.Errorf("beginning a transaction: %w", err)
	}
	committed := false
	defer func() { // also after a panic in fn
		if !committed {
			on.rollback()
		}
	}()
	tx := &Tx{st: s, on: on, queries: queries{on: on, broken: new(error)}}
	if err := fn(tx); err != nil {
		return err
	}
	if err := tx.index(ctx); err != nil && *tx.broken == nil {
		return err
	}
	if *tx.broken != nil { // fn hid it
		return *tx.broken
	}
	committed = true
	if err := on.commit(ctx); err != nil {
		return fmt.Errorf("committing: %w", err)
	}
	return nil
}
