package desk

import (
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
	Settled  int // registered + duplicates + quarantined
	Balanced bool
	Ago      string
}

func (d *desk) showSources(v *visit) error {
	balances, err := d.Overview.Balance(v.Context())
	if err != nil {
		return err
	}
	view := sourcesView{Balance: true}
	for _, b := range balances {
		row := v.t.sourceView(b, v.now)
		view.Balance = view.Balance && row.Balanced
		view.Gone = view.Gone || b.Gone > 0
		view.Rows = append(view.Rows, row)
	}
	return d.show(v, screen{name: "sources", title: v.t.Sources.Title, nav: "sources", body: view})
}

// sourceView counts for itself: a row is balanced only if the sum of what was done is what was seen.
func (t *messages) sourceView(b workflow.SourceBalance, now time.Time) sourceView {
	row := sourceView{SourceBalance: b, Settled: b.Registered + b.Duplicates + b.Quarantined}
	row.Balanced = row.Settled == b.Seen && b.Pending == 0
	if !b.LastSeen.IsZero() {
		row.Ago = t.ago(now.Sub(b.LastSeen))
	}
	return row
}
