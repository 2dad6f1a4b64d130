package store

import (
	"context"
	"database/sql/driver"
	"errors"
)

// preparing is a connector to SQLite whose connections keep their statements prepared, as pgx does for PostgreSQL. Without it a
// third of the time of an intake goes into parsing the same SQL again, most of it River's.
type preparing struct{ driver.Connector }

func (p preparing) Connect(ctx context.Context) (driver.Conn, error) {
	conn, err := p.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	full, ok := conn.(sqliteConn)
	if !ok {
		return nil, errors.Join(errors.New("the SQLite driver changed: its connection lacks methods"), conn.Close())
	}
	return &preparedConn{sqliteConn: full, idle: map[string]preparedStmt{}}, nil
}

type sqliteConn interface {
	driver.Conn
	driver.ConnPrepareContext
	driver.ConnBeginTx
	driver.Pinger
	driver.SessionResetter
	driver.Validator
}

type preparedStmt interface {
	driver.Stmt
	driver.StmtExecContext
	driver.StmtQueryContext
}

// preparedConn lends a statement to one use at a time: the same SQL may be under way twice, one inside the other. Like every
// driver.Conn it is used by one goroutine at a time.
type preparedConn struct {
	sqliteConn
	idle map[string]preparedStmt
}

// mostIdle bounds what SQL with lists of differing length could pile up.
const mostIdle = 300

func (c *preparedConn) take(ctx context.Context, query string) (preparedStmt, error) {
	if stmt, ok := c.idle[query]; ok {
		delete(c.idle, query)
		return stmt, nil
	}
	stmt, err := c.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	return stmt.(preparedStmt), nil
}

func (c *preparedConn) giveBack(query string, stmt preparedStmt) error {
	if _, twice := c.idle[query]; twice || len(c.idle) >= mostIdle {
		return stmt.Close()
	}
	c.idle[query] = stmt
	return nil
}

func (c *preparedConn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	stmt, err := c.take(ctx, query)
	if err != nil {
		return nil, err
	}
	res, err := stmt.ExecContext(ctx, args)
	if err != nil {
		return nil, errors.Join(err, stmt.Close())
	}
	return res, c.giveBack(query, stmt)
}

func (c *preparedConn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	stmt, err := c.take(ctx, query)
	if err != nil {
		return nil, err
	}
	rows, err := stmt.QueryContext(ctx, args)
	if err != nil {
		return nil, errors.Join(err, stmt.Close())
	}
	return &preparedRows{Rows: rows, done: func() error { return c.giveBack(query, stmt) }}, nil
}

func (c *preparedConn) Close() error {
	var errs []error
	for _, stmt := range c.idle {
		errs = append(errs, stmt.Close())
	}
	return errors.Join(append(errs, c.sqliteConn.Close())...)
}

// preparedRows gives its statement back when it is closed.
type preparedRows struct {
	driver.Rows
	done func() error
}

func (r *preparedRows) Close() error {
	err := r.Rows.Close()
	if r.done != nil {
		err = errors.Join(err, r.done())
		r.done = nil
	}
	return err
}
