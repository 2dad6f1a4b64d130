package desk

import (
	"net/url"
	"slices"

	"okienko/ingest"
	"okienko/schemas"
	"okienko/workflow"
)

// tab is a group of statuses by who has to act next.
type tab struct {
	id       string
	statuses []workflow.Status // nil: all
}

func tabs() []tab {
	return []tab{
		{"todo", []workflow.Status{workflow.StatusOpen, workflow.StatusQuarantined}},
		{"accepted", []workflow.Status{workflow.StatusAccepted}},
		{"waiting", []workflow.Status{workflow.StatusWaiting}},
		{"processing", []workflow.Status{workflow.StatusProcessing}},
		{"quarantined", []workflow.Status{workflow.StatusQuarantined}},
		{"closed", []workflow.Status{workflow.StatusClosed}},
		{"all", nil},
	}
}

// filter is what the address of a queue page says. Everything in it is harmless to log.
type filter struct {
	Tab     string
	Desk    string
	Channel ingest.Channel
	Service string
	Owner   string // "", ownerMe or workflow.OwnerNobody
	Clock   string // "" or one of clocks
	Search  string // token, see search.go
	After   string
	Before  string
}

const ownerMe = "me"

// The clocks: what a filter says about the end of the office's term.
const (
	clockLate = "late"
	clockSoon = "soon" // within soonDays
	clockNone = "none" // no term runs
)

func clocks() []string { return []string{clockLate, clockSoon, clockNone} }

func readFilter(q url.Values) filter {
	f := filter{Tab: q.Get("tab"), Desk: q.Get("desk"), Service: q.Get("service"), Owner: q.Get("owner"),
		Clock: q.Get("clock"), Search: q.Get("search"), After: q.Get("after"), Before: q.Get("before")}
	if !slices.ContainsFunc(tabs(), func(t tab) bool { return t.id == f.Tab }) {
		f.Tab = tabs()[0].id
	}
	if channel, err := ingest.ParseChannel(q.Get("channel")); err == nil {
		f.Channel = channel
	}
	if f.Owner != ownerMe && f.Owner != workflow.OwnerNobody {
		f.Owner = ""
	}
	if !slices.Contains(clocks(), f.Clock) {
		f.Clock = ""
	}
	if f.After != "" {
		f.Before = ""
	}
	return f
}

// path returns the address of the queue with this filter.
func (f filter) path() string {
	q := url.Values{}
	for key, value := range map[string]string{"desk": f.Desk, "channel": string(f.Channel), "service": f.Service,
		"owner": f.Owner, "clock": f.Clock, "search": f.Search, "after": f.After, "before": f.Before} {
		if value != "" {
			q.Set(key, value)
		}
	}
	if f.Tab != tabs()[0].id {
		q.Set("tab", f.Tab)
	}
	if len(q) == 0 {
		return "/queue"
	}
	return "/queue?" + q.Encode()
}

// firstPage is the filter without a place in its list.
func (f filter) firstPage() filter {
	f.After, f.Before = "", ""
	return f
}

func (f filter) statuses() []workflow.Status {
	for _, t := range tabs() {
		if t.id == f.Tab {
			return t.statuses
		}
	}
	return nil
}

// narrowed reports whether the filter hides anything within its tab.
func (f filter) narrowed() bool {
	return f.Desk != "" || f.Channel != "" || f.Service != "" || f.Owner != "" || f.Clock != "" || f.Search != ""
}

// query is what the store is asked for. A desk the user may not see is asked for as none.
func (d *desk) query(v *visit, f filter) workflow.QueueQuery {
	q := workflow.QueueQuery{Desks: visibleDesks(v.user), Statuses: f.statuses(), Channel: f.Channel, Service: f.Service,
		Owner: f.Owner, Text: d.searched(v, f.Search), Limit: pageRows + 1, After: f.After, Before: f.Before}
	if f.Owner == ownerMe {
		q.Owner = v.user.Name
	}
	switch f.Clock {
	case clockLate:
		q.DueBefore = schemas.DateOf(v.now).Time // a term ends with its day
	case clockSoon:
		today := schemas.DateOf(v.now)
		q.DueFrom, q.DueBefore = today.Time, today.AddDate(0, 0, soonDays+1)
	case clockNone:
		q.NoTerm = true
	}
	if f.Desk == "" {
		q.NotDesk = workflow.DeskTest // tests are shown to who asks for them only
	} else {
		q.Desks = slices.DeleteFunc([]string{f.Desk}, func(desk string) bool {
			return visibleDesks(v.user) != nil && !slices.Contains(visibleDesks(v.user), desk)
		})
	}
	return q
}
