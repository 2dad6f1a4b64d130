package desk

import (
	"errors"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"okienko/workflow"
)

// A saved view is a filter under a name, of one clerk or of everybody at a desk. Words are not saved: they are names of people.

// longestViewName is in characters.
const longestViewName = 40

// mostViews is how many views of its own a user or a desk may have; each is counted on every page of the queue.
const mostViews = 12

// viewLink is a saved view above the queue.
type viewLink struct {
	ID      int64
	Name    string
	Desk    string // "": of the user alone
	Path, N string
	Current bool
	Mine    bool // may be dropped by this user
}

// savingView is the form that saves the filter of the page.
type savingView struct {
	Filter string // "" if there is nothing to save
	Desks  []choice
}

// savable is the address of the filter without words and place; "" if it is that of a tab.
func (f filter) savable() string {
	f = f.firstPage()
	f.Search = ""
	if !f.narrowed() {
		return ""
	}
	return f.path()
}

// filterAt reads the filter of an address that savable made.
func filterAt(path string) filter {
	_, query, _ := strings.Cut(path, "?")
	values, err := url.ParseQuery(query)
	if err != nil {
		values = nil
	}
	f := readFilter(values).firstPage()
	f.Search = ""
	return f
}

// viewLinks lists the views of the user and of the desks the user sees, counted under the user's rights.
func (d *desk) viewLinks(v *visit, f filter) ([]viewLink, error) {
	views, err := d.Views.Views(v.Context(), v.user.Name, visibleDesks(v.user))
	if err != nil {
		return nil, err
	}
	var list []viewLink
	for _, saved := range views {
		of := filterAt(saved.Filter)
		counts, err := d.Queues.CountQueue(v.Context(), d.query(v, of))
		if err != nil {
			return nil, err
		}
		list = append(list, viewLink{ID: saved.ID, Name: saved.Name, Desk: saved.Desk, Path: of.path(), N: counted1(sum(counts, nil)),
			Current: of == f.firstPage(), Mine: mayDrop(v.user, saved)})
	}
	return list, nil
}

// mayDrop reports whether a user may drop a view: their own, one they made for a desk, and any if they manage the office.
func mayDrop(u workflow.User, v workflow.View) bool {
	return v.Owner == u.Name || v.CreatedBy == u.Name || v.Owner == "" && u.Role == workflow.RoleAdmin
}

// saveView keeps the filter of the page under a name.
func (d *desk) saveView(v *visit) error {
	f := filterAt(v.PostFormValue("filter"))
	view := workflow.View{Name: v.oneLine("name"), Owner: v.user.Name, Filter: f.savable(), CreatedBy: v.user.Name, CreatedAt: v.now}
	if desk := v.PostFormValue("for"); desk != "" {
		view.Owner, view.Desk = "", desk
	}
	why, err := d.whyNotSaved(v, view)
	if err != nil {
		return err
	}
	if why == "" {
		err = d.Views.AddView(v.Context(), &view)
		switch {
		case errors.Is(err, workflow.ErrConflict):
			why = v.t.QueueWork.ViewTwice
		case err != nil:
			return err
		default:
			why = v.t.QueueWork.ViewSaved
		}
	}
	d.flash(v, why)
	return v.redirect(f.path())
}

// whyNotSaved says what is wrong with a view, "" if nothing is.
func (d *desk) whyNotSaved(v *visit, view workflow.View) (string, error) {
	visible := visibleDesks(v.user)
	switch n := utf8.RuneCountInString(view.Name); {
	case view.Filter == "":
		return v.t.QueueWork.ViewNothing, nil
	case n == 0 || n > longestViewName || mask(view.Name) != view.Name:
		return v.t.QueueWork.ViewName, nil
	case view.Desk != "" && !slices.ContainsFunc(deskNames(d.Procedures.All(v.now), v.t), func(c choice) bool { return c.Value == view.Desk }),
		view.Desk != "" && visible != nil && !slices.Contains(visible, view.Desk):
		return "", errBadRequest
	}
	views, err := d.Views.Views(v.Context(), v.user.Name, []string{view.Desk})
	if err != nil {
		return "", err
	}
	n := 0
	for _, other := range views {
		if other.Owner == view.Owner && other.Desk == view.Desk {
			n++
		}
	}
	if n >= mostViews {
		return v.t.QueueWork.ViewMany, nil
	}
	return "", nil
}

// dropView drops a view the user may drop; another's does not exist.
func (d *desk) dropView(v *visit) error {
	id, err := strconv.ParseInt(v.PathValue("view"), 10, 64)
	if err != nil {
		return workflow.ErrNotFound
	}
	views, err := d.Views.Views(v.Context(), v.user.Name, visibleDesks(v.user))
	if err != nil {
		return err
	}
	i := slices.IndexFunc(views, func(view workflow.View) bool { return view.ID == id && mayDrop(v.user, view) })
	if i < 0 {
		return workflow.ErrNotFound
	}
	if err := d.Views.DropView(v.Context(), id); err != nil {
		return err
	}
	d.flash(v, v.t.QueueWork.ViewDropped)
	return v.redirect(filterAt(views[i].Filter).path())
}
