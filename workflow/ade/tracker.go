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
	Client   *edelivery.Client
	Store    Store
	Evidence workflow.Evidence
	Trust    *trust.Store     // for the seals of proofs; nil: nobody is trusted
	Log      *slog.Logger     // not nil
	Now      func() time.Time // not nil
	Every    time.Duration    // how often the platform is asked about one letter; 0: ten minutes
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
		heads, err := t.heads(ctx, due)
		if err != nil {
			return errors.Join(append(problems, err)...)
		}
		for _, d := range due {
			if err := t.look(ctx, d, heads); err != nil {
				problems = append(problems, fmt.Errorf("letter %d: %w", d.Letter, err))
				if errors.Is(err, errRecord) { // it is still due: the next round would never end
					return errors.Join(problems...)
				}
			}
		}
	}
	return errors.Join(problems...)
}

// heads asks about all messages that are known, in one request.
func (t *Tracker) heads(ctx context.Context, due []workflow.Delivery) (map[string]edelivery.Message, error) {
	var ids []string
	for _, d := range due {
		if d.Message != "" {
			ids = append(ids, d.Message)
		}
	}
	found := map[string]edelivery.Message{}
	if len(ids) == 0 {
		return found, nil
	}
	heads, err := t.Client.Heads(ctx, ids...)
	for _, m := range heads {
		found[m.Metadata.MessageID] = m
	}
	return found, err
}

// errRecord wraps what could not be written down.
var errRecord = errors.New("recording it")

// look finds out about one delivery and records it. Also a failure is recorded as a look, so that one letter the platform says
// nothing of does not keep the others from being asked about.
func (t *Tracker) look(ctx context.Context, d workflow.Delivery, heads map[string]edelivery.Message) error {
	before := d
	var told []string
	var err error
	if d.Message == "" {
		told, err = t.task(ctx, &d)
	} else if m, ok := heads[d.Message]; ok {
		told, err = t.delivery(ctx, &d, m)
	}
	if err != nil {
		d, told = before, nil
	}
	d.LookedAt = t.Now().UTC()
	if recordErr := t.record(ctx, before, d, told); recordErr != nil {
		return fmt.Errorf("%w: %w", errRecord, errors.Join(recordErr, err))
	}
	return err
}

// task asks whether the platform sent the message.
func (t *Tracker) task(ctx context.Context, d *workflow.Delivery) (told []string, err error) {
	o, err := t.Client.Task(ctx, d.Task)
	switch {
	case err != nil || !o.Done:
		return nil, err
	case o.Refused != "":
		d.Failed, d.Status = true, "odrzucona: "+o.Refused
		return []string{"platforma odrzuciła list (" + o.Refused + "); trzeba sprawdzić adres albo wysłać inaczej"}, nil
	}
	d.Message = o.MessageID
	return []string{"nadany przez e-Doręczenia, wiadomość " + o.MessageID}, nil
}

// delivery asks for the proofs of a message, keeps those that are new, and reads its state off them.
func (t *Tracker) delivery(ctx context.Context, d *workflow.Delivery, m edelivery.Message) (told []string, err error) {
	proofs, err := t.Client.Evidences(ctx, d.Message)
	if err != nil {
		return nil, err
	}
	told, err = t.keepProofs(ctx, d, proofs)
	if err != nil {
		return nil, err
	}
	s := edelivery.StateOf(m, proofs)
	if s.Status != d.Status {
		told = append(told, "e-Doręczenia: "+s.Status)
	}
	d.Status, d.DeliveredAt, d.Deemed, d.Failed = s.Status, s.DeliveredAt, s.Deemed, s.Failed
	switch {
	case !d.DeliveredAt.IsZero() && d.Deemed:
		told = append(told, "uznano za doręczony "+moment(d.DeliveredAt)+" z mocy prawa: adresat go nie otworzył (art. 42 ustawy o doręczeniach elektronicznych)")
	case !d.DeliveredAt.IsZero():
		told = append(told, "doręczono "+moment(d.DeliveredAt)+" (data z dowodu otrzymania)")
	case d.Failed:
		told = append(told, "nie doręczono: trzeba wysłać inaczej")
	}
	return told, nil
}

func moment(at time.Time) string { return at.UTC().Format(time.RFC3339) }

// record stores what was found out with its history, unless somebody else looked meanwhile.
func (t *Tracker) record(ctx context.Context, before, d workflow.Delivery, told []string) error {
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
		for _, what := range told {
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
