package workflow

import (
	"context"
	"errors"
	"slices"
	"time"
)

// Step is the last thing a person did to a case that can be taken back, with what the case was before. It is of use while the
// case still has the version the step gave it: whatever anybody did since would be undone with it.
type Step struct {
	Case    CaseID
	Version int64 // after the step
	By      string
	At      time.Time // UTC
	Kind    EventKind
	Before  Standing
	Rulings []Ruling // before; of EventRuled only
}

// Standing is what a step that can be undone changes of a case.
type Standing struct {
	Status Status `json:"status"`
	Owner  string `json:"owner"`
	Route  Route  `json:"route"`
	Reason string `json:"reason"`
}

// Undos keeps the last step of each case, inside a transaction.
type Undos interface {
	KeepStep(ctx context.Context, s Step) error // replaces the one before
}

// undoable are the steps that change nothing but what a Step keeps. Links are undone by Detach, a wrong service by another
// choice, and what has left the office not at all.
var undoable = []EventKind{EventClaimed, EventReleased, EventAssigned, EventHandedOver, EventAccepted, EventClosed, EventReopened, EventRuled}

// keep stores the step just taken, if it can be undone.
func (d *Deed) keep(ctx context.Context, kind EventKind, rulings []Ruling) error {
	if d.Before.ID == 0 || !slices.Contains(undoable, kind) {
		return nil
	}
	b := d.Before
	return d.Tx.KeepStep(ctx, Step{Case: b.ID, Version: d.Case.Version, By: d.By.Name, At: d.Now, Kind: kind, Rulings: rulings,
		Before: Standing{Status: b.Status, Owner: b.Owner, Route: b.Route, Reason: b.Reason}})
}

// Undoable reports whether a person may take back a step of the case as it is.
func (s Step) Undoable(c Case, by User) bool {
	return s.Case == c.ID && s.Version == c.Version && s.By == by.Name && c.Status != StatusProcessing
}

// Undo takes back the person's last step on the case, if nothing happened to the case since.
func (p *Pipeline) Undo(ctx context.Context, d *Deed) error {
	s, err := p.Records.LastStep(ctx, d.Case.ID)
	if errors.Is(err, ErrNotFound) || err == nil && !s.Undoable(*d.Case, d.By) {
		return ErrNoUndo
	}
	if err != nil {
		return err
	}
	c := d.Case
	c.Status, c.Owner, c.Route, c.Reason = s.Before.Status, s.Before.Owner, s.Before.Route, s.Before.Reason
	if s.Kind == EventRuled {
		j, err := p.Records.Judgement(ctx, c.ID)
		if err != nil {
			return err
		}
		if err := p.rule(ctx, d, &j, s.Rulings); err != nil {
			return err
		}
	}
	return d.Save(ctx, EventUndone, string(s.Kind))
}
