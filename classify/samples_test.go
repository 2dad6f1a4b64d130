package classify_test

import (
	"slices"
	"testing"
	"time"

	"okienko/classify"
	"okienko/internal/samples"
	"okienko/schemas"
)

func defaultRuleset(t testing.TB) *classify.Ruleset {
	t.Helper()
	catalog, err := schemas.Default()
	if err != nil {
		t.Fatal(err)
	}
	rs, err := classify.Default(catalog, time.Date(2026, 11, 20, 0, 0, 0, 0, schemas.Warsaw()))
	if err != nil {
		t.Fatal(err)
	}
	return rs
}

// TestSamples reports how the rules do on the shared samples. They are examples the rules were written beside, so the
// figures say little about other letters; the floors only tell that something broke.
func TestSamples(t *testing.T) {
	t.Parallel()
	dir := samples.Dir(t)
	if dir == "" {
		return
	}
	rs := defaultRuleset(t)
	var right, wrong, unsure, nature int
	all := samples.Load(t, dir)
	for _, s := range all {
		d := rs.Decide(classify.FeaturesOf(s.Submission, s.Contents))
		isNone := s.Label.Procedure == samples.None
		if (d.Nature != classify.NatureSubmission) != isNone {
			t.Errorf("%s: nature %s, want procedure %s", s.Label.ID, d.Nature, s.Label.Procedure)
			continue
		}
		nature++
		ok := isNone || d.Procedure == s.Label.Procedure || slices.Contains(s.Label.AlsoAcceptable, d.Procedure)
		switch {
		case ok:
			right++
		case d.Unsure():
			unsure++
			t.Logf("unsure  %-34s want %s, alternatives %v", s.Label.ID, s.Label.Procedure, d.Alternatives)
		default:
			wrong++
			t.Logf("wrong   %-34s want %s, got %s %.2f %v", s.Label.ID, s.Label.Procedure, d.Procedure, d.Confidence, d.Alternatives)
		}
		if !slices.Equal(d.OtherMatters, s.Label.OtherMatters) && len(d.OtherMatters)+len(s.Label.OtherMatters) > 0 {
			t.Logf("matters %-34s want %v, got %v", s.Label.ID, s.Label.OtherMatters, d.OtherMatters)
		}
		t.Logf("%-34s %-28s %.2f q=%v %v", s.Label.ID, d.Procedure, d.Confidence, d.Question, d.Because[:min(2, len(d.Because))])
	}
	t.Logf("%d samples: nature right %d; procedure right %d, unsure %d, wrong %d", len(all), nature, right, unsure, wrong)
}
