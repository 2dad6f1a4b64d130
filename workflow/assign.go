package workflow

import (
	"context"
	"fmt"
)

// Assign gives the case to a person, whoever has it now; the caller has looked whether that person may see it. The history says
// from whom and to whom.
func Assign(ctx context.Context, d *Deed, to User) error {
	if err := d.Worked(); err != nil {
		return err
	}
	from := d.Case.Owner
	if from == to.Name {
		return ErrSameThing
	}
	d.Case.Owner = to.Name
	return d.Save(ctx, EventAssigned, moved(from, to.Name))
}

// HandOver puts the case on another desk (dekretacja), unclaimed: whoever works there claims it. It is the same filing with the
// same date and nobody is written to; another authority is PassOn.
func HandOver(ctx context.Context, d *Deed, desk, why string) error {
	if err := d.ready(); err != nil {
		return err
	}
	from := d.Case.Route.Desk
	if from == desk {
		return ErrSameThing
	}
	if d.Case.Submission.Test() {
		return ErrTest
	}
	d.Case.Route = Route{Desk: desk, Because: "Przekazano ze stanowiska " + from + ": " + why}
	d.Case.Owner, d.Case.Reason = "", ""
	if d.Case.Status == StatusQuarantined { // a person has seen to it
		d.Case.Status = StatusOpen
	}
	return d.Save(ctx, EventHandedOver, fmt.Sprintf("%s %s", moved(from, desk), why))
}

// moved says from what to what, in stable ids.
func moved(from, to string) string {
	if from == "" {
		from = "brak"
	}
	return from + " → " + to + "."
}
