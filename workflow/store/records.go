package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"okienko/workflow"
)

// Append adds a line to the history of a case. An event without time happens now.
func (tx *Tx) Append(ctx context.Context, e workflow.Event) error {
	if e.At.IsZero() {
		e.At = tx.st.now()
	}
	_, err := tx.exec(ctx, `INSERT INTO events (case_id, at, actor, kind, detail) VALUES ($1, $2, $3, $4, $5)`,
		int64(e.Case), e.At, e.Actor, string(e.Kind), e.Detail)
	if err != nil {
		return fmt.Errorf("appending event %s to case %d: %w", e.Kind, e.Case, err)
	}
	return nil
}

// Events returns the history of a case, oldest first.
func (s *Store) Events(ctx context.Context, id workflow.CaseID) ([]workflow.Event, error) {
	var list []workflow.Event
	err := s.all(ctx, `SELECT id, at, actor, kind, detail FROM events WHERE case_id = $1 ORDER BY id`, []any{int64(id)},
		func(scan scanFunc) error {
			e, at := workflow.Event{Case: id}, stamp{}
			err := scan(&e.ID, &at, &e.Actor, &e.Kind, &e.Detail)
			e.At = at.Time
			list = append(list, e)
			return err
		})
	if err != nil {
		return nil, fmt.Errorf("reading the events of case %d: %w", id, err)
	}
	return list, nil
}

// Judged stores or replaces the judgement of a case, as the machine's: rulings are kept apart.
func (tx *Tx) Judged(ctx context.Context, id workflow.CaseID, j workflow.Judgement) error {
	j.At, j.Findings = micro(j.At), workflow.Rule(j.Findings, nil)
	data, err := toJSON(j)
	if err != nil {
		return fmt.Errorf("encoding the judgement of case %d: %w", id, err)
	}
	_, err = tx.exec(ctx, `INSERT INTO judgements (case_id, data) VALUES ($1, $2)
		ON CONFLICT (case_id) DO UPDATE SET data = excluded.data`, int64(id), data)
	if err != nil {
		return fmt.Errorf("storing the judgement of case %d: %w", id, err)
	}
	tx.contentIs(id, content(j))
	return nil
}

// Judgement returns workflow.ErrNotFound before the case was judged. Its findings are as ruled.
func (s *Store) Judgement(ctx context.Context, id workflow.CaseID) (workflow.Judgement, error) {
	var j workflow.Judgement
	err := s.get(ctx, `SELECT data FROM judgements WHERE case_id = $1`, []any{int64(id)}, jsonScan{&j})
	if errors.Is(err, sql.ErrNoRows) {
		err = workflow.ErrNotFound
	}
	if err != nil {
		return workflow.Judgement{}, fmt.Errorf("judgement of case %d: %w", id, err)
	}
	if j.Rulings, err = s.rulings(ctx, id); err != nil {
		return workflow.Judgement{}, err
	}
	j.Findings = workflow.Rule(j.Findings, j.Rulings)
	return j, nil
}

// AddExample keeps a correction a clerk made.
func (tx *Tx) AddExample(ctx context.Context, e workflow.Example) error {
	if e.At.IsZero() {
		e.At = tx.st.now()
	}
	_, err := tx.exec(ctx, `INSERT INTO examples (case_id, at, actor, before, after) VALUES ($1, $2, $3, $4, $5)`,
		int64(e.Case), e.At, e.Actor, string(e.Before), string(e.After))
	if err != nil {
		return fmt.Errorf("keeping an example from case %d: %w", e.Case, err)
	}
	return nil
}

// Examples returns every correction, oldest first.
func (s *Store) Examples(ctx context.Context) ([]workflow.Example, error) {
	var list []workflow.Example
	err := s.all(ctx, `SELECT case_id, at, actor, before, after FROM examples ORDER BY id`, nil, func(scan scanFunc) error {
		var e workflow.Example
		var at stamp
		err := scan(&e.Case, &at, &e.Actor, &e.Before, &e.After)
		e.At = at.Time
		list = append(list, e)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("reading examples: %w", err)
	}
	return list, nil
}
