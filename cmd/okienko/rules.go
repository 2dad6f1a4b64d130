package main

import (
	"context"
	"fmt"
	"iter"
	"time"

	"okienko/classify"
	"okienko/workflow/store"
)

type rulesCmd struct {
	Lint   rulesLintCmd   `cmd:"" help:"Check that the catalogue and the rules are sound."`
	Replay rulesReplayCmd `cmd:"" help:"Decide past letters again and show what would change."`

	Learn   rulesLearnCmd   `cmd:"" help:"Make a new version of the model from clerks' corrections."`
	Unlearn rulesUnlearnCmd `cmd:"" help:"Go back to the version of the model before."`
}

type rulesLintCmd struct{}

// Run loads the catalogue and compiles the rules: every complaint names the file or key.
func (rulesLintCmd) Run(out streams) error {
	judge, err := newJudge(defaultConfig())
	if err != nil {
		return err
	}
	fmt.Fprintf(out.out, "%d procedures, rules %s: no complaints\n", len(judge.Catalog.All(time.Now())), judge.Rules.Version())
	return nil
}

type rulesReplayCmd struct {
	Config string `default:"okienko.yaml" help:"Configuration file." type:"path"`
}

// Run decides every judged letter of the database again with this program's rules. It changes nothing.
func (r *rulesReplayCmd) Run(ctx context.Context, out streams) error {
	cfg, s, err := openDatabase(ctx, r.Config)
	if err != nil {
		return err
	}
	defer s.Close()
	judge, err := officeJudge(cfg)
	if err != nil {
		return err
	}
	seen, changed := 0, 0
	for past, err := range judged(ctx, s) {
		if err != nil {
			return err
		}
		seen++
		is := judge.Rules.Decide(past.features)
		if was := past.decision; was.Nature != is.Nature || was.Procedure != is.Procedure {
			changed++
			fmt.Fprintf(out.out, "%s: %s %s -> %s %s\n", past.number, was.Nature, was.Procedure, is.Nature, is.Procedure)
		}
	}
	fmt.Fprintf(out.out, "%d letters replayed, %d would be decided differently\n", seen, changed)
	return nil
}

// pastLetter is a letter as it was decided; a clerk's correction counts as the decision.
type pastLetter struct {
	number   string
	features classify.Features
	decision classify.Decision
}

func judged(ctx context.Context, s *store.Store) iter.Seq2[pastLetter, error] {
	return func(yield func(pastLetter, error) bool) {
		all, err := allCases(ctx, s)
		if err != nil {
			yield(pastLetter{}, err)
			return
		}
		for _, summary := range all {
			c, err := s.Case(ctx, summary.ID)
			if err != nil {
				yield(pastLetter{}, err)
				return
			}
			j, err := s.Judgement(ctx, c.ID)
			if err != nil {
				continue // not judged yet, or quarantined
			}
			if !yield(pastLetter{c.Number, classify.FeaturesOf(c.Submission, j.Contents), j.Decision}, nil) {
				return
			}
		}
	}
}
