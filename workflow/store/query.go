package store

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"
	"strings"
)

// querier is what runs SQL: a pool or a transaction.
type querier interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// queries runs statements of the shared SQL text.
type queries struct {
	on     querier
	broken *error // in a transaction: its first error, after which it is dead; nil outside
}

// exec returns how many rows the statement touched.
func (q queries) exec(ctx context.Context, query string, args ...any) (int64, error) {
	if err := q.dead(); err != nil {
		return 0, err
	}
	res, err := q.on.ExecContext(ctx, query, values(args)...)
	if err != nil {
		return 0, q.fail(err)
	}
	n, err := res.RowsAffected()
	return n, q.fail(err)
}

// get scans the only row into dest. It returns sql.ErrNoRows if there is none, which does not break a transaction.
func (q queries) get(ctx context.Context, query string, args []any, dest ...any) error {
	found := false
	err := q.all(ctx, query, args, func(scan scanFunc) error {
		found = true
		return scan(dest...)
	})
	if err == nil && !found {
		return sql.ErrNoRows
	}
	return err
}

// scanFunc is the Scan of one row.
type scanFunc func(dest ...any) error

// all calls each for every row.
func (q queries) all(ctx context.Context, query string, args []any, each func(scanFunc) error) error {
	if err := q.dead(); err != nil {
		return err
	}
	rows, err := q.on.QueryContext(ctx, query, values(args)...)
	if err != nil {
		return q.fail(err)
	}
	defer rows.Close()
	for rows.Next() {
		if err := each(rows.Scan); err != nil {
			return q.fail(err)
		}
	}
	return q.fail(rows.Err())
}

func (q queries) dead() error {
	if q.broken == nil || *q.broken == nil {
		return nil
	}
	return fmt.Errorf("the transaction failed before: %w", *q.broken)
}

func (q queries) fail(err error) error {
	if err != nil && q.broken != nil && *q.broken == nil {
		*q.broken = err
	}
	return err
}

// clause collects conditions and their arguments; each "?" in a condition becomes the next $n.
type clause struct {
	conds []string
	args  []any
}

func (c *clause) and(cond string, args ...any) {
	for _, arg := range args {
		c.args = append(c.args, arg)
		cond = strings.Replace(cond, "?", "$"+strconv.Itoa(len(c.args)), 1)
	}
	c.conds = append(c.conds, cond)
}

// in adds "column IN (…)"; an empty list matches nothing.
func in[T any](c *clause, column string, list []T) {
	if len(list) == 0 {
		c.and("1 = 0")
		return
	}
	args := make([]any, len(list))
	for i, v := range list {
		args[i] = v
	}
	c.and(column+" IN ("+marks(len(list))+")", args...)
}

func marks(n int) string { return strings.TrimSuffix(strings.Repeat("?, ", n), ", ") }

// where is the WHERE clause, with leading blank; "" without conditions.
func (c *clause) where() string {
	if len(c.conds) == 0 {
		return ""
	}
	return " WHERE " + strings.Join(c.conds, " AND ")
}
