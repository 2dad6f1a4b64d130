package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"okienko/workflow"
)

// KeepStep keeps the last step of a person on a case, over the one before.
func (tx *Tx) KeepStep(ctx context.Context, s workflow.Step) error {
	before, err := toJSON(s.Before)
	if err != nil {
		return err
	}
	rulings, err := toJSON(s.Rulings)
	if err != nil {
		return err
	}
	_, err = tx.exec(ctx, `INSERT INTO last_steps (case_id, version, actor, at, kind, before, rulings) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (case_id) DO UPDATE SET version = excluded.version, actor = excluded.actor, at = excluded.at, kind = excluded.kind,
			before = excluded.before, rulings = excluded.rulings`,
		int64(s.Case), s.Version, s.By, s.At, string(s.Kind), before, rulings)
	if err != nil {
		return fmt.Errorf("keeping the last step on case %d: %w", s.Case, err)
	}
	return nil
}

// LastStep returns workflow.ErrNotFound if no step on the case can be undone.
func (s *Store) LastStep(ctx context.Context, id workflow.CaseID) (workflow.Step, error) {
	step, at := workflow.Step{Case: id}, stamp{}
	err := s.get(ctx, `SELECT version, actor, at, kind, before, rulings FROM last_steps WHERE case_id = $1`, []any{int64(id)},
		&step.Version, &step.By, &at, &step.Kind, jsonScan{&step.Before}, jsonScan{&step.Rulings})
	if errors.Is(err, sql.ErrNoRows) {
		err = workflow.ErrNotFound
	}
	if err != nil {
		return workflow.Step{}, fmt.Errorf("last step on case %d: %w", id, err)
	}
	step.At = at.Time
	return step, nil
}
