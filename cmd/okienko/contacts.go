package main

import (
	"context"
	"time"

	"okienko/workflow"
)

// contactEvery is how often a process writes down how its sources do, for the desks of all processes.
const contactEvery = 10 * time.Second

// tellContacts writes down how the sources of this process do until ctx ends. A failure is told by every page that asks the
// database; here the next time is soon.
func (a *app) tellContacts(ctx context.Context) {
	ticker := time.NewTicker(contactEvery)
	defer ticker.Stop()
	for len(a.sources) > 0 {
		if err := a.store.SaveContacts(ctx, a.contacts()); err != nil && ctx.Err() == nil {
			a.log.Warn("how the sources do could not be written down", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

func (a *app) contacts() []workflow.SourceContact {
	var list []workflow.SourceContact
	for _, s := range a.sources {
		st := s.source.Status()
		list = append(list, workflow.SourceContact{Source: s.source.Name(), Channel: s.channel, ContactAt: st.LastContact, Trouble: string(st.LastError)})
	}
	return list
}

// indexPending makes the cases of an older program findable, once after an upgrade.
func (a *app) indexPending(ctx context.Context) {
	for ctx.Err() == nil {
		err := a.store.IndexPending(ctx)
		if err == nil {
			return
		}
		if ctx.Err() == nil {
			a.log.Warn("old cases could not be indexed for searching; it is tried again", "error", err)
		}
		select {
		case <-ctx.Done():
		case <-time.After(restartPause):
		}
	}
}
