package ade

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"okienko/ingest/edelivery"
	"okienko/validate/signature/trust"
	"okienko/workflow"
)

// Store is what a Tracker needs of the database.
type Store interface {
	workflow.Store
	workflow.DeliveryRecords
	CaseLetters(ctx context.Context, id workflow.CaseID) ([]workflow.Letter, error)
}

// Tracker follows letters until their delivery is proved or refused, and for a while after that, because proofs come late.
// Trackers of several processes may work side by side.
type Tracker struct {
	Mailboxes Mailboxes
	Store     Store
	Evidence  workflow.Evidence
	Trust     *trust.Store     // for the seals of proofs; nil: nobody is trusted
	Log       *slog.Logger     // not nil
	Now       func() time.Time // not nil
}

// How long a letter is followed.
const (
	searchFor = 24 * time.Hour      // among the sent ones, from the attempt on
	lateEvery = 24 * time.Hour      // once its delivery has ended …
	lateFor   = 60 * 24 * time.Hour // … for so long
)

// atOnce is how many deliveries are looked at in one round: as many as the platform answers about in one request.
const atOnce = 50

// Run looks from time to time until ctx ends. One line is logged when it begins to fail, not one a round.
func (t *Tracker) Run(ctx context.Context) {
	pause := t.Mailboxes[0].every()
	for _, box := range t.Mailboxes {
		pause = min(pause, box.every())
	}
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
		case <-time.After(pause / 4):
		}
	}
}

// Look asks about every delivery that is due. What fails for one letter, or for one address, does not keep the others; the errors
// come together.
func (t *Tracker) Look(ctx context.Context) error {
	r := &round{Tracker: t, down: map[string]error{}}
	var problems []error
	for ctx.Err() == nil {
		due, err := t.Store.DueDeliveries(ctx, t.Now(), atOnce)
		if err != nil || len(due) == 0 {
			return errors.Join(append(problems, err)...)
		}
		all, err := r.enquiries(ctx, due)
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

// round is one Look. An address whose platform does not answer is not asked again in it.
type round struct {
	*Tracker
	down map[string]error // by address
}

// failed notes that asking from an address is of no use now. A refusal is an answer.
func (r *round) failed(address string, err error) {
	if err != nil && !edelivery.IsRefusal(err) {
		r.down[address] = err
	}
}

// enquiry is the look at one delivery.
type enquiry struct {
	*round
	box  Mailbox
	d    workflow.Delivery
	head *edelivery.Message // nil: the platform does not speak of it
	gone bool               // the address it went from is no longer in the configuration
}

// enquiries asks about all messages that are known, in one request for each address they went from.
func (r *round) enquiries(ctx context.Context, due []workflow.Delivery) (all []*enquiry, err error) {
	ids := map[string][]string{}
	for _, d := range due {
		e, err := r.enquiry(ctx, d)
		if err != nil {
			return nil, err
		}
		all = append(all, e)
		if d.Message != "" && !e.gone {
			ids[e.d.From] = append(ids[e.d.From], d.Message)
		}
	}
	found := map[string]*edelivery.Message{}
	for address, some := range ids {
		if r.down[address] != nil {
			continue
		}
		box, _ := r.Mailboxes.at(address) // it is one of them
		heads, err := box.Client.Heads(ctx, some...)
		r.failed(address, err)
		for i := range heads {
			found[heads[i].Metadata.MessageID] = &heads[i]
		}
	}
	for _, e := range all {
		e.head = found[e.d.Message]
	}
	return all, nil
}

// enquiry finds the address a letter went from. A delivery of an older version does not say: then it is that of the case.
func (r *round) enquiry(ctx context.Context, d workflow.Delivery) (*enquiry, error) {
	e := &enquiry{round: r, d: d}
	if d.From != "" {
		box, ok := r.Mailboxes.at(d.From)
		e.box, e.gone = box, !ok
		return e, nil
	}
	c, err := r.Store.Case(ctx, d.Case)
	if err != nil {
		return nil, err
	}
	e.box = r.Mailboxes.of(c)
	e.d.From = e.box.Client.Address()
	return e, nil
}
