package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"okienko/workflow"
)

// gone is the outcome of an item that disappeared before it was taken. It is none of workflow's: there is no case and nothing
// anybody decided.
const gone = "gone"

// Saw writes down items a source saw: see ingest.Ledger. One that was gone and is there again is open again.
func (s *Store) Saw(ctx context.Context, source string, items []string) error {
	if len(items) == 0 {
		return nil
	}
	err := s.tx(ctx, func(tx *Tx) error {
		now := s.now()
		for _, item := range items {
			_, err := tx.exec(ctx, `INSERT INTO receipts (source, item, seen_at, outcome) VALUES ($1, $2, $3, '')
				ON CONFLICT (source, item) DO UPDATE SET outcome = '', settled_at = NULL WHERE receipts.outcome = $4`,
				source, bounded(item), now, gone)
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("writing down %d items seen at %s: %w", len(items), source, err)
	}
	return nil
}

// Open returns the items of a source that were seen and have no outcome yet, oldest first.
func (s *Store) Open(ctx context.Context, source string) ([]string, error) {
	var items []string
	err := s.all(ctx, `SELECT item FROM receipts WHERE source = $1 AND outcome = '' ORDER BY seen_at, item`, []any{source},
		func(scan scanFunc) error {
			var item string
			err := scan(&item)
			items = append(items, item)
			return err
		})
	if err != nil {
		return nil, fmt.Errorf("reading the open items of %s: %w", source, err)
	}
	return items, nil
}

// Gone records that items without an outcome are no longer where they were seen: somebody took them away, or the source names
// them differently now and they are seen, and counted, under the new name. An item that has an outcome keeps it.
func (s *Store) Gone(ctx context.Context, source string, items []string) error {
	err := s.tx(ctx, func(tx *Tx) error {
		for _, item := range items {
			if _, err := tx.exec(ctx, `UPDATE receipts SET outcome = $3, settled_at = $4
				WHERE source = $1 AND item = $2 AND outcome = ''`, source, bounded(item), gone, tx.st.now()); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("settling %d items that are gone from %s: %w", len(items), source, err)
	}
	return nil
}

// Settle records what became of an item: see workflow.Receipts. "Registered" is final: an item that is offered again after a
// lost acknowledgement is a duplicate to the pipeline, but to the ledger it is the one that was registered. Only quarantine comes
// after it, when the machine gives the case up.
func (tx *Tx) Settle(ctx context.Context, source, item string, outcome workflow.ReceiptOutcome, id workflow.CaseID) error {
	_, err := tx.exec(ctx, `INSERT INTO receipts (source, item, seen_at, outcome, case_id, settled_at)
		VALUES ($1, $2, $3, $4, $5, $3)
		ON CONFLICT (source, item) DO UPDATE
			SET outcome = excluded.outcome, case_id = excluded.case_id, settled_at = excluded.settled_at
			WHERE receipts.outcome <> $6 OR excluded.outcome = $7`,
		source, bounded(item), tx.st.now(), string(outcome), reference(id),
		string(workflow.ReceiptRegistered), string(workflow.ReceiptQuarantined))
	if err != nil {
		return fmt.Errorf("settling an item of %s: %w", source, err)
	}
	return nil
}

// Balance returns the ledger of each source, by name.
func (s *Store) Balance(ctx context.Context) ([]workflow.SourceBalance, error) {
	bySource := map[string]workflow.SourceBalance{}
	err := s.all(ctx, `SELECT source, outcome, count(*), max(seen_at) FROM receipts GROUP BY source, outcome`, nil,
		func(scan scanFunc) error {
			var source, outcome string
			var n int
			var last stamp
			err := scan(&source, &outcome, &n, &last)
			bySource[source] = added(bySource[source], source, workflow.ReceiptOutcome(outcome), n, last)
			return err
		})
	if err != nil {
		return nil, fmt.Errorf("reading the balance: %w", err)
	}
	return sortedValues(bySource), nil
}

func added(b workflow.SourceBalance, source string, outcome workflow.ReceiptOutcome, n int, last stamp) workflow.SourceBalance {
	b.Source = source
	if outcome != gone {
		b.Seen += n
	}
	if last.After(b.LastSeen) {
		b.LastSeen = last.Time
	}
	switch outcome {
	case workflow.ReceiptRegistered:
		b.Registered += n
	case workflow.ReceiptDuplicate:
		b.Duplicates += n
	case workflow.ReceiptQuarantined:
		b.Quarantined += n
	case gone:
		b.Gone += n
	default:
		b.Pending += n
	}
	return b
}

// Cursor returns what SetCursor stored last for the source, "" if nothing was.
func (s *Store) Cursor(ctx context.Context, source string) (string, error) {
	var cursor string
	err := s.get(ctx, `SELECT cursor FROM source_cursors WHERE source = $1`, []any{source}, &cursor)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return "", fmt.Errorf("reading the cursor of %s: %w", source, err)
	}
	return cursor, nil
}

// SetCursor stores where a source is: see ingest.Ledger.
func (s *Store) SetCursor(ctx context.Context, source, cursor string) error {
	return s.tx(ctx, func(tx *Tx) error { return tx.SetCursor(ctx, source, cursor) })
}

// SetCursor is Store.SetCursor inside a transaction.
func (tx *Tx) SetCursor(ctx context.Context, source, cursor string) error {
	_, err := tx.exec(ctx, `INSERT INTO source_cursors (source, cursor, set_at) VALUES ($1, $2, $3)
		ON CONFLICT (source) DO UPDATE SET cursor = excluded.cursor, set_at = excluded.set_at`, source, cursor, tx.st.now())
	if err != nil {
		return fmt.Errorf("storing the cursor of %s: %w", source, err)
	}
	return nil
}
