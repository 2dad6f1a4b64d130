package store

import "context"

// Pragma sets a pragma on SQLite's writing connection.
func Pragma(s *Store, pragma string) error {
	_, err := s.engine.(*sqliteEngine).write.ExecContext(context.Background(), "PRAGMA "+pragma)
	return err
}

// QueueSQL is the statement behind a page of the queue.
var QueueSQL = queueSQL
