package store

import (
	"context"
	"fmt"

	"okienko/workflow"
)

// SetRulings replaces what people said of the requirements of a case.
func (tx *Tx) SetRulings(ctx context.Context, id workflow.CaseID, rulings []workflow.Ruling) error {
	_, err := tx.exec(ctx, `DELETE FROM rulings WHERE case_id = $1`, int64(id))
	for _, r := range rulings {
		if err != nil {
			break
		}
		_, err = tx.exec(ctx, `INSERT INTO rulings (case_id, requirement, outcome, because, ruled_by, at) VALUES ($1, $2, $3, $4, $5, $6)`,
			int64(id), r.Requirement, string(r.Outcome), r.Because, r.By, r.At)
	}
	if err != nil {
		return fmt.Errorf("keeping the rulings on case %d: %w", id, err)
	}
	return nil
}

func (q queries) rulings(ctx context.Context, id workflow.CaseID) ([]workflow.Ruling, error) {
	var list []workflow.Ruling
	err := q.all(ctx, `SELECT requirement, outcome, because, ruled_by, at FROM rulings WHERE case_id = $1 ORDER BY requirement`,
		[]any{int64(id)}, func(scan scanFunc) error {
			var r workflow.Ruling
			var at stamp
			err := scan(&r.Requirement, &r.Outcome, &r.Because, &r.By, &at)
			r.At = at.Time
			list = append(list, r)
			return err
		})
	if err != nil {
		return nil, fmt.Errorf("reading the rulings on case %d: %w", id, err)
	}
	return list, nil
}
