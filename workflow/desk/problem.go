package desk

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"path"
	"slices"
	"strconv"

	"okienko/workflow"
)

// problemView is a page that says what went wrong and what to do now.
type problemView struct {
	Heading, Text string
	Back          string // where to go on
	BackLabel     string
}

// problem turns an error into a page.
func (d *desk) problem(v *visit, err error) {
	if errors.Is(err, context.Canceled) {
		return // nobody is waiting for an answer
	}
	if show := d.answer(v, err); show != nil {
		d.Log.Error("desk: showing a problem", "error", show, "cause", err)
		http.Error(v.w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
	}
}

func (d *desk) answer(v *visit, err error) error {
	t := v.t.Problem
	var tooLarge *http.MaxBytesError
	switch {
	case errors.Is(err, workflow.ErrConflict), errors.Is(err, errNotNow):
		return d.conflict(v, err)
	case errors.Is(err, workflow.ErrNotFound):
		return d.showProblem(v, http.StatusNotFound, problemView{Heading: t.NotFound, Text: t.NotFoundText})
	case errors.Is(err, errForbidden):
		return d.showProblem(v, http.StatusForbidden, problemView{Heading: t.Forbidden, Text: t.ForbiddenText})
	case errors.As(err, &tooLarge):
		return d.showProblem(v, http.StatusRequestEntityTooLarge, problemView{Heading: t.TooLarge, Text: t.TooLargeText})
	case errors.Is(err, errBadRequest):
		return d.showProblem(v, http.StatusBadRequest, problemView{Heading: t.BadRequest, Text: t.BadRequestText})
	}
	d.Log.Error("desk", "method", v.Method, "route", v.Pattern, "error", err)
	return d.showProblem(v, http.StatusInternalServerError, problemView{Heading: t.Failed, Text: t.FailedText})
}

func (d *desk) showProblem(v *visit, status int, view problemView) error {
	view.Back, view.BackLabel = "/", v.t.Problem.ToStart
	return d.show(v, screen{name: "problem", title: view.Heading, status: status, body: view})
}

func (d *desk) nothingHere(v *visit) error { return workflow.ErrNotFound }

// conflictView says that the case is no longer as the clerk saw it: what happened meanwhile, and what was not done.
type conflictView struct {
	Case    workflow.Case
	Heading string
	Why     string
	Owner   string      // full name
	Events  []eventView // since the page was made, latest first
	Typed   []typed     // what the clerk wrote, so that it is not lost
	Again   *again      // nil: the action makes no sense any more
}

// typed is text a clerk entered.
type typed struct{ ID, Label, Text string }

// again lets the clerk do it all the same, now that they know.
type again struct {
	Action  string
	Version int64
	Seen    int64
	Fields  []typed // everything else the form had; those of Typed are edited on the page
}

// conflict answers 409 with what changed. Nothing was written.
func (d *desk) conflict(v *visit, cause error) error {
	c, err := d.Store.Case(v.Context(), v.c.ID)
	if err == nil && !sees(v.user, c) {
		err = errOtherDesk
	}
	if err != nil {
		return d.answer(v, err)
	}
	view := conflictView{Case: c, Heading: v.t.Problem.Conflict, Why: v.t.Problem.ConflictText}
	if errors.Is(cause, errNotNow) {
		view.Heading, view.Why = v.t.Problem.NotNow, v.t.notNow(cause)
	}
	names, err := d.fullNames(v.Context())
	if err != nil {
		return err
	}
	view.Owner = v.t.actor(c.Owner, names)
	if view.Events, err = d.eventsSince(v, names); err != nil {
		return err
	}
	view.Typed = v.typedTexts()
	if errors.Is(cause, workflow.ErrConflict) {
		if view.Again, err = d.again(v, c); err != nil {
			return err
		}
	}
	return d.show(v, screen{name: "conflict", title: view.Heading, nav: "queue", status: http.StatusConflict, body: view})
}

func (d *desk) eventsSince(v *visit, names fullNames) ([]eventView, error) {
	events, err := d.Records.Events(v.Context(), v.c.ID)
	if err != nil {
		return nil, err
	}
	since := v.seenAt()
	events = slices.DeleteFunc(events, func(e workflow.Event) bool {
		return !e.At.After(since) || isReading(e.Kind)
	})
	slices.Reverse(events)
	return d.eventViews(v.t, events, names), nil
}

// texts are the form fields a person writes sentences in.
var texts = []string{"subject", "body", "text"}

func (v *visit) typedTexts() []typed {
	var list []typed
	for _, field := range texts {
		if text := v.PostFormValue(field); text != "" {
			list = append(list, typed{ID: field, Label: v.t.Problem.Fields[field], Text: text})
		}
	}
	return list
}

// again is the form as it was, on the case as it is now: a letter written meanwhile is the one it would replace.
func (d *desk) again(v *visit, c workflow.Case) (*again, error) {
	if v.PostForm.Has(draftField) {
		l, err := d.savedDraft(v, workflow.ReplyKind(path.Base(v.URL.Path)))
		if err != nil {
			return nil, err
		}
		v.PostForm.Set(draftField, itoa(int64(l.ID)))
	}
	a := &again{Action: v.URL.Path, Version: c.Version, Seen: v.now.UnixMicro()}
	for field, values := range v.PostForm {
		if field == "version" || field == "seen" || slices.Contains(texts, field) {
			continue
		}
		for _, value := range values {
			a.Fields = append(a.Fields, typed{ID: field, Text: value})
		}
	}
	slices.SortFunc(a.Fields, func(x, y typed) int { return cmp.Compare(x.ID, y.ID) })
	return a, nil
}

func itoa(n int64) string { return strconv.FormatInt(n, 10) }
