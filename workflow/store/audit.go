package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strconv"
	"time"

	"okienko/workflow"
)

// Audit writes down what happened outside the history of any case: signing in and out, refusals, changes of users. It is
// durable when it returns nil. detail is free of personal data other than names of users and addresses of machines.
func (s *Store) Audit(ctx context.Context, actor string, kind workflow.EventKind, detail string) error {
	return s.tx(ctx, func(tx *Tx) error { return tx.audit(ctx, actor, kind, detail) })
}

// audit writes the line in the transaction of what it tells of.
//
// Lines form a chain (promise P12): whoever changes, removes or reorders one has to write all later ones anew, and the head.
// The head is locked until the commit, so lines are written one after the other; there are few.
func (tx *Tx) audit(ctx context.Context, actor string, kind workflow.EventKind, detail string) error {
	digest, err := tx.nextAudit(ctx, tx.st.Now(), clean(actor), string(kind), clean(detail))
	if err == nil {
		_, err = tx.exec(ctx, `UPDATE audit_head SET lines = lines + 1, digest = $1 WHERE one = 1`, digest)
	}
	if err != nil {
		return fmt.Errorf("writing %s into the audit: %w", kind, err)
	}
	return nil
}

// nextAudit writes a line behind the last one and returns its digest.
func (tx *Tx) nextAudit(ctx context.Context, at time.Time, actor, kind, detail string) (digest string, err error) {
	var before string
	if err := tx.get(ctx, `SELECT digest FROM audit_head WHERE one = 1`+tx.st.engine.dialect().lockRow, nil, &before); err != nil {
		return "", err
	}
	digest = chained(before, at, actor, kind, detail)
	_, err = tx.exec(ctx, `INSERT INTO audit (at, actor, kind, detail, digest) VALUES ($1, $2, $3, $4, $5)`, at, actor, kind, detail, digest)
	return digest, err
}

// chained is the digest of a line. Lengths keep what stands in one field from moving into the next.
func chained(before string, at time.Time, fields ...string) string {
	sum := sha256.New()
	fmt.Fprintf(sum, "%s %s", before, at.UTC().Format(stampLayout))
	for _, f := range fields {
		fmt.Fprintf(sum, " %d:%s", len(f), f)
	}
	return hex.EncodeToString(sum.Sum(nil))
}

// VerifyAudit follows the chain and returns how many lines it has and the digest of the last one. wrong says in one sentence where
// it is broken; "" if it is whole.
func (s *Store) VerifyAudit(ctx context.Context) (lines int, head, wrong string, err error) {
	var after, want int64
	var kept string
	// One transaction: a line written meanwhile must not look like one too many.
	err = s.tx(ctx, func(tx *Tx) error {
		if err := tx.get(ctx, `SELECT after, lines, digest FROM audit_head WHERE one = 1`+s.engine.dialect().lockRow, nil, &after, &want, &kept); err != nil {
			return err
		}
		return tx.all(ctx, `SELECT id, at, actor, kind, detail, digest FROM audit WHERE id > $1 ORDER BY id`, []any{after}, func(scan scanFunc) error {
			var id int64
			var at stamp
			var actor, kind, detail, digest string
			if err := scan(&id, &at, &actor, &kind, &detail, &digest); err != nil {
				return err
			}
			lines++
			if head = chained(head, at.Time, actor, kind, detail); head != digest && wrong == "" {
				wrong = "line " + strconv.FormatInt(id, 10) + " was changed, or one before it removed"
			}
			return nil
		})
	})
	if err != nil {
		return 0, "", "", fmt.Errorf("verifying the audit: %w", err)
	}
	if wrong == "" && (int64(lines) != want || head != kept) {
		wrong = fmt.Sprintf("%d lines end with another digest than the %d that were written", lines, want)
	}
	return lines, head, wrong, nil
}

// AuditLog reads what people did, in cases and outside of them, latest first.
func (s *Store) AuditLog(ctx context.Context, q workflow.AuditQuery) ([]workflow.AuditEntry, error) {
	outside := auditWhere(q, "", nil)
	inside := auditWhere(q, "e.", outside.args)
	inside.and("e.actor <> ?", workflow.Machine)
	query := `SELECT at, actor, kind, '' AS number, detail, id, 0 AS place FROM audit` + outside.where() + `
		UNION ALL SELECT e.at, e.actor, e.kind, c.number, e.detail, e.id, 1 FROM events e JOIN cases c ON c.id = e.case_id` + inside.where() + `
		ORDER BY 1 DESC, 7, 6 DESC`
	if q.Limit > 0 {
		query += ` LIMIT ` + strconv.Itoa(q.Limit)
	}
	var list []workflow.AuditEntry
	err := s.all(ctx, query, inside.args, func(scan scanFunc) error {
		var e workflow.AuditEntry
		var at stamp
		var id, place int64
		err := scan(&at, &e.Actor, &e.Kind, &e.Number, &e.Detail, &id, &place)
		e.At = at.Time
		list = append(list, e)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("reading the audit: %w", err)
	}
	return list, nil
}

// auditWhere are the conditions of a query on one of the two tables; args are those of conditions before.
func auditWhere(q workflow.AuditQuery, table string, args []any) clause {
	c := clause{args: args}
	if q.Actor != "" {
		c.and(table+"actor = ?", q.Actor)
	}
	if q.Kind != "" {
		c.and(table+"kind = ?", string(q.Kind))
	}
	if !q.From.IsZero() {
		c.and(table+"at >= ?", q.From)
	}
	if !q.To.IsZero() {
		c.and(table+"at < ?", q.To)
	}
	return c
}
