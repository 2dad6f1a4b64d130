package workflowtest

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"okienko/workflow"
)

var ledgerTests = map[string]func(*testing.T, Open){
	"seen is registered, duplicates, quarantined and pending": testBalance,
	"an item offered again stays the one that was registered": testSettleTwice,
	"what was registered can end in quarantine":               testQuarantineAfterAll,
	"a cursor is what was set last, for each source":          testCursor,
	"what is gone was not seen, until it is seen again":       testGone,
	"what has an outcome cannot be gone":                      testGoneTooLate,
}

func testBalance(t *testing.T, open Open) {
	clock := newClock(noon)
	b := setup(t, open, clock.Now)
	if got := must[[]workflow.SourceBalance](t)(b.Balance(b.ctx)); len(got) != 0 {
		t.Errorf("before anything was seen: %+v", got)
	}
	c := b.create(newCase("a"))
	see := func(source string, items ...string) {
		t.Helper()
		if err := b.Saw(b.ctx, source, items); err != nil {
			t.Fatal(err)
		}
	}
	settle := func(source, item string, outcome workflow.ReceiptOutcome, id workflow.CaseID) {
		t.Helper()
		b.do(func(tx workflow.Tx) error { return tx.Settle(b.ctx, source, item, outcome, id) })
	}
	see("poczta", "1", "2", "3", "4")
	see("poczta") // nothing
	clock.set(noon.Add(time.Minute))
	see("poczta", "4", "5", "5") // again
	settle("poczta", "1", workflow.ReceiptRegistered, c.ID)
	settle("poczta", "2", workflow.ReceiptDuplicate, c.ID)
	settle("poczta", "3", workflow.ReceiptQuarantined, 0)
	settle("epuap", "never seen before", workflow.ReceiptRegistered, c.ID)
	want := []workflow.SourceBalance{
		{Source: "epuap", Seen: 1, Registered: 1, LastSeen: micros(noon.Add(time.Minute))},
		{Source: "poczta", Seen: 5, Registered: 1, Duplicates: 1, Quarantined: 1, Pending: 2, LastSeen: micros(noon.Add(time.Minute))},
	}
	if got := must[[]workflow.SourceBalance](t)(b.Balance(b.ctx)); !reflect.DeepEqual(got, want) {
		t.Errorf("balance\n%+v, want\n%+v", got, want)
	}
}

func testSettleTwice(t *testing.T, open Open) {
	b := setup(t, open, fixed(noon))
	c := b.create(newCase("a"))
	for _, outcome := range []workflow.ReceiptOutcome{workflow.ReceiptQuarantined, workflow.ReceiptRegistered, workflow.ReceiptDuplicate} {
		b.do(func(tx workflow.Tx) error { return tx.Settle(b.ctx, "poczta", "1", outcome, c.ID) })
	}
	want := []workflow.SourceBalance{{Source: "poczta", Seen: 1, Registered: 1, LastSeen: micros(noon)}}
	if got := must[[]workflow.SourceBalance](t)(b.Balance(b.ctx)); !reflect.DeepEqual(got, want) {
		t.Errorf("balance %+v, want %+v", got, want)
	}
}

func testQuarantineAfterAll(t *testing.T, open Open) {
	b := setup(t, open, fixed(noon))
	c := b.create(newCase("a"))
	for _, outcome := range []workflow.ReceiptOutcome{workflow.ReceiptRegistered, workflow.ReceiptDuplicate, workflow.ReceiptQuarantined} {
		b.do(func(tx workflow.Tx) error { return tx.Settle(b.ctx, "poczta", "1", outcome, c.ID) })
	}
	b.wantLedger(workflow.SourceBalance{Seen: 1, Quarantined: 1})
}

// wantLedger holds the balance of "poczta" and its open items.
func (b bench) wantLedger(want workflow.SourceBalance, open ...string) {
	b.t.Helper()
	want.Source, want.LastSeen = "poczta", micros(noon)
	if got := must[[]workflow.SourceBalance](b.t)(b.Balance(b.ctx)); !reflect.DeepEqual(got, []workflow.SourceBalance{want}) {
		b.t.Errorf("balance %+v, want %+v", got, want)
	}
	if got := must[[]string](b.t)(b.Open(b.ctx, "poczta")); !slices.Equal(got, open) {
		b.t.Errorf("open are %q, want %q", got, open)
	}
}

func testGone(t *testing.T, open Open) {
	b := setup(t, open, fixed(noon))
	if got := must[[]string](t)(b.Open(b.ctx, "poczta")); len(got) != 0 {
		t.Errorf("before anything was seen, open are %q", got)
	}
	long := strings.Repeat("x", 3000) // names longer than an index takes are the same name each time
	wantError(t, b.Saw(b.ctx, "poczta", []string{"1699:1", "1699:2", long}), nil)
	for range 2 { // the second time changes nothing
		wantError(t, b.Gone(b.ctx, "poczta", []string{"1699:2", long, "never seen"}), nil)
		wantError(t, b.Gone(b.ctx, "epuap", []string{"1699:1"}), nil)
		b.wantLedger(workflow.SourceBalance{Seen: 1, Pending: 1, Gone: 2}, "1699:1")
	}
	wantError(t, b.Saw(b.ctx, "poczta", []string{"1699:2"}), nil)
	b.wantLedger(workflow.SourceBalance{Seen: 2, Pending: 2, Gone: 1}, "1699:1", "1699:2")
}

func testGoneTooLate(t *testing.T, open Open) {
	b := setup(t, open, fixed(noon))
	c := b.create(newCase("a"))
	items := []string{"1", "2", "3", "4"}
	wantError(t, b.Saw(b.ctx, "poczta", items), nil)
	for i, outcome := range []workflow.ReceiptOutcome{workflow.ReceiptRegistered, workflow.ReceiptDuplicate, workflow.ReceiptQuarantined} {
		b.do(func(tx workflow.Tx) error { return tx.Settle(b.ctx, "poczta", items[i], outcome, c.ID) })
	}
	wantError(t, b.Gone(b.ctx, "poczta", items), nil)
	wantError(t, b.Saw(b.ctx, "poczta", items[:3]), nil)
	b.wantLedger(workflow.SourceBalance{Seen: 3, Registered: 1, Duplicates: 1, Quarantined: 1, Gone: 1})
	b.do(func(tx workflow.Tx) error { return tx.Settle(b.ctx, "poczta", "4", workflow.ReceiptRegistered, c.ID) })
	b.wantLedger(workflow.SourceBalance{Seen: 4, Registered: 2, Duplicates: 1, Quarantined: 1})
}

func testCursor(t *testing.T, open Open) {
	b := setup(t, open, fixed(noon))
	for _, step := range []struct{ source, set, want string }{
		{"poczta", "", ""}, {"poczta", "1699:7", "1699:7"}, {"epuap", "x", "x"}, {"poczta", "1700:1", "1700:1"},
	} {
		if step.set != "" {
			if err := b.SetCursor(b.ctx, step.source, step.set); err != nil {
				t.Fatal(err)
			}
		}
		if got := must[string](t)(b.Cursor(b.ctx, step.source)); got != step.want {
			t.Errorf("cursor of %s is %q, want %q", step.source, got, step.want)
		}
	}
}
