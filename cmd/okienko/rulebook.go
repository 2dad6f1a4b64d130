package main

import (
	"context"
	"fmt"
	"io/fs"
	"log/slog"
	"sync"
	"time"

	"okienko/classify"
	"okienko/schemas"
	"okienko/workflow"
	"okienko/workflow/deadline"
	"okienko/workflow/reply"
	"okienko/workflow/rulebook"
)

// bookOffice is what this office adds to a rule book: its own data, its policy, what its corrections taught.
func bookOffice(cfg config, secret []byte) rulebook.Office {
	return rulebook.Office{
		Policy: cfg.policy(), Letters: reply.DefaultLetters(), Teach: teach(cfg),
		Composer: func(catalog schemas.Catalog, letters fs.FS, calendar deadline.Calendar) (workflow.Composer, error) {
			return newComposer(cfg, catalog, secret, letters, calendar)
		},
		Review: reviewLetters,
	}
}

// embeddedModel is learnt once: it depends on no rule.
var embeddedModel = sync.OnceValues(func() (*classify.Model, error) {
	examples, err := classify.Examples()
	if err != nil {
		return nil, err
	}
	return classify.Train(examples), nil
})

// teach puts the embedded model beside the rules, or the one this office's corrections taught.
func teach(cfg config) func(*classify.Ruleset) (*classify.Ruleset, error) {
	return func(rules *classify.Ruleset) (*classify.Ruleset, error) {
		model, err := embeddedModel()
		if err != nil {
			return nil, err
		}
		return officeModels(cfg).taught(rules.WithModel(model))
	}
}

// reviewLetters lints every letter the templates can make.
func reviewLetters(c workflow.Composer, procedures []schemas.Procedure, at time.Time) []string {
	composer, ok := c.(*reply.Composer)
	if !ok {
		return nil // none of ours
	}
	var lines []string
	for _, fault := range composer.Review(procedures, at) {
		lines = append(lines, fault.String())
	}
	return lines
}

// openLibrary opens the rule book of a database.
func openLibrary(ctx context.Context, cfg config, v rulebook.Versions, secret []byte, log *slog.Logger) (*rulebook.Library, error) {
	return rulebook.Open(ctx, v, bookOffice(cfg, secret), time.Now, log)
}

// judgeInForce is the judge of the version in force in a database, for commands that write no letters.
func judgeInForce(ctx context.Context, cfg config, v rulebook.Versions) (workflow.Judge, error) {
	library, err := openLibrary(ctx, cfg, v, make([]byte, secretSize), slog.New(slog.DiscardHandler))
	if err != nil {
		return workflow.Judge{}, err
	}
	b, err := library.InForce(ctx)
	return b.Judge, err
}

// officeComposer is the composer a case's letters are written with: that of the version it was judged with.
func officeComposer(l *rulebook.Library, version int64) (*reply.Composer, error) {
	b, err := l.Version(context.Background(), version)
	if err != nil {
		return nil, err
	}
	composer, ok := b.Composer.(*reply.Composer)
	if !ok {
		return nil, fmt.Errorf("rule book, version %d: a composer of type %T", version, b.Composer)
	}
	return composer, nil
}
