package desk

import (
	"context"
	"errors"
	"fmt"

	"okienko/schemas"
	"okienko/workflow"
)

// Two cases that belong together, or turned out not to: what happens to one is written down in both.

// changeBoth is change for an action that touches a second case, which the user must see as well.
func (d *desk) changeBoth(v *visit, other workflow.CaseID, act func(context.Context, *workflow.Deed, *workflow.Case) error) error {
	version, err := v.integer("version")
	if err != nil {
		return err
	}
	if other == v.c.ID {
		return errSameThing
	}
	ctx := v.Context()
	return d.Store.Tx(ctx, func(tx workflow.Tx) error {
		c, with, err := workflow.LockBoth(ctx, tx, v.c.ID, other)
		if err != nil {
			return err
		}
		if err := v.stillAs(c, version); err != nil {
			return err
		}
		if !sees(v.user, with) {
			return errOtherDesk
		}
		return act(ctx, v.deed(tx, &c).of(), &with)
	})
}

// linkCase ties the case to the one whose number was typed.
func (d *desk) linkCase(v *visit) error {
	kind := workflow.LinkKind(v.PostFormValue("kind"))
	if kind != workflow.LinkSupplement && kind != workflow.LinkDuplicate {
		return d.formAgain(v, formLink, v.t.Problem.Choose)
	}
	id, err := d.Records.Numbered(v.Context(), number(v.PostFormValue("number")))
	if err == nil {
		err = d.changeBoth(v, id, func(ctx context.Context, of *workflow.Deed, other *workflow.Case) error {
			return d.Casework.Attach(ctx, of, other, kind)
		})
	}
	if errors.Is(err, workflow.ErrNotFound) { // a case of another desk is none
		return d.formAgain(v, formLink, v.t.Work.NoSuchCase)
	}
	if err != nil {
		return err
	}
	d.flash(v, v.t.Work.Linked)
	return v.redirect(casePath(v.c.ID))
}

func (d *desk) unlinkCase(v *visit) error {
	id, err := v.integer("other")
	if err != nil {
		return err
	}
	err = d.changeBoth(v, workflow.CaseID(id), func(ctx context.Context, of *workflow.Deed, other *workflow.Case) error {
		return d.Casework.Detach(ctx, of, other, v.oneLine("text"))
	})
	if err != nil {
		return err
	}
	d.flash(v, v.t.Work.Unlinked)
	return v.redirect(casePath(v.c.ID))
}

// matters are the services another matter of a letter may be about; one that the machine saw in it is chosen already.
func (t *messages) matters(all []schemas.Procedure, seen []schemas.ProcedureID) []choice {
	first := ""
	if len(seen) > 0 {
		first = string(seen[0])
	}
	return t.serviceChoices(all, first)
}

// splitCase makes another matter of the letter a case of its own.
func (d *desk) splitCase(v *visit) error {
	id := schemas.ProcedureID(v.PostFormValue("procedure"))
	p, known := d.Procedures.Procedure(id, receivedAt(v.c))
	if !known {
		return d.formAgain(v, formSplit, v.t.Problem.Choose)
	}
	var part workflow.Case
	err := d.change(v, func(ctx context.Context, of deed) (err error) {
		part, err = d.Casework.Split(ctx, of.of(), id)
		return err
	})
	if err != nil {
		return err
	}
	d.flash(v, fmt.Sprintf(v.t.Work.SplitDone, part.Number, v.t.text(p.Title), part.Route.Desk))
	return v.redirect(casePath(v.c.ID))
}
