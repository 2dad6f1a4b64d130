package samples

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"okienko/ingest"
	"okienko/schemas"
)

// want is a want.json of testdata/submissions.
type want struct {
	Channel        ingest.Channel        `json:"channel"`
	Received       time.Time             `json:"received"`
	Language       string                `json:"language"`
	Procedure      schemas.ProcedureID   `json:"procedure"`
	AlsoAcceptable []schemas.ProcedureID `json:"also_acceptable"`
	OtherMatters   []schemas.ProcedureID `json:"other_matters"`
	Conditions     map[string]bool       `json:"conditions"`
	Attachments    []string              `json:"attachments"`
	Missing        []string              `json:"missing"`
	DoNotAsk       []string              `json:"do_not_ask"`
	Reply          string                `json:"reply"`
	DuplicateOf    string                `json:"duplicate_of"`
	SupplementOf   string                `json:"supplement_of"`
}

// StoryDir returns the directory of the stories in the repository, or "" before they are there, which it says in the log.
// OKIENKO_STORIES overrides it.
func StoryDir(t testing.TB) string {
	t.Helper()
	dir := os.Getenv("OKIENKO_STORIES")
	if dir == "" {
		dir = filepath.Join(root(t), "testdata", "submissions")
	}
	if _, err := os.Stat(dir); err != nil {
		t.Logf("no stories at %s; nothing was tried", dir)
		return ""
	}
	return dir
}

// LoadStories reads every story in dir, sorted by name.
func LoadStories(t testing.TB, dir string) []Sample {
	t.Helper()
	wants, err := filepath.Glob(filepath.Join(dir, "*", "want.json"))
	if err != nil || len(wants) == 0 {
		t.Fatalf("no */want.json in %s: %v", dir, err)
	}
	var all []Sample
	for _, path := range wants {
		all = append(all, loadStory(t, path))
	}
	return all
}

func loadStory(t testing.TB, path string) Sample {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var w want
	if err := json.Unmarshal(data, &w); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	if w.Procedure == "" {
		w.Procedure = None
	}
	s := Sample{Label: Label{
		ID: filepath.Base(filepath.Dir(path)), Channel: w.Channel, Language: w.Language, Procedure: w.Procedure,
		AlsoAcceptable: w.AlsoAcceptable, OtherMatters: w.OtherMatters, Conditions: w.Conditions, Attachments: w.Attachments,
		Missing: w.Missing, DoNotAsk: w.DoNotAsk, Reply: w.Reply, SupplementOf: w.SupplementOf, DuplicateOf: w.DuplicateOf,
	}}
	s.Submission = ingest.Submission{Source: "stories", Channel: w.Channel, ReceivedAt: w.Received.UTC()}
	if s.Contents, err = read(filepath.Dir(path), s.Label); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return s
}
