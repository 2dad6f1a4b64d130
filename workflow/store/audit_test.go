package store_test

import (
	"database/sql"
	"path/filepath"
	"testing"

	_ "modernc.org/sqlite"

	"okienko/workflow"
)

// TestTheChainShowsWhatWasDoneToIt changes the audit behind the store's back, in every way there is.
func TestTheChainShowsWhatWasDoneToIt(t *testing.T) {
	t.Parallel()
	for name, attack := range map[string]string{
		"nothing":                      `SELECT 1`,
		"a line was changed":           `UPDATE audit SET detail = 'x' WHERE id = 2`,
		"a line has another actor":     `UPDATE audit SET actor = 'jan' WHERE id = 2`,
		"a line was removed":           `DELETE FROM audit WHERE id = 2`,
		"the end was cut off":          `DELETE FROM audit WHERE id = 4`,
		"the head was put back":        `UPDATE audit_head SET lines = 3`,
		"two lines changed places":     `UPDATE audit SET id = CASE id WHEN 2 THEN 30 ELSE id END; UPDATE audit SET id = 2 WHERE id = 3; UPDATE audit SET id = 3 WHERE id = 30`,
		"a line was slipped in at end": `INSERT INTO audit (at, actor, kind, detail, digest) SELECT at, actor, kind, detail, digest FROM audit WHERE id = 4`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "okienko.db")
			s := open(t, path, nil)
			for _, detail := range []string{"a", "b", "c", "d"} {
				if err := s.Audit(t.Context(), "ola", workflow.EventRefused, detail); err != nil {
					t.Fatal(err)
				}
			}
			db, err := sql.Open("sqlite", path)
			if err != nil {
				t.Fatal(err)
			}
			defer db.Close()
			if _, err := db.ExecContext(t.Context(), attack); err != nil {
				t.Fatal(err)
			}
			if _, _, wrong, err := s.VerifyAudit(t.Context()); err != nil || (wrong == "") != (name == "nothing") {
				t.Errorf("verify says %q, %v", wrong, err)
			}
		})
	}
}
