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
	st.write(`SELECT `, summaryColumns, ` FROM (SELECT id, due_at FROM (`, s.walks(st, `id, due_at`, `c.id, c.due_at`, order, limit, ``),
		`) AS c ORDER BY `, order, ` LIMIT `, limit, `) AS page JOIN cases c ON c.id = page.id ORDER BY `, order)
	return st.done()
}

func (s selection) count() (string, []any) {
	st := newStatement(s.d)
	if s.collects() {
		st.write(s.collected(st, `c.status, count(*)`), ` GROUP BY c.status`)
		return st.done()
	}
	st.write(s.walks(st, `status, count(*)`, `c.id`, `c.due_at, c.id`, strconv.Itoa(s.countedAtMost()+1), ` GROUP BY status, value`))
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

// walks writes all runs, one after the other. PostgreSQL plans one walk for all values, which takes it longer than to walk; SQLite
// has no LATERAL and plans in no time.
func (s selection) walks(st *statement, columns, of, order, limit, group string) string {
	column := s.runs()[0].column
	if s.d.lateral {
		var rows []string
		for _, r := range s.runs() {
			rows = append(rows, `(CAST(`+st.arg(r.status)+` AS TEXT), CAST(`+st.arg(r.value)+` AS TEXT))`)
		}
		return `SELECT ` + columns + ` FROM (VALUES ` + strings.Join(rows, ", ") + `) AS r (status, value) CROSS JOIN LATERAL (` +
			s.walk1(st, column, `r.status`, `r.value`, of, order, limit) + `) AS run` + group
	}
	var parts []string
	for _, r := range s.runs() {
		status, value := st.arg(r.status), st.arg(r.value)
		parts = append(parts, `SELECT `+columns+` FROM (SELECT *, `+status+` AS status, `+value+` AS value FROM (`+
			s.walk1(st, column, status, value, of, order, limit)+`))`+group)
	}
	return strings.Join(parts, ` UNION ALL `)
}

// walk1 writes one run. The order is asked for even where rows are only counted: it names the index.
func (s selection) walk1(st *statement, column, status, value, of, order, limit string) string {
	conds := []string{`c.status = ` + status}
	if column != "" {
		conds = append(conds, `c.`+column+` = `+value)
	}
	conds = append(conds, s.filters(st, column)...)
	if s.match != "" {
		conds = append(conds, strings.Replace(s.d.words.hit, "?", st.arg(s.match), 1))
	}
	return `SELECT ` + of + ` FROM cases c WHERE ` + strings.Join(conds, ` AND `) + ` ORDER BY ` + order + ` LIMIT ` + limit
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

func (s *statement) done() (string, []any) {
	return s.text.String(), append(append([]any{}, s.before...), s.args...)
}
