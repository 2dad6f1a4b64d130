package ade

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"okienko/ingest/edelivery"
	"okienko/workflow"
)

// errRecord wraps what could not be written down.
var errRecord = errors.New("recording it")

var errGone = errors.New("the address it went from is not in the configuration")

// look finds out about one delivery and records it. Also a failure is recorded as a look, so that one letter the platform says
// nothing of does not keep the others from being asked about.
func (e *enquiry) look(ctx context.Context) error {
	d, n, err := e.ask(ctx)
	e.failed(e.d.From, err)
	if err != nil {
		d, n = e.d, news{}
	}
	d.LookedAt = e.Now().UTC()
	d.DueAt = e.next(d, n.over)
	if recordErr := e.record(ctx, e.d, d, n); recordErr != nil {
		return fmt.Errorf("%w: %w", errRecord, errors.Join(recordErr, err))
	}
	return err
}

func (e *enquiry) ask(ctx context.Context) (d workflow.Delivery, n news, err error) {
	d = e.d
	switch {
	case e.gone:
		err = errGone
	case e.down[d.From] != nil:
		err = e.down[d.From]
	case d.Message == "" && d.Task == "":
		n, err = e.search(ctx, &d)
	case d.Message == "":
		n, err = e.task(ctx, &d)
	case e.head != nil:
		n, err = e.delivery(ctx, &d)
	}
	return d, n, err
}

// next is when the platform is asked again; zero: never.
func (e *enquiry) next(d workflow.Delivery, over bool) time.Time {
	now := e.Now().UTC()
	ended := d.SentAt
	if d.DeliveredAt.After(ended) {
		ended = d.DeliveredAt
	}
	switch {
	case over, !d.Open() && (d.Message == "" || now.Sub(ended) > lateFor):
		return time.Time{}
	case e.gone, !d.Open():
		return now.Add(lateEvery)
	}
	return now.Add(e.box.every())
}

// task asks whether the platform sent the message.
func (e *enquiry) task(ctx context.Context, d *workflow.Delivery) (n news, err error) {
	o, err := e.box.Client.Task(ctx, d.Task)
	switch {
	case err != nil || !o.Done:
		return news{}, err
	case o.Refused != "":
		d.Failed, d.Status = true, "odrzucona: "+o.Refused
		n.tell("platforma odrzuciła list (%s); trzeba sprawdzić adres albo wysłać inaczej", o.Refused)
		return n, nil
	}
	d.Message = o.MessageID
	n.tell("nadany przez e-Doręczenia, wiadomość %s", o.MessageID)
	return n, nil
}

// delivery asks for the proofs of a message, keeps those that are new, and reads its state off them. What is known already is
// asked again, because a proof may come late; no date is ever taken back because a proof is no longer listed.
func (e *enquiry) delivery(ctx context.Context, d *workflow.Delivery) (n news, err error) {
	proofs, err := e.box.Client.Evidences(ctx, d.Message)
	if err != nil {
		return news{}, err
	}
	n, err = e.keepProofs(ctx, d, proofs)
	if err != nil {
		return news{}, err
	}
	s := edelivery.StateOf(*e.head, proofs)
	s.DeliveredAt = s.DeliveredAt.Truncate(time.Microsecond) // as it is stored
	if s.Status != d.Status {
		n.tell("e-Doręczenia: %s", s.Status)
		d.Status = s.Status
	}
	switch {
	case s.DeliveredAt.IsZero():
		if d.Open() && s.Failed {
			d.Failed = true
			n.tell("nie doręczono: trzeba wysłać inaczej")
		}
	case d.DeliveredAt.IsZero():
		n.delivered(d, s)
	case !s.DeliveredAt.Equal(d.DeliveredAt):
		n.moved(d, s)
	case len(n.proofs) > 0:
		n.tell("dowód przyszedł po doręczeniu; data doręczenia się nie zmienia")
	}
	return n, nil
}

