package api

import (
	"okienko/workflow"
)

// caseEvents gives the history of one case, oldest first.
func (a *api) caseEvents(c *call) error {
	found, err := a.theCase(c)
	if err != nil {
		return err
	}
	events, err := a.Records.Events(c.Context(), found.ID)
	if err != nil {
		return err
	}
	list := []eventView{}
	for _, e := range events {
		list = append(list, viewEvent(e))
	}
	if err := a.seen(c, found.ID, workflow.EventViewed, "events"); err != nil {
		return err
	}
	return c.answer(map[string]any{"events": list})
}

// feed gives what happened after a cursor in all cases the token sees. next is where to go on, also when nothing is new.
func (a *api) feed(c *call) error {
	limit, err := c.limit(1000)
	if err != nil {
		return err
	}
	next := c.FormValue("after")
	events, err := a.Feed.EventsAfter(c.Context(), workflow.FeedQuery{After: next, Desks: c.token.Desks, Limit: limit})
	if err != nil {
		return err
	}
	list := []eventView{}
	for _, e := range events {
		v := viewEvent(e.Event)
		v.Number, v.Desk, next = e.Number, e.Desk, e.Cursor
		list = append(list, v)
	}
	return c.answer(map[string]any{"events": list, "next": next})
}
