package workflowtest

import (
	"reflect"
	"testing"
	"time"

	"okienko/workflow"
)

var ledgerTests = map[string]func(*testing.T, Open){
	"seen is registered, duplicates, quarantined and pending": testBalance,
	"an item offered again stays the one that was registered": testSettleTwice,
	"a cursor is what was set last, for each source":          testCursor,
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
