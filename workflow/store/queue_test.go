package store_test

import (
	"database/sql"
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"okienko/workflow"
	"okienko/workflow/store"
)

// BenchmarkQueue is the first page of the queue with the counts beside it, for everything clerks filter by, among a million cases
// on PostgreSQL and 100,000 on SQLite, or as many as OKIENKO_BENCH_CASES says. It reports the median and the 95th percentile in
// milliseconds. Filling takes minutes.
func BenchmarkQueue(b *testing.B) {
	for name, size := range map[string]int{"sqlite": 100_000, "postgres": 1_000_000} {
		b.Run(name, func(b *testing.B) {
			if n, err := strconv.Atoi(os.Getenv("OKIENKO_BENCH_CASES")); err == nil {
				size = n
			}
			url := databases[name](b)
			st := open(b, url, fixedNow)
			fill(b, url, size, 36)
			list := pages()
			for _, page := range slices.Sorted(maps.Keys(list)) {
				b.Run(page, func(b *testing.B) {
					measure(b, func() {
						if err := view(b, st, list[page]); err != nil {
							b.Fatal(err)
						}
					})
				})
			}
		})
	}
}

// view asks for what one look at the queue asks for: the page, and the counts of every tab under the same filter.
func view(b *testing.B, st *store.Store, q workflow.QueueQuery) error {
	if _, err := st.Queue(b.Context(), q); err != nil {
		return err
	}
	q.Statuses = nil
	_, err := st.CountQueue(b.Context(), q)
	return err
}

// measure runs what is measured until there are at least thirty runs.
func measure(b *testing.B, run func()) {
	run() // the first one warms the caches of the database
	var took []time.Duration
	for b.Loop() {
		start := time.Now()
		run()
		took = append(took, time.Since(start))
	}
	for len(took) < 30 {
		start := time.Now()
		run()
		took = append(took, time.Since(start))
	}
	slices.Sort(took)
	for name, p := range map[string]int{"p50-ms": 50, "p95-ms": 95} {
		b.ReportMetric(float64(took[(len(took)-1)*p/100].Microseconds())/1000, name)
	}
}

// TestPagesOfTheQueueAreFoundByAnIndex among 20,000 cases, and hold what a scan of the whole table finds.
func TestPagesOfTheQueueAreFoundByAnIndex(t *testing.T) {
	each(t, func(t *testing.T, url string) {
		st := open(t, url, fixedNow)
		fill(t, url, 20_000, 4)
		db := raw(t, url)
		for name, q := range pages() {
			t.Run(name, func(t *testing.T) {
				for kind, statement := range map[string]func() (string, []any, error){
					"page":  func() (string, []any, error) { return store.PageSQL(t.Context(), st, q) },
					"count": func() (string, []any, error) { return store.CountSQL(t.Context(), st, q) },
				} {
					query, args, err := statement()
					if err != nil {
						t.Fatal(err)
					}
					if plan := explain(t, db, query, args); !byWords.MatchString(plan) && (wholeTable.MatchString(plan) || !strings.Contains(plan, "cases_by_")) {
						t.Errorf("%s: no index is used:\n%s\n%s", kind, query, plan)
					}
				}
				sameAsScan(t, st, db, q)
			})
		}
	})
}

// How the databases say that they read a whole table, and that they collect what has the words first: then, in a table as small as
// this, either way to the rows is right.
var (
	wholeTable = regexp.MustCompile(`Seq Scan on case|SCAN c(ases)?\n`)
	byWords    = regexp.MustCompile(`on case_texts_by_word|SCAN case_words VIRTUAL TABLE INDEX 0:M1`)
)

// sameAsScan compares ids and counts with a plain question to the database. Words are left to the conformance tests.
func sameAsScan(t *testing.T, st *store.Store, db *sql.DB, q workflow.QueueQuery) {
	t.Helper()
	page, err := st.Queue(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	if q.Text != "" {
		if got := len(page); q.Statuses == nil && (got == 0) != (q.Text == "nigdzie") || strings.HasPrefix(q.Text, "zaśw") && got != q.Limit {
			t.Errorf("%d cases have %q", got, q.Text)
		}
		return
	}
	var got []int64
	for _, c := range page {
		got = append(got, int64(c.ID))
	}
	conds := plainly(q)
	if want := idsOf(t, db, `SELECT id FROM cases WHERE `+conds+` ORDER BY due_at, id LIMIT 51`); !slices.Equal(got, want) {
		t.Errorf("the page has %v, want %v", got, want)
	}
	counts, err := st.CountQueue(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	all := workflow.Count{}
	for _, n := range counts {
		all = all.Plus(n)
	}
	if want := len(idsOf(t, db, `SELECT id FROM cases WHERE `+conds)); all.N > want || all.N != want && !all.More || all.More && all.N < 1000 {
		t.Errorf("counted %+v, want %d", all, want)
	}
}

// plainly writes the filters as one would by hand.
func plainly(q workflow.QueueQuery) string {
	conds := []string{"1 = 1"}
	list := func(column string, values []string) {
		conds = append(conds, column+" IN ('"+strings.Join(values, "', '")+"')")
	}
	if q.Desks != nil {
		list("desk", q.Desks)
	}
	if q.Statuses != nil {
		var statuses []string
		for _, s := range q.Statuses {
			statuses = append(statuses, string(s))
		}
		list("status", statuses)
	}
	for column, value := range map[string]string{"channel": string(q.Channel), "procedure": q.Service, "owner": q.Owner} {
		if value != "" {
			list(column, []string{strings.TrimPrefix(value, workflow.OwnerNobody)})
		}
	}
	for sign, at := range map[string]time.Time{">=": q.DueFrom, "<": q.DueBefore} {
		if !at.IsZero() {
			conds = append(conds, "due_at "+sign+" '"+at.UTC().Format("2006-01-02T15:04:05.000000Z")+"'")
		}
	}
	if q.NoTerm {
		conds = append(conds, "due_at = '9999-12-31T00:00:00.000000Z'")
	}
	return strings.Join(conds, " AND ")
}

func idsOf(t *testing.T, db *sql.DB, query string) []int64 {
	t.Helper()
	rows, err := db.Query(query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var list []int64
	for rows.Next() {
		var id int64
		if err := rows.Scan(&id); err != nil {
			t.Fatal(err)
		}
		list = append(list, id)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return list
}

// explain returns the plan; what differs between the databases is only how it is asked for.
func explain(t *testing.T, db *sql.DB, query string, args []any) string {
	t.Helper()
	rows, err := db.Query("EXPLAIN QUERY PLAN "+query, args...)
	if err != nil {
		rows, err = db.Query("EXPLAIN "+query, args...)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	columns, _ := rows.Columns()
	var plan strings.Builder
	for rows.Next() {
		var line string
		dest := make([]any, len(columns))
		for i := range dest {
			dest[i] = new(any)
		}
		dest[len(dest)-1] = &line // the text comes last
		if err := rows.Scan(dest...); err != nil {
			t.Fatal(err)
		}
		fmt.Fprintln(&plan, line)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return plan.String()
}
