// Package samples reads the labelled sample submissions for tests. It is no part of the program: its reader is a stand-in
// that knows just enough of mail, ePUAP and office files to try the judgement without a sandbox.
package samples

import (
	"os"
	"path/filepath"
	"testing"

	"okienko/ingest"
	"okienko/internal/cases"
)

// Sample is one submission with the label of a careful clerk.
type Sample struct {
	Label      cases.Label
	Submission ingest.Submission
	Contents   ingest.Contents
}

// Dir returns the directory of the shared samples, or "" where they are not there, which it says in the test's log.
func Dir(t testing.TB) string {
	t.Helper()
	shared := os.Getenv("OKIENKO_SHARED")
	if shared == "" {
		shared = filepath.Join(root(t), "..", "shared")
	}
	dir := filepath.Join(shared, "samples")
	if _, err := os.Stat(dir); err != nil {
		t.Logf("no shared samples at %s (set OKIENKO_SHARED); nothing was tried", dir)
		return ""
	}
	return dir
}

func root(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		if dir == filepath.Dir(dir) {
			t.Fatal("no go.mod above the test")
		}
		dir = filepath.Dir(dir)
	}
}

// StoryDir returns the directory of the stories in the repository. OKIENKO_STORIES overrides it.
func StoryDir(t testing.TB) string {
	t.Helper()
	if dir := os.Getenv("OKIENKO_STORIES"); dir != "" {
		return dir
	}
	return filepath.Join(root(t), "testdata", "submissions")
}

// Load reads every labelled case in dir, oldest first.
func Load(t testing.TB, dir string) []Sample {
	t.Helper()
	list, err := cases.Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	var all []Sample
	for _, c := range list {
		s := Sample{Label: c.Label, Submission: ingest.Submission{Source: "samples", Channel: c.Channel, ReceivedAt: c.Received}}
		if s.Contents, err = read(filepath.Join(dir, c.ID), c.Label); err != nil {
			t.Fatalf("%s: %v", c.ID, err)
		}
		all = append(all, s)
	}
	return all
}
