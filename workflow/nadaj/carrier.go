package nadaj

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"okienko/ingest/epuap"
	"okienko/ingest/epuap/soap"
	"okienko/internal/board"
	"okienko/validate/signature/trust"
	"okienko/workflow"
	"okienko/workflow/seal"
)

// Carrier sends letters through one box. It may be used concurrently.
type Carrier struct {
	Client   *epuap.Client
	Seal     seal.Seal // signs the documents
	Office   string    // name of the office, as the sender
	Form     string    // namespace of the document; "": DefaultForm
	Receipts bool      // calls and notices of forwarding are served against a signed proof of receipt (UPD): see Receipts
	Evidence workflow.Evidence
	Store    workflow.Store
	Trust    *trust.Store     // for proofs; nil: nobody is trusted
	Log      *slog.Logger     // not nil
	Now      func() time.Time // not nil
}

// Send puts the letter into the box l.To, as workflow.Carrier promises. The document is evidence before it goes. Once it is on
// its way the end of ctx no longer cuts the conversation short: the time-out of the Client does.
func (c *Carrier) Send(ctx context.Context, l workflow.Letter) error {
	of, err := c.Store.Case(ctx, l.Case)
	if err != nil {
		return fmt.Errorf("%w: reading its case: %w", workflow.ErrNotSent, err)
	}
	return c.answer(ctx, of, l)
}

// answer sends a letter about a case. What answers a test is a test: the platform checks it and delivers nothing.
func (c *Carrier) answer(ctx context.Context, of workflow.Case, l workflow.Letter) error {
	if !epuap.IsBox(l.To) {
		return fmt.Errorf("%w: the recipient's address is no box of ePUAP", workflow.ErrRefused)
	}
	content, err := c.Seal.XML(Document{Letter: l, Office: c.Office, Party: c.Client.Party(), Form: c.Form}.XML(), c.Now())
	if err != nil {
		return fmt.Errorf("%w: %w", workflow.ErrNotSent, err)
	}
	digest, size, err := c.Evidence.Put(ctx, bytes.NewReader(content))
	if err != nil {
		return fmt.Errorf("%w: keeping the document: %w", workflow.ErrNotSent, err)
	}
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("%w: %w", workflow.ErrNotSent, err)
	}
	ctx = context.WithoutCancel(ctx)
	o := epuap.Outgoing{To: l.To, Name: fmt.Sprintf("pismo-%d.xml", l.ID), Content: content, Trial: of.Submission.Test()}
	sent, err := c.hand(ctx, of, l, o)
	if err != nil {
		return outcome(err)
	}
	proofs := []workflow.Proof{{Case: l.Case, Letter: l.ID, At: c.Now().UTC(), Kind: workflow.ProofDocument, ID: sent.DocumentID, Digest: digest, Bytes: size}}
	if err := c.keep(ctx, l, o.Trial, proofs, sent); err != nil { // the letter is there all the same
		c.Log.Error("the proof of a letter sent through ePUAP could not be kept", "letter", int64(l.ID), "document", sent.DocumentID, "error", err)
	}
	return nil
}

// serveFor is how long the platform offers a letter to its addressee: as long as the post keeps one (KPA art. 44 § 1).
const serveFor = 14 * 24 * time.Hour

// hand sends the document, or has it delivered against a proof of receipt.
func (c *Carrier) hand(ctx context.Context, of workflow.Case, l workflow.Letter, o epuap.Outgoing) (epuap.Sent, error) {
	if !c.served(l) {
		return c.Client.Send(ctx, o)
	}
	order, err := c.Client.Deliver(ctx, epuap.Delivery{Outgoing: o, Until: c.Now().Add(serveFor), CaseID: of.Number, DocumentID: l.MessageID})
	return epuap.Sent{DocumentID: order.DocumentID}, err
}

// served reports whether a letter is one whose day of delivery counts.
func (c *Carrier) served(l workflow.Letter) bool {
	return c.Receipts && (l.Kind == workflow.ReplyCall || l.Kind == workflow.ReplyForward)
}

// keep makes a proof evidence, examines it and writes down where everything is.
func (c *Carrier) keep(ctx context.Context, l workflow.Letter, trial bool, proofs []workflow.Proof, sent epuap.Sent) error {
	if sent.Proof != nil {
		p := Examine(sent.Proof, c.Trust, c.Now(), func(p Proof) bool { return p.Names(sent.DocumentID) })
		p.Case, p.Letter, p.At = l.Case, l.ID, c.Now().UTC()
		err := board.Insist(func() (err error) {
			p.Digest, p.Bytes, err = c.Evidence.Put(ctx, bytes.NewReader(sent.Proof))
			return err
		})
		if err != nil {
			return err
		}
		proofs = append(proofs, p)
	}
	return board.Insist(func() error { return c.record(ctx, l, c.told(l, trial, proofs), proofs) })
}

// outcome says what a failure means for the letter. The platform's own "no" is final: a person must look. That it does not
// know us is our trouble, not the letter's, and nothing was done. Where the answer is missing, nobody can know, unless the
// request surely did not get there.
func outcome(err error) error {
	var (
		fault  *soap.Fault
		status *epuap.StatusError
		wire   *soap.Error
	)
	switch {
	case errors.As(err, &fault) && fault.Security():
		return fmt.Errorf("%w: %w", workflow.ErrNotSent, err)
	case errors.As(err, &fault) && (fault.Told || fault.Code == "Client"), errors.As(err, &status):
		return fmt.Errorf("%w: %w", workflow.ErrRefused, err)
	case errors.As(err, &wire) && !wire.MayHaveArrived:
		return fmt.Errorf("%w: %w", workflow.ErrNotSent, err)
	}
	return err
}

// record writes the proofs down, for the clerk to take, and a line into the history of the case.
func (c *Carrier) record(ctx context.Context, l workflow.Letter, line string, proofs []workflow.Proof) error {
	e := workflow.Event{Case: l.Case, At: c.Now().UTC(), Actor: workflow.Machine, Kind: workflow.EventLetter, Detail: line}
	return c.Store.Tx(ctx, func(tx workflow.Tx) error {
		for _, p := range proofs {
			if err := tx.AddProof(ctx, p); err != nil {
				return err
			}
		}
		return tx.Append(ctx, e)
	})
}

// told is the line in the history.
func (c *Carrier) told(l workflow.Letter, trial bool, proofs []workflow.Proof) string {
	if trial {
		return fmt.Sprintf("List %d: wysłano próbnie (sha256 %s): platforma sprawdziła dokument i adres, nic nie doręczono", l.ID, proofs[0].Digest)
	}
	text := fmt.Sprintf("List %d: dokument ePUAP %s (sha256 %s)", l.ID, proofs[0].ID, proofs[0].Digest)
	if c.served(l) {
		return text + "; doręczenie zlecone, adresat podpisze poświadczenie odbioru (UPD)"
	}
	if len(proofs) == 1 {
		return text + "; skrytka adresata nie wystawia UPP"
	}
	for _, p := range proofs[1:] {
		text += fmt.Sprintf("; %s (sha256 %s)", strings.TrimSpace(p.Kind+" "+p.ID+": "+p.Because), p.Digest)
	}
	return text
}
