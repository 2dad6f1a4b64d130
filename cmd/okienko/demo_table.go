package main

import (
	"context"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"okienko/classify"
	"okienko/validate"
	"okienko/workflow"
	"okienko/workflow/store"
)

// printCases prints what became of every submission, in the order of the register.
func printCases(ctx context.Context, w io.Writer, s *store.Store) error {
	cases, err := allCases(ctx, s)
	if err != nil {
		return err
	}
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(tw, "RPW\tnadawca\tsprawa i pewność\tustalenia\todpowiedź\tbiurko")
	for _, c := range cases {
		j, err := s.Judgement(ctx, c.ID)
		if err != nil {
			return fmt.Errorf("judgement of %s: %w", c.Number, err)
		}
		fmt.Fprintf(tw, "%s\t%s\t%s\t%s\t%s\t%s\n", c.Number, clip(senderName(c), 22), service(c), clip(found(c, j), 44), c.Reply, c.Route.Desk)
	}
	return tw.Flush()
}

// allCases walks the pages of the queue; the demo has few cases.
func allCases(ctx context.Context, s *store.Store) ([]workflow.CaseSummary, error) {
	var all []workflow.CaseSummary
	q := workflow.QueueQuery{Limit: 200}
	for {
		page, err := s.Queue(ctx, q)
		if err != nil {
			return nil, fmt.Errorf("read the queue: %w", err)
		}
		if all = append(all, page...); len(page) < q.Limit {
			byNumber(all)
			return all, nil
		}
		q.After = page[len(page)-1].Cursor
	}
}

func senderName(c workflow.CaseSummary) string {
	if c.Sender.Name != "" {
		return c.Sender.Name
	}
	return c.Sender.Address
}

func service(c workflow.CaseSummary) string {
	if c.Nature != classify.NatureSubmission {
		return "(" + string(c.Nature) + ")"
	}
	if c.DecidedBy == classify.ByNone {
		return "nie wiadomo"
	}
	return fmt.Sprintf("%s %.0f%%", c.Procedure, 100*c.Confidence)
}

// found sums up a judgement: what ties it to another case, whether its channel counts, what is missing or could not be read.
func found(c workflow.CaseSummary, j workflow.Judgement) string {
	var parts []string
	if c.Parent != 0 && j.Link != nil {
		parts = append(parts, map[workflow.LinkKind]string{workflow.LinkDuplicate: "drugi egzemplarz", workflow.LinkSupplement: "uzupełnienie"}[j.Link.Kind])
	}
	if j.Legal.Effective == validate.False {
		parts = append(parts, "e-mail nieskuteczny")
	}
	if ids := requirements(j, validate.Missing); len(ids) > 0 {
		parts = append(parts, "brak: "+strings.Join(ids, ", "))
	}
	if ids := requirements(j, validate.Unreadable); len(ids) > 0 {
		parts = append(parts, "nieczytelne: "+strings.Join(ids, ", "))
	}
	if len(parts) == 0 && c.Nature == classify.NatureSubmission && c.DecidedBy != classify.ByNone {
		return "kompletne"
	}
	return strings.Join(parts, "; ")
}

func requirements(j workflow.Judgement, outcome validate.Outcome) []string {
	var ids []string
	for _, f := range j.Findings {
		if f.Outcome == outcome {
			ids = append(ids, f.Requirement)
		}
	}
	return ids
}

// clip shortens s to n characters for a column.
func clip(s string, n int) string {
	r := []rune(s)
	if len(r) <= n {
		return s
	}
	return string(r[:n-1]) + "…"
}
