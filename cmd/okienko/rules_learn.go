package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"okienko/classify"
	"okienko/workflow/store"
)

type rulesLearnCmd struct {
	Config          string `default:"okienko.yaml" help:"Configuration file." type:"path"`
	FromCorrections bool   `required:"" help:"Learn from the letters whose service a clerk changed."`
	DryRun          bool   `help:"Only show what would change."`
}

// Run makes a new version of the model from the embedded examples and every correction, shows which past letters it would
// decide differently, and puts it in force. Earlier versions stay; `okienko rules unlearn` goes back to the one before.
func (r *rulesLearnCmd) Run(ctx context.Context, out streams) error {
	cfg, s, err := openDatabase(ctx, r.Config)
	if err != nil {
		return err
	}
	defer s.Close()
	kept := officeModels(cfg)
	before, err := kept.current()
	if err != nil {
		return err
	}
	judge, err := judgeInForce(ctx, cfg, s)
	if err != nil {
		return err
	}
	next, rules, err := learn(ctx, s, judge.Rules)
	if err != nil {
		return err
	}
	if err := showChanges(ctx, out, s, judge.Rules, rules); err != nil {
		return err
	}
	if r.DryRun {
		fmt.Fprintf(out.out, "nothing was kept: model %s of %d corrections\n", next.Model, len(next.Lessons))
		return nil
	}
	next.Parent = before.Version
	if next, err = kept.add(next); err != nil {
		return fmt.Errorf("keep the model: %w", err)
	}
	fmt.Fprintf(out.out, "version %d in force, model %s of %d corrections; restart okienko serve to use it\n", next.Version, next.Model, len(next.Lessons))
	return nil
}

func learn(ctx context.Context, s *store.Store, rules *classify.Ruleset) (learnt, *classify.Ruleset, error) {
	var corrections []classify.Example
	for past, err := range judged(ctx, s) {
		if err != nil {
			return learnt{}, nil, err
		}
		if d := past.decision; d.DecidedBy == classify.ByClerk && d.Procedure != "" {
			corrections = append(corrections, classify.Example{ID: past.number, Features: past.features, Procedure: d.Procedure})
		}
	}
	if len(corrections) == 0 {
		return learnt{}, nil, errors.New("no clerk has changed the service of a letter yet: nothing to learn")
	}
	base, err := classify.Examples()
	if err != nil {
		return learnt{}, nil, err
	}
	l := learnt{Made: time.Now().UTC(), Lessons: classify.Lessons(corrections, base)}
	model, err := rules.Learn(l.Lessons)
	if err != nil {
		return learnt{}, nil, err
	}
	l.Model = model.Version()
	return l, rules.WithModel(model), nil
}

// showChanges replays past letters on both: what an administrator wants to see before it counts.
func showChanges(ctx context.Context, out streams, s *store.Store, before, after *classify.Ruleset) error {
	seen, changed := 0, 0
	for past, err := range judged(ctx, s) {
		if err != nil {
			return err
		}
		seen++
		was, is := before.Decide(past.features), after.Decide(past.features)
		if was.Nature != is.Nature || was.Procedure != is.Procedure {
			changed++
			fmt.Fprintf(out.out, "%s: %s %s -> %s %s\n", past.number, was.Nature, was.Procedure, is.Nature, is.Procedure)
		}
	}
	fmt.Fprintf(out.out, "%d letters replayed, %d would be decided differently\n", seen, changed)
	return nil
}

type rulesUnlearnCmd struct {
	Config string `default:"okienko.yaml" help:"Configuration file." type:"path"`
}

// Run puts the version in force before the current one back.
func (r *rulesUnlearnCmd) Run(out streams) error {
	cfg, err := loadConfig(r.Config)
	if err != nil {
		return err
	}
	kept := officeModels(cfg)
	now, err := kept.current()
	if err != nil {
		return err
	}
	if now.Version == 0 {
		return errors.New("nothing was learnt: only the embedded examples are in force")
	}
	if err := kept.use(now.Parent); err != nil {
		return err
	}
	if now.Parent == 0 {
		fmt.Fprintf(out.out, "version %d is no longer in force, only the embedded examples are; restart okienko serve\n", now.Version)
		return nil
	}
	fmt.Fprintf(out.out, "version %d is no longer in force, version %d is; restart okienko serve\n", now.Version, now.Parent)
	return nil
}
