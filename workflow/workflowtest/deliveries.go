package workflowtest

import (
	"errors"
	"reflect"
	"testing"
	"time"

	"okienko/workflow"
)

var deliveryTests = map[string]func(*testing.T, Open){
	"a delivery comes back as it was saved, and changes":      testDelivery,
	"due deliveries come longest due first and no others":     testDueDeliveries,
	"where the key alone is the identity, bytes make no case": testKeyOnly,
}

func testDelivery(t *testing.T, open Open) {
	b := setup(t, open, fixed(noon))
	c := b.create(newCase("a"))
	l := b.save(letter(c.ID))
	d := workflow.Delivery{Letter: l.ID, Case: c.ID, Way: workflow.ByEDelivery, From: "AE:PL-1", SentAt: noon}
	b.saveDelivery(d)
	d.SentAt = micros(noon)
	if got := must[[]workflow.Delivery](t)(b.CaseDeliveries(b.ctx, c.ID)); !reflect.DeepEqual(got, []workflow.Delivery{d}) {
		t.Errorf("read\n%+v, want\n%+v", got, d)
	}
	d.Task, d.Message, d.Status, d.Deemed, d.DeliveredAt, d.LookedAt = "zadanie-1", "wiad-1", "Uznana za doręczoną", true, noon.Add(time.Hour), noon.Add(2*time.Hour)
	d.Way, d.From, d.DueAt = workflow.ByPost, "AE:PL-2", noon.Add(3*time.Hour)
	d.Proofs = []string{"1", "2"}
	b.saveDelivery(d)
	b.do(func(tx workflow.Tx) error {
		got, err := tx.Delivery(b.ctx, l.ID)
		if got.Message != "wiad-1" || len(got.Proofs) != 2 {
			t.Errorf("read inside a transaction: %+v", got)
		}
		if _, err := tx.Delivery(b.ctx, l.ID+1); !errors.Is(err, workflow.ErrNotFound) {
			t.Errorf("a delivery that is not there: %v", err)
		}
		return err
	})
	d.DeliveredAt, d.LookedAt, d.DueAt = micros(d.DeliveredAt), micros(d.LookedAt), micros(d.DueAt)
	if got := must[[]workflow.Delivery](t)(b.CaseDeliveries(b.ctx, c.ID)); !reflect.DeepEqual(got, []workflow.Delivery{d}) {
		t.Errorf("read\n%+v, want\n%+v", got, d)
	}
}

func (b bench) saveDelivery(d workflow.Delivery) {
	b.t.Helper()
	b.do(func(tx workflow.Tx) error { return tx.SaveDelivery(b.ctx, d) })
}

func testDueDeliveries(t *testing.T, open Open) {
	b := setup(t, open, fixed(noon))
	c := b.create(newCase("a"))
	var ids []workflow.LetterID
	for _, due := range []time.Time{noon.Add(-time.Hour), {}, noon, noon.Add(-2 * time.Hour), noon.Add(time.Millisecond)} {
		l := b.save(letter(c.ID))
		ids = append(ids, l.ID)
		b.saveDelivery(workflow.Delivery{Letter: l.ID, Case: c.ID, DueAt: due, DeliveredAt: due}) // ended or not: what counts is DueAt
	}
	order := func(limit int) (got []workflow.LetterID) {
		for _, d := range must[[]workflow.Delivery](t)(b.DueDeliveries(b.ctx, noon, limit)) {
			got = append(got, d.Letter)
		}
		return got
	}
	if got, want := order(10), []workflow.LetterID{ids[3], ids[0], ids[2]}; !reflect.DeepEqual(got, want) {
		t.Errorf("due are %v, want %v", got, want)
	}
	if got := order(2); len(got) != 2 {
		t.Errorf("%d of at most 2", len(got))
	}
}

func testKeyOnly(t *testing.T, open Open) {
	b := setup(t, open, fixed(noon))
	message := func(body, key string) workflow.Case {
		c := newCase(body)
		c.Submission.Key, c.Submission.KeyOnly = key, true
		return c
	}
	first := b.create(message("a", "wiad-1"))
	again := message("b", "wiad-1")
	b.do(func(tx workflow.Tx) error {
		isNew, err := tx.Create(b.ctx, &again)
		if isNew {
			t.Error("the same message with other bytes became a second case")
		}
		return err
	})
	if again.ID != first.ID {
		t.Errorf("the second copy is %d, the first %d", again.ID, first.ID)
	}
	if other := b.create(message("a", "wiad-2")); other.ID == first.ID {
		t.Error("two messages with equal bytes became one case")
	}
	if sub := must[workflow.Case](t)(b.Case(b.ctx, first.ID)).Submission; !sub.KeyOnly {
		t.Errorf("read %+v", sub)
	}
}
