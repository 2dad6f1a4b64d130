package desk

import (
	"context"
	"slices"

	"okienko/workflow"
)

// What a clerk does to letters. The statuses and what may follow are those of workflow.LetterStatus; the letter is locked with
// its case, so that the machine cannot send what is being withdrawn.

// letterAction is a deed on one letter of the case.
type letterAction func(context.Context, deed, *workflow.Letter) error

// onLetter runs act on a letter of the case, or returns ErrNotFound.
func onLetter(id workflow.LetterID, act letterAction) action {
	return func(ctx context.Context, d deed) error {
		letters, err := d.tx.LockLetters(ctx, d.c.ID)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(letters, func(l workflow.Letter) bool { return l.ID == id })
		if i < 0 {
			return workflow.ErrNotFound
		}
		return act(ctx, d, &letters[i])
	}
}

// move changes the status of a letter from one of those allowed, with the event.
func (d deed) move(ctx context.Context, l *workflow.Letter, to workflow.LetterStatus, detail string, from ...workflow.LetterStatus) error {
	if !slices.Contains(from, l.Status) {
		return errLetter
	}
	before := l.Status
	l.Status, l.Detail = to, detail
	if err := d.tx.SaveLetter(ctx, l); err != nil {
		return err
	}
	return d.record(ctx, workflow.EventLetter, l.Moved(before))
}

// releaseLetter sends a letter that was held back.
func releaseLetter(ctx context.Context, d deed, l *workflow.Letter) error {
	if err := d.move(ctx, l, workflow.LetterQueued, "", workflow.LetterHeld); err != nil {
		return err
	}
	return d.tx.Enqueue(ctx, d.c.ID, workflow.StageDeliver)
}

// cancelLetter withdraws a letter that is not on its way yet.
func cancelLetter(ctx context.Context, d deed, l *workflow.Letter) error {
	return d.move(ctx, l, workflow.LetterCancelled, "", workflow.LetterHeld, workflow.LetterDraft)
}

// letterArrived records that a person found out: the letter was sent after all.
func letterArrived(ctx context.Context, d deed, l *workflow.Letter) error {
	if l.SentAt.IsZero() {
		l.SentAt = l.SendingAt
	}
	return d.move(ctx, l, workflow.LetterSent, "", workflow.LetterUnknown)
}

// sendAgain sends a letter whose outcome is unknown or that was refused; a person has checked. It keeps its Message-ID, so a
// second copy can be recognised.
func sendAgain(ctx context.Context, d deed, l *workflow.Letter) error {
	if err := d.move(ctx, l, workflow.LetterQueued, "", workflow.LetterUnknown, workflow.LetterFailed); err != nil {
		return err
	}
	return d.tx.Enqueue(ctx, d.c.ID, workflow.StageDeliver)
}

// cancelHeld withdraws the letters that were held back, which no longer fit; then the deed cannot be undone.
func (d *deed) cancelHeld(ctx context.Context, why string) error {
	w := d.of()
	err := w.WithdrawHeld(ctx, why)
	d.before = w.Before
	return err
}

// drafting keeps the clerk's letter without sending it. l.ID is that of the draft it replaces, 0 if there is none. The case
// gets a new version, so that two clerks at one draft do not overwrite each other.
func drafting(l workflow.Letter) action {
	return func(ctx context.Context, d deed) error {
		if err := d.worked(); err != nil {
			return err
		}
		if err := d.putDraft(ctx, &l); err != nil {
			return err
		}
		return d.tx.Update(ctx, d.c)
	}
}

// dispatching sends the clerk's letter. An answer to it will find its way to the case.
func dispatching(l workflow.Letter) action {
	return func(ctx context.Context, d deed) error {
		if l.To == "" {
			return errNoAddress
		}
		if err := d.approve(ctx, &l, workflow.LetterQueued); err != nil {
			return err
		}
		if err := d.tx.PutKeys(ctx, d.c.ID, []workflow.Key{{Kind: workflow.KeyOurLetter, Value: l.MessageID}}); err != nil {
			return err
		}
		return d.tx.Enqueue(ctx, d.c.ID, workflow.StageDeliver)
	}
}

// posting records that the clerk printed the letter and sent it on paper.
func posting(l workflow.Letter) action {
	return func(ctx context.Context, d deed) error {
		l.SentAt = d.now
		return d.approve(ctx, &l, workflow.LetterSent)
	}
}

// approve moves the clerk's letter on, in the clerk's name. After a call the case is the resident's.
func (d deed) approve(ctx context.Context, l *workflow.Letter, to workflow.LetterStatus) error {
	if err := d.worked(); err != nil {
		return err
	}
	if err := d.own(); err != nil {
		return err
	}
	if err := d.putDraft(ctx, l); err != nil {
		return err
	}
	if err := d.move(ctx, l, to, "", workflow.LetterDraft); err != nil {
		return err
	}
	if l.Kind == workflow.ReplyCall {
		d.c.Status = workflow.StatusWaiting
	}
	if err := workflow.PassedOn(ctx, d.of(), l.Kind); err != nil {
		return err
	}
	return d.tx.Update(ctx, d.c)
}

// putDraft saves l as a draft, over the draft it came from.
func (d deed) putDraft(ctx context.Context, l *workflow.Letter) error {
	if l.ID != 0 {
		if err := d.stillDraft(ctx, l.ID); err != nil {
			return err
		}
	}
	l.Case, l.Status, l.Automatic, l.Author = d.c.ID, workflow.LetterDraft, false, d.by.Name
	if l.CreatedAt.IsZero() {
		l.CreatedAt = d.now
	}
	if err := d.tx.SaveLetter(ctx, l); err != nil {
		return err
	}
	return d.record(ctx, workflow.EventLetter, l.Moved(""))
}

func (d deed) stillDraft(ctx context.Context, id workflow.LetterID) error {
	letters, err := d.tx.LockLetters(ctx, d.c.ID)
	if err != nil {
		return err
	}
	for _, l := range letters {
		if l.ID == id && l.Status == workflow.LetterDraft {
			return nil
		}
	}
	return errLetter
}
