package workflowtest

import (
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	"okienko/ingest"
	"okienko/workflow"
)

var queueTests = map[string]func(*testing.T, Open){
	"the queue shows what is due first, then what runs no term":     testQueueOrder,
	"the queue selects by desk, status, channel, service and owner": testQueueFilters,
	"the queue finds words whatever their case and diacritics":      testQueueText,
	"pages do not shift while cases come in":                        testPaging,
	"a page has 50 rows, or as many as asked for up to 200":         testPageSize,
	"a cursor that is none is refused":                              testBadCursor,
	"pages are walked back as they were walked forth":               testPagingBack,
	"the queue selects by the end of the term":                      testQueueTerms,
	"the queue selects among given cases":                           testQueueIDs,
	"counts are those of the pages, by status":                      testCountQueue,
	"counting ends at a thousand, and says so":                      testCountMany,
}

// allCases follows the pages to the end.
func allCases(b bench, q workflow.QueueQuery) []workflow.CaseSummary {
	b.t.Helper()
	var all []workflow.CaseSummary
	for {
		page := must[[]workflow.CaseSummary](b.t)(b.Queue(b.ctx, q))
		if len(page) == 0 {
			return all
		}
		all = append(all, page...)
		q.After = page[len(page)-1].Cursor
	}
}

func subjects(page []workflow.CaseSummary) []string {
	var list []string
	for _, c := range page {
		list = append(list, c.Subject)
	}
	return list
}

func (b bench) queued(subject string, change func(*workflow.Case)) workflow.Case {
	b.t.Helper()
	c := newCase(subject)
	c.Subject = subject
	if change != nil {
		change(&c)
	}
	return b.create(c)
}

func testQueueOrder(t *testing.T, open Open) {
	b := setup(t, open, fixed(noon))
	due := func(d time.Duration) func(*workflow.Case) {
		return func(c *workflow.Case) { c.DueAt = noon.Add(d) }
	}
	b.queued("none", nil)
	b.queued("late", due(time.Hour))
	b.queued("over", due(-time.Hour))
	b.queued("late too", due(time.Hour))
	b.queued("late by a microsecond", due(time.Hour+time.Microsecond))
	b.queued("none too", nil)
	page := must[[]workflow.CaseSummary](t)(b.Queue(b.ctx, workflow.QueueQuery{}))
	want := []string{"over", "late", "late too", "late by a microsecond", "none", "none too"}
	if got := subjects(page); !slices.Equal(got, want) {
		t.Errorf("order %q, want %q", got, want)
	}
	row := page[1].Case
	full := must[workflow.Case](t)(b.Case(b.ctx, row.ID))
	full.Submission = ingest.Submission{Source: full.Submission.Source, Channel: full.Submission.Channel,
		ReceivedAt: full.Submission.ReceivedAt}
	if !reflect.DeepEqual(row, full) {
		t.Errorf("a row is\n%+v, the case\n%+v", row, full)
	}
}

