package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"okienko/workflow"
	"okienko/workflow/rulebook"
)

const versionColumns = `number, title, authors, published_by, published_at, valid_from, digest`

// versionScan is where the columns of a version go, and what follows them.
func versionScan(v *rulebook.Version, more ...any) []any {
	return append([]any{&v.Number, &v.Title, jsonScan{&v.Authors}, &v.PublishedBy, stampScan{&v.PublishedAt}, stampScan{&v.ValidFrom}, &v.Digest}, more...)
}

// Version returns workflow.ErrNotFound if there is none: see rulebook.Versions.
func (s *Store) Version(ctx context.Context, n int64) (rulebook.Version, error) {
	var v rulebook.Version
	var packed []byte
	err := s.get(ctx, `SELECT `+versionColumns+`, book FROM rule_versions WHERE number = $1`, []any{n}, versionScan(&v, &packed)...)
	if errors.Is(err, sql.ErrNoRows) {
		err = workflow.ErrNotFound
	}
	if err == nil {
		v.Book, err = rulebook.ReadZip(packed)
	}
	if err != nil {
		return v, fmt.Errorf("version %d of the rule book: %w", n, err)
	}
	return v, nil
}

// Versions returns every version, newest first, without books.
func (s *Store) Versions(ctx context.Context) ([]rulebook.Version, error) {
	var list []rulebook.Version
	err := s.all(ctx, `SELECT `+versionColumns+` FROM rule_versions ORDER BY number DESC`, nil, func(scan scanFunc) error {
		var v rulebook.Version
		err := scan(versionScan(&v)...)
		list = append(list, v)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("reading the versions of the rule book: %w", err)
	}
	return list, nil
}

// InForce is the number of the version in force at a time: see rulebook.Versions.
func (s *Store) InForce(ctx context.Context, at time.Time) (int64, error) {
	var n int64
	err := s.get(ctx, `SELECT coalesce(max(number), 0) FROM rule_versions WHERE valid_from <= $1`, []any{at}, &n)
	if err != nil {
		return 0, fmt.Errorf("looking for the rule book in force: %w", err)
	}
	return n, nil
}

// PublishDraft makes an open draft the next version: see rulebook.Versions. The number is what two publishers race for.
func (s *Store) PublishDraft(ctx context.Context, id, revision int64, by string, from time.Time) (rulebook.Version, error) {
	var v rulebook.Version
	err := s.tx(ctx, func(tx *Tx) error {
		d, err := tx.openDraft(ctx, id, revision)
		if err != nil {
			return err
		}
		newest, err := tx.newest(ctx)
		if err != nil {
			return err
		}
		now := micro(tx.st.now())
		if err := d.Publishable(by, newest, micro(from), now); err != nil {
			return err
		}
		v = rulebook.Version{Number: newest.Number + 1, Title: d.Title, Authors: d.Authors, PublishedBy: by, PublishedAt: now, ValidFrom: micro(from),
			Digest: d.Digest, Book: d.Book}
		if err := tx.addVersion(ctx, v); err != nil {
			return err
		}
		if err := tx.endDraft(ctx, id, rulebook.DraftPublished); err != nil {
			return err
		}
		return tx.audit(ctx, by, workflow.EventRulesPublished, fmt.Sprintf("szkic %d jako wersja %d, %s, od %s", id, v.Number, short(v.Digest), v.ValidFrom.Format(time.RFC3339)))
	})
	return v, err
}

func (tx *Tx) newest(ctx context.Context) (rulebook.Version, error) {
	var v rulebook.Version
	err := tx.get(ctx, `SELECT `+versionColumns+` FROM rule_versions ORDER BY number DESC LIMIT 1`, nil, versionScan(&v)...)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return v, err
}

// addVersion puts a version under its number, or returns rulebook.ErrBehind if another got it first.
func (tx *Tx) addVersion(ctx context.Context, v rulebook.Version) error {
	authors, err := toJSON(v.Authors)
	if err != nil {
		return err
	}
	packed, err := v.Book.Zip()
	if err != nil {
		return err
	}
	n, err := tx.exec(ctx, `INSERT INTO rule_versions (`+versionColumns+`, book) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (number) DO NOTHING`,
		v.Number, v.Title, authors, v.PublishedBy, v.PublishedAt, v.ValidFrom, v.Digest, packed)
	if err == nil && n == 0 {
		err = rulebook.ErrBehind
	}
	return err
}
