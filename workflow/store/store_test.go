package store_test

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"okienko/workflow/store"
	"okienko/workflow/workflowtest"
)

func TestSQLite(t *testing.T) {
	t.Parallel()
	workflowtest.TestStore(t, func(t *testing.T, now func() time.Time) workflowtest.Store {
		return open(t, filepath.Join(t.TempDir(), "okienko.db"), now)
	})
}

func TestPostgres(t *testing.T) {
	t.Parallel()
	workflowtest.TestStore(t, func(t *testing.T, now func() time.Time) workflowtest.Store {
		return opened(t, migrated(t), now)
	})
}

// open migrates and opens a database, and closes it after the test.
func open(tb testing.TB, url string, now func() time.Time) *store.Store {
	tb.Helper()
	if err := store.Migrate(context.Background(), url); err != nil {
		tb.Fatal(err)
	}
	return opened(tb, url, now)
}

// opened opens a migrated database, and closes it after the test.
func opened(tb testing.TB, url string, now func() time.Time) *store.Store {
	tb.Helper()
	s, err := store.Open(context.Background(), url, now)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := s.Close(); err != nil {
			tb.Error(err)
		}
	})
	return s
}

// migrated is an address of a PostgreSQL database that needs no Migrate any more.
func migrated(tb testing.TB) string {
	return workflowtest.PostgresLike(tb, func(url string) error { return store.Migrate(context.Background(), url) })
}
