package store

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"okienko/workflow"
)

// CountCases counts cases by desk and status.
func (s *Store) CountCases(ctx context.Context) ([]workflow.CaseCount, error) {
	var list []workflow.CaseCount
	err := s.all(ctx, `SELECT desk, status, count(*) FROM cases GROUP BY desk, status`, nil, func(scan scanFunc) error {
		var n workflow.CaseCount
		err := scan(&n.Desk, &n.Status, &n.N)
		list = append(list, n)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("counting cases: %w", err)
	}
	slices.SortFunc(list, func(a, b workflow.CaseCount) int {
		return cmp.Or(cmp.Compare(a.Desk, b.Desk), cmp.Compare(a.Status, b.Status))
	})
	return list, nil
}

// Unfinished returns work whose job may have been lost: see workflow.Overview. What a job waits for or works on is not lost.
func (s *Store) Unfinished(ctx context.Context, before time.Time, limit int) ([]workflow.Unfinished, error) {
	var list []workflow.Unfinished
	err := s.all(ctx, `WITH live AS (
			SELECT CAST(args ->> 'case' AS BIGINT) AS case_id, args ->> 'stage' AS stage FROM river_job
			WHERE kind = 'advance' AND state IN ('available', 'pending', 'retryable', 'running', 'scheduled'))
		SELECT id, 'judge' FROM cases
			WHERE stage = 'judge' AND status <> 'quarantined' AND changed_at < $1 AND (held_until IS NULL OR held_until < $1)
				AND id NOT IN (SELECT case_id FROM live WHERE stage = 'judge')
		UNION
		SELECT case_id, stage FROM (
			SELECT case_id, CASE WHEN channel = '' THEN 'deliver' ELSE 'deliver_' || channel END AS stage FROM letters
				WHERE status IN ('queued', 'sending') AND changed_at < $1) AS waiting
			WHERE NOT EXISTS (SELECT 1 FROM live WHERE live.case_id = waiting.case_id AND live.stage IN ('deliver', waiting.stage))
		ORDER BY 1, 2 LIMIT $2`, []any{before, limit}, func(scan scanFunc) error {
		var u workflow.Unfinished
		err := scan(&u.Case, &u.Stage)
		list = append(list, u)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("looking for unfinished work: %w", err)
	}
	return list, nil
}

// Waiting counts what the machine still has to do now: cases to judge that are not held, and letters to send, whether a job works
// on them or not.
func (s *Store) Waiting(ctx context.Context) (int, error) {
	var n int
	err := s.get(ctx, `SELECT (SELECT COUNT(*) FROM cases WHERE stage = 'judge' AND (held_until IS NULL OR held_until < $1))
		+ (SELECT COUNT(*) FROM letters WHERE status IN ('queued', 'sending'))`, []any{s.now()}, &n)
	if err != nil {
		return 0, fmt.Errorf("counting unfinished work: %w", err)
	}
	return n, nil
}

func sortedValues[V any](m map[string]V) []V {
	list := make([]V, 0, len(m))
	for _, key := range slices.Sorted(maps.Keys(m)) {
		list = append(list, m[key])
	}
	return list
}
