package store

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"slices"

	"okienko/workflow"
)

// Related returns the cases that were put under any of the keys, oldest first, without self. A case found by two keys comes
// twice, once with each.
func (tx *Tx) Related(ctx context.Context, self workflow.CaseID, keys []workflow.Key) ([]workflow.Related, error) {
	list, err := tx.related(ctx, self, keys)
	if err != nil {
		return nil, fmt.Errorf("finding cases related to case %d: %w", self, err)
	}
	return list, nil
}

func (tx *Tx) related(ctx context.Context, self workflow.CaseID, keys []workflow.Key) ([]workflow.Related, error) {
	if len(keys) == 0 {
		return nil, nil
	}
	if err := tx.lockKeys(ctx, keys); err != nil {
		return nil, err
	}
	var c clause
	named := map[workflow.Key]workflow.Key{} // by what is stored
	pairs := ""
	for i, key := range keys {
		stored := storedKey(key)
		named[stored] = key
		if i > 0 {
			pairs += ", "
		}
		pairs += "(?, ?)"
		c.args = append(c.args, string(stored.Kind), stored.Value)
	}
	args := c.args
	c.args = nil
	c.and("(k.kind, k.value) IN (VALUES "+pairs+")", args...)
	c.and("k.case_id <> ?", int64(self))
	var list []workflow.Related
	err := tx.all(ctx, `SELECT `+caseColumns+`, k.kind, k.value FROM case_keys k JOIN cases c ON c.id = k.case_id
		JOIN submissions s ON s.id = c.id`+c.where()+` ORDER BY c.id, k.kind, k.value`, c.args, func(scan scanFunc) error {
		var stored workflow.Key
		found, err := scanCase(scan, &stored.Kind, &stored.Value)
		list = append(list, workflow.Related{Key: named[stored], Case: found})
		return err
	})
	return list, err
}

// PutKeys puts a case under keys, for later ones to be found by.
func (tx *Tx) PutKeys(ctx context.Context, id workflow.CaseID, keys []workflow.Key) error {
	err := tx.lockKeys(ctx, keys)
	for _, key := range keys {
		if err != nil {
			break
		}
		stored := storedKey(key)
		_, err = tx.exec(ctx, `INSERT INTO case_keys (kind, value, case_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`,
			string(stored.Kind), stored.Value, int64(id))
	}
	if err != nil {
		return fmt.Errorf("putting keys of case %d: %w", id, err)
	}
	return nil
}

func storedKey(k workflow.Key) workflow.Key {
	return workflow.Key{Kind: k.Kind, Value: bounded(clean(k.Value))}
}

// lockKeys lets no other transaction name these keys until this one ends. It locks in one order, so that two transactions with
// several keys do not wait for each other.
func (tx *Tx) lockKeys(ctx context.Context, keys []workflow.Key) error {
	var hashes []int64
	for _, key := range keys {
		stored := storedKey(key)
		sum := sha256.Sum256([]byte(string(stored.Kind) + "\x00" + stored.Value))
		hash := int64(binary.BigEndian.Uint64(sum[:8]))
		if !tx.locked[hash] {
			hashes = append(hashes, hash)
		}
	}
	slices.Sort(hashes)
	hashes = slices.Compact(hashes)
	if err := tx.st.engine.dialect().lockHashes(ctx, tx.queries, hashes); err != nil {
		return fmt.Errorf("locking keys: %w", err)
	}
	if tx.locked == nil {
		tx.locked = map[int64]bool{}
	}
	for _, hash := range hashes {
		tx.locked[hash] = true
	}
	return nil
}

// SaveLink inserts a link, or replaces the one between the same two cases.
func (tx *Tx) SaveLink(ctx context.Context, id workflow.CaseID, l workflow.Link) error {
	_, err := tx.exec(ctx, `INSERT INTO links (case_id, other_id, kind, score, attached, because) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (case_id, other_id) DO UPDATE SET kind = excluded.kind, score = excluded.score,
			attached = excluded.attached, because = excluded.because`,
		int64(id), int64(l.Case), string(l.Kind), l.Score, l.Attached, l.Because)
	if err != nil {
		return fmt.Errorf("linking case %d to case %d: %w", id, l.Case, err)
	}
	return nil
}

// DropLink forgets the link of a case to another.
func (tx *Tx) DropLink(ctx context.Context, id, other workflow.CaseID) error {
	if _, err := tx.exec(ctx, `DELETE FROM links WHERE case_id = $1 AND other_id = $2`, int64(id), int64(other)); err != nil {
		return fmt.Errorf("unlinking case %d from case %d: %w", id, other, err)
	}
	return nil
}

// CaseLinks returns the links of a case in both directions, the other case's age deciding the order.
func (s *Store) CaseLinks(ctx context.Context, id workflow.CaseID) ([]workflow.LinkedCase, error) {
	var list []workflow.LinkedCase
	err := s.all(ctx, `SELECT `+summaryColumns+`, l.other_id, l.kind, l.score, l.attached, l.because
		FROM (SELECT *, other_id AS far FROM links WHERE case_id = $1
			UNION ALL SELECT *, case_id AS far FROM links WHERE other_id = $1) l
		JOIN cases c ON c.id = l.far ORDER BY c.id`, []any{int64(id)}, func(scan scanFunc) error {
		var l workflow.LinkedCase
		other, err := scanSummary(scan, &l.Link.Case, &l.Link.Kind, &l.Link.Score, &l.Link.Attached, &l.Link.Because)
		l.Other, l.Earlier = summary(other), l.Link.Case != id
		list = append(list, l)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("reading the links of case %d: %w", id, err)
	}
	return list, nil
}
