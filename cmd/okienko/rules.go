package main

import (
	"context"
	"fmt"
	"iter"
	"log/slog"
	"time"

	"okienko/classify"
	"okienko/workflow/rulebook"
	"okienko/workflow/store"
)

type rulesCmd struct {
	Export rulesExportCmd `cmd:"" help:"Write a version of the rule book into a ZIP file."`
	Import rulesImportCmd `cmd:"" help:"Make a draft of the rule book from a ZIP file."`
	Lint   rulesLintCmd   `cmd:"" help:"Check that the catalogue and the rules are sound."`
	Replay rulesReplayCmd `cmd:"" help:"Decide past letters again and show what would change."`

	Learn   rulesLearnCmd   `cmd:"" help:"Make a new version of the model from clerks' corrections."`
	Unlearn rulesUnlearnCmd `cmd:"" help:"Go back to the version of the model before."`
}

type rulesLintCmd struct {
	Book string `arg:"" optional:"" help:"Rule book, a ZIP file or a directory laid out as the repository is; default: the one built in." type:"path"`
}

// Run loads the catalogue, compiles the rules and writes every letter: every complaint names the file or key.
func (r *rulesLintCmd) Run(out streams) error {
	office := bookOffice(defaultConfig(), make([]byte, secretSize))
	office.Teach = nil // what an office learnt is its own
	book, err := office.BuiltIn()
	if r.Book != "" {
		book, err = readBook(r.Book)
	}
	if err != nil {
		return err
	}
	bench, complaints := office.Check(book, time.Now())
	if len(complaints) > 0 {
		return rulebook.ErrorOf(complaints)
	}
	fmt.Fprintf(out.out, "%d procedures, rules %s: no complaints\n", len(bench.Judge.Catalog.All(time.Now())), bench.Judge.Rules.Version())
	return nil
}

type rulesReplayCmd struct {
	Config string `default:"okienko.yaml" help:"Configuration file." type:"path"`
	Book   string `help:"Rule book to try, a ZIP file or a directory laid out as the repository is; default: the version in force." type:"path"`
	Last   int    `default:"1000" help:"How many of the newest letters, with --book."`
}

// Run decides every judged letter of the database again with the rules in force; with a book it judges the newest ones with both and
// tells what would change. It changes nothing.
func (r *rulesReplayCmd) Run(ctx context.Context, out streams) error {
	cfg, s, err := openDatabase(ctx, r.Config)
	if err != nil {
		return err
	}
	defer s.Close()
	if r.Book != "" {
		return r.against(ctx, out, cfg, s)
	}
	judge, err := judgeInForce(ctx, cfg, s)
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

// against replays the newest letters on the version in force and on a book.
func (r *rulesReplayCmd) against(ctx context.Context, out streams, cfg config, s *store.Store) error {
	book, err := readBook(r.Book)
	if err != nil {
		return err
	}
	secret, err := loadSecret(cfg.Data)
	if err != nil {
		return err
	}
	library, err := openLibrary(ctx, cfg, s, secret, slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	before, err := library.InForce(ctx)
	if err != nil {
		return err
	}
	after, complaints := library.Office().Check(book, time.Now())
	if len(complaints) > 0 {
		return fmt.Errorf("%s: %w", r.Book, rulebook.ErrorOf(complaints))
	}
	report, err := rulebook.Replay(ctx, before, after, s.PastCases(ctx, r.Last), func(int) {})
	if err != nil {
		return err
	}
	fmt.Fprintf(out.out, "%d letters replayed on version %d and on %s: %d change service, %d change desk, %d get another letter, %d newly lack something, %d no longer\n",
		report.Cases, before.Version, r.Book, report.Services, report.Desks, report.Letters, report.Missing, report.Freed)
	for _, c := range report.Changes {
		fmt.Fprintf(out.out, "%s: %s %s %s -> %s %s %s\n", c.Number, c.Old.Service, c.Old.Desk, c.Old.Reply, c.New.Service, c.New.Desk, c.New.Reply)
	}
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
