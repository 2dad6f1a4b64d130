package desk

import (
	"net/url"
	"slices"
	"time"

	"okienko/workflow"
)

// sourcesView is the ledger: what each source saw, and what became of it (promise P15).
type sourcesView struct {
	Rows    []sourceView
	Gone    bool // items disappeared at a source before they were taken
	Balance bool // every row balances and nothing is pending
}

type sourceView struct {
	workflow.SourceBalance
	Ago     string
	Path    string // of the page of what has no outcome
	Contact string // when it last answered; "" if no process says
	Channel string
	Trouble bool
}

func (d *desk) showSources(v *visit) error {
	balances, err := d.Overview.Balance(v.Context())
	if err != nil {
		return err
	}
	contacts, err := d.Contacts.SourceContacts(v.Context())
	if err != nil {
		return err
	}
	view := sourcesView{Balance: true}
	for _, b := range withContacts(balances, contacts) {
		row := v.t.sourceView(b, v.now)
		if i := slices.IndexFunc(contacts, func(c workflow.SourceContact) bool { return c.Source == b.Source }); i >= 0 {
			row.Contact, row.Channel, row.Trouble = v.t.contact(contacts[i], v.now), v.t.Channel[contacts[i].Channel], contacts[i].Trouble != ""
		}
		view.Balance = view.Balance && row.Balanced()
		view.Gone = view.Gone || b.Gone > 0
		view.Rows = append(view.Rows, row)
	}
	return d.show(v, screen{name: "sources", title: v.t.Sources.Title, nav: "sources", body: view})
}

func (t *messages) sourceView(b workflow.SourceBalance, now time.Time) sourceView {
	row := sourceView{SourceBalance: b, Path: "/sources/" + url.PathEscape(b.Source)}
	if !b.LastSeen.IsZero() {
		row.Ago = t.ago(now.Sub(b.LastSeen))
	}
	return row
}

// withContacts adds the sources that brought nothing yet.
func withContacts(balances []workflow.SourceBalance, contacts []workflow.SourceContact) []workflow.SourceBalance {
	for _, c := range contacts {
		if !slices.ContainsFunc(balances, func(b workflow.SourceBalance) bool { return b.Source == c.Source }) {
			balances = append(balances, workflow.SourceBalance{Source: c.Source})
		}
	}
	return balances
}

// mostPending is how many items the page of a source lists.
const mostPending = 200

// pendingView is what a source has shown and nothing is known about yet: what is missing when the ledger does not balance.
type pendingView struct {
	sourceView
	Items       []workflow.SourceItem
	More        bool
	Quarantined string // address of the quarantined cases; "" if there are none
}

// showSource lists the items of one source that have no outcome. A source is named by the configuration: one that is not in the
// ledger does not exist.
func (d *desk) showSource(v *visit) error {
	balances, err := d.Overview.Balance(v.Context())
	if err != nil {
		return err
	}
	i := slices.IndexFunc(balances, func(b workflow.SourceBalance) bool { return b.Source == v.PathValue("source") })
	if i < 0 {
		return workflow.ErrNotFound
	}
	view := pendingView{sourceView: v.t.sourceView(balances[i], v.now)}
	if view.Items, err = d.Contacts.Pending(v.Context(), view.Source, mostPending+1); err != nil {
		return err
	}
	view.More = len(view.Items) > mostPending
	view.Items = view.Items[:min(len(view.Items), mostPending)]
	for i := range view.Items {
		view.Items[i].Item = mask(view.Items[i].Item)
	}
	if view.SourceBalance.Quarantined > 0 {
		view.Quarantined = filter{Tab: "quarantined"}.path()
	}
	return d.show(v, screen{name: "source", title: view.Source, nav: "sources", body: view})
}
