package store

import (
	"strconv"
	"strings"

	"okienko/workflow"
)

// selection is a query of the queue on its way to SQL.
//
// Without words, and with words that many cases have, it is a union of runs: each has one status and one value of the column that
// narrows most, so it walks one index in the order of the page and ends after a page of rows (or so many as are counted), whatever
// the size of the table; the other filters are tested on what the index holds. With words that few cases have, these are
// collected first. The database is not left to choose: it would have to guess how words and filters coincide.
type selection struct {
	q       workflow.QueueQuery
	d       dialect
	match   string // the words, for the index; "" without
	walk    bool   // many cases have them
	nothing bool   // selects nothing, by its form

	from, back bool // it begins behind (due, id), or ends before it
	due        stamp
	id         int64
}

// Where counting ends: nobody needs to know how many more there are, and with words each one costs a look.
const (
	mostCounted      = 1000
	mostCountedWords = 100
)

// collects reports whether the cases are few enough to be collected and sorted.
func (s selection) collects() bool { return s.q.IDs != nil || s.match != "" && !s.walk }

func (s selection) page() (string, []any) {
	st := newStatement(s.d)
	order, limit := `c.due_at, c.id`, strconv.Itoa(pageSize(s.q.Limit))
	if s.back {
		order = `c.due_at DESC, c.id DESC`
	}
	if s.collects() {
		st.write(s.collected(st, summaryColumns), ` ORDER BY `, order, ` LIMIT `, limit)
		return st.done()
	}
	st.write(`SELECT `, summaryColumns, ` FROM (SELECT id, due_at FROM (`)
	for i, r := range s.runs() {
		st.union(i, `SELECT id, due_at FROM (`+s.run(st, r, `c.id, c.due_at`, order, limit)+`)`)
	}
	st.write(`) AS c ORDER BY `, order, ` LIMIT `, limit, `) AS page JOIN cases c ON c.id = page.id ORDER BY `, order)
	return st.done()
}

func (s selection) count() (string, []any) {
	st := newStatement(s.d)
	if s.collects() {
		st.write(s.collected(st, `c.status, count(*)`), ` GROUP BY c.status`)
		return st.done()
	}
	for i, r := range s.runs() {
		st.union(i, `SELECT CAST(`+st.arg(r.status)+` AS TEXT), count(*) FROM (`+
			s.run(st, r, `c.id`, `c.due_at, c.id`, strconv.Itoa(s.countedAtMost()+1))+`)`)
	}
	return st.done()
}

func (s selection) countedAtMost() int {
	if s.walk {
		return mostCountedWords
	}
	return mostCounted
}

// counted is what a number of rows that were counted says.
func (s selection) counted(n int) workflow.Count {
	if most := s.countedAtMost(); n > most && !s.collects() {
		return workflow.Count{N: most, More: true}
	}
	return workflow.Count{N: n}
}

// run is one walk through an index.
type run struct{ column, value, status string }

// mostRuns bounds the length of a statement; a clerk of more desks than that sees nearly everything anyway.
const mostRuns = 60

var everyStatus = []workflow.Status{workflow.StatusProcessing, workflow.StatusOpen, workflow.StatusWaiting, workflow.StatusAccepted,
	workflow.StatusClosed, workflow.StatusQuarantined}

func (s selection) runs() []run {
	statuses := s.q.Statuses
	if statuses == nil {
		statuses = everyStatus
	}
	column, values := s.narrowest(len(statuses))
	var list []run
	for _, value := range values {
		for _, status := range statuses {
			list = append(list, run{column, value, string(status)})
		}
	}
	return list
}

// narrowest is the column with an index of its own that leaves the fewest cases, and its values.
func (s selection) narrowest(statuses int) (string, []string) {
	q := s.q
	switch {
	case q.Service != "":
		return "procedure", []string{q.Service}
	case q.Owner != "" && q.Owner != workflow.OwnerNobody:
		return "owner", []string{q.Owner}
	case q.Desks != nil && len(q.Desks)*statuses <= mostRuns:
		return "desk", q.Desks
	case q.Channel != "":
		return "channel", []string{string(q.Channel)}
	case q.Owner == workflow.OwnerNobody:
		return "owner", []string{""}
	}
	return "", []string{""}
}

