package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

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
