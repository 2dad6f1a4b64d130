package main

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"okienko/classify"
	"okienko/ingest"
)

// TestWhatWasLearntCountsAndCanBeTakenBack teaches a word the embedded examples do not know.
func TestWhatWasLearntCountsAndCanBeTakenBack(t *testing.T) {
	t.Parallel()
	cfg := defaultConfig()
	cfg.Data = t.TempDir()
	letter := classify.Features{Channel: ingest.Email, Document: "0", Text: "Poproszę o kwidrant zielony na balkon.",
		Letter: ingest.Letter{Subject: "kwidrant zielony"}}
	decide := func() classify.Decision {
		t.Helper()
		office := bookOffice(cfg, make([]byte, secretSize))
		book, err := office.BuiltIn()
		if err != nil {
			t.Fatal(err)
		}
		bench, complaints := office.Compile(book, 0, time.Now())
		if len(complaints) > 0 {
			t.Fatal(complaints)
		}
		return bench.Judge.Rules.Decide(letter)
	}
	before := decide()
	if !before.Unsure() {
		t.Fatalf("decided before it was taught: %+v", before)
	}
	base, err := classify.Examples()
	if err != nil {
		t.Fatal(err)
	}
	correction := classify.Example{Features: letter, Procedure: "usuniecie_drzewa"}
	kept := officeModels(cfg)
	l, err := kept.add(learnt{Lessons: classify.Lessons([]classify.Example{correction, correction, correction}, base)})
	if err != nil {
		t.Fatal(err)
	}
	taught := decide()
	if taught.Procedure != "usuniecie_drzewa" || taught.DecidedBy != classify.ByModel || taught.Ruleset == before.Ruleset {
		t.Errorf("after three corrections: %+v", taught)
	}
	if err := kept.use(l.Parent); err != nil {
		t.Fatal(err)
	}
	if again := decide(); !again.Unsure() || again.Ruleset != before.Ruleset {
		t.Errorf("taken back, yet %+v", again)
	}
	if _, err := os.Stat(filepath.Join(cfg.Data, "models", "1.json")); err != nil {
		t.Errorf("the version taken back is gone: %v", err)
	}
}

// TestLessonsKeepNothingOfASingleResident: a name in one letter is not kept, a word two letters share is.
func TestLessonsKeepNothingOfASingleResident(t *testing.T) {
	t.Parallel()
	one := classify.Example{Procedure: "odpis_aktu", Features: classify.Features{Text: "kwidrant Brzęczyszczykiewicz 57061783852"}}
	two := classify.Example{Procedure: "odpis_aktu", Features: classify.Features{Text: "kwidrant"}}
	lessons := classify.Lessons([]classify.Example{one, two}, nil)
	for f := range lessons[0].Features {
		if f != "kwidra" && f[0] != '~' {
			t.Errorf("kept %q", f)
		}
	}
	if lessons[0].Features["kwidra"] == 0 {
		t.Error("the word both letters have is not kept")
	}
}
