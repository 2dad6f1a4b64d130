package validate

import (
	"okienko/internal/samples"
	"okienko/schemas"
	"os"
	"testing"
)

func TestDebug(t *testing.T) {
	id := os.Getenv("DBG")
	if id == "" {
		return
	}
	cat, _ := schemas.Default()
	for _, s := range samples.Load(t, samples.Dir(t)) {
		if s.Label.ID != id {
			continue
		}
		p, _ := cat.Procedure(s.Label.Procedure, s.Submission.ReceivedAt)
		v := look(s.Submission, s.Contents)
		for _, c := range p.ConditionsUsed() {
			cues := p.Conditions[c].Cues
			t.Log(c, v.condition(cues))
			for _, tx := range v.spokenTexts() {
				for k, pats := range map[string][]string{"says": cues.Says, "denies": cues.Denies} {
					for _, m := range matches(compile(pats), tx) {
						var w []string
						for _, x := range tx.Words[m.From : m.To+1] {
							w = append(w, x.Text)
						}
						t.Log("   ", k, w, negated(tx, m))
					}
				}
			}
		}
		for _, sh := range v.sheets {
			t.Log(sh.Document.ID, sh.Document.Name, sh.page, sh.TextFrom, sh.Kinds, sh.unreadable(), len(sh.source))
		}
	}
}
