package main

import (
	"context"
	"fmt"

	"okienko/ingest"
	"okienko/workflow"
	"okienko/workflow/files"
	"okienko/workflow/store"
)

type verifyCmd struct {
	Config string `default:"okienko.yaml" help:"Configuration file." type:"path"`
}

// Run re-hashes every original and holds the ledger against the cases. It changes nothing.
func (v *verifyCmd) Run(ctx context.Context, io streams) error {
	cfg, s, err := openDatabase(ctx, v.Config)
	if err != nil {
		return err
	}
	defer s.Close()
	evidence, err := files.Open(cfg.evidenceDir())
	if err != nil {
		return fmt.Errorf("evidence: %w", err)
	}
	intact, err := verifyEvidence(ctx, io, evidence)
	if err != nil {
		return err
	}
	held, err := verifyOriginals(ctx, io, s, evidence)
	if err != nil {
		return err
	}
	if err := verifyBatches(ctx, io, s, evidence); err != nil {
		return err
	}
	if err := verifyAudit(ctx, io, s); err != nil {
		return err
	}
	if err := balanced(ctx, s); err != nil {
		return err
	}
	fmt.Fprintf(io.out, "%d files are intact, %d cases have their originals, the ledger balances\n", intact, held)
	return nil
}

// verifyEvidence re-hashes every file that is there.
func verifyEvidence(ctx context.Context, io streams, evidence *files.Evidence) (intact int, err error) {
	damaged := 0
	for checked, err := range evidence.Verify(ctx) {
		switch {
		case err != nil:
			return intact, fmt.Errorf("read evidence: %w", err)
		case checked.Intact:
			intact++
		default:
			damaged++
			fmt.Fprintf(io.out, "%s: %s\n", checked.Path, checked.Why)
		}
	}
	if damaged > 0 {
		return intact, fmt.Errorf("%d of %d files are damaged", damaged, intact+damaged)
	}
	return intact, nil
}

// verifyOriginals looks for every original a case has, and for the proofs of its letters.
func verifyOriginals(ctx context.Context, io streams, s *store.Store, evidence *files.Evidence) (cases int, err error) {
	all, err := allCases(ctx, s)
	if err != nil {
		return 0, err
	}
	lost := 0
	for _, summary := range all {
		c, err := s.Case(ctx, summary.ID)
		if err != nil {
			return 0, err
		}
		for _, o := range c.Submission.Originals {
			f, err := evidence.Open(ctx, o.Digest)
			if err != nil {
				lost++
				fmt.Fprintf(io.out, "%s: original %s is not there\n", c.Number, o.Digest)
				continue
			}
			f.Close()
		}
		gone, err := verifyProofs(ctx, io, s, evidence, c)
		if err != nil {
			return 0, err
		}
		lost += gone
	}
	if lost > 0 {
		return 0, fmt.Errorf("%d originals or proofs are missing", lost)
	}
	return len(all), nil
}

func verifyProofs(ctx context.Context, io streams, s *store.Store, evidence *files.Evidence, c workflow.Case) (lost int, err error) {
	proofs, err := s.CaseProofs(ctx, c.ID)
	if err != nil {
		return 0, err
	}
	for _, p := range proofs {
		f, err := evidence.Open(ctx, p.Digest)
		if err != nil {
			lost++
			fmt.Fprintf(io.out, "%s: proof %s is not there\n", c.Number, p.Digest)
			continue
		}
		f.Close()
	}
	return lost, nil
}

// verifyBatches looks for every batch of scans that was parted, and its parts.
func verifyBatches(ctx context.Context, io streams, s *store.Store, evidence *files.Evidence) error {
	batches, err := s.Batches(ctx)
	if err != nil {
		return err
	}
	lost := 0
	for _, b := range batches {
		digests := []ingest.Digest{b.Digest}
		for _, p := range b.Parts {
			digests = append(digests, p.Digest)
		}
		for _, d := range digests {
			f, err := evidence.Open(ctx, d)
			if err != nil {
				lost++
				fmt.Fprintf(io.out, "batch %s of %s: %s is not there\n", b.Digest[:16], b.Source, d)
				continue
			}
			f.Close()
		}
	}
	if lost > 0 {
		return fmt.Errorf("%d files of batches are missing", lost)
	}
	return nil
}
