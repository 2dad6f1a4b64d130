package desk

import (
	"fmt"
	"strconv"

	"okienko/workflow"
	"okienko/workflow/rulebook"
)

// heldView is the switch for automatic letters, and the list of what waits for a person.
type heldView struct {
	Halt    workflow.Halt
	By      string // full name
	Letters []heldRow
	Next    string // address of the next page; "" if there is none
	Wrong   string
}

type heldRow struct {
	workflow.HeldLetter
	To, Path, Service string
}

// heldPage is how many letters a page lists.
const heldPage = 50

func (d *desk) showHeld(v *visit) error { return d.heldPage(v, "") }

func (d *desk) heldPage(v *visit, wrong string) error {
	after, _ := strconv.ParseInt(v.URL.Query().Get("after"), 10, 64) // nonsense is the first page
	letters, err := d.Rules.Halts.HeldLetters(v.Context(), workflow.LetterID(after), heldPage+1)
	if err != nil {
		return err
	}
	view := heldView{Wrong: wrong}
	if view.Halt, err = d.Rules.Halts.Halt(v.Context()); err != nil {
		return err
	}
	names, err := d.fullNames(v.Context())
	if err != nil {
		return err
	}
	view.By = names.of(view.Halt.By)
	if len(letters) > heldPage {
		letters = letters[:heldPage]
		view.Next = "/workshop/held?after=" + itoa(int64(letters[heldPage-1].Letter.ID))
	}
	all := d.Procedures.All(v.now)
	for _, l := range letters {
		view.Letters = append(view.Letters, heldRow{l, rulebook.Masked(l.Letter.To), casePath(l.Case.ID), v.t.serviceName(string(l.Case.Procedure), all)})
	}
	return d.show(v, screen{name: "workshop_held", title: v.t.Workshop.Held, nav: "held", status: statusOf(wrong != ""), body: view})
}

// switchHalt throws the switch. Who holds letters back says why; letting go needs no reason.
func (d *desk) switchHalt(v *visit) error {
	on := v.PostFormValue("halt") == "on"
	because, why := v.remark("because")
	if on && why != "" {
		return d.heldPage(v, v.t.Workshop.HaltWhy+": "+why)
	}
	held, err := d.Rules.Halts.SetHalt(v.Context(), on, v.user.Name, because)
	if err != nil {
		return err
	}
	d.flash(v, v.t.Workshop.LetGo)
	if on {
		d.flash(v, fmt.Sprintf(v.t.Workshop.HaltedNow, held))
	}
	return v.redirect("/workshop/held")
}
