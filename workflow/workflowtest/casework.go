package workflowtest

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	"okienko/validate"
	"okienko/workflow"
)

var caseworkTests = map[string]func(*testing.T, Open){
	"rulings stand over every judgement and leave it as the machine's": testRulings,
	"the last step replaces the one before":                            testLastStep,
	"parts share the number of their letter, gap-free":                 testParts,
	"six clerks split one letter at once":                              testPartsRace,
	"six clerks at one case: one gets through":                         testSixClerks,
	"two cases locked from both ends do not stop each other":           testLockBoth,
	"a dropped link is gone, others stay":                              testDropLink,
}

func testRulings(t *testing.T, open Open) {
	b := setup(t, open, fixed(noon))
	c, other := b.create(newCase("a")), b.create(newCase("b"))
	machine := []validate.Finding{
		{Requirement: "podpis", Outcome: validate.Missing, Because: "Nie znaleziono podpisu."},
		{Requirement: "adres", Outcome: validate.Met},
	}
	judged := func(findings []validate.Finding) {
		b.do(func(tx workflow.Tx) error { return tx.Judged(b.ctx, c.ID, workflow.Judgement{Findings: findings}) })
	}
	judged(machine)
	ruling := workflow.Ruling{Requirement: "podpis", Outcome: validate.Met, Because: "Podpis na odwrocie.", By: "ola", At: micros(noon)}
	b.do(func(tx workflow.Tx) error { return tx.SetRulings(b.ctx, c.ID, []workflow.Ruling{ruling}) })

	read := func() workflow.Judgement { return must[workflow.Judgement](t)(b.Judgement(b.ctx, c.ID)) }
	got := read()
	if !reflect.DeepEqual(got.Rulings, []workflow.Ruling{ruling}) {
		t.Errorf("rulings %+v", got.Rulings)
	}
	if f := got.Findings[0]; f.Outcome != validate.Met || f.Because != ruling.Because || f.Overruled == nil || *f.Overruled != machine[0] {
		t.Errorf("ruled %+v", f)
	}
	judged(got.Findings) // what was read, stored again
	if f := read().Findings[0]; f.Overruled == nil || *f.Overruled != machine[0] {
		t.Errorf("after storing what was read: %+v", f)
	}
	judged([]validate.Finding{machine[1], machine[0]}) // and a new judgement
	if f := read().Findings[1]; f.Outcome != validate.Met {
		t.Errorf("after a new judgement: %+v", f)
	}
	b.do(func(tx workflow.Tx) error { return tx.SetRulings(b.ctx, c.ID, nil) })
	if got := read(); len(got.Rulings) != 0 || !reflect.DeepEqual(got.Findings, []validate.Finding{machine[1], machine[0]}) {
		t.Errorf("taken back: %+v", got.Findings)
	}
	if _, err := b.Judgement(b.ctx, other.ID); !errors.Is(err, workflow.ErrNotFound) {
		t.Errorf("another case: %v", err)
	}
}

func testLastStep(t *testing.T, open Open) {
	b := setup(t, open, fixed(noon))
	c := b.create(newCase("a"))
	if _, err := b.LastStep(b.ctx, c.ID); !errors.Is(err, workflow.ErrNotFound) {
		t.Errorf("before any step: %v", err)
	}
	step := workflow.Step{Case: c.ID, Version: 2, By: "ola", At: micros(noon), Kind: workflow.EventClaimed,
		Before: workflow.Standing{Status: workflow.StatusOpen, Route: workflow.Route{Desk: "KM", Because: "Sprawa."}}}
	for _, next := range []workflow.Step{step, {Case: c.ID, Version: 3, By: "jan", At: micros(noon.Add(time.Hour)), Kind: workflow.EventRuled,
		Before:  workflow.Standing{Status: workflow.StatusWaiting, Owner: "jan", Reason: "…"},
		Rulings: []workflow.Ruling{{Requirement: "podpis", Outcome: validate.Met, By: "jan", At: micros(noon)}}}} {
		b.do(func(tx workflow.Tx) error { return tx.KeepStep(b.ctx, next) })
		if got := must[workflow.Step](t)(b.LastStep(b.ctx, c.ID)); !reflect.DeepEqual(got, next) {
			t.Errorf("read\n%+v, want\n%+v", got, next)
		}
	}
}

