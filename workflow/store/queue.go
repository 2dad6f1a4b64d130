package store

import (
	"context"
	"encoding/base64"
	"fmt"
	"slices"
	"time"

	"okienko/workflow"
	"okienko/workflow/search"
)

// Queue returns one page, most urgent first: the earliest due, then the oldest. The cursor is that order's key, so a page is
// found by an index and does not shift when cases come in.
func (s *Store) Queue(ctx context.Context, q workflow.QueueQuery) ([]workflow.CaseSummary, error) {
	sel, err := s.selection(ctx, q)
	if err != nil {
		return nil, fmt.Errorf("reading the queue: %w", err)
	}
	if sel.nothing {
		return nil, nil
	}
	query, args := sel.page()
	var page []workflow.CaseSummary
	err = s.all(ctx, query, args, func(scan scanFunc) error {
		c, err := scanSummary(scan)
		page = append(page, summary(c))
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("reading the queue: %w", err)
	}
	if sel.back {
		slices.Reverse(page)
	}
	return page, nil
}

// CountQueue counts what a query selects: see workflow.QueueReader.
func (s *Store) CountQueue(ctx context.Context, q workflow.QueueQuery) (map[workflow.Status]workflow.Count, error) {
	q.After, q.Before = "", ""
	sel, err := s.selection(ctx, q)
	if err != nil {
		return nil, fmt.Errorf("counting the queue: %w", err)
	}
	counts := map[workflow.Status]workflow.Count{}
	if sel.nothing {
		return counts, nil
	}
	query, args := sel.count()
	err = s.all(ctx, query, args, func(scan scanFunc) error {
		var status workflow.Status
		var n int
		err := scan(&status, &n)
		if n > 0 {
			counts[status] = counts[status].Plus(sel.counted(n))
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("counting the queue: %w", err)
	}
	return counts, nil
}

// selection prepares a query: what its words mean, and how they are best looked for.
func (s *Store) selection(ctx context.Context, q workflow.QueueQuery) (selection, error) {
	d := s.engine.dialect()
	sel := selection{q: q, d: d, back: q.Before != ""}
	if cursor := q.After + q.Before; cursor != "" {
		var err error
		if sel.due, sel.id, err = parseCursor(cursor); err != nil {
			return sel, err
		}
		sel.from = true
	}
	words := search.Parse(q.Text)
	sel.nothing = words.Impossible || (q.Desks != nil && len(q.Desks) == 0) || (q.Statuses != nil && len(q.Statuses) == 0) || (q.IDs != nil && len(q.IDs) == 0)
	if sel.nothing || len(words.Words) == 0 {
		return sel, nil
	}
	sel.match = d.words.match(words)
	var err error
	sel.walk, err = d.words.many(ctx, s.queries, sel.match)
	return sel, err
}

func pageSize(limit int) int {
	if limit <= 0 {
		return 50
	}
	return min(limit, 200)
}

// summary makes the row of a case, with the cursor behind it.
func summary(c workflow.Case) workflow.CaseSummary {
	key := fmt.Sprintf("%d %d", dueStamp(c.DueAt).UnixMicro(), c.ID)
	return workflow.CaseSummary{Case: c, Cursor: base64.RawURLEncoding.EncodeToString([]byte(key))}
}

func parseCursor(cursor string) (stamp, int64, error) {
	var due, id int64
	key, err := base64.RawURLEncoding.DecodeString(cursor)
	if err == nil {
		_, err = fmt.Sscanf(string(key), "%d %d", &due, &id)
	}
	if err != nil {
		return stamp{}, 0, fmt.Errorf("%w: %q", workflow.ErrCursor, cursor)
	}
	return stamp{time.UnixMicro(due)}, id, nil
}

// Changed returns cases that changed: see workflow.QueueReader.
func (s *Store) Changed(ctx context.Context, since time.Time, limit int) ([]workflow.Change, error) {
	var list []workflow.Change
	err := s.all(ctx, `SELECT id, version, desk, changed_at FROM cases WHERE changed_at >= $1 ORDER BY changed_at, id LIMIT $2`,
		[]any{since, limit}, func(scan scanFunc) error {
			var c workflow.Change
			var at stamp
			err := scan(&c.Case, &c.Version, &c.Desk, &at)
			c.At = at.Time
			list = append(list, c)
			return err
		})
	if err != nil {
		return nil, fmt.Errorf("reading what changed: %w", err)
	}
	return list, nil
}
