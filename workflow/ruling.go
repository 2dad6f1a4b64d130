package workflow

import (
	"context"
	"fmt"
	"slices"
	"time"

	"okienko/validate"
)

// Ruling is what a person said of one requirement of a case. It stands over what the machine found, and over whatever is judged
// later, until a person takes it back.
type Ruling struct {
	Requirement string           // validate.Finding.Requirement
	Outcome     validate.Outcome // Met, Missing or NotRequired; "" takes the ruling back
	Because     string           // the person's words
	By          string           // user name
	At          time.Time        // UTC
}

// Rulings keeps them, inside a transaction.
type Rulings interface {
	// SetRulings replaces all rulings of a case; nil leaves none.
	SetRulings(ctx context.Context, id CaseID, rulings []Ruling) error
}

// Rule returns findings as ruled: what the machine had found stays in Overruled. Ruled findings may be ruled again; without
// rulings they are the machine's.
func Rule(findings []validate.Finding, rulings []Ruling) []validate.Finding {
	list := slices.Clone(findings)
	for i, f := range list {
		if f.Overruled != nil {
			list[i] = *f.Overruled
		}
		for _, r := range rulings {
			if r.Requirement == f.Requirement {
				machine := list[i]
				list[i].Outcome, list[i].Because, list[i].Overruled = r.Outcome, r.Because, &machine
			}
		}
	}
	return list
}

// Overrule marks a finding met, missing or not required by hand, or takes such a ruling back. What the sender would be told
// follows it.
func (p *Pipeline) Overrule(ctx context.Context, d *Deed, r Ruling) error {
	if err := d.ready(); err != nil {
		return err
	}
	j, err := p.Records.Judgement(ctx, d.Case.ID)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(j.Findings, func(f validate.Finding) bool { return f.Requirement == r.Requirement })
	if i < 0 {
		return fmt.Errorf("finding %q of case %d: %w", r.Requirement, d.Case.ID, ErrNotFound)
	}
	if !rulable(r.Outcome) || r.Outcome == j.Findings[i].Outcome || r.Outcome == "" && j.Findings[i].Overruled == nil {
		return ErrSameThing
	}
	before, was := j.Rulings, j.Findings[i].Outcome
	if err := p.rule(ctx, d, &j, ruledBy(before, r)); err != nil {
		return err
	}
	detail := fmt.Sprintf("%s: %s → %s. %s", r.Requirement, was, j.Findings[i].Outcome, r.Because)
	if err := d.Tx.Update(ctx, d.Case); err != nil {
		return err
	}
	if err := d.Record(ctx, EventRuled, detail); err != nil {
		return err
	}
	return d.keep(ctx, EventRuled, before)
}

func rulable(o validate.Outcome) bool {
	return o == "" || o == validate.Met || o == validate.Missing || o == validate.NotRequired
}

// ruledBy are rulings with r in the place of what was ruled of the same requirement.
func ruledBy(rulings []Ruling, r Ruling) []Ruling {
	list := slices.DeleteFunc(slices.Clone(rulings), func(old Ruling) bool { return old.Requirement == r.Requirement })
	if r.Outcome == "" {
		return list
	}
	return append(list, r)
}

// rule makes rulings those of the case, and its judgement one under them.
func (p *Pipeline) rule(ctx context.Context, d *Deed, j *Judgement, rulings []Ruling) error {
	if err := d.Tx.SetRulings(ctx, d.Case.ID, rulings); err != nil {
		return err
	}
	j.Rulings = rulings
	j.Findings = Rule(j.Findings, rulings)
	d.Case.Missing = Missing(j.Findings)
	return p.retell(ctx, d, j, false)
}

// retell decides again what the sender is told after a person changed what is known, and puts the letter that fits in the place
// of the one that waits. It is held: a person's correction sends nothing by itself. unasked writes one also where none waited.
func (p *Pipeline) retell(ctx context.Context, d *Deed, j *Judgement, unasked bool) error {
	p, err := p.with(ctx, j.Rulebook)
	if err != nil {
		return err
	}
	proc, _ := p.Judge.Catalog.Procedure(j.Decision.Procedure, d.Case.Submission.ReceivedAt)
	before := j.Reply.Kind
	j.Reply = replyTo(d.Case.Submission, *j, proc, p.Composer)
	d.Case.Reply = j.Reply.Kind
	waiting, told, err := automatic(ctx, d)
	if err != nil {
		return err
	}
	if waiting {
		if _, err := d.withdraw(ctx, "ocenę sprawy poprawiono", waits); err != nil {
			return err
		}
	}
	if !told && (waiting || unasked && j.Reply.Kind != before) {
		if err := p.holdLetter(ctx, d, j); err != nil {
			return err
		}
	}
	return d.Tx.Judged(ctx, d.Case.ID, *j)
}

// automatic reports whether a letter of the machine waits, and whether one has left or may have.
func automatic(ctx context.Context, d *Deed) (waiting, told bool, err error) {
	letters, err := d.Tx.LockLetters(ctx, d.Case.ID)
	for _, l := range letters {
		switch {
		case waits(l):
			waiting = true
		case !l.Automatic:
		case l.Status == LetterSending || l.Status == LetterSent || l.Status == LetterUnknown:
			told = true
		}
	}
	return waiting, told, err
}

// waits reports whether a letter of the machine has not left.
func waits(l Letter) bool {
	return l.Automatic && (l.Status == LetterHeld || l.Status == LetterQueued)
}

// holdLetter writes the letter a judgement calls for, for a person to release.
func (p *Pipeline) holdLetter(ctx context.Context, d *Deed, j *Judgement) error {
	if j.Reply.Kind == ReplyNone || j.Reply.Kind == ReplyHuman {
		return nil
	}
	l, err := p.compose(*d.Case, j)
	if err != nil {
		return err
	}
	l.Status, l.Detail = LetterHeld, "napisane po poprawce: proszę sprawdzić i zwolnić"
	return p.put(ctx, d.Tx, l)
}
