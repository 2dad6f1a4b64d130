package store

import (
	"context"
	"fmt"

	"okienko/workflow"
)

// Audit writes down what happened outside the history of any case: signing in and out, refusals, changes of users. It is
// durable when it returns nil. detail is free of personal data other than names of users.
func (s *Store) Audit(ctx context.Context, actor string, kind workflow.EventKind, detail string) error {
	return s.Tx(ctx, func(t workflow.Tx) error {
		tx, ok := t.(*Tx)
		if !ok {
			return fmt.Errorf("audit: unexpected transaction %T", t)
		}
		return tx.audit(ctx, actor, kind, detail)
	})
}

// audit writes the line in the transaction of what it tells of.
func (tx *Tx) audit(ctx context.Context, actor string, kind workflow.EventKind, detail string) error {
	_, err := tx.exec(ctx, `INSERT INTO audit (at, actor, kind, detail) VALUES ($1, $2, $3, $4)`,
		tx.st.now(), actor, string(kind), detail)
	if err != nil {
		return fmt.Errorf("writing %s into the audit: %w", kind, err)
	}
	return nil
}