// run writes one walk. The order is asked for even where rows are only counted: it names the index.
func (s selection) run(st *statement, r run, columns, order, limit string) string {
	conds := []string{`c.status = ` + st.arg(r.status)}
	if r.column != "" {
		conds = append(conds, `c.`+r.column+` = `+st.arg(r.value))
	}
	conds = append(conds, s.filters(st, r.column)...)
	if s.match != "" {
		conds = append(conds, strings.Replace(s.d.words.hit, "?", st.arg(s.match), 1))
	}
	return `SELECT ` + columns + ` FROM cases c WHERE ` + strings.Join(conds, ` AND `) + ` ORDER BY ` + order + ` LIMIT ` + limit
}

// collected writes the selection of what few cases match.
func (s selection) collected(st *statement, columns string) string {
	with, from := "", ` FROM cases c`
	var conds []string
	if s.match != "" {
		with = `WITH hits AS MATERIALIZED (` + strings.Replace(s.d.words.hits, "?", st.arg(s.match), 1) + `) `
		from = ` FROM hits JOIN cases c ON c.id = hits.id`
	}
	if s.q.IDs != nil {
		conds = append(conds, oneOf(st, "c.id", numbers(s.q.IDs)))
	}
	if s.q.Statuses != nil {
		conds = append(conds, oneOf(st, "c.status", texts(s.q.Statuses)))
	}
	conds = append(conds, s.filters(st, "")...)
	if len(conds) == 0 {
		return with + `SELECT ` + columns + from
	}
	return with + `SELECT ` + columns + from + ` WHERE ` + strings.Join(conds, ` AND `)
}

// filters are the conditions besides status and words, without the one on a column that a run has a value of.
func (s selection) filters(st *statement, done string) []string {
	q := s.q
	var conds []string
	add := func(parts ...string) { conds = append(conds, strings.Join(parts, "")) }
	if q.Desks != nil && done != "desk" {
		add(oneOf(st, "c.desk", q.Desks))
	}
	if q.NotDesk != "" {
		add(`c.desk <> `, st.arg(q.NotDesk))
	}
	if q.Channel != "" && done != "channel" {
		add(`c.channel = `, st.arg(string(q.Channel)))
	}
	if q.Service != "" && done != "procedure" {
		add(`c.procedure = `, st.arg(q.Service))
	}
	if q.Owner != "" && done != "owner" {
		add(`c.owner = `, st.arg(strings.TrimPrefix(q.Owner, workflow.OwnerNobody)))
	}
	switch {
	case q.NoTerm:
		add(`c.due_at = `, st.arg(never))
	default:
		if !q.DueFrom.IsZero() {
			add(`c.due_at >= `, st.arg(stamp{q.DueFrom}))
		}
		if !q.DueBefore.IsZero() {
			add(`c.due_at < `, st.arg(stamp{q.DueBefore}))
		}
	}
	if s.from {
		sign := ` > `
		if s.back {
			sign = ` < `
		}
		add(`(c.due_at, c.id)`, sign, `(`, st.arg(s.due), `, `, st.arg(s.id), `)`)
	}
	return conds
}

func texts[T ~string](list []T) []string {
	out := make([]string, len(list))
	for i, v := range list {
		out[i] = string(v)
	}
	return out
}

func oneOf[T any](st *statement, column string, list []T) string {
	marks := make([]string, len(list))
	for i, v := range list {
		marks[i] = st.arg(v)
	}
	return column + ` IN (` + strings.Join(marks, ", ") + `)`
}

// statement is SQL in the making. A value that occurs several times is one argument.
type statement struct {
	text   strings.Builder
	before []any // what the driver is told, not the database
	args   []any
	marks  map[any]string
}

func newStatement(d dialect) *statement {
	return &statement{before: d.planned, marks: map[any]string{}}
}

// arg returns the mark of a value.
func (s *statement) arg(v any) string {
	mark, ok := s.marks[v]
	if !ok {
		s.args = append(s.args, v)
		mark = "$" + strconv.Itoa(len(s.args))
		s.marks[v] = mark
	}
	return mark
}

func (s *statement) write(parts ...string) {
	for _, part := range parts {
		s.text.WriteString(part)
	}
}

// union writes a part of a UNION ALL; the part ends with a bracketed SELECT, which PostgreSQL wants named.
func (s *statement) union(i int, part string) {
	if i > 0 {
		s.write(` UNION ALL `)
	}
	s.write(part, ` AS run`, strconv.Itoa(i))
}

func (s *statement) done() (string, []any) {
	return s.text.String(), append(append([]any{}, s.before...), s.args...)
}
