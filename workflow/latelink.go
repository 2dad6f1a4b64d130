package workflow

import (
	"context"
	"fmt"

	"okienko/classify"
)

// linkLater ties cases to an earlier one that was judged after them.
func (p *Pipeline) linkLater(ctx context.Context, tx Tx, links []LaterLink) error {
	for _, l := range links {
		later, err := tx.Lock(ctx, l.Later) // always a higher ID than any case locked before: no two wait for each other
		if err != nil {
			return err
		}
		if later.Parent != 0 {
			continue
		}
		if err := p.saveLink(ctx, tx, l.Later, l.Link); err != nil {
			return err
		}
		if !l.Attached {
			continue
		}
		later.Parent = l.Case
		if err := p.again(ctx, tx, &later, l.Link); err != nil {
			return fmt.Errorf("judge case %d again: %w", later.ID, err)
		}
		if err := tx.Update(ctx, &later); err != nil {
			return err
		}
	}
	return nil
}

// again decides about a case that was judged by itself and turned out to complete an earlier one: what it seemed to lack is in
// that one. What nobody has been told yet is told right; a person's work on the case is left alone.
func (p *Pipeline) again(ctx context.Context, tx Tx, c *Case, l Link) error {
	if c.Stage != StageDone || c.Status != StatusOpen || c.Owner != "" || c.DecidedBy == classify.ByClerk {
		return nil
	}
	j, err := p.Records.Judgement(ctx, c.ID)
	if err != nil {
		return err
	}
	if p, err = p.with(ctx, j.Rulebook); err != nil {
		return err
	}
	before, missing := c.Reply, c.Missing
	j.Link = &l
	p.Judge.decide(c, &j, p.Composer)
	if c.Reply != before || c.Missing != missing {
		if err := p.tellOtherwise(ctx, tx, c, &j, before); err != nil {
			return err
		}
	}
	if err := tx.Judged(ctx, c.ID, j); err != nil {
		return err
	}
	return tx.Append(ctx, p.event(c.ID, EventJudged, "again, with the earlier case: "+judgedDetail(j)))
}

// tellOtherwise puts the letter that fits in the place of the one that does not, unless that one has left.
func (p *Pipeline) tellOtherwise(ctx context.Context, tx Tx, c *Case, j *Judgement, before ReplyKind) error {
	told, err := p.withdraw(ctx, tx, c.ID)
	switch {
	case err != nil:
		return err
	case !told:
		return p.letter(ctx, tx, c, j)
	case before == ReplyIncomplete && c.Reply != ReplyIncomplete:
		c.Reason = "Prośba o uzupełnienie wyszła, zanim okazało się, że pismo dotyczy wcześniejszej sprawy: proszę sprawdzić, czy była potrzebna."
	}
	return nil
}

// withdraw cancels the automatic letters of a case that have not left, and reports whether one has, or may have.
func (p *Pipeline) withdraw(ctx context.Context, tx Tx, id CaseID) (told bool, err error) {
	letters, err := tx.LockLetters(ctx, id)
	if err != nil {
		return false, err
	}
	for _, l := range letters {
		switch {
		case !l.Automatic || l.Status == LetterCancelled || l.Status == LetterFailed:
			continue
		case l.Status == LetterSending || l.Status == LetterSent || l.Status == LetterUnknown:
			told = true
			continue
		}
		l.Status, l.Detail = LetterCancelled, "the case completes an earlier one"
		if err := tx.SaveLetter(ctx, &l); err != nil {
			return false, err
		}
		if err := tx.Append(ctx, p.event(id, EventLetter, string(l.Kind)+": "+string(l.Status))); err != nil {
			return false, err
		}
	}
	return told, nil
}
