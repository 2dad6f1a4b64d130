package quality_test

import (
	"bytes"
	"strings"
	"testing"

	"okienko/classify"
	"okienko/internal/cases"
	"okienko/internal/quality"
	"okienko/schemas"
	"okienko/validate"
	"okienko/workflow"
)

// result of a letter that a clerk gives to odpis_aktu, lacking the fee, and answers that the channel has no effect.
func result(change func(*quality.Result)) quality.Result {
	r := quality.Result{
		Case: cases.Case{Label: cases.Label{ID: "a", Procedure: "odpis_aktu", Missing: []string{"dowod_oplaty"}, DoNotAsk: []string{"cel"},
			Conditions: map[string]bool{"if_proxy": false}, Reply: "channel_ineffective"}},
		Judgement: workflow.Judgement{
			Decision:   classify.Decision{Nature: classify.NatureSubmission, Procedure: "odpis_aktu", DecidedBy: classify.ByRule, Confidence: 0.9},
			Conditions: map[string]validate.Truth{"if_proxy": validate.False},
			Findings: []validate.Finding{{Requirement: "dowod_oplaty", Outcome: validate.Missing, Consequence: schemas.Art261},
				{Requirement: "tablice", Outcome: validate.Missing, Consequence: schemas.ShownAtDesk}},
			Reply: workflow.Reply{Kind: workflow.ReplyChannelIneffective},
		},
		Baseline: quality.Guess{Procedure: "odpis_aktu"},
	}
	change(&r)
	return r
}

func TestMeasureCountsEachKindOfMistake(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name   string
		change func(*quality.Result)
		wrong  string // the kinds listed, in order
	}{
		{"nothing wrong", func(*quality.Result) {}, ""},
		{"an acceptable answer", func(r *quality.Result) {
			r.Judgement.Decision.Procedure, r.Case.AlsoAcceptable = "zameldowanie", []schemas.ProcedureID{"zameldowanie"}
		}, ""},
		{"another service", func(r *quality.Result) { r.Judgement.Decision.Procedure = "zameldowanie" }, "procedure"},
		{"left to a person", func(r *quality.Result) {
			r.Judgement.Decision.Procedure, r.Judgement.Decision.DecidedBy = schemas.General, classify.ByNone
		}, "procedure"},
		{"a condition", func(r *quality.Result) { r.Judgement.Conditions["if_proxy"] = validate.True }, "condition"},
		{"an undecided condition is no mistake", func(r *quality.Result) { r.Judgement.Conditions["if_proxy"] = validate.Undecided }, ""},
		{"a missing thing not told", func(r *quality.Result) { r.Judgement.Findings = nil }, "missing"},
		{"a missing thing told to be unreadable", func(r *quality.Result) { r.Judgement.Findings[0].Outcome = validate.Unreadable }, "unreadable"},
		{"a thing that must not be asked for", func(r *quality.Result) {
			r.Judgement.Findings = append(r.Judgement.Findings, validate.Finding{Requirement: "cel", Outcome: validate.Missing})
		}, "missing do_not_ask"},
		{"another letter", func(r *quality.Result) { r.Judgement.Reply.Kind = workflow.ReplyInfo }, "reply"},
		{"a link that is none", func(r *quality.Result) { r.Linked = "b" }, "link"},
		{"an automatic mail answered", func(r *quality.Result) { r.Case.Procedure, r.Case.Missing = cases.None, nil }, "procedure answered"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			tally := quality.Measure([]quality.Result{result(tc.change)})
			var kinds []string
			for _, w := range tally.Wrong {
				kinds = append(kinds, w.What)
			}
			if got := strings.Join(kinds, " "); got != tc.wrong {
				t.Errorf("listed %q, want %q", got, tc.wrong)
			}
			var out bytes.Buffer
			if err := tally.Print(&out, "cases", true); err != nil || !strings.Contains(out.String(), "1 cases") {
				t.Errorf("printed %q, %v", &out, err)
			}
		})
	}
}

func TestBaselineFindsTheNearestExamples(t *testing.T) {
	t.Parallel()
	examples := []classify.Example{
		{Procedure: "odpis_aktu", Features: classify.Features{Text: "proszę o odpis aktu urodzenia"}},
		{Procedure: "zameldowanie", Features: classify.Features{Text: "chcę się zameldować w mieszkaniu"}},
	}
	if g := quality.NewBaseline(examples).Guess(classify.Features{Text: "odpis aktu"}); g.Procedure != "odpis_aktu" || g.Confidence <= 0 {
		t.Errorf("guessed %+v", g)
	}
}

// TestConfidenceIsHeldAgainstWhatWasRight: a guess at 0.9 that is right and one at 0.6 that is not.
func TestConfidenceIsHeldAgainstWhatWasRight(t *testing.T) {
	t.Parallel()
	sure := result(func(*quality.Result) {})
	wrong := result(func(r *quality.Result) {
		r.Judgement.Decision.Procedure, r.Judgement.Decision.Confidence = "zameldowanie", 0.6
	})
	left := result(func(r *quality.Result) {
		r.Judgement.Decision = classify.Decision{Nature: classify.NatureSubmission, Procedure: schemas.General, DecidedBy: classify.ByNone,
			Alternatives: []classify.Alternative{{ID: "odpis_aktu", Confidence: 0.4}}}
	})
	tally := quality.Measure([]quality.Result{sure, wrong, left})
	for from, want := range map[float64]quality.Ratio{0: {Right: 1, All: 1}, 0.55: {Right: 0, All: 1}, 0.85: {Right: 1, All: 1}} {
		for _, b := range tally.Bands {
			if b.From == from && b.Ratio != want {
				t.Errorf("from %.2f: %s, want %s", from, b.Ratio, want)
			}
		}
	}
	if all, most, none := tally.Cost(0), tally.Cost(0.65), tally.Cost(1); all != 10 || most != 2 || none != 3 {
		t.Errorf("deciding all costs %d, from 0.65 on %d, none %d; want 10, 2, 3", all, most, none)
	}
}
