package store_test

import (
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib"

	"okienko/workflow/store"
	"okienko/workflow/workflowtest"
)

// databases are addresses of empty databases of both kinds.
var databases = map[string]func(testing.TB) string{
	"sqlite":   func(tb testing.TB) string { return filepath.Join(tb.TempDir(), "okienko.db") },
	"postgres": func(tb testing.TB) string { return workflowtest.Postgres(tb) },
}

// each runs a test on both databases.
func each(t *testing.T, test func(t *testing.T, url string)) {
	t.Parallel()
	for name, url := range databases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, url(t))
		})
	}
}

// raw is the database as an administrator sees it.
func raw(t *testing.T, url string) *sql.DB {
	t.Helper()
	db, err := sql.Open(driverOf(url), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

func driverOf(url string) string {
	if strings.HasPrefix(url, "postgres") {
		return "pgx"
	}
	return "sqlite"
}

func execute(t *testing.T, url, query string) {
	t.Helper()
	if _, err := raw(t, url).Exec(query); err != nil {
		t.Fatal(err)
	}
}

// wantOpenError checks that Open fails with words a person can act on.
func wantOpenError(t *testing.T, url string, words ...string) {
	t.Helper()
	s, err := store.Open(t.Context(), url, nil)
	if err == nil {
		s.Close()
		t.Errorf("opened %s", url)
		return
	}
	for _, word := range words {
		if !strings.Contains(err.Error(), word) {
			t.Errorf("error %q does not say %q", err, word)
		}
	}
}

func TestOpenRefusesADatabaseThatIsNotThere(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "typo.db")
	for _, url := range []string{path, "sqlite://" + path, "sqlite:" + path} {
		wantOpenError(t, url, path, "no such file", "okienko migrate")
	}
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		t.Error("a file was made")
	}
	wantOpenError(t, "postgres://clerk:secret@127.0.0.1:1/okienko", "127.0.0.1:1")
	_, err := store.Open(t.Context(), "postgres://clerk:secret@127.0.0.1:1/okienko", nil)
	if strings.Contains(err.Error(), "secret") {
		t.Errorf("the error tells the password: %v", err)
	}
}

func TestOpenRefusesAnAddressItDoesNotUnderstand(t *testing.T) {
	t.Parallel()
	wantOpenError(t, "mysql://root:secret@localhost/x", "mysql", "sqlite, postgres")
	wantOpenError(t, "", "sqlite:///path")
	wantOpenError(t, ":memory:", "sqlite:///path")
	wantOpenError(t, "postgres://localhost:port/x", "port")
}

func TestOpenTakesAPathWithAnyCharacters(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"zażółć gęślą.db", "a?mode=memory&b=#%41;.db"} {
		path := filepath.Join(t.TempDir(), name)
		open(t, path, nil)
		if _, err := os.Stat(path); err != nil {
			t.Error(err)
		}
	}
}

func TestOpenRefusesAnOlderSchemaAndMigrateBringsItUp(t *testing.T) {
	each(t, func(t *testing.T, url string) {
		if !strings.HasPrefix(url, "postgres") {
			if err := os.WriteFile(url, nil, 0o600); err != nil { // an empty file is an empty database
				t.Fatal(err)
			}
		}
		wantOpenError(t, url, "has version 0", "run okienko migrate")
		open(t, url, nil)
		if err := store.Migrate(t.Context(), url); err != nil {
			t.Errorf("migrating what is up to date: %v", err)
		}
		execute(t, url, `DELETE FROM river_migration WHERE version = (SELECT max(version) FROM river_migration)`)
		wantOpenError(t, url, "jobs has version", "run okienko migrate")
	})
}

func TestOpenAndMigrateRefuseANewerSchema(t *testing.T) {
	for what, query := range map[string]string{
		"ours":    `INSERT INTO goose_db_version (version_id, is_applied) VALUES (900, true)`,
		"River's": `INSERT INTO river_migration (line, version) VALUES ('main', 900)`,
	} {
		t.Run(what, func(t *testing.T) {
			each(t, func(t *testing.T, url string) {
				if err := store.Migrate(t.Context(), url); err != nil {
					t.Fatal(err)
				}
				execute(t, url, query)
				wantOpenError(t, url, "has version 900", "newer", "install")
				if err := store.Migrate(t.Context(), url); err == nil || !strings.Contains(err.Error(), "newer") {
					t.Errorf("migrating: %v", err)
				}
			})
		})
	}
}

func TestSeveralProcessesMayMigrateAtOnce(t *testing.T) {
	each(t, func(t *testing.T, url string) {
		errs := make(chan error)
		for range 4 {
			go func() { errs <- store.Migrate(context.Background(), url) }()
		}
		for range 4 {
			if err := <-errs; err != nil {
				t.Error(err)
			}
		}
		open(t, url, nil)
	})
}

func TestTwoProcessesShareADatabase(t *testing.T) {
	each(t, func(t *testing.T, url string) {
		one, two := open(t, url, nil), open(t, url, nil)
		workers := []*store.Store{one, two, one, two}
		errs := make(chan error)
		for w, st := range workers {
			go func() {
				for i := range 25 {
					if err := accept(t.Context(), st, w*100+i); err != nil {
						errs <- err
						return
					}
				}
				errs <- nil
			}()
		}
		for range workers {
			if err := <-errs; err != nil {
				t.Error(err)
			}
		}
		var last int
		if err := raw(t, url).QueryRow(`SELECT last FROM rpw_counters`).Scan(&last); err != nil || last != 100 {
			t.Errorf("the last number is %d, %v; want 100", last, err)
		}
	})
}
