package store

import (
	"context"
	"database/sql"
	"fmt"
	"iter"
	"math"
	"time"

	"okienko/workflow"
	"okienko/workflow/rulebook"
)

// pastPage is how many cases a replay reads at once: their readings are large.
const pastPage = 20

// PastCases yields the newest judged cases: see rulebook.Past. Each page is a query of its own, so that a long replay holds nothing.
func (s *Store) PastCases(ctx context.Context, limit int) iter.Seq2[rulebook.Judged, error] {
	return func(yield func(rulebook.Judged, error) bool) {
		before := int64(math.MaxInt64)
		for limit > 0 {
			page, err := s.pastCases(ctx, `c.id < $1 AND c.desk <> $2 ORDER BY c.id DESC LIMIT $3`, before, workflow.DeskTest, min(limit, pastPage))
			if err != nil {
				yield(rulebook.Judged{}, fmt.Errorf("reading past cases: %w", err))
				return
			}
			for _, p := range page {
				if !yield(p, nil) {
					return
				}
				before = int64(p.Case.ID)
			}
			if len(page) < min(limit, pastPage) {
				return
			}
			limit -= len(page)
		}
	}
}

func (s *Store) pastCases(ctx context.Context, where string, args ...any) ([]rulebook.Judged, error) {
	var list []rulebook.Judged
	err := s.all(ctx, `SELECT `+caseColumns+`, j.data FROM cases c JOIN submissions s ON s.id = c.id JOIN judgements j ON j.case_id = c.id WHERE `+where,
		args, func(scan scanFunc) error {
			var p rulebook.Judged
			var err error
			p.Case, err = scanCase(scan, jsonScan{&p.Judgement})
			list = append(list, p)
			return err
		})
	return list, err
}

// JudgedCase returns workflow.ErrNotFound before a case was judged: see rulebook.Past.
func (s *Store) JudgedCase(ctx context.Context, id workflow.CaseID) (rulebook.Judged, error) {
	list, err := s.pastCases(ctx, `c.id = $1`, int64(id))
	if err == nil && len(list) == 0 {
		err = workflow.ErrNotFound
	}
	if err != nil {
		return rulebook.Judged{}, fmt.Errorf("past case %d: %w", id, err)
	}
	return list[0], nil
}

// Corrections returns the newest corrections clerks made since a time, with the letters they were made on: see rulebook.Corrected.
func (s *Store) Corrections(ctx context.Context, since time.Time, limit int) ([]rulebook.Correction, error) {
	var list []rulebook.Correction
	err := s.all(ctx, `SELECT e.case_id, e.before, e.after, c.channel, c.subject, j.data FROM examples e JOIN cases c ON c.id = e.case_id
		LEFT JOIN judgements j ON j.case_id = e.case_id WHERE e.at >= $1 ORDER BY e.at DESC, e.id DESC LIMIT $2`, []any{since, limit},
		func(scan scanFunc) error {
			var c rulebook.Correction
			var subject string
			var data sql.NullString
			if err := scan(&c.Case, &c.Before, &c.After, &c.Channel, &subject, &data); err != nil {
				return err
			}
			c.Text = subject
			if data.Valid {
				var j workflow.Judgement
				if err := (jsonScan{&j}).Scan(data.String); err != nil {
					return err
				}
				c.Text += "\n" + rulebook.LetterText(j)
			}
			list = append(list, c)
			return nil
		})
	if err != nil {
		return nil, fmt.Errorf("reading corrections: %w", err)
	}
	return list, nil
}
