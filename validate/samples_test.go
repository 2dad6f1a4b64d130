package validate_test

import (
	"slices"
	"sync"
	"testing"
	"time"

	"okienko/classify"
	"okienko/ingest"
	"okienko/internal/samples"
	"okienko/schemas"
	"okienko/validate"
)

var loadCatalog = sync.OnceValues(schemas.Default)

func catalog(t testing.TB) schemas.Catalog {
	t.Helper()
	c, err := loadCatalog()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestSamples reports what the rules find missing in the shared samples, given the right procedure. They are examples the
// rules were written beside; the floors only tell that something broke. The harmful error is a false "missing".
func TestSamples(t *testing.T) {
	t.Parallel()
	if dir := samples.Dir(t); dir != "" {
		tryAll(t, samples.Load(t, dir)).floor(t, 12, 0)
	}
}

// TestStories does the same on the stories of testdata, which others wrote.
func TestStories(t *testing.T) {
	t.Parallel()
	dir := samples.StoryDir(t)
	tryAll(t, samples.Load(t, dir)).floor(t, 7, 0)
}

// tally counts what became of requirements and conditions.
type tally struct {
	right, false, open, met        int // missing: found, wrongly claimed, left open, wrongly called met
	condRight, condOpen, condWrong int
}

func (c tally) floor(t *testing.T, right, wrong int) {
	t.Helper()
	t.Logf("missing: %d right, %d false, %d left open, %d called met; conditions: %d right, %d open, %d wrong",
		c.right, c.false, c.open, c.met, c.condRight, c.condOpen, c.condWrong)
	if c.right < right || c.false > wrong {
		t.Errorf("below the floor: at least %d missing found, at most %d claimed falsely", right, wrong)
	}
}

func tryAll(t *testing.T, all []samples.Sample) tally {
	cat := catalog(t)
	rs, err := classify.Default(cat, time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	var c tally
	for _, s := range all {
		proc, ok := cat.Procedure(s.Label.Procedure, s.Submission.ReceivedAt)
		if !ok || s.Label.SupplementOf != "" {
			continue // a supplement is judged together with what it completes
		}
		conds := validate.Conditions(s.Submission, s.Contents, proc)
		c.conditions(t, s, conds)
		findings := validate.Completeness(s.Submission, s.Contents, nil, proc, conds)
		switch d := rs.Decide(classify.FeaturesOf(s.Submission, s.Contents)); {
		case d.Question:
			findings = validate.ForQuestion(findings)
		case d.Supplement:
			findings = validate.ForSupplement(findings)
		}
		for _, f := range findings {
			if f.Requirement != validate.SignatureRequirement {
				c.finding(t, s, f)
			}
		}
	}
	return c
}

func (c *tally) conditions(t *testing.T, s samples.Sample, conds map[string]validate.Truth) {
	for id, got := range conds {
		want, listed := s.Label.Conditions[id]
		switch {
		case got == validate.Undecided && listed:
			c.condOpen++
			t.Logf("%s: condition %s undecided, want %v", s.Label.ID, id, want)
		case got == validate.Undecided:
		case (got == validate.True) == want:
			c.condRight++
		case listed:
			c.condWrong++
			t.Logf("%s: condition %s is %s, want %v", s.Label.ID, id, got, want)
		default:
			t.Logf("%s: condition %s is %s, the label does not list it", s.Label.ID, id, got)
		}
	}
}

func (c *tally) finding(t *testing.T, s samples.Sample, f validate.Finding) {
	want := slices.Contains(s.Label.Missing, f.Requirement)
	switch {
	case f.Outcome == validate.Missing && want:
		c.right++
	case f.Outcome == validate.Missing:
		c.false++
		t.Logf("%s: FALSE missing %s: %s", s.Label.ID, f.Requirement, f.Because)
	case want && f.Outcome == validate.Met:
		c.met++
		t.Logf("%s: %s called met, want missing: %s", s.Label.ID, f.Requirement, f.Because)
	case want:
		c.open++
		t.Logf("%s: %s called %s, want missing: %s", s.Label.ID, f.Requirement, f.Outcome, f.Because)
	}
}

func TestEffectivenessDependsOnServiceChannelAndDay(t *testing.T) {
	t.Parallel()
	cat := catalog(t)
	now := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	tests := []struct {
		name    string
		id      schemas.ProcedureID
		channel ingest.Channel
		at      time.Time
		policy  validate.Policy
		want    validate.Truth
	}{
		{"an application by e-mail has no effect", "rejestracja_pojazdu", ingest.Email, now, validate.Policy{}, validate.False},
		{"a request for public information by e-mail has", "informacja_publiczna", ingest.Email, now, validate.Policy{}, validate.True},
		{"so has a complaint", "skarga_wniosek_petycja", ingest.Email, now, validate.Policy{}, validate.True},
		{"and the proof of PIT for the city card", "karta_krakowska", ingest.Email, now, validate.Policy{}, validate.True},
		{"a tax form by e-mail has not", "podatek_nieruchomosci", ingest.Email, now, validate.Policy{}, validate.False},
		{"before 5 October 2021 an e-mail was a submission", "rejestracja_pojazdu", ingest.Email, time.Date(2021, 10, 4, 12, 0, 0, 0, time.UTC), validate.Policy{}, validate.True},
		{"the day is that of Kraków, not of Greenwich", "rejestracja_pojazdu", ingest.Email, time.Date(2021, 10, 4, 22, 30, 0, 0, time.UTC), validate.Policy{}, validate.False},
		{"ePUAP before 2026 had effect", "rejestracja_pojazdu", ingest.EPUAP, time.Date(2025, 12, 31, 22, 59, 0, 0, time.UTC), validate.Policy{}, validate.True},
		{"ePUAP in 2026 without the office's word is open", "rejestracja_pojazdu", ingest.EPUAP, now, validate.Policy{}, validate.Undecided},
		{"ePUAP in 2026 by the office's setting", "rejestracja_pojazdu", ingest.EPUAP, now, validate.Policy{EPUAPAccepted: validate.True}, validate.True},
		{"the setting of one service overrides", "rejestracja_pojazdu", ingest.EPUAP, now, validate.Policy{EPUAPAccepted: validate.True, EPUAPByProcedure: map[schemas.ProcedureID]validate.Truth{"rejestracja_pojazdu": validate.False}}, validate.False},
		{"public information by ePUAP needs no setting", "informacja_publiczna", ingest.EPUAP, now, validate.Policy{}, validate.True},
		{"an identity card needs presence, whatever the channel", "dowod_osobisty", ingest.EDelivery, now, validate.Policy{}, validate.False},
		{"e-Doręczenia have effect", "rejestracja_pojazdu", ingest.EDelivery, now, validate.Policy{}, validate.True},
		{"paper has effect", "rejestracja_pojazdu", ingest.Scan, now, validate.Policy{}, validate.True},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			proc, ok := cat.Procedure(tt.id, tt.at)
			if !ok {
				t.Fatalf("no procedure %s", tt.id)
			}
			got := validate.Effectiveness(proc, tt.channel, tt.at, tt.policy)
			if got.Effective != tt.want {
				t.Errorf("got %+v, want %s", got, tt.want)
			}
			if got.Basis == "" || got.Because == "" {
				t.Errorf("no reason given: %+v", got)
			}
		})
	}
}
