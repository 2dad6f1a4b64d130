package workflowtest

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"okienko/workflow"
)

var linkTests = map[string]func(*testing.T, Open){
	"related cases are found by any key, oldest first":               testRelated,
	"of many that put one key at once exactly one finds nothing":     testRelatedRace,
	"keys in another order, or some of them, do not stop each other": testKeyOrder,
	"a key may be as long as strangers make it":                      testLongKey,
	"links are seen from both ends":                                  testLinks,
}

func keys(values ...string) []workflow.Key {
	var list []workflow.Key
	for _, v := range values {
		list = append(list, workflow.Key{Kind: workflow.KeyPerson, Value: v})
	}
	return list
}

func (b bench) put(id workflow.CaseID, list []workflow.Key) {
	b.t.Helper()
	b.do(func(tx workflow.Tx) error { return tx.PutKeys(b.ctx, id, list) })
}

func (b bench) related(self workflow.CaseID, list []workflow.Key) (found []workflow.Related) {
	b.t.Helper()
	b.do(func(tx workflow.Tx) (err error) {
		found, err = tx.Related(b.ctx, self, list)
		return err
	})
	return found
}

func testRelated(t *testing.T, open Open) {
	b := setup(t, open, fixed(noon))
	one, two, three := b.create(newCase("1")), b.create(newCase("2")), b.create(newCase("3"))
	b.put(two.ID, keys("x", "y"))
	b.put(two.ID, keys("y")) // again: no matter
	b.put(one.ID, keys("y"))
	b.put(three.ID, keys("z"))
	b.put(three.ID, []workflow.Key{{Kind: workflow.KeyThing, Value: "y"}}) // another kind is another key
	got := b.related(three.ID, keys("y", "x", "z", "y"))
	want := []workflow.Related{
		{Key: keys("y")[0], Case: one}, {Key: keys("x")[0], Case: two}, {Key: keys("y")[0], Case: two},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("found\n%+v, want\n%+v", got, want)
	}
	if got := b.related(0, nil); len(got) != 0 {
		t.Errorf("without keys: %v", got)
	}
	if got := b.related(0, keys("unknown")); len(got) != 0 {
		t.Errorf("under a key nobody put: %v", got)
	}
}

// testRelatedRace is how duplicates are found that arrive at once over two channels: each looks, then puts. Whoever comes
// second must see the first.
func testRelatedRace(t *testing.T, open Open) {
	const n = 12
	b := setup(t, open, fixed(noon))
	ids := make([]workflow.CaseID, n)
	for i := range ids {
		ids[i] = b.create(newCase(fmt.Sprint(i))).ID
	}
	for round := range 5 {
		found := make([]int, n)
		for _, err := range atOnce(n, func(i int) error {
			list := keys(fmt.Sprint(round), fmt.Sprint("own", i))
			return b.Tx(b.ctx, func(tx workflow.Tx) error {
				if _, err := tx.Lock(b.ctx, ids[i]); err != nil {
					return err
				}
				others, err := tx.Related(b.ctx, ids[i], list)
				if err != nil {
					return err
				}
				found[i] = len(others)
				return tx.PutKeys(b.ctx, ids[i], list)
			})
		}) {
			if err != nil {
				t.Error(err)
			}
		}
		slices.Sort(found)
		for i := range found {
			if found[i] != i { // the first saw none, the second one, …
				t.Fatalf("they saw %v others", found)
			}
		}
	}
}

func testKeyOrder(t *testing.T, open Open) {
	b := setup(t, open, fixed(noon))
	c := b.create(newCase("a"))
	for _, err := range atOnce(8, func(i int) error {
		list := keys("a", "b", "c", "d", "e")
		if i%2 == 1 {
			slices.Reverse(list)
		}
		for range 5 {
			if err := b.Tx(b.ctx, func(tx workflow.Tx) error {
				if _, err := tx.Related(b.ctx, 0, list); err != nil {
					return err
				}
				return tx.PutKeys(b.ctx, c.ID, list[:3])
			}); err != nil {
				return err
			}
		}
		return nil
	}) {
		if err != nil {
			t.Error(err)
		}
	}
}

func testLongKey(t *testing.T, open Open) {
	b := setup(t, open, fixed(noon))
	c := b.create(newCase("a"))
	long := keys("x\x00" + strings.Repeat("długi", 5000) + "1")
	b.put(c.ID, long)
	got := b.related(0, long)
	if len(got) != 1 || got[0].Key != long[0] {
		t.Errorf("found %d cases under a long key", len(got))
	}
	if got := b.related(0, keys("x\x00"+strings.Repeat("długi", 5000)+"2")); len(got) != 0 {
		t.Error("another long key with the same beginning found it")
	}
	item := strings.Repeat("y", 9000)
	b.do(func(tx workflow.Tx) error { return tx.Settle(b.ctx, "scan", item, workflow.ReceiptRegistered, c.ID) })
}

func testLinks(t *testing.T, open Open) {
	b := setup(t, open, fixed(noon))
	one, two, three := b.create(newCase("1")), b.create(newCase("2")), b.create(newCase("3"))
	down := workflow.Link{Case: one.ID, Kind: workflow.LinkDuplicate, Score: 0.7, Because: "ten sam PESEL"}
	up := workflow.Link{Case: two.ID, Kind: workflow.LinkSupplement, Score: 1, Attached: true, Because: "odpowiedź"}
	b.do(func(tx workflow.Tx) error { return tx.SaveLink(b.ctx, two.ID, down) })
	down.Attached, down.Score = true, 0.95 // a clerk agreed
	b.do(func(tx workflow.Tx) error { return tx.SaveLink(b.ctx, two.ID, down) })
	b.do(func(tx workflow.Tx) error { return tx.SaveLink(b.ctx, three.ID, up) })

	got := must[[]workflow.LinkedCase](t)(b.CaseLinks(b.ctx, two.ID))
	if len(got) != 2 {
		t.Fatalf("%d links", len(got))
	}
	if got[0].Link != down || !got[0].Earlier || got[0].Other.ID != one.ID || got[0].Other.Number != one.Number {
		t.Errorf("downwards %+v", got[0])
	}
	if got[1].Link != up || got[1].Earlier || got[1].Other.ID != three.ID {
		t.Errorf("upwards %+v", got[1])
	}
}
