package workflow

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"okienko/validate"
)

// LockBoth locks two cases in the order in which everybody does, so that no two wait for each other.
func LockBoth(ctx context.Context, tx Tx, a, b CaseID) (one, other Case, err error) {
	if a > b {
		other, one, err = LockBoth(ctx, tx, b, a)
		return one, other, err
	}
	if one, err = tx.Lock(ctx, a); err != nil {
		return one, other, err
	}
	other, err = tx.Lock(ctx, b)
	return one, other, err
}

// Attach ties the case to another by hand: as a supplement the later one completes the earlier one; as a duplicate they are one
// matter filed twice, which goes on in one case (merge). Both are locked.
func (p *Pipeline) Attach(ctx context.Context, d *Deed, other *Case, kind LinkKind) error {
	for _, c := range []*Case{d.Case, other} {
		switch {
		case c.Submission.Test():
			return ErrTest
		case c.Status == StatusProcessing:
			return ErrMachine
		}
	}
	if d.Case.ID == other.ID {
		return ErrSameThing
	}
	if kind == LinkDuplicate {
		return p.merge(ctx, d, other)
	}
	later, earlier := inOrder(d.Case, other)
	return p.tie(ctx, d, later, earlier, LinkSupplement)
}

func inOrder(a, b *Case) (later, earlier *Case) {
	if a.ID < b.ID {
		return b, a
	}
	return a, b
}

// tie makes one case the supplement or duplicate of another and judges it again as such.
func (p *Pipeline) tie(ctx context.Context, d *Deed, from, to *Case, kind LinkKind) error {
	switch {
	case from.Parent == to.ID:
		if l, ok, err := p.linkBetween(ctx, from.ID, to.ID); err != nil || ok && l.Kind == kind {
			return errors.Join(err, ErrSameThing)
		}
	case from.Parent != 0 || to.Parent == from.ID:
		return ErrOtherLinked
	}
	l := Link{Case: to.ID, Kind: kind, Score: 1, Attached: true, Because: "wskazane przez pracownika"}
	if err := d.Tx.DropLink(ctx, to.ID, from.ID); err != nil { // a proposal in the other direction
		return err
	}
	if err := d.Tx.SaveLink(ctx, from.ID, l); err != nil {
		return err
	}
	from.Parent = to.ID
	if err := p.relinked(ctx, d.on(from), &l); err != nil {
		return err
	}
	if err := d.recordOn(ctx, from.ID, EventLinked, fmt.Sprintf("%s of case %d, score %.2f, attached %t", l.Kind, l.Case, l.Score, l.Attached)); err != nil {
		return err
	}
	if err := d.recordOn(ctx, to.ID, EventLinked, string(kind)+": "+from.Number); err != nil {
		return err
	}
	return updateBoth(ctx, d.Tx, from, to)
}

// merge goes on with one case of two that are one matter: the first one that came by a way that counts, whose date is the
// legal one (OFFICE.md 3.6). The other is closed as its twin; each keeps its number and its original.
func (p *Pipeline) merge(ctx context.Context, d *Deed, other *Case) error {
	kept, twin, err := p.firstEffective(ctx, d.Case, other)
	if err != nil {
		return err
	}
	for _, c := range []*Case{kept, twin} {
		if c.Status == StatusClosed {
			return ErrFinished
		}
	}
	if twin.Owner != "" && twin.Owner != d.By.Name {
		return ErrTwinTaken
	}
	twin.Status, twin.Reason = StatusClosed, ""
	if err := d.recordOn(ctx, twin.ID, EventMerged, kept.Number); err != nil {
		return err
	}
	return p.tie(ctx, d, twin, kept, LinkDuplicate)
}

