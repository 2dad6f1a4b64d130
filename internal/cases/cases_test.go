package cases_test

import (
	"testing"

	"okienko/internal/cases"
)

// TestTheSplitIsByTheHashOfTheID: a case lies where its id says, so nobody can move a hard one out of the way.
func TestTheSplitIsByTheHashOfTheID(t *testing.T) {
	t.Parallel()
	held := 0
	for dir, want := range map[string]bool{"../../classify/examples": false, "../../testdata/held": true} {
		all, err := cases.Load(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range all {
			if c.Held() != want {
				t.Errorf("%s: case %s: kept from the model is %v by its id", dir, c.ID, c.Held())
			}
		}
		if want {
			held = len(all)
		} else if len(all) < 100 {
			t.Errorf("%s: only %d cases", dir, len(all))
		}
	}
	if held < 40 {
		t.Errorf("only %d cases are kept from the model", held)
	}
}
