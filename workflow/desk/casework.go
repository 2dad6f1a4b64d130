package desk

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"okienko/workflow"
)

// What a clerk does to a case beside claiming and answering it: assign, hand over, take back. The rules are workflow's; a form
// that cannot be taken comes back with what was typed.

// workView is what the menu of further actions offers.
type workView struct {
	People  []choice // who may be given the case
	Desks   []choice // other desks
	Open    string   // the form that came back: assign, handover, link, split; ""
	Wrong   string
	Text    string // what was typed into it
	Number  string
	Split   bool   // may further matters be split off
	Passing bool   // letters of a forwarding wait to be finished
	Undo    string // what the visitor may take back, in words; ""
}

// The forms of the menu, by their actions.
const (
	formAssign   = "assign"
	formHandOver = "handover"
	formLink     = "link"
	formSplit    = "split"
)

func (d *desk) workView(v *visit, f dossier, wrong caseErrors) workView {
	view := workView{Open: wrong.Work, Wrong: wrong.WorkWrong, Text: wrong.WorkText, Number: wrong.WorkNumber,
		Passing: slices.ContainsFunc(f.letters, func(l workflow.Letter) bool {
			return draftOf(workflow.ReplyForward)(l) || draftOf(workflow.ReplyPassOn)(l)
		}),
		Split: !v.c.Submission.Test() && !slices.ContainsFunc(f.links, func(l workflow.LinkedCase) bool {
			return l.Earlier && l.Link.Kind == workflow.LinkPart
		}),
	}
	for _, u := range f.users {
		if !u.Disabled && u.Name != v.c.Owner && sees(u, v.c) {
			view.People = append(view.People, choice{Value: u.Name, Label: u.FullName})
		}
	}
	view.Desks = slices.DeleteFunc(d.handOverDesks(v, receivedAt(v.c), ""), func(c choice) bool { return c.Value == v.c.Route.Desk })
	if f.step.Undoable(v.c, v.user) {
		view.Undo = v.t.Event[f.step.Kind]
	}
	return view
}

// formAgain shows the case with a form of the menu open, and what is wrong with it.
func (d *desk) formAgain(v *visit, form, wrong string) error {
	return d.renderCase(v, caseErrors{Work: form, WorkWrong: wrong, WorkText: v.PostFormValue("text"), WorkNumber: v.PostFormValue("number")})
}

func (d *desk) assign(v *visit) error {
	to, err := d.Accounts.User(v.Context(), v.PostFormValue("person"))
	if errors.Is(err, workflow.ErrNotFound) || err == nil && (to.Disabled || !sees(to, v.c)) {
		return d.formAgain(v, formAssign, v.t.Problem.Choose)
	}
	if err != nil {
		return err
	}
	return d.done(v, func(ctx context.Context, d deed) error {
		if !sees(to, *d.c) {
			return workflow.ErrConflict
		}
		return workflow.Assign(ctx, d.of(), to)
	}, fmt.Sprintf(v.t.Work.Assigned, to.FullName))
}

// toDesk puts the case on another desk, which the clerk may not see: then the queue follows.
func (d *desk) toDesk(v *visit) error {
	to := v.PostFormValue("desk")
	known := slices.ContainsFunc(d.handOverDesks(v, receivedAt(v.c), to), func(c choice) bool { return c.Selected })
	why, wrong := v.remark("text")
	if !known {
		wrong = v.t.Problem.Choose
	}
	if wrong != "" {
		return d.formAgain(v, formHandOver, wrong)
	}
	if err := d.change(v, handingOver(to, why)); err != nil {
		return err
	}
	d.flash(v, fmt.Sprintf(v.t.Work.HandedOver, v.c.Number, to))
	return v.followTo(to)
}

// handOverDesks are the desks a case may be handed over to: the desk of tests gives and takes none.
func (d *desk) handOverDesks(v *visit, day time.Time, selected string) []choice {
	list := slices.DeleteFunc(deskNames(d.Procedures.All(day), v.t), func(c choice) bool { return c.Value == workflow.DeskTest })
	for i := range list {
		list[i].Selected = list[i].Value == selected
	}
	return list
}

// followTo leads to the case that is on another desk now, or to the queue if the user does not see it there.
func (v *visit) followTo(desk string) error {
	moved := v.c
	moved.Route.Desk = desk
	if !sees(v.user, moved) {
		return v.redirect("/queue")
	}
	return v.redirect(casePath(v.c.ID))
}

func (d *desk) undo(v *visit) error {
	return d.done(v, func(ctx context.Context, of deed) error { return d.Casework.Undo(ctx, of.of()) }, v.t.Work.Undone)
}

// number is a register number as typed: blanks and small letters do not matter, and RPW/ may be left out.
func number(typed string) string {
	n := strings.ToUpper(strings.Join(strings.Fields(typed), ""))
	if n != "" && !strings.Contains(n, "RPW") && strings.Count(n, "/") == 1 {
		n = "RPW/" + n
	}
	return n
}
