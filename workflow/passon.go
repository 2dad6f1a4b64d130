package workflow

import (
	"context"
	"slices"
)

// passingOn are the two letters by which a filing goes to another authority (KPA art. 65 § 1): to the authority, and to whoever
// filed it.
var passingOn = []ReplyKind{ReplyPassOn, ReplyForward}

// PassOn keeps the drafts of a forwarding to another authority, for the person to finish and send. Drafts of one begun before
// are withdrawn. The case is closed when both letters have left: see PassedOn.
func PassOn(ctx context.Context, d *Deed, authority string, letters ...*Letter) error {
	if err := d.ready(); err != nil {
		return err
	}
	if _, err := d.withdraw(ctx, "", draftOfPassing); err != nil {
		return err
	}
	for _, l := range letters {
		l.Case, l.Status, l.Automatic, l.Author, l.CreatedAt = d.Case.ID, LetterDraft, false, d.By.Name, d.Now
		if err := d.Tx.SaveLetter(ctx, l); err != nil {
			return err
		}
		if err := d.Record(ctx, EventLetter, l.Moved("")); err != nil {
			return err
		}
	}
	return d.Save(ctx, EventForwarding, authority)
}

// PassedOn closes the case when a letter of a forwarding was approved and none of its drafts is left. It does not save the case.
func PassedOn(ctx context.Context, d *Deed, approved ReplyKind) error {
	if !slices.Contains(passingOn, approved) {
		return nil
	}
	letters, err := d.Tx.LockLetters(ctx, d.Case.ID)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(letters, draftOfPassing) {
		return nil
	}
	d.Case.Status = StatusClosed
	return d.Record(ctx, EventForwarded, "")
}

func draftOfPassing(l Letter) bool {
	return l.Status == LetterDraft && slices.Contains(passingOn, l.Kind)
}
