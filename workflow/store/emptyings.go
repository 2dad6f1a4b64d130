package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"okienko/workflow"
)

// emptyingRows are the emptyings with what was scanned of them, and the windows that have scans but were never entered.
const emptyingRows = `WITH scanned AS (
		SELECT source, dropped_to, sum(envelopes) AS envelopes, sum(CASE WHEN reason = '' THEN 0 ELSE 1 END) AS unparted
		FROM batches WHERE dropped_to IS NOT NULL GROUP BY source, dropped_to)
	SELECT e.id, e.site, e.dropped_from, e.dropped_to, e.counted, e.bag, e.witness, e.held_until, e.entered_by, e.entered_at,
		e.settled_by, e.settled_at, e.note, CAST(coalesce(s.envelopes, 0) AS BIGINT), CAST(coalesce(s.unparted, 0) AS BIGINT)
	FROM emptyings e LEFT JOIN scanned s ON s.source = e.site AND s.dropped_to = e.dropped_to
	UNION ALL
	SELECT 0, s.source, NULL, s.dropped_to, 0, '', '', NULL, '', NULL, '', NULL, '', CAST(s.envelopes AS BIGINT), CAST(s.unparted AS BIGINT)
	FROM scanned s WHERE NOT EXISTS (SELECT 1 FROM emptyings e WHERE e.site = s.source AND e.dropped_to = s.dropped_to)`

// Emptyings returns the newest: see workflow.Urns.
func (s *Store) Emptyings(ctx context.Context, limit int) ([]workflow.Emptying, error) {
	if limit <= 0 {
		limit = 50
	}
	var list []workflow.Emptying
	err := s.all(ctx, `SELECT * FROM (`+emptyingRows+`) AS everything ORDER BY 4 DESC, 2 LIMIT $1`, []any{limit}, func(scan scanFunc) error {
		e, err := scanEmptying(scan)
		list = append(list, e)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("reading the emptyings of urns: %w", err)
	}
	return list, nil
}

// Emptying returns workflow.ErrNotFound if there is none.
func (s *Store) Emptying(ctx context.Context, id int64) (workflow.Emptying, error) {
	var e workflow.Emptying
	found := false
	err := s.all(ctx, `SELECT * FROM (`+emptyingRows+`) AS everything WHERE id = $1 AND id <> 0`, []any{id}, func(scan scanFunc) (err error) {
		e, err = scanEmptying(scan)
		found = true
		return err
	})
	if err == nil && !found {
		err = workflow.ErrNotFound
	}
	if err != nil {
		return e, fmt.Errorf("reading emptying %d: %w", id, err)
	}
	return e, nil
}

func scanEmptying(scan scanFunc) (workflow.Emptying, error) {
	var e workflow.Emptying
	var from, to, held, entered, settled stamp
	err := scan(&e.ID, &e.Site, &from, &to, &e.Counted, &e.Bag, &e.Witness, &held, &e.EnteredBy, &entered, &e.SettledBy, &settled, &e.Note,
		&e.Scanned, &e.Unparted)
	e.From, e.To, e.HeldUntil, e.EnteredAt, e.SettledAt = from.Time, to.Time, held.Time, entered.Time, settled.Time
	return e, err
}

// AddEmptying enters an emptying: see workflow.Urns. The window is kept to the minute, as on the sheets.
func (s *Store) AddEmptying(ctx context.Context, e *workflow.Emptying) error {
	err := s.tx(ctx, func(tx *Tx) error {
		err := tx.get(ctx, `INSERT INTO emptyings (site, dropped_from, dropped_to, counted, bag, witness, held_until, entered_by,
				entered_at, settled_by, note)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, '', '') ON CONFLICT (site, dropped_to) DO NOTHING RETURNING id`,
			[]any{e.Site, e.From.Truncate(time.Minute), e.To.Truncate(time.Minute), e.Counted, e.Bag, e.Witness, e.HeldUntil, e.EnteredBy, s.now()}, &e.ID)
		if errors.Is(err, sql.ErrNoRows) {
			return workflow.ErrConflict
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("entering an emptying of %s: %w", e.Site, err)
	}
	return nil
}

// SettleEmptying writes down who accepts the difference: see workflow.Urns.
func (s *Store) SettleEmptying(ctx context.Context, id int64, by, note string) error {
	err := s.tx(ctx, func(tx *Tx) error {
		n, err := tx.exec(ctx, `UPDATE emptyings SET settled_by = $2, settled_at = $3, note = $4 WHERE id = $1 AND settled_at IS NULL`,
			id, by, s.now(), note)
		if err == nil && n == 0 {
			err = workflow.ErrConflict
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("settling emptying %d: %w", id, err)
	}
	return nil
}
