package classify_test

import (
	"slices"
	"sync"
	"testing"
	"time"

	"okienko/classify"
	"okienko/internal/cases"
	"okienko/internal/samples"
	"okienko/schemas"
)

var loadRuleset = sync.OnceValues(func() (*classify.Ruleset, error) {
	catalog, err := schemas.Default()
	if err != nil {
		return nil, err
	}
	return classify.Default(catalog, time.Date(2026, 11, 20, 0, 0, 0, 0, schemas.Warsaw()))
})

func defaultRuleset(t testing.TB) *classify.Ruleset {
	t.Helper()
	rs, err := loadRuleset()
	if err != nil {
		t.Fatal(err)
	}
	return rs
}

// TestSamples reports how the rules do on the shared samples. They are examples the rules were written beside, so the
// figures say little about other letters; the floors only tell that something broke.
func TestSamples(t *testing.T) {
	t.Parallel()
	if dir := samples.Dir(t); dir != "" {
		tryAll(t, samples.Load(t, dir)).floor(t, 0.7, 0)
	}
}

// TestStories does the same on the stories of testdata, which others wrote.
func TestStories(t *testing.T) {
	t.Parallel()
	dir := samples.StoryDir(t)
	tryAll(t, samples.Load(t, dir)).floor(t, 0.7, 1)
}

// tally counts verdicts; lost are residents' letters taken for no submission.
type tally struct{ all, right, unsure, wrong, lost int }

func (c tally) floor(t *testing.T, share float64, wrong int) {
	t.Helper()
	t.Logf("%d submissions: %d right, %d unsure, %d wrong, %d lost", c.all, c.right, c.unsure, c.wrong, c.lost)
	if float64(c.right) < share*float64(c.all) || c.wrong > wrong || c.lost > 0 {
		t.Errorf("below the floor: at least %.0f%% right, at most %d wrong, none lost", 100*share, wrong)
	}
}

func tryAll(t *testing.T, all []samples.Sample) tally {
	rs := defaultRuleset(t)
	c := tally{all: len(all)}
	for _, s := range all {
		d := rs.Decide(classify.FeaturesOf(s.Submission, s.Contents))
		none := s.Label.Procedure == cases.None
		switch {
		case d.Nature != classify.NatureSubmission && !none:
			c.lost++
			t.Logf("lost    %-34s %s, want %s: %v", s.Label.ID, d.Nature, s.Label.Procedure, d.Because)
			continue
		case d.Nature == classify.NatureSubmission && none:
			c.unsure++ // a clerk has to close it
			t.Logf("unsure  %-34s no submission, got %s %.2f", s.Label.ID, d.Procedure, d.Confidence)
			continue
		case none || d.Procedure == s.Label.Procedure || slices.Contains(s.Label.AlsoAcceptable, d.Procedure):
			c.right++
		case d.Unsure():
			c.unsure++
			t.Logf("unsure  %-34s want %s, alternatives %v", s.Label.ID, s.Label.Procedure, d.Alternatives)
		default:
			c.wrong++
			t.Logf("wrong   %-34s want %s, got %s %.2f %v", s.Label.ID, s.Label.Procedure, d.Procedure, d.Confidence, d.Because)
		}
		if !slices.Equal(d.OtherMatters, s.Label.OtherMatters) && len(d.OtherMatters)+len(s.Label.OtherMatters) > 0 {
			t.Logf("matters %-34s want %v, got %v", s.Label.ID, s.Label.OtherMatters, d.OtherMatters)
		}
		if (s.Label.Reply == "info") != d.Question {
			t.Logf("asks    %-34s question %v, reply %s", s.Label.ID, d.Question, s.Label.Reply)
		}
	}
	return c
}
