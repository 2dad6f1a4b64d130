package store

import (
	"context"
	"fmt"
	"strconv"

	"okienko/workflow"
)

// CreatePart makes c a further case of the submission of another, which the caller has locked: see workflow.Tx. Every case has a
// row of submissions; that of a part stands under no source, so that no item of any source is ever taken for it.
func (tx *Tx) CreatePart(ctx context.Context, of workflow.Case, c *workflow.Case) error {
	data, err := toJSON(c.Submission)
	if err != nil {
		return err
	}
	var parts int
	err = tx.get(ctx, `SELECT count(*) FROM submissions WHERE source = '' AND item_key = $1`, []any{of.Number}, &parts)
	if err != nil {
		return fmt.Errorf("counting the parts of case %d: %w", of.ID, err)
	}
	nth := strconv.Itoa(parts + 2)
	err = tx.get(ctx, `INSERT INTO submissions (source, item_key, body, data) VALUES ('', $1, $2, $3) RETURNING id`,
		[]any{of.Number, nth, data}, &c.ID)
	if err != nil {
		return fmt.Errorf("adding a part to case %d: %w", of.ID, err)
	}
	c.Number, c.Version, c.RegisteredAt = of.Number+"-"+nth, 1, micro(c.RegisteredAt)
	if err := tx.insertCase(ctx, *c); err != nil {
		return fmt.Errorf("creating case %d: %w", c.ID, err)
	}
	return nil
}
