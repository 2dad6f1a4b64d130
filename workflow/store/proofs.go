package store

import (
	"context"
	"fmt"

	"okienko/workflow"
)

// AddProof keeps p; the same file of the same letter again changes nothing.
func (tx *Tx) AddProof(ctx context.Context, p workflow.Proof) error {
	if p.At.IsZero() {
		p.At = tx.st.now()
	}
	_, err := tx.exec(ctx, `INSERT INTO letter_proofs (case_id, letter_id, at, kind, issuer_id, digest, bytes, verdict, because)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (letter_id, digest) DO NOTHING`,
		int64(p.Case), int64(p.Letter), p.At, p.Kind, p.ID, string(p.Digest), p.Bytes, string(p.Verdict), p.Because)
	if err != nil {
		return fmt.Errorf("keeping a proof of letter %d: %w", p.Letter, err)
	}
	return nil
}

// CaseProofs returns the proofs of a case's letters, oldest first.
func (s *Store) CaseProofs(ctx context.Context, id workflow.CaseID) ([]workflow.Proof, error) {
	var list []workflow.Proof
	err := s.all(ctx, `SELECT letter_id, at, kind, issuer_id, digest, bytes, verdict, because FROM letter_proofs
		WHERE case_id = $1 ORDER BY id`, []any{int64(id)}, func(scan scanFunc) error {
		p, at := workflow.Proof{Case: id}, stamp{}
		err := scan(&p.Letter, &at, &p.Kind, &p.ID, &p.Digest, &p.Bytes, &p.Verdict, &p.Because)
		p.At = at.Time
		list = append(list, p)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("reading the proofs of case %d: %w", id, err)
	}
	return list, nil
}
