package store

import (
	"context"
	"fmt"
	"time"

	"okienko/workflow"
)

const deliveryColumns = `letter_id, case_id, way, sent_from, task, message, status, delivered_at, deemed, failed, proofs, sent_at, looked_at, due_at`

// SaveDelivery inserts or replaces the delivery of a letter.
func (tx *Tx) SaveDelivery(ctx context.Context, d workflow.Delivery) error {
	proofs, err := toJSON(d.Proofs)
	if err == nil {
		_, err = tx.exec(ctx, `INSERT INTO deliveries (`+deliveryColumns+`)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
			ON CONFLICT (letter_id) DO UPDATE SET way = excluded.way, sent_from = excluded.sent_from, task = excluded.task,
				message = excluded.message, status = excluded.status, delivered_at = excluded.delivered_at, deemed = excluded.deemed,
				failed = excluded.failed, proofs = excluded.proofs, sent_at = excluded.sent_at, looked_at = excluded.looked_at,
				due_at = excluded.due_at`,
			int64(d.Letter), int64(d.Case), string(d.Way), d.From, d.Task, d.Message, d.Status, storable(d.DeliveredAt), d.Deemed, d.Failed, proofs,
			micro(d.SentAt), micro(d.LookedAt), micro(d.DueAt))
	}
	if err != nil {
		return fmt.Errorf("saving the delivery of letter %d: %w", d.Letter, err)
	}
	return nil
}

// CaseDeliveries returns the deliveries of a case, by letter.
func (s *Store) CaseDeliveries(ctx context.Context, id workflow.CaseID) ([]workflow.Delivery, error) {
	return s.deliveries(ctx, `WHERE case_id = $1 ORDER BY letter_id`, int64(id))
}

// DueDeliveries returns the deliveries the platform is to be asked about, the longest due first.
func (s *Store) DueDeliveries(ctx context.Context, at time.Time, limit int) ([]workflow.Delivery, error) {
	return s.deliveries(ctx, `WHERE due_at <= $1 ORDER BY due_at, letter_id LIMIT $2`, at, limit)
}

// Delivery reads the delivery of a letter.
func (tx *Tx) Delivery(ctx context.Context, id workflow.LetterID) (workflow.Delivery, error) {
	list, err := tx.deliveries(ctx, `WHERE letter_id = $1`, int64(id))
	if err == nil && len(list) == 0 {
		return workflow.Delivery{}, fmt.Errorf("the delivery of letter %d: %w", id, workflow.ErrNotFound)
	}
	if err != nil {
		return workflow.Delivery{}, err
	}
	return list[0], nil
}

func (q queries) deliveries(ctx context.Context, where string, args ...any) ([]workflow.Delivery, error) {
	var list []workflow.Delivery
	err := q.all(ctx, `SELECT `+deliveryColumns+` FROM deliveries `+where, args, func(scan scanFunc) error {
		var d workflow.Delivery
		var delivered, sent, looked, due stamp
		err := scan(&d.Letter, &d.Case, &d.Way, &d.From, &d.Task, &d.Message, &d.Status, &delivered, &d.Deemed, &d.Failed, jsonScan{&d.Proofs}, &sent, &looked, &due)
		d.DeliveredAt, d.SentAt, d.LookedAt, d.DueAt = delivered.Time, sent.Time, looked.Time, due.Time
		list = append(list, d)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("reading deliveries: %w", err)
	}
	return list, nil
}
