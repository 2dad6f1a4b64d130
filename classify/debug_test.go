package classify

import (
	"okienko/internal/samples"
	"okienko/schemas"
	"os"
	"testing"
	"time"
)

func TestDebug(t *testing.T) {
	id := os.Getenv("DBG")
	if id == "" {
		return
	}
	cat, _ := schemas.Default()
	rs, _ := Default(cat, time.Now())
	for _, s := range samples.Load(t, samples.Dir(t)) {
		if s.Label.ID != id {
			continue
		}
		f := FeaturesOf(s.Submission, s.Contents)
		g := rs.look(zonesOf(f))
		for _, sc := range rs.scores(g) {
			t.Logf("%s %.2f solid %v", rs.procedures[sc.procedure].ID, sc.points, sc.solid)
			for _, h := range sc.hits {
				w, _, _ := g.excerpt(h)
				t.Logf("   %s %q %.2f zone %d item %d %q", roleNames[rs.patterns[h.pattern].role], rs.patterns[h.pattern].text, h.weight, g.zones[h.zone].name, g.item(h), w)
			}
			for _, h := range sc.ownSolid {
				w, _, _ := g.excerpt(h)
				t.Logf("   own %q zone %d item %d", w, g.zones[h.zone].name, g.item(h))
			}
		}
	}
}
