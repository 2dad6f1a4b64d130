package desk

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"okienko/workflow"
	"okienko/workflow/deadline"
)

// Urn is an urn letters on paper are dropped into.
type Urn struct {
	Name  string // as in the configuration
	Place string // in words
	Hold  workflow.Hold
}

// urnsView is the page of the emptyings: what was counted against what was scanned.
type urnsView struct {
	Rows    []emptyingView
	Trouble bool // a row has to be explained
	Form    urnForm
}

// The states of an emptying, which are also classes of its row.
const (
	urnOK  = "ok"
	urnBad = "bad"
	urnNow = "waits"
)

type emptyingView struct {
	workflow.Emptying
	Place     string
	Class     string
	State     string // in words
	CanSettle bool
	By        string // full name
}

// urnForm is a new emptying as the form has it.
type urnForm struct {
	Sites                       []choice
	From, To, Count, Bag, Other string
	Wrong                       urnErrors
}

// urnErrors is what is wrong with each field; zero: nothing.
type urnErrors struct{ Site, Window, Count, Other, Note string }

func (f urnForm) status() int {
	return statusOf(f.Wrong != urnErrors{})
}

func (d *desk) showUrns(v *visit) error { return d.urnsPage(v, urnForm{}) }

func (d *desk) urnsPage(v *visit, form urnForm) error {
	all, err := d.Urns.Emptyings(v.Context(), 0)
	if err != nil {
		return err
	}
	names, err := d.fullNames(v.Context())
	if err != nil {
		return err
	}
	for _, u := range d.Sites {
		form.Sites = append(form.Sites, choice{u.Name, u.Place, u.Name == v.PostFormValue("site")})
	}
	view := urnsView{Form: form}
	for _, e := range all {
		row := d.emptyingView(v, e)
		row.By = names.of(e.EnteredBy)
		view.Trouble = view.Trouble || row.Class == urnBad
		view.Rows = append(view.Rows, row)
	}
	return d.show(v, screen{name: "urns", title: v.t.Urns.Title, nav: "urns", status: form.status(), body: view})
}

// emptyingView says how an emptying stands. What is held or lies ready to be scanned is no difference yet.
func (d *desk) emptyingView(v *visit, e workflow.Emptying) emptyingView {
	t, row := v.t.Urns, emptyingView{Emptying: e, Place: d.place(e.Site), Class: urnBad}
	untouched := e.Scanned == 0 && e.Unparted == 0
	switch diff := e.Difference(); {
	case !e.SettledAt.IsZero():
		row.Class, row.State = urnOK, fmt.Sprintf(t.Settled, e.Note)
	case e.ID == 0:
		row.State = t.NotEntered
	case e.Balanced():
		row.Class, row.State = urnOK, t.Balanced
	case untouched && v.now.Before(e.HeldUntil):
		row.Class, row.State = urnNow, fmt.Sprintf(t.Held, v.t.DateTime(e.HeldUntil))
	case untouched && deadline.DayOf(v.now) == deadline.DayOf(latest(e.To, e.HeldUntil)):
		row.Class, row.State = urnNow, t.NotScanned
	case e.Unparted > 0:
		row.State = fmt.Sprintf(t.Unparted, e.Unparted)
	case diff < 0:
		row.State = fmt.Sprintf(t.Missing, -diff)
	default:
		row.State = fmt.Sprintf(t.Extra, diff)
	}
	row.CanSettle = row.Class == urnBad && e.ID != 0
	return row
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func (d *desk) place(site string) string {
	if i := slices.IndexFunc(d.Sites, func(u Urn) bool { return u.Name == site }); i >= 0 {
		return d.Sites[i].Place
	}
	return site
}

// addEmptying enters what two people counted.
func (d *desk) addEmptying(v *visit) error {
	e, form := d.emptyingFromForm(v)
	if form.status() != http.StatusOK {
		return d.urnsPage(v, form)
	}
	if err := d.Auditor.Audit(v.Context(), v.user.Name, workflow.EventUrn, fmt.Sprintf("%s do %s: %d", e.Site, e.To.Format(time.RFC3339), e.Counted)); err != nil {
		return err
	}
	err := d.Urns.AddEmptying(v.Context(), &e)
	if errors.Is(err, workflow.ErrConflict) {
		form.Wrong.Window = v.t.Urns.Twice
		return d.urnsPage(v, form)
	}
	if err != nil {
		return err
	}
	d.flash(v, v.t.Urns.Added)
	return v.redirect("/urns")
}

func (d *desk) emptyingFromForm(v *visit) (workflow.Emptying, urnForm) {
	field := func(name string) string { return strings.Join(strings.Fields(v.PostFormValue(name)), " ") }
	form := urnForm{From: field("from"), To: field("to"), Count: field("count"), Bag: field("bag"), Other: field("witness")}
	e := workflow.Emptying{Site: v.PostFormValue("site"), Bag: form.Bag, Witness: form.Other, EnteredBy: v.user.Name}
	at := slices.IndexFunc(d.Sites, func(u Urn) bool { return u.Name == e.Site })
	if at < 0 {
		form.Wrong.Site = v.t.Problem.Choose
	}
	var err1, err2, err3 error
	e.From, err1 = time.ParseInLocation("2006-01-02T15:04", form.From, deadline.Warsaw())
	e.To, err2 = time.ParseInLocation("2006-01-02T15:04", form.To, deadline.Warsaw())
	if err1 != nil || err2 != nil || !e.From.Before(e.To) || e.To.After(v.now.Add(time.Minute)) {
		form.Wrong.Window = v.t.Urns.WrongWindow
	}
	if e.Counted, err3 = strconv.Atoi(form.Count); err3 != nil || e.Counted < 0 || e.Counted > 9999 {
		form.Wrong.Count = v.t.Urns.WrongCount
	}
	if len(e.Bag) > 100 {
		form.Wrong.Count = fmt.Sprintf(v.t.Problem.TooLong, 100)
	}
	if e.Witness == "" || len(e.Witness) > 100 {
		form.Wrong.Other = v.t.Urns.Nobody
	}
	if form.status() == http.StatusOK {
		e.HeldUntil = d.Sites[at].Hold.Until(e.To)
	}
	return e, form
}

// settleEmptying takes down why the count and the scans differ.
func (d *desk) settleEmptying(v *visit) error {
	id, err := strconv.ParseInt(v.PathValue("urn"), 10, 64)
	if err != nil {
		return workflow.ErrNotFound
	}
	if _, err := d.Urns.Emptying(v.Context(), id); err != nil {
		return err
	}
	note, why := v.remark("note")
	if why != "" {
		return d.urnsPage(v, urnForm{Wrong: urnErrors{Note: why}})
	}
	if err := d.Auditor.Audit(v.Context(), v.user.Name, workflow.EventUrn, fmt.Sprintf("wyjaśniono opróżnienie %d", id)); err != nil {
		return err
	}
	if err := d.Urns.SettleEmptying(v.Context(), id, v.user.Name, note); err != nil && !errors.Is(err, workflow.ErrConflict) {
		return err // somebody else's explanation stands, and the page shows it
	}
	d.flash(v, v.t.Urns.SettledDone)
	return v.redirect("/urns")
}