// firstEffective orders two filings of one matter: first what has legal effect, then what came first.
func (p *Pipeline) firstEffective(ctx context.Context, a, b *Case) (first, second *Case, err error) {
	dead := map[CaseID]bool{}
	for _, c := range []*Case{a, b} {
		j, err := p.Records.Judgement(ctx, c.ID)
		if err != nil && !errors.Is(err, ErrNotFound) {
			return nil, nil, err
		}
		dead[c.ID] = j.Legal.Effective == validate.False
	}
	later, earlier := inOrder(a, b)
	if later.Submission.ReceivedAt.Before(earlier.Submission.ReceivedAt) {
		later, earlier = earlier, later
	}
	if dead[earlier.ID] && !dead[later.ID] {
		return later, earlier, nil
	}
	return earlier, later, nil
}

// Detach undoes a wrong link, made by the machine or by a person, or turns down a proposal. Both cases are then judged as what
// they are by themselves; a twin that was closed for the link is open again. Both are locked.
func (p *Pipeline) Detach(ctx context.Context, d *Deed, other *Case, why string) error {
	l, from, to, err := p.linkOf(ctx, d.Case, other)
	if err != nil {
		return err
	}
	if l.Kind == LinkPart {
		return ErrPart
	}
	if err := d.Tx.DropLink(ctx, from.ID, to.ID); err != nil {
		return err
	}
	for _, c := range [][2]*Case{{from, to}, {to, from}} {
		if err := d.recordOn(ctx, c[0].ID, EventUnlinked, c[1].Number+" "+why); err != nil {
			return err
		}
	}
	if !l.Attached {
		return updateBoth(ctx, d.Tx, from, to)
	}
	from.Parent = 0
	if l.Kind == LinkDuplicate && from.Status == StatusClosed {
		from.Status = StatusOpen
	}
	if err := p.relinked(ctx, d.on(from), nil); err != nil {
		return err
	}
	return updateBoth(ctx, d.Tx, from, to)
}

// linkOf finds the link between two cases, whichever of them has it.
func (p *Pipeline) linkOf(ctx context.Context, a, b *Case) (l Link, from, to *Case, err error) {
	for _, pair := range [][2]*Case{{a, b}, {b, a}} {
		l, ok, err := p.linkBetween(ctx, pair[0].ID, pair[1].ID)
		if err != nil || ok {
			return l, pair[0], pair[1], err
		}
	}
	return l, nil, nil, fmt.Errorf("link of case %d and case %d: %w", a.ID, b.ID, ErrNotFound)
}

func (p *Pipeline) linkBetween(ctx context.Context, from, to CaseID) (Link, bool, error) {
	links, err := p.Records.CaseLinks(ctx, from)
	i := slices.IndexFunc(links, func(l LinkedCase) bool { return l.Earlier && l.Link.Case == to })
	if err != nil || i < 0 {
		return Link{}, false, err
	}
	return links[i].Link, true, nil
}

// relinked judges a case again that belongs to another from now on, or no longer: what it lacks and what its sender is told
// depend on that. What a clerk decided about it stays. A case that was never judged stays so.
func (p *Pipeline) relinked(ctx context.Context, d *Deed, l *Link) error {
	j, err := p.Records.Judgement(ctx, d.Case.ID)
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	if p, err = p.with(ctx, j.Rulebook); err != nil {
		return err
	}
	j.Link = l
	p.Judge.again(d.Case, &j)
	return p.retell(ctx, d, &j, true)
}

// again finds out anew what a case lacks, as what it is thought to be about.
func (g Judge) again(c *Case, j *Judgement) {
	g.assess(c.Submission, j)
	proc, _ := g.Catalog.Procedure(j.Decision.Procedure, c.Submission.ReceivedAt)
	j.Findings = Rule(j.Findings, nil)
	j.Findings = Rule(inContext(*j, proc), j.Rulings)
	c.Missing = Missing(j.Findings)
}

// on is the same deed on another case, which it does not leave to be undone.
func (d *Deed) on(c *Case) *Deed {
	return &Deed{Tx: d.Tx, Case: c, By: d.By, Now: d.Now}
}

func updateBoth(ctx context.Context, tx Tx, a, b *Case) error {
	if err := tx.Update(ctx, a); err != nil {
		return err
	}
	return tx.Update(ctx, b)
}
