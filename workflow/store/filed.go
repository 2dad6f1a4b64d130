package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"okienko/workflow"
)

// FiledAs returns the number under which an item of a source was registered, and workflow.ErrNotFound if it was not.
func (s *Store) FiledAs(ctx context.Context, source, item string) (string, error) {
	var number string
	err := s.get(ctx, `SELECT c.number FROM receipts r JOIN cases c ON c.id = r.case_id WHERE r.source = $1 AND r.item = $2`,
		[]any{source, item}, &number)
	if errors.Is(err, sql.ErrNoRows) {
		err = workflow.ErrNotFound
	}
	if err != nil {
		return "", fmt.Errorf("looking for an item of %s: %w", source, err)
	}
	return number, nil
}
