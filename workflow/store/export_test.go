package store

import (
	"context"

	"okienko/workflow"
)

// Pragma sets a pragma on SQLite's writing connection.
func Pragma(s *Store, pragma string) error {
	_, err := s.engine.(*sqliteEngine).write.ExecContext(context.Background(), "PRAGMA "+pragma)
	return err
}

// PageSQL and CountSQL are the statements behind a page of the queue and its counts.
func PageSQL(ctx context.Context, s *Store, q workflow.QueueQuery) (string, []any, error) {
	sel, err := s.selection(ctx, q)
	query, args := sel.page()
	return query, args, err
}

func CountSQL(ctx context.Context, s *Store, q workflow.QueueQuery) (string, []any, error) {
	sel, err := s.selection(ctx, q)
	query, args := sel.count()
	return query, args, err
}
