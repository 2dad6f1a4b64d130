package desk

import (
	"slices"
	"strconv"
	"time"

	"okienko/ingest"
	"okienko/schemas"
	"okienko/workflow"
	"okienko/workflow/search"
)

// pageRows is how many cases a page of the queue shows.
const pageRows = 50

// search takes the filter form and answers with the address of the page it asks for.
func (d *desk) search(v *visit) error {
	f := readFilter(v.PostForm)
	f = f.firstPage()
	f.Search = ""
	if words := searchWords(v.PostFormValue("words")); words != "" {
		f.Search = d.keepSearch(v, words)
	}
	return v.redirect(f.path())
}

// queueView is the queue as a page shows it.
type queueView struct {
	Tabs     []tabView
	Views    []viewLink
	Saving   savingView
	Filter   filter
	Words    string
	Narrowed bool
	Cleared  string // the address without filters
	Desks    []choice
	Services []choice
	Channels []choice
	Owners   []choice
	Clocks   []choice
	Rows     []rowView
	Next     string // address of the next page; "" if this is the last
	Previous string // address of the page before; "" if this is the first
	First    string // address of the first page; "" if this is it
	Here     string
	Live     string // address of the stream of changes
	Bulk     string // id of the form the boxes of the rows belong to; "" where rows cannot be chosen
	Pulse    pulseView
	Seen     int64
	Now      time.Time
}

type tabView struct {
	Label, Path, N string
	Current        bool
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
	Snippet    []search.Segment
}

func (d *desk) showQueue(v *visit) error {
	f := readFilter(v.URL.Query())
	rows, err := d.Store.Queue(v.Context(), d.query(v, f))
	if err != nil && f != f.firstPage() { // an address that was cut off leads to the first page; any other failure comes again
		f = f.firstPage()
		rows, err = d.Store.Queue(v.Context(), d.query(v, f))
	}
	if err != nil {
		return err
	}
	view := queueView{Filter: f, Words: d.searched(v, f.Search), Narrowed: f.narrowed(), Cleared: filter{Tab: f.Tab}.path(),
		Here: f.path(), Live: f.live(v.now), Bulk: bulkForm, Seen: v.now.UnixMicro(), Now: v.now}
	if view.Tabs, err = d.tabViews(v, f); err != nil {
		return err
	}
	if view.Views, err = d.viewLinks(v, f); err != nil {
		return err
	}
	if view.Pulse, err = d.pulseView(v); err != nil {
		return err
	}
	d.fillChoices(v, f, &view)
	view.Saving = savingView{Filter: f.savable(), Desks: view.Desks}
	rows = view.turn(f, rows)
	view.Rows, err = d.rows(v, rows, view.Words)
	if err != nil {
		return err
	}
	return d.show(v, screen{name: "queue", title: v.t.Queue.Title, nav: "queue", body: view})
}

// turn sets the ways to the pages before and after, and returns the rows of this one: one more was asked for, to see whether the
// list goes on in that direction.
func (view *queueView) turn(f filter, rows []workflow.CaseSummary) []workflow.CaseSummary {
	more, back := len(rows) > pageRows, f.Before != ""
	switch {
	case more && back:
		rows = rows[1:]
	case more:
		rows = rows[:pageRows]
	}
	first := f.firstPage()
	if f != first {
		view.First = first.path()
	}
	if len(rows) == 0 {
		return rows
	}
	if more || back {
		next := first
		next.After = rows[len(rows)-1].Cursor
		view.Next = next.path()
	}
	if f.After != "" || back && more {
		previous := first
		previous.Before = rows[0].Cursor
		view.Previous = previous.path()
	}
	return rows
}

// tabViews counts the cases of each tab under the filter.
func (d *desk) tabViews(v *visit, f filter) ([]tabView, error) {
	q := d.query(v, f)
	q.Statuses = nil
	counts, err := d.Queues.CountQueue(v.Context(), q)
	if err != nil {
		return nil, err
	}
	var list []tabView
	for _, t := range tabs() {
		to := f.firstPage()
		to.Tab = t.id
		list = append(list, tabView{Label: v.t.Queue.Tabs[t.id], Path: to.path(), N: counted1(sum(counts, t.statuses)), Current: t.id == f.Tab})
	}
	return list, nil
}

// sum adds up counts; statuses nil: all.
func sum(counts map[workflow.Status]workflow.Count, statuses []workflow.Status) workflow.Count {
	total := workflow.Count{}
	for status, n := range counts {
		if statuses == nil || slices.Contains(statuses, status) {
			total = total.Plus(n)
		}
	}
	return total
}

// counted1 says how many, and "+" where counting ended.
func counted1(n workflow.Count) string {
	if n.More {
		return strconv.Itoa(n.N) + "+"
	}
	return strconv.Itoa(n.N)
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
	for _, clock := range clocks() {
		view.Clocks = append(view.Clocks, choice{clock, v.t.QueueWork.Clocks[clock], clock == f.Clock})
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

// rows prepares cases for a page, with a piece of the text where words are looked for.
func (d *desk) rows(v *visit, cases []workflow.CaseSummary, words string) ([]rowView, error) {
	names, err := d.fullNames(v.Context())
	if err != nil {
		return nil, err
	}
	pieces, err := d.snippets(v.Context(), cases, words)
	if err != nil {
		return nil, err
	}
	var list []rowView
	for _, c := range cases {
		row := d.row(v, c, names)
		row.Snippet = pieces[c.ID]
		list = append(list, row)
	}
	return list, nil
}

func (d *desk) row(v *visit, c workflow.CaseSummary, names fullNames) rowView {
	row := rowView{CaseSummary: c, Path: casePath(c.ID), Received: receivedAt(c.Case), Sender: mask(senderName(c.Sender)),
		Subject: mask(c.Subject), Due: v.t.due(c.Case, v.now), OwnerName: names.of(c.Owner), Mine: c.Owner == v.user.Name,
		Claimable: c.Owner == "" && c.Status != workflow.StatusClosed && c.Status != workflow.StatusProcessing}
	row.Service, row.Symbol = d.service(v.t, c.Case)
	row.Sure, row.Confidence = v.t.confidence(c.Case)
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
