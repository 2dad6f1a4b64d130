package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"okienko/workflow"
	"okienko/workflow/rulebook"
)

// Draft returns workflow.ErrNotFound if there is none: see rulebook.Drafting.
func (s *Store) Draft(ctx context.Context, id int64) (rulebook.Draft, error) {
	d, err := s.draft(ctx, id, "")
	if err != nil {
		return d, fmt.Errorf("draft %d of the rule book: %w", id, err)
	}
	return d, nil
}

const draftColumns = `id, base, title, authors, created_at, changed_at, revision, state, digest, replay`

func (q queries) draft(ctx context.Context, id int64, lock string) (rulebook.Draft, error) {
	var d rulebook.Draft
	var packed []byte
	err := q.get(ctx, `SELECT `+draftColumns+`, book FROM rule_drafts WHERE id = $1`+lock, []any{id}, draftScan(&d, &packed)...)
	if errors.Is(err, sql.ErrNoRows) {
		return d, workflow.ErrNotFound
	}
	if err == nil {
		d.Book, err = rulebook.ReadZip(packed)
	}
	return d, err
}

// draftScan is where the columns of a draft go, and what follows them.
func draftScan(d *rulebook.Draft, more ...any) []any {
	return append([]any{&d.ID, &d.Base, &d.Title, jsonScan{&d.Authors}, stampScan{&d.CreatedAt}, stampScan{&d.ChangedAt}, &d.Revision, &d.State,
		&d.Digest, replayScan{&d.Replay}}, more...)
}

// replayScan scans a report; nil where there is none.
type replayScan struct{ into **rulebook.Report }

func (r replayScan) Scan(src any) error {
	if src == "" {
		return nil
	}
	*r.into = &rulebook.Report{}
	return jsonScan{*r.into}.Scan(src)
}

// Drafts returns the open drafts, newest first, without books.
func (s *Store) Drafts(ctx context.Context) ([]rulebook.Draft, error) {
	var list []rulebook.Draft
	err := s.all(ctx, `SELECT `+draftColumns+` FROM rule_drafts WHERE state = 'open' ORDER BY id DESC`, nil, func(scan scanFunc) error {
		var d rulebook.Draft
		err := scan(draftScan(&d)...)
		list = append(list, d)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("reading the drafts of the rule book: %w", err)
	}
	return list, nil
}

// SaveDraft inserts or replaces a draft: see rulebook.Drafting. A replay of other files does not count any more.
func (s *Store) SaveDraft(ctx context.Context, d *rulebook.Draft, by string) error {
	packed, err := d.Book.Zip()
	if err == nil {
		err = s.tx(ctx, func(tx *Tx) error { return tx.saveDraft(ctx, d, by, packed) })
	}
	if err != nil {
		return fmt.Errorf("saving a draft of the rule book: %w", err)
	}
	return nil
}

func (tx *Tx) saveDraft(ctx context.Context, d *rulebook.Draft, by string, packed []byte) error {
	now, digest := micro(tx.st.now()), d.Book.Digest()
	if d.ID == 0 {
		saved := rulebook.Draft{Base: d.Base, Title: d.Title, Authors: []string{by}, CreatedAt: now, ChangedAt: now, Revision: 1, State: rulebook.DraftOpen, Digest: digest, Book: d.Book}
		authors, err := toJSON(saved.Authors)
		if err != nil {
			return err
		}
		err = tx.get(ctx, `INSERT INTO rule_drafts (base, title, authors, created_at, changed_at, revision, state, digest, book, replay)
			VALUES ($1, $2, $3, $4, $5, 1, $6, $7, $8, '') RETURNING id`,
			[]any{d.Base, d.Title, authors, now, now, string(rulebook.DraftOpen), digest, packed}, &saved.ID)
		if err != nil {
			return err
		}
		*d = saved
		return tx.audit(ctx, by, workflow.EventRulesDrafted, fmt.Sprintf("szkic %d, od wersji %d, %s", d.ID, d.Base, short(digest)))
	}
	old, err := tx.openDraft(ctx, d.ID, d.Revision)
	if err != nil {
		return err
	}
	if old.Digest != digest {
		old.Replay = nil
	}
	if !slices.Contains(old.Authors, by) {
		old.Authors = append(old.Authors, by)
	}
	old.Title, old.Book, old.Digest, old.ChangedAt, old.Revision = d.Title, d.Book, digest, now, old.Revision+1
	authors, err := toJSON(old.Authors)
	if err != nil {
		return err
	}
	_, err = tx.exec(ctx, `UPDATE rule_drafts SET title = $2, authors = $3, changed_at = $4, revision = $5, digest = $6, book = $7,
		replay = CASE WHEN digest = $6 THEN replay ELSE '' END WHERE id = $1`, d.ID, old.Title, authors, now, old.Revision, digest, packed)
	if err != nil {
		return err
	}
	*d = old
	return tx.audit(ctx, by, workflow.EventRulesChanged, fmt.Sprintf("szkic %d, zmiana %d, %s", d.ID, d.Revision, short(digest)))
}

// openDraft locks a draft that may still change and is as the caller read it.
func (tx *Tx) openDraft(ctx context.Context, id, revision int64) (rulebook.Draft, error) {
	d, err := tx.draft(ctx, id, tx.st.engine.dialect().lockRow)
	switch {
	case err != nil:
		return d, err
	case d.State != rulebook.DraftOpen:
		return d, rulebook.ErrNotOpen
	case d.Revision != revision:
		return d, workflow.ErrConflict
	}
	return d, nil
}

// short names a digest to people.
func short(digest string) string { return digest[:min(12, len(digest))] }

// DiscardDraft gives a draft up: see rulebook.Drafting.
func (s *Store) DiscardDraft(ctx context.Context, id, revision int64, by string) error {
	err := s.tx(ctx, func(tx *Tx) error {
		if _, err := tx.openDraft(ctx, id, revision); err != nil {
			return err
		}
		if err := tx.endDraft(ctx, id, rulebook.DraftDiscarded); err != nil {
			return err
		}
		return tx.audit(ctx, by, workflow.EventRulesDiscarded, fmt.Sprintf("szkic %d", id))
	})
	if err != nil {
		return fmt.Errorf("discarding draft %d of the rule book: %w", id, err)
	}
	return nil
}

func (tx *Tx) endDraft(ctx context.Context, id int64, state rulebook.DraftState) error {
	_, err := tx.exec(ctx, `UPDATE rule_drafts SET state = $2, revision = revision + 1, changed_at = $3 WHERE id = $1`, id, string(state), tx.st.now())
	return err
}

// KeepReplay keeps the report of a replay: see rulebook.Drafting.
func (s *Store) KeepReplay(ctx context.Context, id int64, r rulebook.Report) error {
	r.At = micro(r.At)
	data, err := toJSON(r)
	if err == nil {
		err = s.tx(ctx, func(tx *Tx) error {
			n, err := tx.exec(ctx, `UPDATE rule_drafts SET replay = $2 WHERE id = $1 AND digest = $3 AND state = 'open'`, id, data, r.Digest)
			if err == nil && n == 0 {
				err = workflow.ErrConflict
			}
			if err != nil {
				return err
			}
			return tx.audit(ctx, r.By, workflow.EventRulesReplayed, fmt.Sprintf("szkic %d, %s, spraw %d, zmian %d", id, short(r.Digest), r.Cases, len(r.Changes)+r.Unshown))
		})
	}
	if err != nil {
		return fmt.Errorf("keeping the replay of draft %d: %w", id, err)
	}
	return nil
}
