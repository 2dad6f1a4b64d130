package desk

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"okienko/workflow"
)

// Several cases are claimed or passed on at once in two steps: a page that lists them and asks, and one that says of each what
// happened. Each case is a transaction of its own with its own version: what a colleague changed meanwhile stays as it is and is
// told, the others go on.

// bulkForm is the id of the form below the queue; the boxes of the rows name it.
const bulkForm = "bulk"

// What can be done with several cases.
const (
	bulkClaim = "claim"
	bulkMove  = "move" // to another desk
)

// bulkView is the page that asks, and, with Done, the one that tells.
type bulkView struct {
	Do      string
	Items   []bulkItem
	Desks   []choice
	Desk    string // id of the desk to move to
	Why     string
	WhyNot  string // what is wrong with Why
	DeskNot string // what is wrong with Desk
	Back    string
	Seen    int64
	Done    bool
	Good    int
}

// bulkItem is one case. Version is that of the row somebody chose, not the newest.
type bulkItem struct {
	workflow.CaseSummary
	Chosen  int64 // version
	Sender  string
	Gone    bool // not there for this user any more
	Outcome string
	OK      bool
	Events  []eventView // what happened since the list was made, where that is why it was left
}

func (d *desk) bulk(v *visit) error {
	view := bulkView{Do: v.PostFormValue("do"), Desk: v.PostFormValue("desk"), Back: filterAt(v.PostFormValue("back")).path(), Seen: v.seenAt().UnixMicro()}
	if view.Do != bulkClaim && view.Do != bulkMove {
		return errBadRequest
	}
	chosen, err := chosenCases(v.PostForm["case"])
	if err != nil {
		return err
	}
	if len(chosen) == 0 {
		d.flash(v, v.t.QueueWork.BulkNone)
		return v.redirect(view.Back)
	}
	if view.Items, err = d.bulkItems(v, chosen); err != nil {
		return err
	}
	view.Desks = d.handOverDesks(v, v.now, view.Desk)
	page := screen{name: "bulk", title: v.t.QueueWork.BulkTitle[view.Do], nav: "queue"}
	switch {
	case v.PostFormValue("confirmed") == "":
		page.body = view
		return d.show(v, page)
	case !v.bulkReady(&view):
		page.body, page.status = view, http.StatusUnprocessableEntity
		return d.show(v, page)
	}
	act := claim
	if view.Do == bulkMove {
		act = handingOver(view.Desk, view.Why)
	}
	if err := d.bulkAct(v, &view, act); err != nil {
		return err
	}
	page.body = view
	return d.show(v, page)
}

// bulkReady reads what moving needs besides the cases.
func (v *visit) bulkReady(view *bulkView) bool {
	if view.Do != bulkMove {
		return true
	}
	view.Why, view.WhyNot = v.remark("text")
	if !slices.ContainsFunc(view.Desks, func(c choice) bool { return c.Value == view.Desk }) {
		view.DeskNot = v.t.Problem.Choose
	}
	return view.WhyNot == "" && view.DeskNot == ""
}

// chosenCase is a box of a row: "17:3" is case 17 at version 3.
type chosenCase struct {
	id      workflow.CaseID
	version int64
}

func chosenCases(boxes []string) ([]chosenCase, error) {
	var list []chosenCase
	for _, box := range boxes[:min(len(boxes), pageRows)] {
		id, version, _ := strings.Cut(box, ":")
		i, err1 := strconv.ParseInt(id, 10, 64)
		n, err2 := strconv.ParseInt(version, 10, 64)
		if err := errors.Join(err1, err2); err != nil || i <= 0 {
			return nil, fmt.Errorf("field case: %w", errBadRequest)
		}
		if !slices.ContainsFunc(list, func(c chosenCase) bool { return c.id == workflow.CaseID(i) }) {
			list = append(list, chosenCase{workflow.CaseID(i), n})
		}
	}
	return list, nil
}

// bulkItems finds the chosen cases, under the rights of the user, in the order they were chosen.
func (d *desk) bulkItems(v *visit, chosen []chosenCase) ([]bulkItem, error) {
	q := workflow.QueueQuery{Desks: visibleDesks(v.user), Limit: pageRows}
	for _, c := range chosen {
		q.IDs = append(q.IDs, c.id)
	}
	rows, err := d.Store.Queue(v.Context(), q)
	if err != nil {
		return nil, err
	}
	var items []bulkItem
	for _, c := range chosen {
		item := bulkItem{Chosen: c.version, Gone: true}
		item.ID = c.id
		for _, row := range rows {
			if row.ID == c.id {
				item = bulkItem{CaseSummary: row, Chosen: c.version, Sender: mask(senderName(row.Sender))}
				item.Subject = mask(row.Subject)
			}
		}
		items = append(items, item)
	}
	return items, nil
}

// bulkAct does it to each case and writes down what came of it.
func (d *desk) bulkAct(v *visit, view *bulkView, act action) error {
	names, err := d.fullNames(v.Context())
	if err != nil {
		return err
	}
	view.Done = true
	for i := range view.Items {
		item := &view.Items[i]
		err := d.changeCase(v, item.ID, item.Chosen, act)
		switch {
		case err == nil:
			item.OK, item.Outcome = true, v.t.QueueWork.BulkDone[view.Do]
			view.Good++
		case errors.Is(err, workflow.ErrConflict):
			item.Outcome = v.t.QueueWork.BulkChanged
			if item.Events, err = d.bulkEvents(v, item.ID, names); err != nil {
				return err
			}
		case errors.Is(err, errNotNow):
			item.Outcome = v.t.notNow(err)
		case errors.Is(err, workflow.ErrNotFound):
			item.Outcome, item.Gone = v.t.QueueWork.BulkGone, true
		default:
			return err // what was done is done; the page of the failure leads back to the queue, which shows it
		}
	}
	return nil
}

// bulkEvents is what happened to a case since the list was made.
func (d *desk) bulkEvents(v *visit, id workflow.CaseID, names fullNames) ([]eventView, error) {
	one := *v
	one.c = workflow.Case{ID: id}
	return d.eventsSince(&one, names)
}

// handingOver puts a case on another desk, unclaimed. Nobody hands over what a colleague works on.
func handingOver(desk, why string) action {
	return func(ctx context.Context, d deed) error { return workflow.HandOver(ctx, d.of(), desk, why) }
}
