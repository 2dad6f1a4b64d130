package desk

import (
	"context"
	"fmt"
	"time"

	"okienko/classify"
	"okienko/schemas"
	"okienko/validate"
	"okienko/workflow"
	"okienko/workflow/deadline"
)

// deed is something a clerk does to a case: who, when, and the case as locked. Each action below checks that the case allows
// it, changes the case and appends the event that says so; the transaction around them is change in act.go.
type deed struct {
	tx     workflow.Tx
	c      *workflow.Case
	before workflow.Case // as locked
	by     workflow.User
	now    time.Time
}

// of is the deed as package workflow knows it.
func (d deed) of() *workflow.Deed {
	return &workflow.Deed{Tx: d.tx, Case: d.c, Before: d.before, By: d.by, Now: d.now}
}

// action is a deed without further input.
type action func(context.Context, deed) error

// errNotNow is wrapped by the reasons why a case does not allow an action in the state it is in.
var errNotNow = workflow.ErrNotNow

// The reasons, which pages put into words.
var (
	errTaken     = workflow.ErrTaken
	errNotOwner  = fmt.Errorf("not the owner: %w", errNotNow)
	errFinished  = workflow.ErrFinished
	errNotClosed = fmt.Errorf("not closed: %w", errNotNow)
	errNoService = fmt.Errorf("no procedure yet: %w", errNotNow)
	errAccepted  = fmt.Errorf("accepted already: %w", errNotNow)
	errMachine   = workflow.ErrMachine
	errSameThing = workflow.ErrSameThing
	errLetter    = fmt.Errorf("the letter is in another state: %w", errNotNow)
	errNothing   = fmt.Errorf("nothing to call for: %w", errNotNow)
	errNoAddress = fmt.Errorf("no address to send to: %w", errNotNow)
)

// save writes the case and the event, with what is put after the name of the action.
func (d deed) save(ctx context.Context, kind workflow.EventKind, detail string) error {
	return d.of().Save(ctx, kind, detail)
}

func (d deed) record(ctx context.Context, kind workflow.EventKind, detail string) error {
	return d.of().Record(ctx, kind, detail)
}

// worked refuses what only makes sense while somebody works on the case.
func (d deed) worked() error { return d.of().Worked() }

// claim makes an unclaimed case the clerk's.
func claim(ctx context.Context, d deed) error {
	if err := d.worked(); err != nil {
		return err
	}
	if d.c.Owner != "" {
		return errTaken
	}
	d.c.Owner = d.by.Name
	return d.save(ctx, workflow.EventClaimed, "")
}

// takeOver makes a colleague's case the clerk's: people fall ill. The history says from whom.
func takeOver(ctx context.Context, d deed) error {
	if err := d.worked(); err != nil {
		return err
	}
	from := d.c.Owner
	if from == "" || from == d.by.Name {
		return errSameThing
	}
	d.c.Owner = d.by.Name
	return d.save(ctx, workflow.EventClaimed, "Przejęto od: "+from+".")
}

// release gives a case back to the desk.
func release(ctx context.Context, d deed) error {
	if d.c.Owner != d.by.Name {
		return errNotOwner
	}
	d.c.Owner = ""
	return d.save(ctx, workflow.EventReleased, "")
}

// accept says that a person found the submission complete enough and works on it. Whoever accepts an unclaimed case has it.
func accept(ctx context.Context, d deed) error {
	if err := d.worked(); err != nil {
		return err
	}
	if d.c.Status == workflow.StatusAccepted {
		return errAccepted
	}
	if d.c.Procedure == "" {
		return errNoService
	}
	if err := d.own(); err != nil {
		return err
	}
	d.c.Status, d.c.Reason = workflow.StatusAccepted, ""
	return d.save(ctx, workflow.EventAccepted, missingThen(d.c.Missing))
}

// own makes an unclaimed case the clerk's and refuses a colleague's.
func (d deed) own() error { return d.of().Own() }

// missingThen keeps in the history what a clerk decided in spite of.
func missingThen(n int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprintf("Braki stwierdzone w chwili przyjęcia: %d.", n)
}

