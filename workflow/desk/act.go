package desk

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"okienko/classify"
	"okienko/schemas"
	"okienko/workflow"
)

// change runs an action on the case of the visit in one transaction: lock, look again whether the user may, compare the
// version with the one the page was made from, act. A stale version is ErrConflict: nothing is overwritten unseen.
func (d *desk) change(v *visit, act action) error {
	version, err := v.integer("version") // of the case the page was made from
	if err != nil {
		return err
	}
	return d.changeCase(v, v.c.ID, version, act)
}

func (d *desk) changeCase(v *visit, id workflow.CaseID, version int64, act action) error {
	ctx := v.Context()
	return d.Store.Tx(ctx, func(tx workflow.Tx) error {
		c, err := tx.Lock(ctx, id)
		if err != nil {
			return err
		}
		if err := v.stillAs(c, version); err != nil {
			return err
		}
		return act(ctx, v.deed(tx, &c))
	})
}

// stillAs looks at the case as locked: whether the user may see it, and whether it is as the page showed it.
func (v *visit) stillAs(c workflow.Case, version int64) error {
	switch {
	case !sees(v.user, c):
		return errOtherDesk
	case c.Version != version:
		return workflow.ErrConflict
	}
	return nil
}

func (v *visit) deed(tx workflow.Tx, c *workflow.Case) deed {
	return deed{tx: tx, c: c, before: *c, by: v.user, now: v.now}
}

// done runs an action and confirms it on the page that follows: the one named by the form's field back, or the case.
func (d *desk) done(v *visit, act action, confirm string) error {
	if err := d.change(v, act); err != nil {
		return err
	}
	d.flash(v, confirm)
	if back := v.PostFormValue("back"); back != "" {
		return v.redirect(local(back))
	}
	return v.redirect(casePath(v.c.ID))
}

func (d *desk) flash(v *visit, text string) { d.sessions.Put(v.Context(), sessionFlash, text) }

func casePath(id workflow.CaseID) string { return "/cases/" + strconv.FormatInt(int64(id), 10) }

// act serves an action without further input.
func (d *desk) act(act action) func(*visit) error {
	return func(v *visit) error { return d.done(v, act, v.t.Case.Done) }
}

// actOnLetter serves an action on one letter.
func (d *desk) actOnLetter(act letterAction) func(*visit) error {
	return func(v *visit) error {
		id, err := strconv.ParseInt(v.PathValue("letter"), 10, 64)
		if err != nil {
			return workflow.ErrNotFound
		}
		return d.done(v, onLetter(workflow.LetterID(id), act), v.t.Case.Done)
	}
}

// longestRemark bounds what goes into the history, in characters.
const longestRemark = 500

// remark reads a required field of free text, in one line for the history. why is "" or what is wrong with it.
func (v *visit) remark(field string) (text, why string) {
	text = v.oneLine(field)
	switch n := utf8.RuneCountInString(text); {
	case n == 0:
		return text, v.t.Problem.Empty
	case n > longestRemark:
		return text, fmt.Sprintf(v.t.Problem.TooLong, longestRemark)
	}
	return text, ""
}

func (d *desk) addNote(v *visit) error {
	text, why := v.remark("text")
	if why != "" {
		return d.renderCase(v, caseErrors{Note: why, NoteText: text})
	}
	return d.done(v, noting(text), v.t.Case.NoteKept)
}

// The reasons for closing that a form offers; their ids are stored in the history.
const (
	closeHandled  = "zalatwiono"
	closeNoLetter = "nie_jest_pismem"
	closeTwin     = "duplikat"
	closeOther    = "inny"
)

func closeReasons() []string { return []string{closeHandled, closeNoLetter, closeTwin, closeOther} }

func (d *desk) closeCase(v *visit) error {
	reason := v.PostFormValue("reason")
	text, why := v.remark("text")
	label, known := polish.Case.CloseReasons[reason] // the history is Polish
	switch {
	case !known:
		why = v.t.Problem.Choose
	case reason == closeOther && text == "":
		why = v.t.Case.CloseNeedsText
	case text == "":
		why = "" // the other reasons speak for themselves
	}
	if why != "" {
		return d.renderCase(v, caseErrors{Close: why, CloseReason: reason, CloseText: text})
	}
	return d.done(v, closing(strings.TrimSpace(label+". "+text)), v.t.Case.Closed)
}

// changeService judges the case for the procedure the clerk chose, outside any transaction, then writes it down.
func (d *desk) changeService(v *visit) error {
	id := schemas.ProcedureID(v.PostFormValue("procedure"))
	p, known := d.Procedures.Procedure(id, receivedAt(v.c))
	if !known {
		return d.renderCase(v, caseErrors{Service: v.t.Problem.Choose})
	}
	if v.c.Procedure == id && v.c.DecidedBy == classify.ByClerk {
		return errSameThing
	}
	j, err := d.rejudge(v, id)
	if err != nil {
		return err
	}
	if err := d.change(v, reassigning(p, j, d.Rules.Library.Calendar())); err != nil {
		return err
	}
	d.flash(v, fmt.Sprintf(v.t.Case.ServiceChanged, v.c.Number, v.t.text(p.Title), p.Desk))
	return v.followTo(p.Desk)
}

// rejudge judges the case as one of another procedure. What the machine could never read has no judgement to start from: then
// nothing is known of it but what the clerk says, and nothing counts as missing.
func (d *desk) rejudge(v *visit, id schemas.ProcedureID) (workflow.Judgement, error) {
	_, err := d.Records.Judgement(v.Context(), v.c.ID)
	if errors.Is(err, workflow.ErrNotFound) {
		return workflow.Judgement{At: v.now, Decision: classify.Decision{
			Nature: classify.NatureSubmission, Procedure: id, Confidence: 1, DecidedBy: classify.ByClerk}}, nil
	}
	if err != nil {
		return workflow.Judgement{}, err
	}
	j, err := d.Rejudger.Rejudge(v.Context(), v.c.ID, id)
	if err != nil {
		return j, fmt.Errorf("judging case %d as %s: %w", v.c.ID, id, err)
	}
	return j, nil
}

// seenAt is when the page a form came from was made; the zero time if the form does not say.
func (v *visit) seenAt() time.Time {
	micro, err := strconv.ParseInt(v.PostFormValue("seen"), 10, 64)
	if err != nil {
		return time.Time{}
	}
	return time.UnixMicro(micro).UTC()
}

// seen appends the event that says that the user opened the case or took a file, before anything is shown.
func (d *desk) seen(ctx context.Context, v *visit, kind workflow.EventKind, detail string) error {
	err := d.Store.Tx(ctx, func(tx workflow.Tx) error {
		return tx.Append(ctx, workflow.Event{Case: v.c.ID, At: v.now, Actor: v.user.Name, Kind: kind, Detail: detail})
	})
	if err != nil && !errors.Is(err, context.Canceled) {
		return fmt.Errorf("recording %s: %w", kind, err)
	}
	return err
}
