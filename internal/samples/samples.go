// Package samples reads the labelled sample submissions for tests. It is no part of the program: its reader is a stand-in
// that knows just enough of mail, ePUAP and office files to try the judgement without a sandbox.
package samples

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"go.yaml.in/yaml/v3"

	"okienko/ingest"
	"okienko/schemas"
)

// Sample is one submission with the label of a careful clerk.
type Sample struct {
	Label      Label
	Submission ingest.Submission
	Contents   ingest.Contents
}

// Label is a case.yaml.
type Label struct {
	ID             string                `yaml:"id"`
	Channel        ingest.Channel        `yaml:"channel"`
	Language       string                `yaml:"language"`
	Procedure      schemas.ProcedureID   `yaml:"procedure"`
	AlsoAcceptable []schemas.ProcedureID `yaml:"also_acceptable"`
	OtherMatters   []schemas.ProcedureID `yaml:"other_matters"`
	Conditions     map[string]bool       `yaml:"conditions"`
	Fields         []string              `yaml:"fields_present"`
	Attachments    []string              `yaml:"attachments_present"`
	Missing        []string              `yaml:"missing"`
	DoNotAsk       []string              `yaml:"do_not_ask"`
	Signature      string                `yaml:"signature"`
	Reply          string                `yaml:"reply"`
	SupplementOf   string                `yaml:"supplement_of"`
	DuplicateOf    string                `yaml:"duplicate_of"`
}

// None is the procedure of what is no submission.
const None schemas.ProcedureID = "none"

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

// Load reads every sample in dir, sorted by id.
func Load(t testing.TB, dir string) []Sample {
	t.Helper()
	labels, err := filepath.Glob(filepath.Join(dir, "*", "case.yaml"))
	if err != nil || len(labels) == 0 {
		t.Fatalf("no */case.yaml in %s: %v", dir, err)
	}
	var all []Sample
	for _, path := range labels {
		all = append(all, loadOne(t, path))
	}
	return all
}

func loadOne(t testing.TB, path string) Sample {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var s Sample
	if err := yaml.Unmarshal(data, &s.Label); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	s.Submission = ingest.Submission{Source: "samples", Channel: s.Label.Channel, ReceivedAt: time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)}
	s.Contents, err = read(filepath.Dir(path), s.Label)
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	if !s.Contents.Letter.Date.IsZero() {
		s.Submission.ReceivedAt = s.Contents.Letter.Date.UTC()
	}
	return s
}
