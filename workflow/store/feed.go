package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"time"

	"okienko/workflow"
)

// looking are the events that only say who saw what.
var looking = []workflow.EventKind{workflow.EventViewed, workflow.EventDownloaded}

// EventsAfter implements workflow.Feed.
func (s *Store) EventsAfter(ctx context.Context, q workflow.FeedQuery) ([]workflow.FeedEvent, error) {
	c, err := s.feedClause(q)
	if err != nil {
		return nil, err
	}
	limit := q.Limit
	if limit <= 0 {
		limit = 100
	}
	var list []workflow.FeedEvent
	err = s.all(ctx, `SELECT e.tx, e.id, e.case_id, e.at, e.actor, e.kind, e.detail, c.number, c.desk, c.status
		FROM events e JOIN cases c ON c.id = e.case_id`+c.where()+` ORDER BY e.tx, e.id LIMIT `+strconv.Itoa(min(limit, 1000)), c.args,
		func(scan scanFunc) error {
			var e workflow.FeedEvent
			var at stamp
			var tx int64
			err := scan(&tx, &e.ID, &e.Case, &at, &e.Actor, &e.Kind, &e.Detail, &e.Number, &e.Desk, &e.Status)
			e.At, e.Cursor = at.Time, feedCursor(tx, e.ID)
			list = append(list, e)
			return err
		})
	if err != nil {
		return nil, fmt.Errorf("reading the feed: %w", err)
	}
	return list, nil
}

func (s *Store) feedClause(q workflow.FeedQuery) (clause, error) {
	var c clause
	c.and("e.tx < " + s.engine.dialect().horizon)
	if q.After != "" {
		var tx, id int64
		if _, err := fmt.Sscanf(q.After, "%d-%d", &tx, &id); err != nil || feedCursor(tx, id) != q.After {
			return c, fmt.Errorf("%w: %q", workflow.ErrCursor, q.After)
		}
		c.and("(e.tx, e.id) > (?, ?)", tx, id)
	}
	if q.Desks != nil {
		in(&c, "c.desk", q.Desks)
	}
	if q.Kinds != nil {
		in(&c, "e.kind", q.Kinds)
	} else {
		for _, k := range looking {
			c.and("e.kind <> ?", string(k))
		}
	}
	return c, nil
}

func feedCursor(tx, id int64) string { return fmt.Sprintf("%d-%d", tx, id) }

// FeedEnd implements workflow.Feed.
func (s *Store) FeedEnd(ctx context.Context) (string, error) {
	var tx, id int64
	err := s.get(ctx, `SELECT tx, id FROM events e WHERE e.tx < `+s.engine.dialect().horizon+` ORDER BY tx DESC, id DESC LIMIT 1`, nil, &tx, &id)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return "", fmt.Errorf("reading the end of the feed: %w", err)
	}
	return feedCursor(tx, id), nil
}

// Subscription implements workflow.Subscriptions.
func (s *Store) Subscription(ctx context.Context, name string) (workflow.Subscription, error) {
	sub, err := s.subscription(ctx, name, "")
	if !errors.Is(err, workflow.ErrNotFound) {
		return sub, err
	}
	end, err := s.FeedEnd(ctx)
	if err != nil {
		return sub, err
	}
	err = s.tx(ctx, func(tx *Tx) error {
		_, err := tx.exec(ctx, `INSERT INTO subscriptions (name, cursor, failures, detail) VALUES ($1, $2, 0, '') ON CONFLICT (name) DO NOTHING`, name, end)
		return err
	})
	if err != nil {
		return sub, fmt.Errorf("starting subscription %s: %w", name, err)
	}
	return s.subscription(ctx, name, "")
}

// Lease implements workflow.Subscriptions.
func (s *Store) Lease(ctx context.Context, name string, now, until time.Time) (sub workflow.Subscription, ok bool, err error) {
	err = s.tx(ctx, func(tx *Tx) (err error) {
		if sub, err = tx.subscription(ctx, name, tx.st.engine.dialect().lockRow); err != nil {
			return err
		}
		if ok = !sub.NotBefore.After(now); !ok {
			return nil
		}
		sub.NotBefore = until
		return tx.saveSubscription(ctx, sub)
	})
	return sub, ok && err == nil, err
}

// SaveSubscription implements workflow.Subscriptions.
func (s *Store) SaveSubscription(ctx context.Context, sub workflow.Subscription) error {
	return s.tx(ctx, func(tx *Tx) error { return tx.saveSubscription(ctx, sub) })
}

func (tx *Tx) saveSubscription(ctx context.Context, s workflow.Subscription) error {
	_, err := tx.exec(ctx, `UPDATE subscriptions SET cursor = $2, not_before = $3, failures = $4, detail = $5, taken_at = $6 WHERE name = $1`,
		s.Name, s.Cursor, micro(s.NotBefore), s.Failures, s.Detail, micro(s.TakenAt))
	if err != nil {
		return fmt.Errorf("saving subscription %s: %w", s.Name, err)
	}
	return nil
}

func (q queries) subscription(ctx context.Context, name, lock string) (workflow.Subscription, error) {
	s := workflow.Subscription{Name: name}
	var notBefore, taken stamp
	err := q.get(ctx, `SELECT cursor, not_before, failures, detail, taken_at FROM subscriptions WHERE name = $1`+lock, []any{name},
		&s.Cursor, &notBefore, &s.Failures, &s.Detail, &taken)
	if errors.Is(err, sql.ErrNoRows) {
		err = workflow.ErrNotFound
	}
	if err != nil {
		return s, fmt.Errorf("subscription %s: %w", name, err)
	}
	s.NotBefore, s.TakenAt = notBefore.Time, taken.Time
	return s, nil
}
