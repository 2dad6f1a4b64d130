package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"okienko/workflow/store"
)

// openDatabase reads the configuration at path and opens its database, which must be there already. Close what it returns.
func openDatabase(ctx context.Context, path string) (config, *store.Store, error) {
	cfg, err := loadConfig(path)
	if err != nil {
		return cfg, nil, err
	}
	s, err := store.Open(ctx, cfg.Database, nil)
	return cfg, s, err
}

// makeDatabase brings the database at url to this version's schema, and makes it if it is not there.
func makeDatabase(ctx context.Context, url string) error {
	if err := makeDatabaseDir(url); err != nil {
		return err
	}
	return store.Migrate(ctx, url)
}

// makeDatabaseDir makes the directory of a SQLite file; a database server has none.
func makeDatabaseDir(url string) error {
	path := strings.TrimPrefix(url, "sqlite://")
	if strings.Contains(path, "://") {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return fmt.Errorf("database: %w", err)
	}
	return nil
}
