package store

import (
	"context"
	"embed"
	"fmt"
	"io/fs"
	"log/slog"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
	"github.com/riverqueue/river/rivermigrate"
)

//go:embed migrations
var migrations embed.FS

// Migrate brings the database at url to the schema of this program; a SQLite file that is not there yet is made. Each migration
// is a transaction of its own, so a migration that was killed goes on where it stopped. A newer schema is left alone and refused.
func Migrate(ctx context.Context, url string) error {
	e, err := openEngine(ctx, url, true)
	if err != nil {
		return err
	}
	defer e.close()
	if err := migrate(ctx, e); err != nil {
		return fmt.Errorf("migrating database %s: %w", shown(url), err)
	}
	return nil
}

// migrate tries again as long as the schema gets further: if another process migrates at the same time, one of the two fails at
// what the other has done.
func migrate(ctx context.Context, e engine) error {
	parts, err := schemaParts(e)
	if err != nil {
		return err
	}
	for before := int64(-1); ; {
		at, err := versions(ctx, e, parts)
		if err != nil {
			return err
		}
		if err := upgrade(ctx, parts, at); err == nil || at[0]+at[1] == before {
			return err
		}
		before = at[0] + at[1]
	}
}

// upgrade brings every part up, unless one is newer than this program.
func upgrade(ctx context.Context, parts []schemaPart, at []int64) error {
	for i, part := range parts {
		if at[i] > part.want {
			return part.newer(at[i])
		}
	}
	for _, part := range parts {
		if err := part.up(ctx); err != nil {
			return err
		}
	}
	return nil
}

func versions(ctx context.Context, e engine, parts []schemaPart) ([]int64, error) {
	list := make([]int64, len(parts))
	for i, part := range parts {
		var err error
		if list[i], err = part.version(ctx, queries{on: e.reader()}, e.dialect()); err != nil {
			return nil, fmt.Errorf("reading the version of %s: %w", part.name, err)
		}
	}
	return list, nil
}

// checkSchema compares the database with this program, without changing anything.
func checkSchema(ctx context.Context, e engine) error {
	parts, err := schemaParts(e)
	if err != nil {
		return err
	}
	at, err := versions(ctx, e, parts)
	if err != nil {
		return err
	}
	for i, part := range parts {
		switch have := at[i]; {
		case have > part.want:
			return part.newer(have)
		case have < part.want:
			return fmt.Errorf("%s has version %d, this program needs %d: run okienko migrate", part.name, have, part.want)
		}
	}
	return nil
}

// schemaPart is one of the two sets of tables that are versioned apart.
type schemaPart struct {
	name  string
	table string // where the versions stand
	query string // the version
	want  int64
	up    func(context.Context) error
}

func (p schemaPart) newer(have int64) error {
	return fmt.Errorf("%s has version %d, newer than the %d this program knows: install the okienko that made it, or a later one",
		p.name, have, p.want)
}

func (p schemaPart) version(ctx context.Context, q queries, d dialect) (int64, error) {
	var exists int
	if err := q.get(ctx, d.tableExists, []any{p.table}, &exists); err != nil || exists == 0 {
		return 0, err
	}
	var version int64
	err := q.get(ctx, p.query, nil, &version)
	return version, err
}

// schemaParts are our tables and River's, in the order in which they are migrated.
func schemaParts(e engine) ([]schemaPart, error) {
	goose, err := newGoose(e)
	if err != nil {
		return nil, err
	}
	river, err := rivermigrate.New(e.driver(), &rivermigrate.Config{Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		return nil, err
	}
	sources, jobs := goose.ListSources(), river.AllVersions()
	return []schemaPart{{
		name: "the schema", table: "goose_db_version", want: sources[len(sources)-1].Version,
		query: `SELECT coalesce(max(version_id), 0) FROM goose_db_version WHERE is_applied`,
		up:    func(ctx context.Context) error { _, err := goose.Up(ctx); return err },
	}, {
		name: "the schema of the jobs", table: "river_migration", want: int64(jobs[len(jobs)-1].Version),
		query: `SELECT coalesce(max(version), 0) FROM river_migration`,
		up: func(ctx context.Context) error {
			_, err := river.Migrate(ctx, rivermigrate.DirectionUp, nil)
			return err
		},
	}}, nil
}

func newGoose(e engine) (*goose.Provider, error) {
	files, err := fs.Sub(migrations, "migrations/"+e.dialect().name)
	if err != nil {
		return nil, err
	}
	quiet := goose.WithDisableGlobalRegistry(true)
	switch e := e.(type) {
	case *sqliteEngine:
		return goose.NewProvider(goose.DialectSQLite3, e.write, files, quiet)
	case *postgresEngine:
		locker, err := lock.NewPostgresSessionLocker() // several processes may start an upgrade at once
		if err != nil {
			return nil, err
		}
		return goose.NewProvider(goose.DialectPostgres, e.db, files, quiet, goose.WithSessionLocker(locker))
	}
	return nil, fmt.Errorf("no migrations for %T", e)
}
