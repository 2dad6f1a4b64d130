package nadaj

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"okienko/ingest"
	"okienko/ingest/epuap"
	"okienko/ingest/epuap/soap"
	"okienko/validate/signature/trust"
	"okienko/workflow"
)

// Carrier sends letters through one box. It may be used concurrently.
type Carrier struct {
	Client   *epuap.Client
	Seal     Seal   // signs the documents
	Office   string // name of the office, as the sender
	Form     string // namespace of the document; "": DefaultForm
	Evidence workflow.Evidence
	Store    workflow.Store
	Trust    *trust.Store     // for proofs; nil: nobody is trusted
	Log      *slog.Logger     // not nil
	Now      func() time.Time // not nil
}

// Send puts the letter into the box l.To, as workflow.Carrier promises. The document is evidence before it goes. Once it is on
// its way the end of ctx no longer cuts the conversation short: the time-out of the Client does.
func (c *Carrier) Send(ctx context.Context, l workflow.Letter) error {
	if !epuap.IsBox(l.To) {
		return fmt.Errorf("%w: the recipient's address is no box of ePUAP", workflow.ErrRefused)
	}
	content, err := c.Seal.Sign(Document{Letter: l, Office: c.Office, Party: c.Client.Party(), Form: c.Form}.XML(), c.Now())
	if err != nil {
		return fmt.Errorf("%w: %w", workflow.ErrNotSent, err)
	}
	digest, _, err := c.Evidence.Put(ctx, bytes.NewReader(content))
	if err != nil {
		return fmt.Errorf("%w: keeping the document: %w", workflow.ErrNotSent, err)
	}
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("%w: %w", workflow.ErrNotSent, err)
	}
	ctx = context.WithoutCancel(ctx)
	sent, err := c.Client.Send(ctx, epuap.Outgoing{To: l.To, Name: fmt.Sprintf("pismo-%d.xml", l.ID), Content: content})
	if err != nil {
		return outcome(err)
	}
	if err := c.keep(ctx, l, digest, sent); err != nil { // the letter is there all the same
		c.Log.Error("the proof of a letter sent through ePUAP could not be kept", "letter", int64(l.ID), "document", sent.DocumentID, "error", err)
	}
	return nil
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

// keep makes the proof evidence and writes into the history of the case where everything is.
func (c *Carrier) keep(ctx context.Context, l workflow.Letter, document ingest.Digest, sent epuap.Sent) error {
	detail := fmt.Sprintf("List %d: dokument ePUAP %s (sha256 %s)", l.ID, sent.DocumentID, document)
	if sent.Proof == nil {
		detail += "; skrytka adresata nie wystawia UPP"
	} else {
		digest, _, err := c.Evidence.Put(ctx, bytes.NewReader(sent.Proof))
		if err != nil {
			return err
		}
		detail += "; " + c.examine(sent) + fmt.Sprintf(" (sha256 %s)", digest)
	}
	e := workflow.Event{Case: l.Case, At: c.Now().UTC(), Actor: workflow.Machine, Kind: workflow.EventLetter, Detail: detail}
	return c.Store.Tx(ctx, func(tx workflow.Tx) error { return tx.Append(ctx, e) })
}

// examine says in Polish what the proof is worth. A bad one is told, and kept like a good one.
func (c *Carrier) examine(sent epuap.Sent) string {
	p, err := ReadProof(sent.Proof, c.Trust, c.Now())
	if err != nil {
		return "zamiast UPP przyszło coś innego: " + err.Error()
	}
	told := []string{p.Kind + " " + p.ID}
	if !p.DeliveredAt.IsZero() {
		told = append(told, "doręczono "+p.DeliveredAt.Format(time.RFC3339))
	}
	switch {
	case !p.Signed():
		told = append(told, "PIECZĘĆ NIE ZGADZA SIĘ: poświadczenie zmieniono albo nie jest opieczętowane")
	case p.Trusted():
		told = append(told, "pieczęć prawdziwa")
	default:
		told = append(told, "pieczęć nienaruszona, wystawcy nie sprawdzono ("+p.Signatures[0].SubIndication+")")
	}
	if !p.Names(sent.DocumentID) {
		told = append(told, "poświadczenie nie wymienia tego dokumentu")
	}
	return strings.Join(told, ", ")
}
