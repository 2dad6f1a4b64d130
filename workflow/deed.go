package workflow

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Deed is something a person does to a case. The actions are functions of it, one file each: assign.go, ruling.go, attach.go,
// split.go, passon.go, undo.go. Each looks whether the case allows it, changes the case and appends the event that says so, in
// the transaction of the deed. Whoever makes a Deed has locked the case and compared its version with the one the person saw.
type Deed struct {
	Tx     Tx
	Case   *Case
	Before Case // as locked; the zero value: this deed cannot be undone
	By     User
	Now    time.Time
}

// ErrNotNow is wrapped by the reasons why a case does not allow an action in the state it is in. Nothing was written.
var ErrNotNow = errors.New("not possible in this state")

// The reasons.
var (
	ErrTaken       = fmt.Errorf("claimed by somebody else: %w", ErrNotNow)
	ErrFinished    = fmt.Errorf("closed: %w", ErrNotNow)
	ErrMachine     = fmt.Errorf("the machine is at work: %w", ErrNotNow)
	ErrSameThing   = fmt.Errorf("nothing would change: %w", ErrNotNow)
	ErrTwinTaken   = fmt.Errorf("the twin is claimed by somebody else: %w", ErrNotNow)
	ErrOtherLinked = fmt.Errorf("linked to another case: %w", ErrNotNow)
	ErrPart        = fmt.Errorf("split off another case: %w", ErrNotNow)
	ErrTest        = fmt.Errorf("a test belongs to no other case: %w", ErrNotNow)
	ErrNoUndo      = fmt.Errorf("there is no step to undo: %w", ErrNotNow)
)

// Record appends an event of the deed to the history.
func (d *Deed) Record(ctx context.Context, kind EventKind, detail string) error {
	return d.recordOn(ctx, d.Case.ID, kind, detail)
}

func (d *Deed) recordOn(ctx context.Context, id CaseID, kind EventKind, detail string) error {
	return d.Tx.Append(ctx, Event{Case: id, At: d.Now, Actor: d.By.Name, Kind: kind, Detail: detail})
}

// Save writes the case and the event. What the case was before stays with a step that can be undone.
func (d *Deed) Save(ctx context.Context, kind EventKind, detail string) error {
	if err := d.Tx.Update(ctx, d.Case); err != nil {
		return err
	}
	if err := d.Record(ctx, kind, detail); err != nil {
		return err
	}
	return d.keep(ctx, kind, nil)
}

// Worked refuses what only makes sense while somebody works on the case.
func (d *Deed) Worked() error {
	switch d.Case.Status {
	case StatusClosed:
		return ErrFinished
	case StatusProcessing:
		return ErrMachine
	}
	return nil
}

// Own makes an unclaimed case the person's and refuses a colleague's, which has to be taken over first: nobody decides about
// another's case by accident.
func (d *Deed) Own() error {
	if d.Case.Owner == "" {
		d.Case.Owner = d.By.Name
	}
	if d.Case.Owner != d.By.Name {
		return ErrTaken
	}
	return nil
}

// ready is Worked and Own.
func (d *Deed) ready() error {
	if err := d.Worked(); err != nil {
		return err
	}
	return d.Own()
}

// WithdrawHeld cancels the letters that were held back and no longer fit. What was withdrawn does not come back: after it the
// deed cannot be undone.
func (d *Deed) WithdrawHeld(ctx context.Context, why string) error {
	n, err := d.withdraw(ctx, why, func(l Letter) bool { return l.Status == LetterHeld })
	if n > 0 {
		d.Before = Case{}
	}
	return err
}

// withdraw cancels the letters of the case that fit, and says how many.
func (d *Deed) withdraw(ctx context.Context, why string, fits func(Letter) bool) (n int, err error) {
	letters, err := d.Tx.LockLetters(ctx, d.Case.ID)
	if err != nil {
		return 0, err
	}
	for _, l := range letters {
		if !fits(l) {
			continue
		}
		before := l.Status
		l.Status, l.Detail = LetterCancelled, why
		if err := d.Tx.SaveLetter(ctx, &l); err != nil {
			return n, err
		}
		if err := d.Record(ctx, EventLetter, l.Moved(before)); err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}
