package store

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
)

// dialect is what cannot be said in one SQL text.
type dialect struct {
	name        string // also of the directory under migrations
	lockCase    string // after a SELECT of cases c: nobody else may change the row
	lockRow     string // after a SELECT of one table
	lockShared  string // after a SELECT of one table: nobody may change the row, others may read it so as well
	tableExists string // $1: a table's name
	horizon     string // events.tx below it belong to transactions that nobody can slip in before any more
	lockHashes  func(ctx context.Context, q queries, hashes []int64) error
	words       wordIndex
	lateral     bool  // a part of FROM may refer to the one before
	planned     []any // before the arguments of a statement whose plan depends on their values
}

// openEngine opens the database at an address. Only with create may it make a new SQLite file: a typo in a path must not look
// like an empty office.
func openEngine(ctx context.Context, address string, create bool) (engine, error) {
	scheme, rest, found := strings.Cut(address, ":")
	switch {
	case found && (scheme == "postgres" || scheme == "postgresql"):
		return openPostgres(ctx, address)
	case found && scheme == "sqlite":
		address = strings.TrimPrefix(rest, "//")
	case found && strings.HasPrefix(rest, "//"):
		return nil, fmt.Errorf("database %s: scheme %q is none of sqlite, postgres", shown(address), scheme)
	}
	if address == "" || strings.HasPrefix(address, ":") {
		return nil, errors.New("database: the address names no file; write sqlite:///path/to/okienko.db or postgres://…")
	}
	return openSQLite(ctx, address, create)
}

// shown is an address without its password.
func shown(address string) string {
	if u, err := url.Parse(address); err == nil {
		return u.Redacted()
	}
	return "(unreadable address)"
}