// splitOff adds a part to a case as the desk does: lock, then create.
func (b bench) splitOff(of workflow.CaseID) (part workflow.Case, err error) {
	err = b.Tx(b.ctx, func(tx workflow.Tx) error {
		whole, err := tx.Lock(b.ctx, of)
		if err != nil {
			return err
		}
		part = workflow.Case{Submission: whole.Submission, RegisteredAt: whole.RegisteredAt, Stage: workflow.StageDone,
			Status: workflow.StatusOpen, Procedure: "odpis_aktu", Parent: whole.ID}
		return tx.CreatePart(b.ctx, whole, &part)
	})
	return part, err
}

func testParts(t *testing.T, open Open) {
	b := setup(t, open, fixed(noon))
	whole, next := b.create(newCase("a")), b.create(newCase("b"))
	for i := range 2 {
		part := must[workflow.Case](t)(b.splitOff(whole.ID))
		if want := fmt.Sprintf("%s-%d", whole.Number, i+2); part.Number != want || part.ID == 0 || part.Version != 1 {
			t.Errorf("part %d is %s with ID %d and version %d, want %s", i, part.Number, part.ID, part.Version, want)
		}
		got := must[workflow.Case](t)(b.Case(b.ctx, part.ID))
		if !reflect.DeepEqual(got, part) || !reflect.DeepEqual(got.Submission.Originals, whole.Submission.Originals) {
			t.Errorf("read\n%+v, want\n%+v", got, part)
		}
	}
	if part := must[workflow.Case](t)(b.splitOff(next.ID)); part.Number != next.Number+"-2" {
		t.Errorf("the part of another letter is %s", part.Number)
	}
	if id, err := b.Numbered(b.ctx, whole.Number+"-3"); err != nil || id == whole.ID {
		t.Errorf("the second part by its number: case %d (%v)", id, err)
	}
	if _, err := b.Numbered(b.ctx, whole.Number+"-4"); !errors.Is(err, workflow.ErrNotFound) {
		t.Errorf("a number nobody has: %v", err)
	}
	after := newCase("c")
	b.do(func(tx workflow.Tx) error { return created(b.ctx, tx, &after) })
	if after.Number != "RPW/3/2026" {
		t.Errorf("the next letter is %s: parts took numbers of the register", after.Number)
	}
	again := newCase("a") // the letter offered again is still the whole
	b.do(func(tx workflow.Tx) error {
		isNew, err := tx.Create(b.ctx, &again)
		if isNew || again.ID != whole.ID {
			t.Errorf("a second copy is case %d, new %t", again.ID, isNew)
		}
		return err
	})
}

func testPartsRace(t *testing.T, open Open) {
	b := setup(t, open, fixed(noon))
	whole := b.create(newCase("a"))
	numbers := make([]string, 6)
	for _, err := range atOnce(6, func(i int) error {
		part, err := b.splitOff(whole.ID)
		numbers[i] = part.Number
		return err
	}) {
		if err != nil {
			t.Error(err)
		}
	}
	slices.Sort(numbers)
	for i, n := range numbers {
		if n != fmt.Sprintf("%s-%d", whole.Number, i+2) {
			t.Fatalf("numbers %v", numbers)
		}
	}
}

