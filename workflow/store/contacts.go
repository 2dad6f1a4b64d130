package store

import (
	"context"
	"fmt"

	"okienko/workflow"
)

// SaveContacts writes down how sources do. A source that has not been in contact since the last time keeps that time.
func (s *Store) SaveContacts(ctx context.Context, list []workflow.SourceContact) error {
	err := s.tx(ctx, func(tx *Tx) error {
		for _, c := range list {
			_, err := tx.exec(ctx, `INSERT INTO source_contacts (source, channel, contact_at, trouble) VALUES ($1, $2, $3, $4)
				ON CONFLICT (source) DO UPDATE SET channel = excluded.channel, trouble = excluded.trouble,
					contact_at = coalesce(excluded.contact_at, source_contacts.contact_at)`,
				c.Source, string(c.Channel), c.ContactAt, c.Trouble)
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("writing down how %d sources do: %w", len(list), err)
	}
	return nil
}

// SourceContacts returns how sources do, by name.
func (s *Store) SourceContacts(ctx context.Context) ([]workflow.SourceContact, error) {
	var list []workflow.SourceContact
	err := s.all(ctx, `SELECT source, channel, contact_at, trouble FROM source_contacts ORDER BY source`, nil, func(scan scanFunc) error {
		var c workflow.SourceContact
		var at stamp
		err := scan(&c.Source, &c.Channel, &at, &c.Trouble)
		c.ContactAt = at.Time
		list = append(list, c)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("reading how sources do: %w", err)
	}
	return list, nil
}

// Pending returns items without an outcome, oldest first.
func (s *Store) Pending(ctx context.Context, source string, limit int) ([]workflow.SourceItem, error) {
	var list []workflow.SourceItem
	err := s.all(ctx, `SELECT item, seen_at FROM receipts WHERE source = $1 AND outcome = '' ORDER BY seen_at, item LIMIT $2`,
		[]any{source, limit}, func(scan scanFunc) error {
			var i workflow.SourceItem
			var at stamp
			err := scan(&i.Item, &at)
			i.SeenAt = at.Time
			list = append(list, i)
			return err
		})
	if err != nil {
		return nil, fmt.Errorf("reading what of %s has no outcome: %w", source, err)
	}
	return list, nil
}
