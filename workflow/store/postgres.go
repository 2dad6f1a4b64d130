package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
)

// postgresEngine is a pool of pgx connections that River uses as it is and the store through database/sql, so that the same SQL
// text and the same scanning serve both databases.
type postgresEngine struct {
	pool  *pgxpool.Pool
	db    *sql.DB
	river postgresDriver
}

var postgresDialect = dialect{
	name: "postgres",
	// NO KEY: others may still insert rows that refer to the case.
	lockCase:    ` FOR NO KEY UPDATE OF c`,
	lockRow:     ` FOR NO KEY UPDATE`,
	lockShared:  ` FOR SHARE`,
	tableExists: `SELECT count(*) FROM pg_class WHERE oid = to_regclass($1)`,
	horizon:     `pg_snapshot_xmin(pg_current_snapshot())::text::bigint`,
	lockHashes:  lockHashes,
	words:       postgresWords,
	lateral:     true,
	planned:     []any{pgx.QueryExecModeCacheDescribe},
}

// lockHashes takes advisory locks until the end of the transaction, in the order given.
func lockHashes(ctx context.Context, q queries, hashes []int64) error {
	if len(hashes) == 0 {
		return nil
	}
	calls, args := make([]string, len(hashes)), make([]any, len(hashes))
	for i, hash := range hashes {
		calls[i], args[i] = "pg_advisory_xact_lock($"+strconv.Itoa(i+1)+")", hash
	}
	_, err := q.exec(ctx, `SELECT `+strings.Join(calls, ", "), args...)
	return err
}

func openPostgres(ctx context.Context, address string) (engine, error) {
	config, err := pgxpool.ParseConfig(address)
	if err != nil {
		return nil, err // pgx hides the password
	}
	if !strings.Contains(address, "pool_max_conns") {
		config.MaxConns = 16
	}
	if config.ConnConfig.RuntimeParams["application_name"] == "" {
		config.ConnConfig.RuntimeParams["application_name"] = "okienko"
	}
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("database %s: %w", shown(address), err)
	}
	if err := pool.Ping(ctx); err != nil {
		pool.Close()
		return nil, fmt.Errorf("database %s: %w", shown(address), err)
	}
	return &postgresEngine{pool: pool, db: stdlib.OpenDBFromPool(pool), river: postgresDriver{riverpgxv5.New(pool)}}, nil
}

func (e *postgresEngine) reader() querier                 { return e.db }
func (e *postgresEngine) driver() riverdriver.Driver[*Tx] { return e.river }
func (e *postgresEngine) dialect() dialect                { return postgresDialect }

func (e *postgresEngine) close() error {
	err := e.db.Close()
	e.pool.Close()
	return err
}

// begin starts a transaction that is River's pgx.Tx and at the same time the state of a database/sql connection.
func (e *postgresEngine) begin(ctx context.Context) (transaction, error) {
	conn, err := e.db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	t := &postgresTx{Conn: conn, river: e.river}
	err = conn.Raw(func(raw any) error {
		var err error
		t.tx, err = raw.(*stdlib.Conn).Conn().Begin(ctx)
		return err
	})
	if err != nil {
		conn.Close()
		return nil, err
	}
	return t, nil
}

type postgresTx struct {
	*sql.Conn
	tx    pgx.Tx
	river postgresDriver
}

func (t *postgresTx) executor() riverdriver.ExecutorTx { return t.river.Driver.UnwrapExecutor(t.tx) }

// ExecContext and QueryContext look at ctx before a statement and not during it: database/sql ends what was cancelled on a goroutine of
// its own, which would use the connection beside River and the roll-back, and pgx panics on that.

// ExecContext implements querier.
func (t *postgresTx) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return t.Conn.ExecContext(context.WithoutCancel(ctx), query, args...)
}

// QueryContext implements querier.
func (t *postgresTx) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return t.Conn.QueryContext(context.WithoutCancel(ctx), query, args...)
}

func (t *postgresTx) commit(ctx context.Context) error {
	defer t.Conn.Close()
	err := t.tx.Commit(ctx)
	if err != nil && !errors.Is(err, pgx.ErrTxCommitRollback) {
		_ = t.tx.Rollback(context.WithoutCancel(ctx)) // nothing to do on a broken connection
	}
	return err
}

func (t *postgresTx) rollback() {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	defer t.Conn.Close()
	_ = t.tx.Rollback(ctx) // the cause is reported already; a connection that cannot roll back is closed
}