// delivered takes the date of the first proof of receipt.
func (n *news) delivered(d *workflow.Delivery, s edelivery.State) {
	if d.Failed {
		n.warn = "Pismo, którego platforma miała nie doręczyć, jednak doręczono " + day(s.DeliveredAt) + ": przyszedł dowód otrzymania. Proszę sprawdzić terminy."
	}
	d.DeliveredAt, d.Deemed, d.Failed = s.DeliveredAt, s.Deemed, false
	if s.Deemed {
		n.tell("uznano za doręczony %s z mocy prawa: adresat go nie otworzył (art. 42 ustawy o doręczeniach elektronicznych)", moment(s.DeliveredAt))
		return
	}
	n.tell("doręczono %s (data z dowodu otrzymania)", moment(s.DeliveredAt))
}

// moved takes another date than the one that was known, from a proof that came later: the terms of the letter run from the
// earliest proof of receipt.
func (n *news) moved(d *workflow.Delivery, s edelivery.State) {
	n.tell("data doręczenia zmienia się z %s na %s: przyszedł inny dowód otrzymania; terminy z pisma liczą się od nowej daty", moment(d.DeliveredAt), moment(s.DeliveredAt))
	n.warn = fmt.Sprintf("Data doręczenia pisma zmieniła się z %s na %s: przyszedł spóźniony dowód otrzymania. Proszę sprawdzić terminy.", day(d.DeliveredAt), day(s.DeliveredAt))
	d.DeliveredAt, d.Deemed = s.DeliveredAt, s.Deemed
}

// record stores what was found out with its history, unless somebody else looked, or sent it again, meanwhile.
func (t *Tracker) record(ctx context.Context, before, d workflow.Delivery, n news) error {
	return t.Store.Tx(ctx, func(tx workflow.Tx) error {
		c, err := tx.Lock(ctx, d.Case)
		if err != nil {
			return err
		}
		now, err := tx.Delivery(ctx, d.Letter)
		if err != nil || !now.LookedAt.Equal(before.LookedAt) || !now.SentAt.Equal(before.SentAt) || now.Task != before.Task {
			return err
		}
		if err := tx.SaveDelivery(ctx, d); err != nil {
			return err
		}
		if d.Message != before.Message {
			if err := tx.PutKeys(ctx, d.Case, []workflow.Key{{Kind: workflow.KeyOurLetter, Value: d.Message}}); err != nil {
				return err
			}
		}
		for _, p := range n.proofs {
			if err := tx.AddProof(ctx, p); err != nil {
				return err
			}
		}
		for _, what := range n.told {
			if err := tx.Append(ctx, event(d, t.Now(), what)); err != nil {
				return err
			}
		}
		if err := t.warn(ctx, tx, c, n.warn); err != nil {
			return err
		}
		return t.letter(ctx, tx, before, d, n)
	})
}

// warn puts what a person must know on the case. A closed one is opened again: it may have been closed because a term seemed to be
// over.
func (t *Tracker) warn(ctx context.Context, tx workflow.Tx, c workflow.Case, why string) error {
	if why == "" {
		return nil
	}
	if c.Status == workflow.StatusClosed {
		c.Status = workflow.StatusOpen
		e := workflow.Event{Case: c.ID, At: t.Now().UTC(), Actor: workflow.Machine, Kind: workflow.EventReopened, Detail: why}
		if err := tx.Append(ctx, e); err != nil {
			return err
		}
	}
	c.Reason = why
	return tx.Update(ctx, &c)
}

// letter writes on the letter itself what a clerk must know of it.
func (t *Tracker) letter(ctx context.Context, tx workflow.Tx, before, d workflow.Delivery, n news) error {
	failed := d.Failed && !before.Failed
	if !failed && n.search == "" {
		return nil
	}
	letters, err := tx.LockLetters(ctx, d.Case)
	if err != nil {
		return err
	}
	for _, l := range letters {
		switch {
		case l.ID != d.Letter:
			continue
		case failed && l.Status == workflow.LetterSent: // it will not be delivered: a person must look
			l.Status, l.Detail = workflow.LetterFailed, strings.TrimSpace("e-Doręczenia: "+d.Status)
		case n.search != "" && l.Status == workflow.LetterUnknown:
			l.Detail = n.search
		default:
			return nil
		}
		return tx.SaveLetter(ctx, &l)
	}
	return nil
}
