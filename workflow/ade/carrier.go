package ade

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"
	"unicode/utf8"

	"okienko/ingest/edelivery"
	"okienko/workflow"
)

// Mailboxes are the office's addresses, at least one.
type Mailboxes []*edelivery.Client

// of is the address a case is written from: the one its message came to, and else the first.
func (m Mailboxes) of(c workflow.Case) *edelivery.Client {
	for _, client := range m {
		if client.Address() == c.Submission.Meta[edelivery.MetaAddress] {
			return client
		}
	}
	return m[0]
}

// Carrier sends letters. It may be used concurrently.
type Carrier struct {
	Mailboxes Mailboxes
	Store     workflow.Store
	Log       *slog.Logger     // not nil
	Now       func() time.Time // not nil
}

// Send gives the letter to the platform, as workflow.Carrier promises: nil means that the platform has taken it over. Once it is
// on its way the end of ctx no longer cuts the conversation short: the time-outs of the Client do.
func (c *Carrier) Send(ctx context.Context, l workflow.Letter) error {
	if !edelivery.IsAddress(l.To) {
		return fmt.Errorf("%w: the recipient's address is no address of e-Doręczenia", workflow.ErrRefused)
	}
	of, err := c.Store.Case(ctx, l.Case)
	if err != nil {
		return fmt.Errorf("%w: %w", workflow.ErrNotSent, err)
	}
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("%w: %w", workflow.ErrNotSent, err)
	}
	ctx = context.WithoutCancel(ctx)
	task, err := c.Mailboxes.of(of).Send(ctx, message(l, of))
	if err != nil {
		return outcome(err)
	}
	if err := c.keep(ctx, l, of, task); err != nil { // the letter is on its way all the same
		c.Log.Error("the delivery of a letter cannot be followed: its task could not be kept", "letter", int64(l.ID), "task", task, "error", err)
	}
	return nil
}

// Timeout is how long one Send can take. A Postman's lease must be longer.
func (c *Carrier) Timeout() (longest time.Duration) {
	for _, m := range c.Mailboxes {
		longest = max(longest, m.Timeout())
	}
	return longest
}

// message is the letter as the platform takes it. It answers the message of the case, if that came the same way, in its thread; our
// number as its case makes an answer find back. A letter that is too long for a message goes as a file.
func message(l workflow.Letter, of workflow.Case) edelivery.Outgoing {
	o := edelivery.Outgoing{To: l.To, Subject: l.Subject, Text: l.Text, CaseID: of.Number}
	if meta := of.Submission.Meta; meta[edelivery.MetaSender] == l.To {
		o.ThreadID, o.Ref = meta[edelivery.MetaThread], meta[edelivery.MetaMessage]
	}
	if utf8.RuneCountInString(l.Text) > edelivery.MaxText {
		o.Text = "Treść pisma jest w załączniku „pismo.txt”.\n(The letter is in the attachment.)\n"
		o.Files = []edelivery.OutgoingFile{{Name: "pismo.txt", MediaType: "text/plain; charset=utf-8", Content: []byte(l.Text)}}
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
	return fmt.Errorf("%w: %w", workflow.ErrNotSent, err)
}

// keepPauses are those between tries to write down what was sent: losing it loses the delivery's date.
var keepPauses = []time.Duration{50 * time.Millisecond, 200 * time.Millisecond, time.Second, 2 * time.Second}

// keep writes down the task, and under which keys an answer to the letter will be found.
func (c *Carrier) keep(ctx context.Context, l workflow.Letter, of workflow.Case, task string) (err error) {
	d := workflow.Delivery{Letter: l.ID, Case: l.Case, Task: task, SentAt: c.Now().UTC()}
	for i := 0; ; i++ {
		err = c.Store.Tx(ctx, func(tx workflow.Tx) error {
			if _, err := tx.Lock(ctx, l.Case); err != nil {
				return err
			}
			if err := tx.SaveDelivery(ctx, d); err != nil {
				return err
			}
			if err := tx.PutKeys(ctx, l.Case, []workflow.Key{{Kind: workflow.KeyOurLetter, Value: of.Number}}); err != nil {
				return err
			}
			return tx.Append(ctx, event(d, c.Now(), "przyjęty przez e-Doręczenia, zadanie "+task))
		})
		if err == nil || i == len(keepPauses) {
			return err
		}
		time.Sleep(keepPauses[i])
	}
}

func event(d workflow.Delivery, at time.Time, what string) workflow.Event {
	return workflow.Event{
		Case: d.Case, At: at.UTC(), Actor: workflow.Machine, Kind: workflow.EventLetter, Detail: fmt.Sprintf("List %d: %s", d.Letter, what),
	}
}
