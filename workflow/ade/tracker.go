package ade

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"okienko/ingest/edelivery"
	"okienko/validate/signature/trust"
	"okienko/workflow"
)

// Store is what a Tracker needs of the database.
type Store interface {
	workflow.Store
	workflow.DeliveryRecords
}

// Tracker follows letters until their delivery is proved or refused. Trackers of several processes may work side by side.
type Tracker struct {
	Mailboxes Mailboxes
	Store     Store
	Evidence  workflow.Evidence
	Trust     *trust.Store     // for the seals of proofs; nil: nobody is trusted
	Log       *slog.Logger     // not nil
	Now       func() time.Time // not nil
	Every     time.Duration    // how often the platform is asked about one letter; 0: ten minutes
}

// atOnce is how many deliveries are looked at in one round: as many as the platform answers about in one request.
const atOnce = 50

// Run looks from time to time until ctx ends. One line is logged when it begins to fail, not one a round.
func (t *Tracker) Run(ctx context.Context) {
	failing := false
	for {
		err := t.Look(ctx)
		if err != nil && !failing && ctx.Err() == nil {
			t.Log.Warn("what became of letters sent through e-Doręczenia cannot be found out; it is tried again", "error", err)
		}
		failing = err != nil
		select {
		case <-ctx.Done():
			return
		case <-time.After(t.every() / 4):
		}
	}
}

func (t *Tracker) every() time.Duration {
	if t.Every == 0 {
		return 10 * time.Minute
	}
	return t.Every
}

// Look asks about every delivery that is due. What fails for one letter does not keep the others; the errors come together.
func (t *Tracker) Look(ctx context.Context) error {
	before := t.Now().Add(-t.every())
	var problems []error
	for ctx.Err() == nil {
		due, err := t.Store.OpenDeliveries(ctx, before, atOnce)
		if err != nil || len(due) == 0 {
			return errors.Join(append(problems, err)...)
		}
		all, err := t.enquiries(ctx, due)
		if err != nil {
			return errors.Join(append(problems, err)...)
		}
		for _, e := range all {
			if err := e.look(ctx); err != nil {
				problems = append(problems, fmt.Errorf("letter %d: %w", e.d.Letter, err))
				if errors.Is(err, errRecord) { // it is still due: the next round would never end
					return errors.Join(problems...)
				}
			}
		}
	}
	return errors.Join(problems...)
}

// enquiry is the look at one delivery.
type enquiry struct {
	*Tracker
	client *edelivery.Client
	d      workflow.Delivery
	head   *edelivery.Message // nil: the platform does not speak of it
}

// enquiries asks about all messages that are known, in one request for each address.
func (t *Tracker) enquiries(ctx context.Context, due []workflow.Delivery) (all []*enquiry, err error) {
	ids := map[*edelivery.Client][]string{}
	for _, d := range due {
		c, err := t.Store.Case(ctx, d.Case)
		if err != nil {
			return nil, err
		}
		e := &enquiry{Tracker: t, client: t.Mailboxes.of(c), d: d}
		all = append(all, e)
		if d.Message != "" {
			ids[e.client] = append(ids[e.client], d.Message)
		}
	}
	found := map[string]*edelivery.Message{}
	for client, some := range ids {
		heads, err := client.Heads(ctx, some...)
		if err != nil {
			return nil, err
		}
		for i := range heads {
			found[heads[i].Metadata.MessageID] = &heads[i]
		}
	}
	for _, e := range all {
		e.head = found[e.d.Message]
	}
	return all, nil
}

// errRecord wraps what could not be written down.
var errRecord = errors.New("recording it")

// look finds out about one delivery and records it. Also a failure is recorded as a look, so that one letter the platform says
// nothing of does not keep the others from being asked about.
func (e *enquiry) look(ctx context.Context) error {
	d := e.d
	var n news
	var err error
	if d.Message == "" {
		n, err = e.task(ctx, &d)
	} else if e.head != nil {
		n, err = e.delivery(ctx, &d)
	}
	if err != nil {
		d, n = e.d, news{}
	}
	d.LookedAt = e.Now().UTC()
	if recordErr := e.record(ctx, e.d, d, n); recordErr != nil {
		return fmt.Errorf("%w: %w", errRecord, errors.Join(recordErr, err))
	}
	return err
}

// task asks whether the platform sent the message.
func (e *enquiry) task(ctx context.Context, d *workflow.Delivery) (n news, err error) {
	o, err := e.client.Task(ctx, d.Task)
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

// delivery asks for the proofs of a message, keeps those that are new, and reads its state off them.
func (e *enquiry) delivery(ctx context.Context, d *workflow.Delivery) (n news, err error) {
	proofs, err := e.client.Evidences(ctx, d.Message)
	if err != nil {
		return news{}, err
	}
	n, err = e.keepProofs(ctx, d, proofs)
	if err != nil {
		return news{}, err
	}
	s := edelivery.StateOf(*e.head, proofs)
	if s.Status != d.Status {
		n.tell("e-Doręczenia: %s", s.Status)
	}
	d.Status, d.DeliveredAt, d.Deemed, d.Failed = s.Status, s.DeliveredAt, s.Deemed, s.Failed
	switch {
	case !d.DeliveredAt.IsZero() && d.Deemed:
		n.tell("uznano za doręczony %s z mocy prawa: adresat go nie otworzył (art. 42 ustawy o doręczeniach elektronicznych)", moment(d.DeliveredAt))
	case !d.DeliveredAt.IsZero():
		n.tell("doręczono %s (data z dowodu otrzymania)", moment(d.DeliveredAt))
	case d.Failed:
		n.tell("nie doręczono: trzeba wysłać inaczej")
	}
	return n, nil
}

func moment(at time.Time) string { return at.UTC().Format(time.RFC3339) }

// record stores what was found out with its history, unless somebody else looked meanwhile.
func (t *Tracker) record(ctx context.Context, before, d workflow.Delivery, n news) error {
	return t.Store.Tx(ctx, func(tx workflow.Tx) error {
		if _, err := tx.Lock(ctx, d.Case); err != nil {
			return err
		}
		now, err := tx.Delivery(ctx, d.Letter)
		if err != nil || !now.LookedAt.Equal(before.LookedAt) {
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
		if d.Failed {
			return failLetter(ctx, tx, d)
		}
		return nil
	})
}

// failLetter hands a letter that will not be delivered to a person.
func failLetter(ctx context.Context, tx workflow.Tx, d workflow.Delivery) error {
	letters, err := tx.LockLetters(ctx, d.Case)
	if err != nil {
		return err
	}
	for _, l := range letters {
		if l.ID == d.Letter && l.Status == workflow.LetterSent {
			l.Status, l.Detail = workflow.LetterFailed, strings.TrimSpace("e-Doręczenia: "+d.Status)
			return tx.SaveLetter(ctx, &l)
		}
	}
	return nil
}
