package store_test

import (
	"database/sql"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"okienko/workflow"
	"okienko/workflow/store"
)

// The office after some years: most cases are closed, a twentieth is open, most of them run a term.

var officeDesks = []string{"KM", "SA", "PD", "GK", "OS", "AB", "DR", "EL", "SP", "KP"}

// fill writes n cases straight into the tables.
func fill(tb testing.TB, db *sql.DB, n int) {
	tb.Helper()
	tx, err := db.Begin()
	if err != nil {
		tb.Fatal(err)
	}
	defer tx.Rollback()
	random := rand.New(rand.NewPCG(1, 2))
	for i := 1; i <= n; {
		var subs, cases []string
		for range min(200, n-i+1) {
			subs = append(subs, fmt.Sprintf(`(%d, 'poczta', '', '%d', '{}')`, i, i))
			cases = append(cases, caseRow(random, i, n))
			i++
		}
		_, err1 := tx.Exec(`INSERT INTO submissions (id, source, item_key, body, data) VALUES ` + strings.Join(subs, ", "))
		_, err2 := tx.Exec(`INSERT INTO cases VALUES ` + strings.Join(cases, ", "))
		if err1 != nil || err2 != nil {
			tb.Fatal(err1, err2)
		}
	}
	if err := tx.Commit(); err != nil {
		tb.Fatal(err)
	}
	if _, err := db.Exec(`ANALYZE`); err != nil {
		tb.Fatal(err)
	}
}

func caseRow(random *rand.Rand, i, n int) string {
	at := func(t time.Time) string { return t.UTC().Format("'2006-01-02T15:04:05.000000Z'") }
	registered := fixedNow().Add(time.Duration(i-n) * 10 * time.Minute)
	due, status, owner := at(time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC)), "closed", fmt.Sprint("clerk", random.IntN(30))
	if random.IntN(3) > 0 {
		due = at(registered.AddDate(0, 1, 0))
	}
	if i > n*19/20 {
		status = []string{"open", "open", "waiting", "accepted"}[random.IntN(4)]
		if random.IntN(2) == 0 {
			owner = ""
		}
	}
	desk := officeDesks[min(random.IntN(12), 9)]
	return fmt.Sprintf(`(%d, 'RPW/%d/2026', 'poczta', 'email', %s, %s, 'done', '%s', 2, 'Jan Kowalski %d', 'jan%d@example.pl',
		'Wniosek o wydanie zaświadczenia w sprawie %d', 'submission', 'zaswiadczenie_%d', 0.9, 'rule', '%s', 'bo tak jest w katalogu', 'receipt',
		0, %s, '%s', NULL, '', 'rpw/%d/2026 jan kowalski %d jan%d@example.pl wniosek o wydanie zaswiadczenia w sprawie %d', %s, NULL)`,
		i, i, at(registered), at(registered), status, i, i, i, i%29, desk, due, owner, i, i, i, i, at(registered))
}

// pages are what clerks open most.
var pages = map[string]workflow.QueueQuery{
	"everything":       {},
	"my desk":          {Desks: []string{"KM", "KP"}, Statuses: working},
	"my desk, big":     {Desks: []string{"KP"}, Statuses: working},
	"all desks":        {Desks: officeDesks, Statuses: working},
	"open anywhere":    {Statuses: []workflow.Status{workflow.StatusOpen, workflow.StatusQuarantined}},
	"mine":             {Owner: "clerk7", Statuses: working},
	"unclaimed":        {Desks: []string{"KM", "KP"}, Statuses: working, Owner: workflow.OwnerNobody},
	"nothing there":    {Statuses: []workflow.Status{workflow.StatusQuarantined}},
	"a word":           {Desks: []string{"KM", "KP"}, Text: "zaświadczenia kowalski"},
	"a number":         {Text: "RPW/77/2026"},
	"a word not there": {Text: "nigdzie"},
	"service":          {Service: "zaswiadczenie_7", Statuses: working},
}

var working = []workflow.Status{workflow.StatusProcessing, workflow.StatusOpen, workflow.StatusWaiting, workflow.StatusAccepted,
	workflow.StatusQuarantined}

// BenchmarkQueue is a page of the queue among 100,000 cases (promise P10: 300 ms).
func BenchmarkQueue(b *testing.B) {
	for name, url := range databases {
		b.Run(name, func(b *testing.B) {
			address := url(b)
			st := open(b, address, fixedNow)
			db, err := sql.Open(driverOf(address), address)
			if err != nil {
				b.Fatal(err)
			}
			defer db.Close()
			fill(b, db, 100_000)
			for _, page := range slices.Sorted(maps.Keys(pages)) {
				b.Run(page, func(b *testing.B) {
					for b.Loop() {
						if _, err := st.Queue(b.Context(), pages[page]); err != nil {
							b.Fatal(err)
						}
					}
				})
			}
			b.Run("counts", func(b *testing.B) {
				for b.Loop() {
					if _, err := st.CountCases(b.Context()); err != nil {
						b.Fatal(err)
					}
				}
			})
			b.Run("unfinished", func(b *testing.B) {
				for b.Loop() {
					if _, err := st.Unfinished(b.Context(), fixedNow(), 100); err != nil {
						b.Fatal(err)
					}
				}
			})
		})
	}
}

func TestPagesOfTheQueueAreFoundByAnIndex(t *testing.T) {
	each(t, func(t *testing.T, url string) {
		open(t, url, fixedNow)
		db := raw(t, url)
		fill(t, db, 5000)
		for name, q := range pages {
			if name == "a word not there" { // reads everything, on PostgreSQL without an index
				continue
			}
			query, args, err := store.QueueSQL(q)
			if err != nil {
				t.Fatal(err)
			}
			if plan := explain(t, db, query, args); !strings.Contains(plan, "cases_") || strings.Contains(plan, "Seq Scan") {
				t.Errorf("%s: no index is used:\n%s", name, plan)
			} else if q.Statuses != nil && strings.Contains(plan, "cases_by_due") {
				t.Errorf("%s: reads closed cases, which are most:\n%s", name, plan)
			}
		}
	})
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