// testSixClerks is what the desk does with every action: lock, compare with the version the clerk saw, act, keep the step. All
// saw the same version, and each does something else.
func testSixClerks(t *testing.T, open Open) {
	b := setup(t, open, fixed(noon))
	c := b.create(newCase("a"))
	c = b.update(c.ID, func(c *workflow.Case) {
		c.Stage, c.Status, c.Route.Desk = workflow.StageDone, workflow.StatusOpen, "KM"
	})
	act := []func(d *workflow.Deed) error{
		func(d *workflow.Deed) error { return workflow.Assign(b.ctx, d, workflow.User{Name: "ewa"}) },
		func(d *workflow.Deed) error { return workflow.HandOver(b.ctx, d, "SA", "Sprawa SA.") },
		func(d *workflow.Deed) error {
			return workflow.PassOn(b.ctx, d, "Starosta", &workflow.Letter{Kind: workflow.ReplyForward})
		},
		func(d *workflow.Deed) error { return workflow.Assign(b.ctx, d, workflow.User{Name: "iga"}) },
		func(d *workflow.Deed) error { return workflow.HandOver(b.ctx, d, "PD", "Sprawa PD.") },
		func(d *workflow.Deed) error { return workflow.Assign(b.ctx, d, workflow.User{Name: "ula"}) },
	}
	through := 0
	for _, err := range atOnce(len(act), func(i int) error {
		return b.Tx(b.ctx, func(tx workflow.Tx) error {
			locked, err := tx.Lock(b.ctx, c.ID)
			if err != nil {
				return err
			}
			if locked.Version != c.Version {
				return workflow.ErrConflict
			}
			return act[i](&workflow.Deed{Tx: tx, Case: &locked, Before: locked, By: workflow.User{Name: fmt.Sprint("clerk", i)}, Now: noon})
		})
	}) {
		switch {
		case err == nil:
			through++
		case !errors.Is(err, workflow.ErrConflict):
			t.Error(err)
		}
	}
	events := must[[]workflow.Event](t)(b.Events(b.ctx, c.ID))
	after := must[workflow.Case](t)(b.Case(b.ctx, c.ID))
	if through != 1 || after.Version != c.Version+1 {
		t.Errorf("%d got through, version %d after %d, events %+v", through, after.Version, c.Version, events)
	}
}

func testLockBoth(t *testing.T, open Open) {
	b := setup(t, open, fixed(noon))
	one, two := b.create(newCase("1")), b.create(newCase("2"))
	for _, err := range atOnce(8, func(i int) error {
		first, second := one.ID, two.ID
		if i%2 == 1 {
			first, second = second, first
		}
		return b.Tx(b.ctx, func(tx workflow.Tx) error {
			a, c, err := workflow.LockBoth(b.ctx, tx, first, second)
			if err != nil {
				return err
			}
			if a.ID != first || c.ID != second {
				t.Errorf("asked for %d and %d, got %d and %d", first, second, a.ID, c.ID)
			}
			if err := tx.Update(b.ctx, &a); err != nil {
				return err
			}
			return tx.Update(b.ctx, &c)
		})
	}) {
		if err != nil {
			t.Error(err)
		}
	}
	if got := must[workflow.Case](t)(b.Case(b.ctx, two.ID)); got.Version != two.Version+8 {
		t.Errorf("version %d after %d", got.Version, two.Version)
	}
}

func testDropLink(t *testing.T, open Open) {
	b := setup(t, open, fixed(noon))
	one, two, three := b.create(newCase("1")), b.create(newCase("2")), b.create(newCase("3"))
	for _, id := range []workflow.CaseID{one.ID, two.ID} {
		b.do(func(tx workflow.Tx) error {
			return tx.SaveLink(b.ctx, three.ID, workflow.Link{Case: id, Kind: workflow.LinkSupplement, Score: 1, Attached: true})
		})
	}
	b.do(func(tx workflow.Tx) error { return tx.DropLink(b.ctx, three.ID, one.ID) })
	b.do(func(tx workflow.Tx) error { return tx.DropLink(b.ctx, two.ID, three.ID) }) // there is none in this direction
	left := must[[]workflow.LinkedCase](t)(b.CaseLinks(b.ctx, three.ID))
	if len(left) != 1 || left[0].Other.ID != two.ID {
		t.Errorf("left %+v", left)
	}
}