func testQueueFilters(t *testing.T, open Open) {
	b := setup(t, open, fixed(noon))
	b.queued("a", func(c *workflow.Case) { c.Route.Desk, c.Status, c.Owner = "KM", workflow.StatusOpen, "ola" })
	b.queued("b", func(c *workflow.Case) { c.Route.Desk, c.Status = "KM", workflow.StatusClosed })
	b.queued("c", func(c *workflow.Case) { c.Route.Desk, c.Status, c.Procedure = "SA", workflow.StatusOpen, "x" })
	b.queued("d", func(c *workflow.Case) { c.Submission.Channel, c.Status = ingest.EPUAP, workflow.StatusOpen })
	for _, test := range []struct {
		name string
		q    workflow.QueueQuery
		want []string
	}{
		{"everything", workflow.QueueQuery{}, []string{"a", "b", "c", "d"}},
		{"one desk", workflow.QueueQuery{Desks: []string{"KM"}}, []string{"a", "b"}},
		{"two desks", workflow.QueueQuery{Desks: []string{"KM", "SA"}}, []string{"a", "b", "c"}},
		{"all but one desk", workflow.QueueQuery{NotDesk: "KM"}, []string{"c", "d"}},
		{"no desk at all", workflow.QueueQuery{Desks: []string{}}, nil},
		{"two statuses", workflow.QueueQuery{Statuses: []workflow.Status{workflow.StatusClosed, workflow.StatusWaiting}}, []string{"b"}},
		{"a channel", workflow.QueueQuery{Channel: ingest.EPUAP}, []string{"d"}},
		{"a service", workflow.QueueQuery{Service: "x"}, []string{"c"}},
		{"a clerk's", workflow.QueueQuery{Owner: "ola"}, []string{"a"}},
		{"nobody's", workflow.QueueQuery{Owner: workflow.OwnerNobody}, []string{"b", "c", "d"}},
		{"desk and status", workflow.QueueQuery{Desks: []string{"KM"}, Statuses: []workflow.Status{workflow.StatusOpen}}, []string{"a"}},
	} {
		page := must[[]workflow.CaseSummary](t)(b.Queue(b.ctx, test.q))
		if got := subjects(page); !slices.Equal(got, test.want) {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
}

func testQueueText(t *testing.T, open Open) {
	b := setup(t, open, fixed(noon))
	b.queued("Wniosek o dopłatę 100%", func(c *workflow.Case) { c.Sender = ingest.Party{Name: "Łucja Żółć", Address: "LZ@example.pl"} })
	b.queued("Skarga na hałas_nocny", func(c *workflow.Case) { c.Sender.Name = "Jan Kowalski" })
	for text, want := range map[string][]string{
		"WNIOSEK":          {"Wniosek o dopłatę 100%"},
		"wnioski":          {"Wniosek o dopłatę 100%"},
		"doplat lucja":     {"Wniosek o dopłatę 100%"},
		"Łucja skarga":     nil,
		"rpw/2/2026":       {"Skarga na hałas_nocny"},
		"lz@EXAMPLE":       {"Wniosek o dopłatę 100%"},
		"100%":             {"Wniosek o dopłatę 100%"},
		"1%0":              nil,
		"halas_":           {"Skarga na hałas_nocny"},
		"nocnego hałasu":   {"Skarga na hałas_nocny"},
		"ocny":             nil,
		`\`:                nil,
		"  ":               {"Wniosek o dopłatę 100%", "Skarga na hałas_nocny"},
		"o'; DROP TABLE":   nil,
		"kowalski ? $1 ?2": {"Skarga na hałas_nocny"},
		`") OR ("`:         nil,
		"kowalski & !jan":  {"Skarga na hałas_nocny"},
	} {
		page := must[[]workflow.CaseSummary](t)(b.Queue(b.ctx, workflow.QueueQuery{Text: text}))
		if got := subjects(page); !slices.Equal(got, want) {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

// testPaging reads pages while new cases are put between, before and behind the rows already read: each old row must come
// exactly once, in order.
func testPaging(t *testing.T, open Open) {
	b := setup(t, open, fixed(noon))
	var want []string
	for i := range 30 {
		subject := fmt.Sprintf("old %02d", i)
		b.queued(subject, func(c *workflow.Case) { c.DueAt = noon.Add(time.Duration(i/3) * time.Hour) }) // three of a kind
		want = append(want, subject)
	}
	var got []string
	q := workflow.QueueQuery{Limit: 7}
	for n := 0; ; n++ {
		page := must[[]workflow.CaseSummary](t)(b.Queue(b.ctx, q))
		if len(page) == 0 {
			break
		}
		for _, subject := range subjects(page) {
			if subject[:3] == "old" {
				got = append(got, subject)
			}
		}
		q.After = page[len(page)-1].Cursor
		for i := range max(0, min(2, 8-n)) { // not for ever: every other one comes behind the rows already read
			b.queued(fmt.Sprintf("new %d %d", n, i), func(c *workflow.Case) {
				c.DueAt = page[len(page)-1].DueAt.Add(time.Duration(i-1) * time.Minute)
			})
		}
		if n > 20 {
			t.Fatal("the pages do not end")
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("read %q, want %q", got, want)
	}
}

func testPageSize(t *testing.T, open Open) {
	b := setup(t, open, fixed(noon))
	b.do(func(tx workflow.Tx) error {
		for i := range 201 {
			c := newCase(fmt.Sprint(i))
			if err := created(b.ctx, tx, &c); err != nil {
				return err
			}
		}
		return nil
	})
	for limit, want := range map[int]int{0: 50, -1: 50, 3: 3, 200: 200, 1000: 200} {
		page := must[[]workflow.CaseSummary](t)(b.Queue(b.ctx, workflow.QueueQuery{Limit: limit}))
		if len(page) != want {
			t.Errorf("limit %d: %d rows, want %d", limit, len(page), want)
		}
	}
}

func testBadCursor(t *testing.T, open Open) {
	b := setup(t, open, fixed(noon))
	for _, cursor := range []string{"x", "MTI", "'; DROP TABLE cases", "MSB4"} {
		for _, q := range []workflow.QueueQuery{{After: cursor}, {Before: cursor}} {
			_, err := b.Queue(b.ctx, q)
			wantError(t, err, workflow.ErrCursor)
		}
	}
}

// testPagingBack walks to the end and back, while cases are put before and behind: each old row comes in the same order.
func testPagingBack(t *testing.T, open Open) {
	b := setup(t, open, fixed(noon))
	for i := range 23 {
		b.queued(fmt.Sprintf("old %02d", i), func(c *workflow.Case) {
			c.DueAt, c.Route.Desk = noon.Add(time.Duration(i/3)*time.Hour), []string{"KM", "SA"}[i%2]
		})
	}
	want := subjects(allCases(b, workflow.QueueQuery{}))
	q := workflow.QueueQuery{Desks: []string{"KM", "SA"}, Limit: 5}
	for page := must[[]workflow.CaseSummary](t)(b.Queue(b.ctx, q)); len(page) > 0; page = must[[]workflow.CaseSummary](t)(b.Queue(b.ctx, q)) {
		q.After, q.Before = page[len(page)-1].Cursor, ""
	}
	b.queued("first now", func(c *workflow.Case) { c.DueAt, c.Route.Desk = noon.Add(-time.Hour), "SA" })
	b.queued("last now", func(c *workflow.Case) { c.DueAt, c.Route.Desk = noon.Add(time.Hour*100), "SA" })
	q.Before, q.After = q.After, ""
	got := []string{want[len(want)-1]} // the row of the cursor
	for page := must[[]workflow.CaseSummary](t)(b.Queue(b.ctx, q)); len(page) > 0; page = must[[]workflow.CaseSummary](t)(b.Queue(b.ctx, q)) {
		got = append(subjects(page), got...)
		q.Before = page[0].Cursor
	}
	if want = append([]string{"first now"}, want...); !slices.Equal(got, want) {
		t.Errorf("walked back over %q, want %q", got, want)
	}
}

func testQueueTerms(t *testing.T, open Open) {
	b := setup(t, open, fixed(noon))
	for subject, due := range map[string]time.Duration{"late": -time.Hour, "now": 0, "soon": time.Hour, "far": 100 * time.Hour} {
		b.queued(subject, func(c *workflow.Case) { c.DueAt = noon.Add(due) })
	}
	b.queued("never", nil)
	for _, test := range []struct {
		name string
		q    workflow.QueueQuery
		want []string
	}{
		{"late", workflow.QueueQuery{DueBefore: noon}, []string{"late"}},
		{"from now on", workflow.QueueQuery{DueFrom: noon, DueBefore: noon.Add(2 * time.Hour)}, []string{"now", "soon"}},
		{"without a term", workflow.QueueQuery{NoTerm: true}, []string{"never"}},
	} {
		if got := subjects(must[[]workflow.CaseSummary](t)(b.Queue(b.ctx, test.q))); !slices.Equal(got, test.want) {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
}

func testQueueIDs(t *testing.T, open Open) {
	b := setup(t, open, fixed(noon))
	one := b.queued("one", func(c *workflow.Case) { c.Route.Desk = "KM" })
	two := b.queued("two", func(c *workflow.Case) { c.Route.Desk = "SA" })
	b.queued("three", func(c *workflow.Case) { c.Route.Desk = "KM" })
	for _, test := range []struct {
		name string
		q    workflow.QueueQuery
		want []string
	}{
		{"two of three", workflow.QueueQuery{IDs: []workflow.CaseID{two.ID, one.ID}}, []string{"one", "two"}},
		{"of a desk", workflow.QueueQuery{IDs: []workflow.CaseID{two.ID, one.ID}, Desks: []string{"KM"}}, []string{"one"}},
		{"with a word", workflow.QueueQuery{IDs: []workflow.CaseID{two.ID, one.ID}, Text: "two"}, []string{"two"}},
		{"of another status", workflow.QueueQuery{IDs: []workflow.CaseID{one.ID}, Statuses: []workflow.Status{workflow.StatusClosed}}, nil},
		{"none", workflow.QueueQuery{IDs: []workflow.CaseID{}}, nil},
	} {
		if got := subjects(must[[]workflow.CaseSummary](t)(b.Queue(b.ctx, test.q))); !slices.Equal(got, test.want) {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
}

func testCountQueue(t *testing.T, open Open) {
	b := setup(t, open, fixed(noon))
	for i := range 12 {
		b.queued(fmt.Sprintf("sprawa n%d", i), func(c *workflow.Case) {
			c.Route.Desk = []string{"KM", "SA", "PD"}[i%3]
			c.Status = []workflow.Status{workflow.StatusOpen, workflow.StatusClosed}[i%2]
			c.DueAt = noon.Add(time.Duration(i) * time.Hour)
		})
	}
	n := func(open, closed int) map[workflow.Status]workflow.Count {
		counts := map[workflow.Status]workflow.Count{}
		for status, n := range map[workflow.Status]int{workflow.StatusOpen: open, workflow.StatusClosed: closed} {
			if n > 0 {
				counts[status] = workflow.Count{N: n}
			}
		}
		return counts
	}
	cursor := must[[]workflow.CaseSummary](t)(b.Queue(b.ctx, workflow.QueueQuery{}))[5].Cursor
	for _, test := range []struct {
		name string
		q    workflow.QueueQuery
		want map[workflow.Status]workflow.Count
	}{
		{"everything", workflow.QueueQuery{}, n(6, 6)},
		{"from any page", workflow.QueueQuery{After: cursor, Limit: 2}, n(6, 6)},
		{"two desks", workflow.QueueQuery{Desks: []string{"KM", "SA"}}, n(4, 4)},
		{"without one desk", workflow.QueueQuery{NotDesk: "PD"}, n(4, 4)},
		{"one status", workflow.QueueQuery{Statuses: []workflow.Status{workflow.StatusOpen}}, n(6, 0)},
		{"due soon", workflow.QueueQuery{DueBefore: noon.Add(3 * time.Hour)}, n(2, 1)},
		{"a word", workflow.QueueQuery{Text: "sprawy n11"}, n(0, 1)},
		{"a word at another desk", workflow.QueueQuery{Text: "sprawy n11", Desks: []string{"KM"}}, n(0, 0)},
		{"no desk", workflow.QueueQuery{Desks: []string{}}, n(0, 0)},
	} {
		if got := must[map[workflow.Status]workflow.Count](t)(b.CountQueue(b.ctx, test.q)); !reflect.DeepEqual(got, test.want) {
			t.Errorf("%s: %v, want %v", test.name, got, test.want)
		}
	}
}

func testCountMany(t *testing.T, open Open) {
	b := setup(t, open, fixed(noon))
	b.do(func(tx workflow.Tx) error {
		for i := range 1001 {
			c := newCase(fmt.Sprint(i))
			c.Status = workflow.StatusOpen
			if err := created(b.ctx, tx, &c); err != nil {
				return err
			}
		}
		return nil
	})
	counts := must[map[workflow.Status]workflow.Count](t)(b.CountQueue(b.ctx, workflow.QueueQuery{}))
	if got, want := counts[workflow.StatusOpen], (workflow.Count{N: 1000, More: true}); got != want {
		t.Errorf("counted %+v of 1001, want %+v", got, want)
	}
}
