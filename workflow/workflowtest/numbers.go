package workflowtest

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"okienko/ingest"
	"okienko/workflow"
)

func contextWithCancel(b bench) (context.Context, context.CancelFunc) {
	return context.WithCancel(b.ctx)
}

var numberTests = map[string]func(*testing.T, Open){
	"64 writers get gap-free numbers without a double in each year": testNumbers,
	"the year of a number is the year in Warsaw":                    testYear,
	"tests have numbers of their own":                               testTestNumbers,
	"64 copies of one submission at once are one case":              testCopies,
}

// testNumbers lets 64 writers register cases of two years, some of which fail after they took their number or are second
// copies: neither may leave a gap.
func testNumbers(t *testing.T, open Open) {
	const writers, each = 64, 6
	b := setup(t, open, fixed(noon))
	b.create(newCase("twin"))
	for _, err := range atOnce(writers, func(w int) error {
		for i := range each {
			if err := register(b, w, i); err != nil {
				return err
			}
		}
		return nil
	}) {
		if err != nil {
			t.Error(err)
		}
	}
	want := map[string]bool{}
	for n := range writers*each/2 + 1 { // one more: the twin
		want[fmt.Sprintf("RPW/%d/2026", n+1)] = true
	}
	for n := range writers * each / 2 {
		want[fmt.Sprintf("RPW/%d/2027", n+1)] = true
	}
	for _, c := range allCases(b, workflow.QueueQuery{}) {
		if !want[c.Number] {
			t.Errorf("number %s is a double or out of the series", c.Number)
		}
		delete(want, c.Number)
	}
	if len(want) > 0 {
		t.Errorf("%d numbers are missing: %v", len(want), want)
	}
}

// testTestNumbers holds that no test leaves a trace in the register of letters.
func testTestNumbers(t *testing.T, open Open) {
	b := setup(t, open, fixed(noon))
	var got []string
	for _, subject := range []string{"a", "test", "b", "test too", "c"} {
		c := newCase(subject)
		if strings.HasPrefix(subject, "test") {
			c.Submission.Meta = map[string]string{ingest.MetaTest: "true"}
		}
		got = append(got, b.create(c).Number)
	}
	if want := []string{"RPW/1/2026", "TEST/1/2026", "RPW/2/2026", "TEST/2/2026", "RPW/3/2026"}; !slices.Equal(got, want) {
		t.Errorf("numbers %v, want %v", got, want)
	}
	found := must[[]workflow.CaseSummary](t)(b.Queue(b.ctx, workflow.QueueQuery{Text: "test/2/2026"}))
	if len(found) != 1 || found[0].Number != "TEST/2/2026" {
		t.Errorf("its number finds %+v", found)
	}
}

func register(b bench, writer, i int) error {
	fails := rand.IntN(3) == 0
	for {
		c := newCase(fmt.Sprintf("%d/%d", writer, i))
		c.RegisteredAt = noon.AddDate(i%2, 0, 0)
		twin := newCase("twin")
		err := b.Tx(b.ctx, func(tx workflow.Tx) error {
			if _, err := tx.Create(b.ctx, &twin); err != nil {
				return err
			}
			if err := created(b.ctx, tx, &c); err != nil {
				return err
			}
			if fails {
				return errTest
			}
			return nil
		})
		if !fails {
			return err
		}
		fails = false
	}
}

func testYear(t *testing.T, open Open) {
	clock := newClock(time.Date(2026, 12, 31, 22, 59, 59, 0, time.UTC)) // 23:59:59 in Warsaw
	b := setup(t, open, clock.Now)
	if c := b.create(newCase("a")); c.Number != "RPW/1/2026" || !c.RegisteredAt.Equal(clock.Now()) {
		t.Errorf("%s at %v", c.Number, c.RegisteredAt)
	}
	clock.set(clock.Now().Add(time.Second))
	if c := b.create(newCase("b")); c.Number != "RPW/1/2027" {
		t.Errorf("in the first second of the year: %s", c.Number)
	}
	old := newCase("c")
	old.RegisteredAt = noon
	if c := b.create(old); c.Number != "RPW/2/2026" {
		t.Errorf("registered by the caller's clock: %s", c.Number)
	}
}

func testCopies(t *testing.T, open Open) {
	b := setup(t, open, fixed(noon))
	ids := make([]workflow.CaseID, 64)
	news := make([]bool, 64)
	for _, err := range atOnce(len(ids), func(i int) error {
		c := newCase("a")
		return b.Tx(b.ctx, func(tx workflow.Tx) (err error) {
			news[i], err = tx.Create(b.ctx, &c)
			ids[i] = c.ID
			return err
		})
	}) {
		if err != nil {
			t.Error(err)
		}
	}
	created := 0
	for i := range ids {
		if news[i] {
			created++
		}
		if ids[i] != ids[0] {
			t.Errorf("copy %d is case %d, another is %d", i, ids[i], ids[0])
		}
	}
	if created != 1 {
		t.Errorf("created %d times", created)
	}
	if next := b.create(newCase("b")); next.Number != "RPW/2/2026" {
		t.Errorf("the copies used numbers up: the next is %s", next.Number)
	}
}
