package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"okienko/ingest"
)

// Batch returns how a batch of scans was parted, false if it was not yet.
func (s *Store) Batch(ctx context.Context, source string, d ingest.Digest) (ingest.Batch, bool, error) {
	var b ingest.Batch
	err := s.get(ctx, `SELECT data FROM batches WHERE source = $1 AND body = $2`, []any{source, string(d)}, jsonScan{&b})
	if errors.Is(err, sql.ErrNoRows) {
		return b, false, nil
	}
	if err != nil {
		return b, false, fmt.Errorf("reading a batch of %s: %w", source, err)
	}
	return b, true, nil
}

// SaveBatch writes down how a batch was parted. Whoever comes second changes nothing.
func (s *Store) SaveBatch(ctx context.Context, b ingest.Batch) error {
	data, err := toJSON(b)
	if err != nil {
		return err
	}
	err = s.tx(ctx, func(tx *Tx) error {
		_, err := tx.exec(ctx, `INSERT INTO batches (source, body, dropped_to, envelopes, reason, saved_at, data)
			VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING`,
			b.Source, string(b.Digest), storable(b.DroppedTo), len(b.Parts), string(b.Reason), s.now(), data)
		return err
	})
	if err != nil {
		return fmt.Errorf("writing down a batch of %s: %w", b.Source, err)
	}
	return nil
}

// Batches returns every batch, for whoever checks that their bytes are there.
func (s *Store) Batches(ctx context.Context) ([]ingest.Batch, error) {
	var list []ingest.Batch
	err := s.all(ctx, `SELECT data FROM batches ORDER BY saved_at, body`, nil, func(scan scanFunc) error {
		var b ingest.Batch
		err := scan(jsonScan{&b})
		list = append(list, b)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("reading the batches: %w", err)
	}
	return list, nil
}
