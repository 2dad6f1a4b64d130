package api

import (
	"fmt"
	"slices"
	"strconv"

	"okienko/ingest"
	"okienko/workflow"
	"okienko/workflow/report"
)

var statuses = []workflow.Status{workflow.StatusProcessing, workflow.StatusOpen, workflow.StatusWaiting, workflow.StatusAccepted,
	workflow.StatusClosed, workflow.StatusQuarantined}

// listCases gives one page, most urgent first.
func (a *api) listCases(c *call) error {
	q := workflow.QueueQuery{Desks: c.token.Desks, Service: c.FormValue("procedure"), Channel: ingest.Channel(c.FormValue("channel")), After: c.FormValue("after")}
	var err error
	if q.Limit, err = c.limit(200); err != nil {
		return err
	}
	if s := workflow.Status(c.FormValue("status")); s != "" {
		if !slices.Contains(statuses, s) {
			return fmt.Errorf("%w: status %q is none of %v", errBad, s, statuses)
		}
		q.Statuses = []workflow.Status{s}
	}
	page, err := a.Store.Queue(c.Context(), q)
	if err != nil {
		return err
	}
	list := struct {
		Cases []caseView `json:"cases"`
		Next  string     `json:"next,omitempty"`
	}{Cases: []caseView{}}
	for _, row := range page {
		list.Cases = append(list.Cases, viewCase(row.Case))
	}
	if len(page) == q.Limit {
		list.Next = page[len(page)-1].Cursor
	}
	return c.answer(list)
}

// limit is how many rows the caller wants on a page; 50 if it does not say.
func (c *call) limit(most int) (int, error) {
	text := c.FormValue("limit")
	if text == "" {
		return 50, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > most {
		return 0, fmt.Errorf("%w: limit %q is none of 1 to %d", errBad, text, most)
	}
	return n, nil
}

func (a *api) showCase(c *call) error {
	found, err := a.theCase(c)
	if err != nil {
		return err
	}
	view, err := a.whole(c, found)
	if err != nil {
		return err
	}
	if err := a.seen(c, found.ID, workflow.EventViewed, ""); err != nil {
		return err
	}
	c.w.Header().Set("ETag", etag(found.Version))
	return c.answer(view)
}

func (a *api) whole(c *call, found workflow.Case) (wholeCase, error) {
	view := wholeCase{caseView: viewCase(found), Originals: found.Submission.Originals, Links: []linkView{}}
	letters, err := a.Records.CaseLetters(c.Context(), found.ID)
	if err != nil {
		return view, err
	}
	view.Letters = viewLetters(letters)
	links, err := a.Records.CaseLinks(c.Context(), found.ID)
	for _, l := range links {
		if c.token.Sees(l.Other.Case) {
			view.Links = append(view.Links, linkView{l.Other.ID, l.Other.Number, l.Link.Kind, l.Earlier})
		}
	}
	return view, err
}

// showReport gives what the machine, and after it a clerk, made of the case.
func (a *api) showReport(c *call) error {
	found, err := a.theCase(c)
	if err != nil {
		return err
	}
	j, err := a.Records.Judgement(c.Context(), found.ID)
	if err != nil {
		return err
	}
	if err := a.seen(c, found.ID, workflow.EventViewed, "report"); err != nil {
		return err
	}
	return c.answer(report.New(found.Number, found.Submission.Channel, j))
}
