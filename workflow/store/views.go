package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"okienko/workflow"
)

// Views returns saved views: see workflow.Views.
func (s *Store) Views(ctx context.Context, user string, desks []string) ([]workflow.View, error) {
	var c clause
	switch {
	case desks == nil:
		c.and("(owner = ? OR owner = '')", user)
	case len(desks) == 0:
		c.and("owner = ?", user)
	default:
		args := []any{user}
		for _, desk := range desks {
			args = append(args, desk)
		}
		c.and("(owner = ? OR desk IN ("+marks(len(desks))+"))", args...)
	}
	var list []workflow.View
	err := s.all(ctx, `SELECT id, name, owner, desk, filter, created_by, created_at FROM saved_views`+c.where()+` ORDER BY name, id`, c.args,
		func(scan scanFunc) error {
			var v workflow.View
			var at stamp
			err := scan(&v.ID, &v.Name, &v.Owner, &v.Desk, &v.Filter, &v.CreatedBy, &at)
			v.CreatedAt = at.Time
			list = append(list, v)
			return err
		})
	if err != nil {
		return nil, fmt.Errorf("reading saved views: %w", err)
	}
	return list, nil
}

// AddView stores a view: see workflow.Views.
func (s *Store) AddView(ctx context.Context, v *workflow.View) error {
	if v.CreatedAt.IsZero() {
		v.CreatedAt = s.Now()
	}
	err := s.tx(ctx, func(tx *Tx) error {
		return tx.get(ctx, `INSERT INTO saved_views (name, owner, desk, filter, created_by, created_at) VALUES ($1, $2, $3, $4, $5, $6)
			ON CONFLICT (owner, desk, name) DO NOTHING RETURNING id`,
			[]any{v.Name, v.Owner, v.Desk, v.Filter, v.CreatedBy, v.CreatedAt}, &v.ID)
	})
	if errors.Is(err, sql.ErrNoRows) {
		err = workflow.ErrConflict
	}
	if err != nil {
		return fmt.Errorf("saving a view: %w", err)
	}
	return nil
}

// DropView returns workflow.ErrNotFound if there is none.
func (s *Store) DropView(ctx context.Context, id int64) error {
	var n int64
	err := s.tx(ctx, func(tx *Tx) error {
		var err error
		n, err = tx.exec(ctx, `DELETE FROM saved_views WHERE id = $1`, id)
		return err
	})
	if err == nil && n == 0 {
		err = workflow.ErrNotFound
	}
	if err != nil {
		return fmt.Errorf("dropping view %d: %w", id, err)
	}
	return nil
}
