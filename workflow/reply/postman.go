package reply

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"time"

	"okienko/ingest"
	"okienko/workflow"
)

// Postman takes queued letters to their Carrier so that none is sent twice (promise P3). SMTP is no transaction, so it first
// makes the intent durable (sending), then sends, then records the outcome; a letter found in sending after the lease is one
// whose sender died in between: nobody can know, a person must check. Postmen of several processes may work side by side.
type Postman struct {
	Store    workflow.Store
	Carriers map[ingest.Channel]workflow.Carrier
	Now      func() time.Time // nil: time.Now
	Lease    time.Duration    // how long a sending may last, longer than any Carrier.Send; 0: 10 minutes
}

// ErrUnderWay means that another process is sending a letter of the case: look again later.
var ErrUnderWay = errors.New("a letter of this case is being sent elsewhere")

// Deliver tries every queued letter of a case once, or those of some channels only ("" names none). An error means that something
// is left to do: try again later. Running it again, at the same time or after a crash at any point, never sends a letter twice.
func (p Postman) Deliver(ctx context.Context, id workflow.CaseID, only ...ingest.Channel) error {
	only = slices.DeleteFunc(slices.Clone(only), func(c ingest.Channel) bool { return c == "" })
	tried := map[workflow.LetterID]bool{}
	var problems []error
	for {
		claim := p.newClaim(id, tried, only)
		if err := p.transact(ctx, claimPauses, claim.take); err != nil {
			return errors.Join(append(problems, fmt.Errorf("claiming a letter of case %d: %w", id, err))...)
		}
		if claim.letter == nil {
			return errors.Join(append(problems, claim.problems...)...)
		}
		tried[claim.letter.ID] = true
		if err := p.send(ctx, claim); err != nil {
			problems = append(problems, fmt.Errorf("letter %d of case %d: %w", claim.letter.ID, id, err))
		}
	}
}

// send does what cannot be undone and records what came of it, also when ctx ended meanwhile: the outcome is worth more than
// a quick stop. It returns an error if the letter must be tried again or the outcome could not be recorded.
func (p Postman) send(ctx context.Context, c *claim) error {
	sent := p.Carriers[c.letter.Channel].Send(ctx, *c.letter)
	result := resultOf(sent, p.now())
	record := func(ctx context.Context, tx workflow.Tx) error { return c.record(ctx, tx, result) }
	if err := p.transact(context.WithoutCancel(ctx), recordPauses, record); err != nil {
		return fmt.Errorf("recording that it is %s: %w", result.status, err)
	}
	if result.status == workflow.LetterQueued {
		return sent
	}
	return nil
}

// A transaction whose answer was lost may have been committed: both steps can be run again and then find their own traces.
// The outcome of a letter is tried for longer than the claim, which costs nothing to give up.
var (
	claimPauses  = []time.Duration{50 * time.Millisecond, 200 * time.Millisecond}
	recordPauses = []time.Duration{50 * time.Millisecond, 200 * time.Millisecond, time.Second, 2 * time.Second, 5 * time.Second, 10 * time.Second}
)

func (p Postman) transact(ctx context.Context, pauses []time.Duration, fn func(context.Context, workflow.Tx) error) error {
	for {
		err := p.Store.Tx(ctx, func(tx workflow.Tx) error { return fn(ctx, tx) })
		if err == nil || errors.Is(err, workflow.ErrNotFound) || len(pauses) == 0 {
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(pauses[0]):
			pauses = pauses[1:]
		}
	}
}

func (p Postman) now() time.Time {
	if p.Now == nil {
		return time.Now().UTC().Truncate(time.Microsecond)
	}
	return p.Now().UTC().Truncate(time.Microsecond)
}

func (p Postman) newClaim(id workflow.CaseID, tried map[workflow.LetterID]bool, only []ingest.Channel) *claim {
	lease := firstOf(p.Lease, 10*time.Minute)
	return &claim{id: id, token: rand.Text()[:12], now: p.now(), lease: lease, carriers: p.Carriers, tried: tried, only: only}
}
