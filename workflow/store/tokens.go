package store

import (
	"context"
	"fmt"

	"okienko/workflow"
)

// TokenByHash implements workflow.Tokens.
func (s *Store) TokenByHash(ctx context.Context, hash string) (workflow.Token, error) {
	list, err := s.tokens(ctx, ` WHERE hash = $1`, hash)
	if err == nil && len(list) == 0 {
		err = workflow.ErrNotFound
	}
	if err != nil {
		return workflow.Token{}, fmt.Errorf("token: %w", err)
	}
	return list[0], nil
}

// AllTokens implements workflow.Tokens.
func (s *Store) AllTokens(ctx context.Context) ([]workflow.Token, error) {
	list, err := s.tokens(ctx, ` ORDER BY name`)
	if err != nil {
		return nil, fmt.Errorf("tokens: %w", err)
	}
	return list, nil
}

func (s *Store) tokens(ctx context.Context, where string, args ...any) ([]workflow.Token, error) {
	var list []workflow.Token
	err := s.all(ctx, `SELECT name, hash, scopes, desks, created_at, created_by, revoked_at FROM tokens`+where, args, func(scan scanFunc) error {
		var t workflow.Token
		var created, revoked stamp
		err := scan(&t.Name, &t.Hash, jsonScan{&t.Scopes}, jsonScan{&t.Desks}, &created, &t.CreatedBy, &revoked)
		t.CreatedAt, t.RevokedAt = created.Time, revoked.Time
		list = append(list, t)
		return err
	})
	return list, err
}

// SaveToken implements workflow.Tokens.
func (s *Store) SaveToken(ctx context.Context, t workflow.Token) error {
	scopes, err := toJSON(t.Scopes)
	if err != nil {
		return fmt.Errorf("saving token %s: %w", t.Name, err)
	}
	desks, err := toJSON(t.Desks)
	if err == nil {
		err = s.tx(ctx, func(tx *Tx) error {
			_, err := tx.exec(ctx, `INSERT INTO tokens (name, hash, scopes, desks, created_at, created_by, revoked_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
				ON CONFLICT (name) DO UPDATE SET hash = excluded.hash, scopes = excluded.scopes, desks = excluded.desks,
					created_at = excluded.created_at, created_by = excluded.created_by, revoked_at = excluded.revoked_at`,
				t.Name, t.Hash, scopes, desks, micro(t.CreatedAt), t.CreatedBy, micro(t.RevokedAt))
			return err
		})
	}
	if err != nil {
		return fmt.Errorf("saving token %s: %w", t.Name, err)
	}
	return nil
}
