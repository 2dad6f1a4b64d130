package main

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// secretSize is the length in bytes of the key under which personal values are hashed and completion codes made.
const secretSize = 32

// loadSecret reads the office's secret from the data directory, or makes it. All processes of an installation share it: with
// another one, links between cases and completion codes are no longer recognised.
func loadSecret(dir string) ([]byte, error) {
	path := filepath.Join(dir, "secret")
	key, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		key, err = makeSecret(path)
	}
	if err != nil {
		return nil, fmt.Errorf("secret: %w", err)
	}
	if len(key) != secretSize {
		return nil, fmt.Errorf("secret: %s has %d bytes, it must have %d", path, len(key), secretSize)
	}
	return key, nil
}

// makeSecret writes a new secret under a name of its own and links it into place: of two processes that start together, one
// wins and both use the winner's.
func makeSecret(path string) ([]byte, error) {
	key := make([]byte, secretSize)
	if _, err := rand.Read(key); err != nil {
		return nil, err
	}
	tmp, err := os.CreateTemp(filepath.Dir(path), ".secret-*")
	if err != nil {
		return nil, err
	}
	defer os.Remove(tmp.Name())
	defer tmp.Close()
	if _, err := tmp.Write(key); err != nil {
		return nil, err
	}
	if err := tmp.Sync(); err != nil {
		return nil, err
	}
	if err := os.Link(tmp.Name(), path); err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, err
	}
	return os.ReadFile(path)
}
