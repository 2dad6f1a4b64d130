package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/alexedwards/scs/v2"
)

// Sessions keeps the sessions of people at the desk, for every process that serves it.
type Sessions struct{ st *Store }

var (
	_ scs.CtxStore         = Sessions{}
	_ scs.IterableCtxStore = Sessions{}
)

// Sessions returns the session store of the desk.
func (s *Store) Sessions() Sessions { return Sessions{s} }

// FindCtx returns the data of a session that has not expired.
func (s Sessions) FindCtx(ctx context.Context, token string) ([]byte, bool, error) {
	var data []byte
	err := s.st.get(ctx, `SELECT data FROM sessions WHERE token = $1 AND expires_at > $2`, []any{token, s.st.now()}, &data)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, fmt.Errorf("finding a session: %w", err)
	}
	return data, true, nil
}

// CommitCtx inserts or replaces a session.
func (s Sessions) CommitCtx(ctx context.Context, token string, data []byte, expiry time.Time) error {
	return s.write(ctx, "storing a session", `INSERT INTO sessions (token, data, expires_at) VALUES ($1, $2, $3)
		ON CONFLICT (token) DO UPDATE SET data = excluded.data, expires_at = excluded.expires_at`, token, append([]byte{}, data...), expiry)
}

// DeleteCtx ends a session; it may have ended before.
func (s Sessions) DeleteCtx(ctx context.Context, token string) error {
	return s.write(ctx, "deleting a session", `DELETE FROM sessions WHERE token = $1`, token)
}

// Clean deletes sessions that have expired.
func (s Sessions) Clean(ctx context.Context) error {
	return s.write(ctx, "deleting expired sessions", `DELETE FROM sessions WHERE expires_at <= $1`, s.st.now())
}

func (s Sessions) write(ctx context.Context, doing, query string, args ...any) error {
	err := s.st.tx(ctx, func(tx *Tx) error {
		_, err := tx.exec(ctx, query, args...)
		return err
	})
	if err != nil {
		return fmt.Errorf("%s: %w", doing, err)
	}
	return nil
}

// AllCtx returns every session that has not expired, so that an administrator can end those of one user.
func (s Sessions) AllCtx(ctx context.Context) (map[string][]byte, error) {
	list := map[string][]byte{}
	err := s.st.all(ctx, `SELECT token, data FROM sessions WHERE expires_at > $1`, []any{s.st.now()}, func(scan scanFunc) error {
		var token string
		var data []byte
		err := scan(&token, &data)
		list[token] = data
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("reading sessions: %w", err)
	}
	return list, nil
}

// Find is FindCtx for callers without a context.
func (s Sessions) Find(token string) ([]byte, bool, error) {
	return s.FindCtx(context.Background(), token)
}

// Commit is CommitCtx for callers without a context.
func (s Sessions) Commit(token string, data []byte, expiry time.Time) error {
	return s.CommitCtx(context.Background(), token, data, expiry)
}

// Delete is DeleteCtx for callers without a context.
func (s Sessions) Delete(token string) error { return s.DeleteCtx(context.Background(), token) }
