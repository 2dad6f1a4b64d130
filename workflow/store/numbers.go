package store

import (
	"context"
	"fmt"
	"time"

	"okienko/classify"
	"okienko/validate"
	"okienko/workflow"
	counted "okienko/workflow/numbers"
)

var _ counted.Source = (*Store)(nil)

// Arrivals counts by channel, from the index alone: see numbers.Source.
func (s *Store) Arrivals(ctx context.Context, from, until time.Time) ([]counted.Arrived, error) {
	var list []counted.Arrived
	err := s.all(ctx, `SELECT channel, count(*) FROM cases WHERE registered_at >= $1 AND registered_at < $2 AND desk <> $3 GROUP BY channel ORDER BY channel`,
		[]any{from, until, workflow.DeskTest}, func(scan scanFunc) error {
			var a counted.Arrived
			err := scan(&a.Channel, &a.N)
			list = append(list, a)
			return err
		})
	if err != nil {
		return nil, fmt.Errorf("counting arrivals: %w", err)
	}
	return list, nil
}

// Filed counts first filings, from the index alone: see numbers.Source.
func (s *Store) Filed(ctx context.Context, from, until time.Time) ([]counted.Filing, error) {
	var list []counted.Filing
	err := s.all(ctx, `SELECT channel, procedure, count(*), count(CASE WHEN missing = 0 THEN 1 END) FROM cases
		WHERE registered_at >= $1 AND registered_at < $2 AND desk <> $3 AND nature = $4 AND parent IS NULL GROUP BY channel, procedure ORDER BY 3 DESC, 1, 2`,
		[]any{from, until, workflow.DeskTest, string(classify.NatureSubmission)}, func(scan scanFunc) error {
			var f counted.Filing
			err := scan(&f.Channel, &f.Service, &f.N, &f.Complete)
			list = append(list, f)
			return err
		})
	if err != nil {
		return nil, fmt.Errorf("counting first filings: %w", err)
	}
	return list, nil
}

// Decided counts the machine's choices and how many clerks changed: see numbers.Source.
func (s *Store) Decided(ctx context.Context, from, until time.Time) ([]counted.Choice, error) {
	var list []counted.Choice
	err := s.all(ctx, `SELECT service, CAST(sum(automatic) AS BIGINT), CAST(sum(corrected) AS BIGINT) FROM (
			SELECT procedure AS service, count(*) AS automatic, 0 AS corrected FROM cases
				WHERE registered_at >= $1 AND registered_at < $2 AND desk <> $3 AND decided_by IN ('rule', 'model') GROUP BY procedure
			UNION ALL
			SELECT before, count(DISTINCT case_id), count(DISTINCT case_id) FROM examples WHERE at >= $1 AND at < $2 AND before <> '' AND before <> after GROUP BY before
		) AS both_kinds GROUP BY service ORDER BY 2 DESC, 1`, []any{from, until, workflow.DeskTest}, func(scan scanFunc) error {
		var c counted.Choice
		err := scan(&c.Service, &c.Automatic, &c.Corrected)
		list = append(list, c)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("counting choices of services: %w", err)
	}
	return list, nil
}

// AtRisk counts cases in work whose term ends before a time: see numbers.Source.
func (s *Store) AtRisk(ctx context.Context, before time.Time) ([]counted.Risk, error) {
	now := s.now()
	var list []counted.Risk
	err := s.all(ctx, `SELECT desk, count(CASE WHEN due_at < $1 THEN 1 END), count(CASE WHEN due_at >= $1 AND due_at < $2 THEN 1 END), count(CASE WHEN due_at >= $2 THEN 1 END)
		FROM cases WHERE status <> 'closed' AND due_at < $3 AND desk <> $4 GROUP BY desk ORDER BY 2 DESC, 3 DESC, 1`,
		[]any{now, now.Add(3 * 24 * time.Hour), before, workflow.DeskTest}, func(scan scanFunc) error {
			var r counted.Risk
			err := scan(&r.Desk, &r.Late, &r.Days3, &r.Days14)
			list = append(list, r)
			return err
		})
	if err != nil {
		return nil, fmt.Errorf("counting clocks at risk: %w", err)
	}
	return list, nil
}

// Sample describes the newest judged cases of a period: see numbers.Source. What was missing stands in the judgements, which are
// large: they are read for cases that lack something only.
func (s *Store) Sample(ctx context.Context, from, until time.Time, limit int) ([]counted.Timed, error) {
	var list []counted.Timed
	err := s.all(ctx, `WITH newest AS (
			SELECT id, procedure, registered_at, missing FROM cases WHERE registered_at >= $1 AND registered_at < $2 AND desk <> $3 AND nature = $4
			ORDER BY registered_at DESC, id DESC LIMIT $5)
		SELECT n.procedure, n.registered_at, (SELECT min(e.at) FROM events e WHERE e.case_id = n.id AND e.kind = 'judged'),
			(SELECT min(e.at) FROM events e WHERE e.case_id = n.id AND e.kind IN ('accepted', 'closed') AND e.actor <> $6),
			CASE WHEN n.missing > 0 THEN (SELECT j.data FROM judgements j WHERE j.case_id = n.id) END FROM newest n`,
		[]any{from, until, workflow.DeskTest, string(classify.NatureSubmission), limit, workflow.Machine}, func(scan scanFunc) error {
			t, err := scanTimed(scan)
			list = append(list, t)
			return err
		})
	if err != nil {
		return nil, fmt.Errorf("taking a sample of cases: %w", err)
	}
	return list, nil
}

func scanTimed(scan scanFunc) (counted.Timed, error) {
	var t counted.Timed
	var registered, judged, closed stamp
	var data *string
	if err := scan(&t.Service, &registered, &judged, &closed, &data); err != nil {
		return t, err
	}
	took := func(at stamp) time.Duration {
		if at.IsZero() {
			return -1
		}
		return max(0, at.Sub(registered.Time))
	}
	t.ToDesk, t.ToClosing = took(judged), took(closed)
	if data == nil {
		return t, nil
	}
	var j struct {
		Findings []validate.Finding `json:"findings"`
	}
	if err := (jsonScan{&j}).Scan(*data); err != nil {
		return t, err
	}
	for _, f := range j.Findings {
		if f.Outcome == validate.Missing {
			t.Missing = append(t.Missing, f.Requirement)
		}
	}
	return t, nil
}
