package ade

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"
	"unicode/utf8"

	"okienko/ingest/edelivery"
	"okienko/internal/board"
	"okienko/workflow"
)

// CarrierStore is what a Carrier needs of the database.
type CarrierStore interface {
	workflow.Store
	CaseProofs(ctx context.Context, id workflow.CaseID) ([]workflow.Proof, error)
}

// Carrier sends letters. It may be used concurrently.
type Carrier struct {
	Mailboxes Mailboxes
	Store     CarrierStore
	Evidence  workflow.Evidence
	Log       *slog.Logger     // not nil
	Now       func() time.Time // not nil
}

// Send gives the letter to the platform, as workflow.Carrier promises: nil means that the platform has taken it over. The document
// is evidence, and the intent is written down with the address it goes from, before anything leaves: a Tracker finds by that what
// became of a sending nobody heard the answer of. Once it is on its way the end of ctx no longer cuts the conversation short: the
// time-outs of the Client do.
func (c *Carrier) Send(ctx context.Context, l workflow.Letter) error {
	if !edelivery.IsAddress(l.To) {
		return fmt.Errorf("%w: the recipient's address is no address of e-Doręczenia", workflow.ErrRefused)
	}
	of, err := c.Store.Case(ctx, l.Case)
	if err != nil {
		return notSent(err)
	}
	box := c.Mailboxes.of(of)
	document, err := c.document(ctx, box, l)
	if err != nil {
		return err
	}
	now := c.Now().UTC()
	d := workflow.Delivery{Letter: l.ID, Case: l.Case, Way: workflow.ByEDelivery, From: box.Client.Address(), SentAt: now, DueAt: now.Add(box.every())}
	if err := c.keep(ctx, d, func(tx workflow.Tx) error {
		return tx.PutKeys(ctx, l.Case, []workflow.Key{{Kind: workflow.KeyOurLetter, Value: of.Number}})
	}); err != nil {
		return notSent(err)
	}
	if err := ctx.Err(); err != nil {
		return notSent(err)
	}
	return c.hand(context.WithoutCancel(ctx), box, message(l, of, document, box.Seal != nil), d)
}

// hand gives the message to the platform and writes down what it said.
func (c *Carrier) hand(ctx context.Context, box Mailbox, o edelivery.Outgoing, d workflow.Delivery) (err error) {
	if d.Task, err = box.Client.Send(ctx, o); err != nil {
		return outcome(err)
	}
	d.DueAt = c.Now().UTC() // it can be asked about at once
	taken := func() error {
		return c.keep(ctx, d, func(tx workflow.Tx) error {
			return tx.Append(ctx, event(d, c.Now(), "przyjęty przez e-Doręczenia, zadanie "+d.Task))
		})
	}
	if err := board.Insist(taken); err != nil { // the letter is on its way all the same, and the Tracker finds it among the sent ones
		c.Log.Error("the task of a letter could not be kept", "letter", int64(d.Letter), "task", d.Task, "error", err)
	}
	return nil
}

// Timeout is how long one Send can take. A Postman's lease must be longer.
func (c *Carrier) Timeout() (longest time.Duration) {
	for _, m := range c.Mailboxes {
		longest = max(longest, m.Client.Timeout())
	}
	return longest
}

// message is the letter as the platform takes it. It answers the message of the case, if that came the same way, in its thread; our
// number as its case makes an answer find back. Its text can be read without opening a file, unless it is too long for a message.
func message(l workflow.Letter, of workflow.Case, document []byte, sealed bool) edelivery.Outgoing {
	o := edelivery.Outgoing{To: l.To, Subject: l.Subject, Text: l.Text, CaseID: of.Number}
	if meta := of.Submission.Meta; meta[edelivery.MetaSender] == l.To {
		o.ThreadID, o.Ref = meta[edelivery.MetaThread], meta[edelivery.MetaMessage]
	}
	if document == nil {
		return o
	}
	o.Files = []edelivery.OutgoingFile{{Name: documentName, MediaType: "application/pdf", Content: document}}
	if sealed {
		o.Text += "\n\nTo samo pismo, opatrzone pieczęcią elektroniczną urzędu, jest w załączniku „" + documentName + "”.\n"
	}
	if utf8.RuneCountInString(o.Text) > edelivery.MaxText {
		o.Text = "Treść pisma jest w załączniku „" + documentName + "”.\n(The letter is in the attachment.)\n"
	}
	return o
}

// outcome says what a failure means for the letter. What concerns the platform as a whole (it does not know us, is busy, is not
// there) is tried again; its "no" to this letter is final: a person must look. Where the answer is missing, nobody can know,
// unless the request surely did not get there.
func outcome(err error) error {
	var e *edelivery.Error
	switch {
	case !errors.As(err, &e) || e.MayHaveArrived:
		return err
	case e.Kind == edelivery.Local, edelivery.IsRefusal(err):
		return fmt.Errorf("%w: %w", workflow.ErrRefused, err)
	}
	return notSent(err)
}

// keep writes the delivery down with something that belongs to it.
func (c *Carrier) keep(ctx context.Context, d workflow.Delivery, with func(workflow.Tx) error) error {
	return c.Store.Tx(ctx, func(tx workflow.Tx) error {
		if _, err := tx.Lock(ctx, d.Case); err != nil {
			return err
		}
		if err := tx.SaveDelivery(ctx, d); err != nil {
			return err
		}
		return with(tx)
	})
}

func event(d workflow.Delivery, at time.Time, what string) workflow.Event {
	return workflow.Event{
		Case: d.Case, At: at.UTC(), Actor: workflow.Machine, Kind: workflow.EventLetter, Detail: fmt.Sprintf("List %d: %s", d.Letter, what),
	}
}
