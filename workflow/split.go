package workflow

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"okienko/classify"
	"okienko/schemas"
)

// Split makes another matter of the letter a case of its own (OFFICE.md 3.6: one number in the register, copies by reference):
// same originals, same date of receipt, judged as the procedure the clerk names, on that procedure's desk, unclaimed. The
// sender had their answer about the letter. What another authority decides is passed on from the new case (KPA art. 66, 65).
func (p *Pipeline) Split(ctx context.Context, d *Deed, procedure schemas.ProcedureID) (Case, error) {
	if err := splittable(ctx, p.Records, d); err != nil {
		return Case{}, err
	}
	part, j, err := p.part(ctx, *d.Case, procedure)
	if err != nil {
		return part, err
	}
	if err := d.Tx.CreatePart(ctx, *d.Case, &part); err != nil {
		return part, err
	}
	if err := d.Tx.Judged(ctx, part.ID, j); err != nil {
		return part, err
	}
	if err := d.Tx.SaveLink(ctx, part.ID, *j.Link); err != nil {
		return part, err
	}
	if err := d.Tx.PutKeys(ctx, part.ID, p.partKeys(part, j)); err != nil {
		return part, err
	}
	if err := d.recordOn(ctx, part.ID, EventSplit, d.Case.Number); err != nil {
		return part, err
	}
	return part, d.Save(ctx, EventSplit, fmt.Sprintf("%s: %s", part.Number, procedure))
}

// splittable refuses what is itself a part: further matters are split off the whole letter.
func splittable(ctx context.Context, records Records, d *Deed) error {
	if err := d.ready(); err != nil {
		return err
	}
	if d.Case.Submission.Test() {
		return ErrTest
	}
	links, err := records.CaseLinks(ctx, d.Case.ID)
	if err == nil && slices.ContainsFunc(links, func(l LinkedCase) bool { return l.Earlier && l.Link.Kind == LinkPart }) {
		err = ErrPart
	}
	return err
}

// part is the new case with its judgement, before it is stored.
func (p *Pipeline) part(ctx context.Context, whole Case, procedure schemas.ProcedureID) (Case, Judgement, error) {
	j, err := p.Records.Judgement(ctx, whole.ID)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return Case{}, j, err
	}
	if p, err = p.with(ctx, j.Rulebook); err != nil {
		return Case{}, j, err
	}
	j.Rulings = nil // they were about the other matter
	j.Decision.OtherMatters, j.Decision.Alternatives = nil, nil
	if j, err = p.Judge.as(whole, j, procedure); err != nil {
		return Case{}, j, err
	}
	j.Link = &Link{Case: whole.ID, Kind: LinkPart, Score: 1, Attached: true, Because: "inna sprawa z tego samego pisma"}
	j.Reply = Reply{Kind: ReplyNone, Because: "Na pismo odpowiadamy w sprawie, z której tę wydzielono."}
	part := Case{
		Submission: whole.Submission, RegisteredAt: whole.RegisteredAt, Stage: StageDone, Status: StatusOpen,
		Sender: whole.Sender, Subject: whole.Subject, Nature: classify.NatureSubmission, Procedure: procedure, Confidence: 1,
		DecidedBy: classify.ByClerk, Route: j.Route, Reply: ReplyNone, Missing: Missing(j.Findings), Parent: whole.ID,
	}
	part.DueAt = p.Judge.dueAt(part, j)
	return part, j, nil
}

// partKeys are what later letters find a part by: its own number and code, and what is of its procedure. By everything else
// they find the whole.
func (p *Pipeline) partKeys(part Case, j Judgement) []Key {
	own := []KeyKind{KeyNumber, KeyCode, KeyPerson, KeyThing}
	return slices.DeleteFunc(p.ownKeys(part, j), func(k Key) bool {
		return !slices.Contains(own, k.Kind) || k.Kind == KeyNumber && k.Value != part.Number
	})
}