// closing ends a case for a reason that the history keeps.
func closing(reason string) action {
	return func(ctx context.Context, d deed) error {
		if err := d.worked(); err != nil {
			return err
		}
		if err := d.own(); err != nil {
			return err
		}
		if err := d.cancelHeld(ctx, "sprawę zamknięto"); err != nil {
			return err
		}
		d.c.Status = workflow.StatusClosed
		return d.save(ctx, workflow.EventClosed, reason)
	}
}

// reopen undoes closing.
func reopen(ctx context.Context, d deed) error {
	if d.c.Status != workflow.StatusClosed {
		return errNotClosed
	}
	d.c.Status = workflow.StatusOpen
	return d.save(ctx, workflow.EventReopened, "")
}

// noting keeps a remark in the history.
func noting(text string) action {
	return func(ctx context.Context, d deed) error { return d.record(ctx, workflow.EventNote, text) }
}

// reassigning makes the case one of another procedure, as judged anew for it, and puts it on that procedure's desk. The
// correction is kept as an example. free are the days by which the term is counted. Letters that were held back were written for
// the old procedure and are withdrawn.
func reassigning(p schemas.Procedure, j workflow.Judgement, free deadline.Calendar) action {
	return func(ctx context.Context, d deed) error {
		if d.c.Status == workflow.StatusProcessing {
			return errMachine
		}
		before := *d.c
		d.reassign(p, j, free)
		if err := d.tx.Judged(ctx, d.c.ID, j); err != nil {
			return err
		}
		if err := d.exemplify(ctx, before.Procedure, p.ID); err != nil {
			return err
		}
		if err := d.cancelHeld(ctx, "zmieniono usługę"); err != nil {
			return err
		}
		return d.save(ctx, workflow.EventReassigned, reassigned(before, *d.c))
	}
}

// exemplify keeps a correction to learn from; nobody learns from a test.
func (d deed) exemplify(ctx context.Context, before, after schemas.ProcedureID) error {
	if d.c.Submission.Test() {
		return nil
	}
	return d.tx.AddExample(ctx, workflow.Example{Case: d.c.ID, At: d.now, Actor: d.by.Name, Before: before, After: after})
}

func (d deed) reassign(p schemas.Procedure, j workflow.Judgement, free deadline.Calendar) {
	c := d.c
	c.Procedure, c.DecidedBy, c.Confidence = p.ID, classify.ByClerk, 1
	c.Nature = classify.NatureSubmission
	c.Missing = workflow.Missing(j.Findings)
	c.DueAt = dueAt(*c, p, j.Legal, free)
	if c.Route.Desk != p.Desk && !c.Submission.Test() { // a test stays on the desk of tests
		c.Route = workflow.Route{Desk: p.Desk, Because: "Pracownik wskazał usługę: " + p.Title.PL + "."}
		c.Owner = "" // whoever works there claims it
	}
	if c.Status == workflow.StatusClosed || c.Status == workflow.StatusQuarantined {
		c.Status = workflow.StatusOpen
	}
	c.Reason = ""
}

// reassigned says from where to where in stable ids, so that the history can be counted.
func reassigned(before, after workflow.Case) string {
	text := fmt.Sprintf("Usługa: %s → %s.", orNone(string(before.Procedure)), after.Procedure)
	if before.Route.Desk != after.Route.Desk {
		text += fmt.Sprintf(" Stanowisko: %s → %s.", orNone(before.Route.Desk), after.Route.Desk)
	}
	return text
}

func orNone(s string) string {
	if s == "" {
		return "brak"
	}
	return s
}

// dueAt is the end of the office's term; none runs for what has no legal effect by its channel (KPA art. 63 § 1), nor for a test.
func dueAt(c workflow.Case, p schemas.Procedure, legal validate.Legal, free deadline.Calendar) time.Time {
	if legal.Effective == validate.False || c.Submission.Test() {
		return time.Time{}
	}
	return free.End(receivedAt(c), p.Deadline.Value, p.Deadline.Unit)
}

// receivedAt is when the submission reached the office: as the channel tells, else when it was registered.
func receivedAt(c workflow.Case) time.Time {
	if c.Submission.ReceivedAt.IsZero() {
		return c.RegisteredAt
	}
	return c.Submission.ReceivedAt
}
