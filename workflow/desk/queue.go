package desk

import (
	"context"
	"net/url"
	"slices"
	"time"

	"okienko/ingest"
	"okienko/schemas"
	"okienko/workflow"
)

// pageRows is how many cases a page of the queue shows.
const pageRows = 50

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
	Search  string // token, see search.go
	After   string
}

const ownerMe = "me"

func readFilter(q url.Values) filter {
	f := filter{Tab: q.Get("tab"), Desk: q.Get("desk"), Service: q.Get("service"), Owner: q.Get("owner"),
		Search: q.Get("search"), After: q.Get("after")}
	if !slices.ContainsFunc(tabs(), func(t tab) bool { return t.id == f.Tab }) {
		f.Tab = tabs()[0].id
	}
	if channel, err := ingest.ParseChannel(q.Get("channel")); err == nil {
		f.Channel = channel
	}
	if f.Owner != ownerMe && f.Owner != workflow.OwnerNobody {
		f.Owner = ""
	}
	return f
}

// path returns the address of the queue with this filter.
func (f filter) path() string {
	q := url.Values{}
	for key, value := range map[string]string{"desk": f.Desk, "channel": string(f.Channel), "service": f.Service,
		"owner": f.Owner, "search": f.Search, "after": f.After} {
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
	return f.Desk != "" || f.Channel != "" || f.Service != "" || f.Owner != "" || f.Search != ""
}

// query is what the store is asked for. A desk the user may not see is asked for as none.
func (d *desk) query(v *visit, f filter) workflow.QueueQuery {
	q := workflow.QueueQuery{Desks: visibleDesks(v.user), Statuses: f.statuses(), Channel: f.Channel, Service: f.Service,
		Owner: f.Owner, Text: d.searched(v, f.Search), Limit: pageRows + 1, After: f.After}
	if f.Owner == ownerMe {
		q.Owner = v.user.Name
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

// search takes the filter form and answers with the address of the page it asks for.
func (d *desk) search(v *visit) error {
	f := readFilter(v.PostForm)
	f.Search, f.After = "", ""
	if words := searchWords(v.PostFormValue("words")); words != "" {
		f.Search = d.keepSearch(v, words)
	}
	return v.redirect(f.path())
}

// queueView is the queue as a page shows it.
type queueView struct {
	Tabs     []tabView
	Filter   filter
	Words    string
	Narrowed bool
	Cleared  string // the address without filters
	Desks    []choice
	Services []choice
	Channels []choice
	Owners   []choice
	Rows     []rowView
	Next     string // address of the next page; "" if this is the last
	First    string // address of the first page; "" if this is it
	Here     string
	Seen     int64
	Now      time.Time
}

type tabView struct {
	Label, Path string
	N           int
	Current     bool
}

// choice is an option of a form.
type choice struct {
	Value, Label string
	Selected     bool
}

// rowView is one case of the queue.
type rowView struct {
	workflow.CaseSummary
	Path       string
	Received   time.Time
	Sender     string
	Subject    string
	Service    string
	Symbol     string
	Confidence string
	Sure       string // how sure: "sure", "likely", "unsure", "clerk"
	Due        dueView
	OwnerName  string
	Mine       bool
	Claimable  bool
}

func (d *desk) showQueue(v *visit) error {
	f := readFilter(v.URL.Query())
	rows, err := d.Store.Queue(v.Context(), d.query(v, f))
	if err != nil && f.After != "" { // an address that was cut off leads to the first page; any other failure comes again
		f.After = ""
		rows, err = d.Store.Queue(v.Context(), d.query(v, f))
	}
	if err != nil {
		return err
	}
	counts, err := d.Overview.CountCases(v.Context())
	if err != nil {
		return err
	}
	names, err := d.fullNames(v.Context())
	if err != nil {
		return err
	}
	view := queueView{Filter: f, Words: d.searched(v, f.Search), Narrowed: f.narrowed(), Cleared: filter{Tab: f.Tab}.path(),
		Tabs: v.tabViews(f, counts), Here: f.path(), Seen: v.now.UnixMicro(), Now: v.now}
	d.fillChoices(v, f, &view)
	if len(rows) > pageRows {
		rows = rows[:pageRows]
		next := f
		next.After = rows[pageRows-1].Cursor
		view.Next = next.path()
	}
	if f.After != "" {
		first := f
		first.After = ""
		view.First = first.path()
	}
	for _, c := range rows {
		view.Rows = append(view.Rows, d.row(v, c, names))
	}
	return d.show(v, screen{name: "queue", title: v.t.Queue.Title, nav: "queue", body: view})
}

// tabViews counts the cases of each tab that the user may see, on the desk of the filter if it names one.
func (v *visit) tabViews(f filter, counts []workflow.CaseCount) []tabView {
	desks := visibleDesks(v.user)
	var list []tabView
	for _, t := range tabs() {
		n := 0
		for _, count := range counts {
			visible := desks == nil || slices.Contains(desks, count.Desk)
			asked := f.Desk == count.Desk || f.Desk == "" && count.Desk != workflow.DeskTest
			if visible && asked && (t.statuses == nil || slices.Contains(t.statuses, count.Status)) {
				n += count.N
			}
		}
		to := f
		to.Tab, to.After = t.id, ""
		list = append(list, tabView{Label: v.t.Queue.Tabs[t.id], Path: to.path(), N: n, Current: t.id == f.Tab})
	}
	return list
}

func (d *desk) fillChoices(v *visit, f filter, view *queueView) {
	all := d.Procedures.All(v.now)
	mine := visibleDesks(v.user)
	for _, desk := range deskNames(all, v.t) {
		if mine == nil || slices.Contains(mine, desk.Value) {
			desk.Selected = desk.Value == f.Desk
			view.Desks = append(view.Desks, desk)
		}
	}
	view.Services = v.t.serviceChoices(all, f.Service)
	for _, channel := range ingest.Channels() {
		view.Channels = append(view.Channels, choice{string(channel), v.t.Channel[channel], channel == f.Channel})
	}
	view.Owners = []choice{
		{ownerMe, v.t.Queue.OwnerMe, f.Owner == ownerMe},
		{workflow.OwnerNobody, v.t.Queue.OwnerNobody, f.Owner == workflow.OwnerNobody},
	}
}

// serviceChoices lists the procedures by title.
func (t *messages) serviceChoices(all []schemas.Procedure, selected string) []choice {
	var list []choice
	for _, p := range all {
		list = append(list, choice{string(p.ID), t.text(p.Title), string(p.ID) == selected})
	}
	t.sortChoices(list)
	return list
}

func (d *desk) row(v *visit, c workflow.CaseSummary, names map[string]string) rowView {
	row := rowView{CaseSummary: c, Path: casePath(c.ID), Received: receivedAt(c.Case), Sender: mask(senderName(c.Sender)),
		Subject: mask(c.Subject), Due: v.t.due(c.Case, v.now), OwnerName: names[c.Owner], Mine: c.Owner == v.user.Name,
		Claimable: c.Owner == "" && c.Status != workflow.StatusClosed && c.Status != workflow.StatusProcessing}
	row.Service, row.Symbol = d.service(v.t, c.Case)
	row.Sure, row.Confidence = v.t.confidence(c.Case)
	if row.OwnerName == "" {
		row.OwnerName = c.Owner
	}
	return row
}

// service is the title and symbol of what a case is about; for what is no submission, what it is.
func (d *desk) service(t *messages, c workflow.Case) (title, symbol string) {
	if c.Procedure == "" {
		return t.Nature[c.Nature], ""
	}
	p, ok := d.Procedures.Procedure(c.Procedure, receivedAt(c))
	if !ok {
		return string(c.Procedure), ""
	}
	return t.text(p.Title), p.Symbol
}

func senderName(p ingest.Party) string {
	if p.Name != "" {
		return p.Name
	}
	return p.Address
}

// fullNames maps names of users to what people call them.
func (d *desk) fullNames(ctx context.Context) (map[string]string, error) {
	users, err := d.Accounts.Users(ctx)
	if err != nil {
		return nil, err
	}
	return namesOf(users), nil
}

func namesOf(users []workflow.User) map[string]string {
	names := map[string]string{}
	for _, u := range users {
		names[u.Name] = u.FullName
	}
	return names
}
