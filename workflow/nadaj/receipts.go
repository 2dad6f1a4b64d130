package nadaj

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"okienko/ingest"
	"okienko/validate/signature/trust"
	"okienko/validate/signature/xmldoc"
	"okienko/workflow"
)

// Receipts keeps the signed proofs of receipt (UPD) that come in through a box with the letters they are about. It goes between
// a source and the pipeline: every document, a UPD as well, is a case of its own first.
type Receipts struct {
	Store interface {
		workflow.Store
		workflow.Records
	}
	Evidence workflow.Evidence
	Trust    *trust.Store     // nil: nobody is trusted
	Now      func() time.Time // not nil
}

// maxReceipt bounds what is looked at; real proofs have a few thousand bytes.
const maxReceipt = 256 << 10

// Accept is accept, with the proofs taken out of what it took. When it returns nil the proof is kept too.
func (r Receipts) Accept(accept ingest.AcceptFunc) ingest.AcceptFunc {
	return func(ctx context.Context, e ingest.Envelope) error {
		if e.Channel != ingest.EPUAP {
			return accept(ctx, e)
		}
		head, err := io.ReadAll(io.LimitReader(e.Body, maxReceipt+1))
		if err != nil {
			return fmt.Errorf("reading a document: %w", err)
		}
		e.Body = io.MultiReader(bytes.NewReader(head), e.Body)
		if err := accept(ctx, e); err != nil || len(head) > maxReceipt {
			return err
		}
		return r.keep(ctx, head)
	}
}

// keep looks whether a document is a proof of receipt of a letter of ours, by the names we gave the case and the letter: the
// letter's cannot be guessed. What its seal is worth is examined only then, and kept whatever it is.
func (r Receipts) keep(ctx context.Context, raw []byte) error {
	p, err := readProof(raw, xmldoc.Limits{Bytes: maxReceipt, Depth: 64, Nodes: 10_000, Attrs: 100, Scope: 200})
	if err != nil || p.Kind != "UPD" {
		return nil //nolint:nilerr // it is something else
	}
	l, err := r.letter(ctx, p)
	if err != nil || l == nil {
		return err
	}
	found := Examine(raw, r.Trust, r.Now(), func(p Proof) bool { return p.Kind == "UPD" && p.DocumentID == l.MessageID })
	found.Case, found.Letter, found.At = l.Case, l.ID, r.Now().UTC()
	if found.Digest, found.Bytes, err = r.Evidence.Put(ctx, bytes.NewReader(raw)); err != nil {
		return fmt.Errorf("keeping a proof of receipt: %w", err)
	}
	return r.record(ctx, found)
}

// record keeps the proof once, however often its document is offered.
func (r Receipts) record(ctx context.Context, found workflow.Proof) error {
	known, err := r.Store.CaseProofs(ctx, found.Case)
	if err != nil {
		return err
	}
	for _, p := range known {
		if p.Letter == found.Letter && p.Digest == found.Digest {
			return nil
		}
	}
	e := workflow.Event{Case: found.Case, At: found.At, Actor: workflow.Machine, Kind: workflow.EventLetter,
		Detail: fmt.Sprintf("List %d: %s %s: %s (sha256 %s)", found.Letter, found.Kind, found.ID, found.Because, found.Digest)}
	return r.Store.Tx(ctx, func(tx workflow.Tx) error { return errors.Join(tx.AddProof(ctx, found), tx.Append(ctx, e)) })
}

// letter finds the letter a proof names; nil if it is none of ours.
func (r Receipts) letter(ctx context.Context, p Proof) (*workflow.Letter, error) {
	if p.DocumentID == "" || !strings.Contains(p.CaseID, "/") || strings.ContainsAny(p.CaseID, " \t\r\n") {
		return nil, nil
	}
	cases, err := r.Store.Queue(ctx, workflow.QueueQuery{Text: p.CaseID, Limit: 1})
	if err != nil {
		return nil, fmt.Errorf("looking for the case of a proof: %w", err)
	}
	if len(cases) != 1 || cases[0].Number != p.CaseID {
		return nil, nil
	}
	letters, err := r.Store.CaseLetters(ctx, cases[0].ID)
	if err != nil {
		return nil, fmt.Errorf("looking for the letter of a proof: %w", err)
	}
	for _, l := range letters {
		if l.MessageID == p.DocumentID {
			return &l, nil
		}
	}
	return nil, nil
}
