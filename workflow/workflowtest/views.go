package workflowtest

import (
	"reflect"
	"testing"
	"time"

	"okienko/ingest"
	"okienko/workflow"
)

var viewTests = map[string]func(*testing.T, Open){
	"a view is its owner's, or of everybody at a desk": testViews,
	"a source keeps the time of its last contact":      testContacts,
	"items without an outcome are listed":              testPendingItems,
}

func testViews(t *testing.T, open Open) {
	b := setup(t, open, fixed(noon))
	add := func(name, owner, desk string) workflow.View {
		v := workflow.View{Name: name, Owner: owner, Desk: desk, Filter: "/queue?tab=all", CreatedBy: "ola"}
		if err := b.AddView(b.ctx, &v); err != nil {
			t.Fatal(err)
		}
		return v
	}
	mine, desk, other := add("b", "ola", ""), add("a", "", "KM"), add("c", "", "SA")
	add("d", "jan", "")
	for _, test := range []struct {
		name  string
		desks []string
		want  []workflow.View
	}{
		{"a clerk", []string{"KM"}, []workflow.View{desk, mine}},
		{"somebody without desks", []string{}, []workflow.View{mine}},
		{"who sees all desks", nil, []workflow.View{desk, mine, other}},
	} {
		if got := must[[]workflow.View](t)(b.Views(b.ctx, "ola", test.desks)); !reflect.DeepEqual(got, test.want) {
			t.Errorf("%s: %+v, want %+v", test.name, got, test.want)
		}
	}
	wantError(t, b.AddView(b.ctx, &workflow.View{Name: "b", Owner: "ola"}), workflow.ErrConflict)
	wantError(t, b.DropView(b.ctx, mine.ID), nil)
	wantError(t, b.DropView(b.ctx, mine.ID), workflow.ErrNotFound)
	if got := must[[]workflow.View](t)(b.Views(b.ctx, "ola", []string{})); len(got) != 0 {
		t.Errorf("after dropping it: %+v", got)
	}
}

func testContacts(t *testing.T, open Open) {
	b := setup(t, open, fixed(noon))
	for _, list := range [][]workflow.SourceContact{
		{{Source: "poczta", Channel: ingest.Email, ContactAt: noon}, {Source: "epuap", Channel: ingest.EPUAP, Trouble: "down"}},
		{{Source: "poczta", Channel: ingest.Email, Trouble: "refused"}, {Source: "epuap", Channel: ingest.EPUAP, ContactAt: noon.Add(time.Second)}},
	} {
		if err := b.SaveContacts(b.ctx, list); err != nil {
			t.Fatal(err)
		}
	}
	want := []workflow.SourceContact{
		{Source: "epuap", Channel: ingest.EPUAP, ContactAt: micros(noon.Add(time.Second))},
		{Source: "poczta", Channel: ingest.Email, ContactAt: micros(noon), Trouble: "refused"},
	}
	if got := must[[]workflow.SourceContact](t)(b.SourceContacts(b.ctx)); !reflect.DeepEqual(got, want) {
		t.Errorf("contacts %+v, want %+v", got, want)
	}
}

func testPendingItems(t *testing.T, open Open) {
	now := newClock(noon)
	b := setup(t, open, now.Now)
	saw := func(at time.Time, items ...string) {
		now.set(at)
		if err := b.Saw(b.ctx, "poczta", items); err != nil {
			t.Fatal(err)
		}
	}
	saw(noon.Add(time.Minute), "1:3")
	saw(noon, "1:2", "1:1")
	c := b.create(newCase("x"))
	b.do(func(tx workflow.Tx) error { return tx.Settle(b.ctx, "poczta", "1:2", workflow.ReceiptRegistered, c.ID) })
	want := []workflow.SourceItem{{Item: "1:1", SeenAt: micros(noon)}, {Item: "1:3", SeenAt: micros(noon.Add(time.Minute))}}
	if got := must[[]workflow.SourceItem](t)(b.Pending(b.ctx, "poczta", 10)); !reflect.DeepEqual(got, want) {
		t.Errorf("pending %+v, want %+v", got, want)
	}
	if got := must[[]workflow.SourceItem](t)(b.Pending(b.ctx, "poczta", 1)); !reflect.DeepEqual(got, want[:1]) {
		t.Errorf("the first is %+v, want %+v", got, want[:1])
	}
}
