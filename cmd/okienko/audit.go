package main

import (
	"context"
	"fmt"
	"time"

	"okienko/internal/csvfile"
	"okienko/workflow"
	"okienko/workflow/store"
)

type auditCmd struct {
	Export auditExportCmd `cmd:"" help:"Write what people did as CSV: who saw, changed, downloaded, signed in, was refused."`
}

type auditExportCmd struct {
	Config string `default:"okienko.yaml" help:"Configuration file." type:"path"`
	From   string `help:"First day, 2026-11-01; default: the beginning."`
	To     string `help:"Last day; default: today."`
	Actor  string `help:"One person's doings only."`
}

// Run writes the table to standard output. That it did is written down as well.
func (a *auditExportCmd) Run(ctx context.Context, out streams) error {
	q := workflow.AuditQuery{Actor: a.Actor}
	var err error
	if q.From, err = day(a.From, 0); err != nil {
		return err
	}
	if q.To, err = day(a.To, 1); err != nil {
		return err
	}
	_, s, err := openDatabase(ctx, a.Config)
	if err != nil {
		return err
	}
	defer s.Close()
	if err := s.Audit(ctx, workflow.Machine, workflow.EventAuditRead, "okienko audit export"); err != nil {
		return err
	}
	list, err := s.AuditLog(ctx, q)
	if err != nil {
		return err
	}
	rows := [][]string{{"at", "actor", "kind", "case", "detail"}}
	for _, e := range list {
		rows = append(rows, []string{e.At.Format(time.RFC3339), e.Actor, string(e.Kind), e.Number, e.Detail})
	}
	return csvfile.Write(out.out, ',', rows)
}

// day is the beginning of a day in Kraków, or of one later; "" is no bound.
func day(text string, later int) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	warsaw, err := time.LoadLocation("Europe/Warsaw")
	if err != nil {
		return time.Time{}, err
	}
	d, err := time.ParseInLocation(time.DateOnly, text, warsaw)
	if err != nil {
		return d, fmt.Errorf("%q is no day; write it like 2026-11-24: %w", text, errUsage)
	}
	return d.AddDate(0, 0, later), nil
}

// verifyAudit follows the chain of the audit. Its head, kept elsewhere, also shows that all of it was written anew.
func verifyAudit(ctx context.Context, io streams, s *store.Store) error {
	lines, head, wrong, err := s.VerifyAudit(ctx)
	if err != nil {
		return err
	}
	if wrong != "" {
		return fmt.Errorf("the audit was changed: %s", wrong)
	}
	fmt.Fprintf(io.out, "the audit is whole: %d lines, head %.16s\n", lines, head)
	return nil
}
