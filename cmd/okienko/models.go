package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"okienko/classify"
)

// models are the versions of what the office's corrections taught, files 1.json, 2.json … in a directory, none ever
// overwritten; the file "current" says which one is in force. Without it only the embedded examples count.
type models struct{ dir string }

func officeModels(cfg config) models { return models{filepath.Join(cfg.Data, "models")} }

// learnt is one version.
type learnt struct {
	Version int               `json:"version"`
	Parent  int               `json:"parent"` // the version in force when it was made; 0 for none
	Made    time.Time         `json:"made"`   // UTC
	Model   string            `json:"model"`  // as decisions name it
	Lessons []classify.Lesson `json:"lessons"`
}

// current returns the version in force; its Version is 0 if there is none.
func (m models) current() (learnt, error) {
	text, err := os.ReadFile(filepath.Join(m.dir, "current"))
	if errors.Is(err, fs.ErrNotExist) {
		return learnt{}, nil
	}
	if err != nil {
		return learnt{}, err
	}
	n, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil || n < 0 {
		return learnt{}, fmt.Errorf("%s: must hold the number of a version, or 0 for none", filepath.Join(m.dir, "current"))
	}
	if n == 0 {
		return learnt{}, nil
	}
	return m.version(n)
}

func (m models) file(n int) string { return filepath.Join(m.dir, strconv.Itoa(n)+".json") }

func (m models) version(n int) (learnt, error) {
	data, err := os.ReadFile(m.file(n))
	if err != nil {
		return learnt{}, err
	}
	var l learnt
	if err := json.Unmarshal(data, &l); err != nil {
		return learnt{}, fmt.Errorf("%s: %w", m.file(n), err)
	}
	return l, nil
}

// add keeps a new version and puts it in force.
func (m models) add(l learnt) (learnt, error) {
	if err := os.MkdirAll(m.dir, 0o700); err != nil {
		return l, err
	}
	for l.Version = 1; ; l.Version++ {
		data, err := json.Marshal(l)
		if err != nil {
			return l, err
		}
		f, err := os.OpenFile(m.file(l.Version), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
		if errors.Is(err, fs.ErrExist) {
			continue
		}
		if err != nil {
			return l, err
		}
		_, err = f.Write(data)
		if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
			return l, err
		}
		return l, m.use(l.Version)
	}
}

// use puts a version in force; 0 goes back to the embedded examples alone.
func (m models) use(n int) error {
	tmp := filepath.Join(m.dir, ".current")
	if err := os.WriteFile(tmp, []byte(strconv.Itoa(n)+"\n"), 0o600); err != nil {
		return err
	}
	return os.Rename(tmp, filepath.Join(m.dir, "current"))
}

// taught puts the model in force beside the rules.
func (m models) taught(rules *classify.Ruleset) (*classify.Ruleset, error) {
	l, err := m.current()
	if err != nil || l.Version == 0 {
		return rules, err
	}
	model, err := rules.Learn(l.Lessons)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", m.file(l.Version), err)
	}
	return rules.WithModel(model), nil
}
