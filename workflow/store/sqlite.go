package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"

	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"modernc.org/sqlite"
)

// sqliteEngine is one file. One connection writes, shared with River: more would only wait for each other, or fail.
type sqliteEngine struct {
	*group // of the write pool
	read   *sql.DB
}

var sqliteDialect = dialect{
	name:        "sqlite",
	tableExists: `SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = $1`,
	horizon:     `1`,
	// There is one writer at a time, and what it read it read after the one before.
	lockHashes: func(context.Context, queries, []int64) error { return nil },
	words:      sqliteWords,
}

// readers is how many pages of the desk may be read at once.
const readers = 4

func openSQLite(ctx context.Context, path string, create bool) (engine, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("database %s: %w", path, err)
	}
	if _, err := os.Stat(abs); errors.Is(err, fs.ErrNotExist) && !create {
		return nil, fmt.Errorf("database %s: no such file; okienko migrate makes a new one", path)
	}
	mode := "rw"
	if create {
		mode = "rwc"
	}
	e := &sqliteEngine{group: &group{}}
	if e.write, err = openPool(ctx, sqliteDSN(abs, mode), 1); err != nil {
		return nil, fmt.Errorf("database %s: %w", path, err)
	}
	if e.read, err = openPool(ctx, sqliteDSN(abs, "ro"), readers); err != nil {
		e.write.Close()
		return nil, fmt.Errorf("database %s: %w", path, err)
	}
	e.river = sqliteDriver{riversqlite.New(e.write)}
	return e, nil
}

// sqliteDSN holds every pragma, since a pragma that is executed reaches one connection of a pool only. With synchronous(FULL)
// a commit is on the disk when it returns (promise P1); WAL's default would lose the last ones in a power cut.
func sqliteDSN(path, mode string) string {
	query := url.Values{
		"mode":    {mode},
		"_txlock": {"immediate"},
		"_pragma": {"busy_timeout(10000)", "journal_mode(WAL)", "synchronous(FULL)", "foreign_keys(1)", "cache_size(-16000)"},
	}
	if mode == "ro" {
		query["_pragma"] = []string{"busy_timeout(10000)", "query_only(1)", "cache_size(-8000)"}
	}
	return (&url.URL{Scheme: "file", Path: path, RawQuery: query.Encode()}).String()
}

func openPool(ctx context.Context, dsn string, size int) (*sql.DB, error) {
	connector, err := sqlite.NewConnector(dsn)
	if err != nil {
		return nil, err
	}
	db := sql.OpenDB(preparing{connector})
	db.SetMaxOpenConns(size)
	db.SetMaxIdleConns(size)
	if err := db.PingContext(ctx); err != nil {
		db.Close()
		return nil, err
	}
	return db, nil
}

func (e *sqliteEngine) reader() querier                 { return e.read }
func (e *sqliteEngine) driver() riverdriver.Driver[*Tx] { return e.river }
func (e *sqliteEngine) dialect() dialect                { return sqliteDialect }
func (e *sqliteEngine) close() error                    { return errors.Join(e.read.Close(), e.write.Close()) }
