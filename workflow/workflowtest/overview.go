package workflowtest

import (
	"errors"
	"reflect"
	"testing"
	"time"

	"okienko/workflow"
)

var overviewTests = map[string]func(*testing.T, Open){
	"cases are counted by desk and status":                            testCountCases,
	"unfinished is what waits for the machine and has no job":         testUnfinished,
	"unfinished leaves alone what has a job, and what changed lately": testUnfinishedJobs,
}

func testCountCases(t *testing.T, open Open) {
	b := setup(t, open, fixed(noon))
	for i, desk := range []string{"SA", "KM", "KM", "KM"} {
		b.queued(string(rune('a'+i)), func(c *workflow.Case) {
			c.Route.Desk = desk
			if i == 3 {
				c.Status = workflow.StatusOpen
			}
		})
	}
	want := []workflow.CaseCount{
		{Desk: "KM", Status: workflow.StatusOpen, N: 1}, {Desk: "KM", Status: workflow.StatusProcessing, N: 2},
		{Desk: "SA", Status: workflow.StatusProcessing, N: 1},
	}
	if got := must[[]workflow.CaseCount](t)(b.CountCases(b.ctx)); !reflect.DeepEqual(got, want) {
		t.Errorf("counted %+v, want %+v", got, want)
	}
}

func testUnfinished(t *testing.T, open Open) {
	b := setup(t, open, fixed(noon))
	judge := b.create(newCase("judge"))
	done := b.queued("done", func(c *workflow.Case) { c.Stage, c.Status = workflow.StageDone, workflow.StatusOpen })
	b.queued("gave up", func(c *workflow.Case) { c.Status = workflow.StatusQuarantined })
	for _, status := range []workflow.LetterStatus{workflow.LetterQueued, workflow.LetterSending, workflow.LetterQueued,
		workflow.LetterDraft, workflow.LetterHeld, workflow.LetterSent, workflow.LetterUnknown} {
		l := letter(done.ID)
		l.Status = status
		b.save(l)
	}
	sent := b.queued("sent", func(c *workflow.Case) { c.Stage = workflow.StageDone })
	l := letter(sent.ID)
	l.Status = workflow.LetterSent
	b.save(l)
	want := []workflow.Unfinished{{Case: judge.ID, Stage: workflow.StageJudge}, {Case: done.ID, Stage: workflow.DeliverBy(letter(done.ID).Channel)}}
	if got := must[[]workflow.Unfinished](t)(b.Unfinished(b.ctx, noon.Add(time.Second), 10)); !reflect.DeepEqual(got, want) {
		t.Errorf("unfinished %+v, want %+v", got, want)
	}
	if got := must[[]workflow.Unfinished](t)(b.Unfinished(b.ctx, noon.Add(time.Second), 1)); !reflect.DeepEqual(got, want[:1]) {
		t.Errorf("the first unfinished is %+v, want %+v", got, want[:1])
	}
}

func testUnfinishedJobs(t *testing.T, open Open) {
	clock := newClock(noon)
	b := setup(t, open, clock.Now)
	c := b.create(newCase("a"))
	unfinished := func() int {
		return len(must[[]workflow.Unfinished](t)(b.Unfinished(b.ctx, noon.Add(time.Minute), 10)))
	}
	if got := unfinished(); got != 1 {
		t.Errorf("%d unfinished without a job", got)
	}
	b.do(func(tx workflow.Tx) error { return tx.Enqueue(b.ctx, c.ID, workflow.StageDeliver) })
	if got := unfinished(); got != 1 {
		t.Errorf("%d unfinished with a job of another stage", got)
	}
	wantError(t, b.Tx(b.ctx, func(tx workflow.Tx) error {
		return errors.Join(tx.Enqueue(b.ctx, c.ID, workflow.StageJudge), errTest)
	}), errTest)
	if got := unfinished(); got != 1 {
		t.Errorf("%d unfinished after a job that was rolled back", got)
	}
	b.do(func(tx workflow.Tx) error { return tx.Enqueue(b.ctx, c.ID, workflow.StageJudge) })
	if got := unfinished(); got != 0 {
		t.Errorf("%d unfinished with a job", got)
	}
	young := b.create(newCase("b"))
	clock.set(noon.Add(2 * time.Minute))
	b.update(young.ID, func(c *workflow.Case) { c.Owner = "ola" })
	if got := unfinished(); got != 0 {
		t.Errorf("%d unfinished that changed lately", got)
	}
}
