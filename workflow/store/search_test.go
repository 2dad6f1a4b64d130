package store_test

import (
	"context"
	"strings"
	"testing"

	"okienko/ingest"
	"okienko/workflow"
)

// TestCasesOfAnOlderProgramAreIndexed after an upgrade, a few at a time, and interrupted as often as may be.
func TestCasesOfAnOlderProgramAreIndexed(t *testing.T) {
	each(t, func(t *testing.T, url string) {
		st := open(t, url, fixedNow)
		const cases = 50
		for i := range cases {
			if err := accept(t.Context(), st, i); err != nil {
				t.Fatal(err)
			}
		}
		j := workflow.Judgement{Contents: ingest.Contents{Readings: []ingest.Reading{{Text: "o jabłkach"}}}}
		err := st.Tx(t.Context(), func(tx workflow.Tx) error {
			for id := range cases {
				if err := tx.Judged(t.Context(), workflow.CaseID(id+1), j); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		forget := `DELETE FROM case_texts; UPDATE search_state SET rules = 0`
		if !strings.HasPrefix(url, "postgres") {
			forget += `; DELETE FROM case_words`
		}
		execute(t, url, forget)
		found := func() int {
			page, err := st.Queue(t.Context(), workflow.QueueQuery{Text: "jabłko"})
			if err != nil {
				t.Fatal(err)
			}
			return len(page)
		}
		if n := found(); n != 0 {
			t.Fatalf("%d are found before: nothing is tested", n)
		}
		cancelled, cancel := context.WithCancel(t.Context())
		cancel()
		if err := st.IndexPending(cancelled); err == nil {
			t.Error("indexing goes on when it is told to end")
		}
		if err := st.IndexPending(t.Context()); err != nil {
			t.Fatal(err)
		}
		if n := found(); n != cases {
			t.Errorf("%d of %d are found", n, cases)
		}
	})
}
