package main

import (
	"flag"
	"fmt"
	"os/exec"
	"sync/atomic"
	"testing"

	"okienko/workflow"
	"okienko/workflow/store"
	"okienko/workflow/workflowtest"
)

// crashStride of 1 kills at every single step; `make crash` does so. The default keeps the whole suite short, and runs of other
// days kill at other steps (workflowtest.FirstStep).
var crashStride = flag.Int("crash-stride", 24, "kill the program at every n-th durable step")

// sparseStride is that of channels other than mail: 1 where every step is wanted, else three times that of mail, since most
// steps are those of any case.
func sparseStride() int {
	if *crashStride <= 1 {
		return 1
	}
	return 3 * *crashStride
}

// crashParallel is how many killed programs run side by side: they mostly wait for the disk.
const crashParallel = 4

// TestKilledAnywhereOneLetterIsOneCaseAndAtMostOneReply is promises P1, P2 and P3: the real program is killed with SIGKILL right
// before each fsync, each write and each send of the intake of one letter, started again, and must end with one case, at most
// one reply, the letter acknowledged and the ledger balanced.
func TestKilledAnywhereOneLetterIsOneCaseAndAtMostOneReply(t *testing.T) {
	for name, database := range databases {
		crashEverywhere(t, name, *crashStride, func(t *testing.T) crashable { return newOffice(t, database(t)) })
	}
}

// TestKilledAnywhereWithARealMailServer is the same with Dovecot as the source, whose moves and answers are not our own server's.
// Its strides are longer: what is stored where does not depend on the mail server.
func TestKilledAnywhereWithARealMailServer(t *testing.T) {
	server := newDovecot(t)
	var accounts atomic.Int64
	for name, database := range databases {
		crashEverywhere(t, "Dovecot and "+name, 2*(*crashStride), func(t *testing.T) crashable {
			return newOfficeAt(t, database(t), accountAt(server, fmt.Sprint("kancelaria", accounts.Add(1))))
		})
	}
}

// crashable is an office with one channel, through which one letter comes and its answer goes.
type crashable interface {
	offer(t *testing.T) // puts the letter into the channel
	answers() int       // how many the channel has carried
	answered() bool     // whether the channel carries an answer at all
	// taken wants the one case on a desk, and the letter taken out of the channel.
	taken(t *testing.T, c workflow.CaseSummary, tally *crashTally)

	serveOnce(t *testing.T) *exec.Cmd
	workOff(t *testing.T)
	cases(t *testing.T) ([]workflow.CaseSummary, []workflow.Letter)
	open(t *testing.T) *store.Store
}

// crashStory is a letter with a PDF that gets an answer.
const crashStory = "zbycie-octavia"

func (o *office) offer(t *testing.T) { o.deliver(t, crashStory) }
func (o *office) answers() int       { return len(o.sink.Messages()) }
func (o *office) answered() bool     { return true }

func (o *office) taken(t *testing.T, c workflow.CaseSummary, _ *crashTally) {
	t.Helper()
	if c.Status != workflow.StatusOpen || c.Number == "" {
		t.Errorf("case %s is %s, want it open on a desk", c.Number, c.Status)
	}
	if left, done := o.mailbox.Count("INBOX"), o.mailbox.Count("Okienko"); left != 0 || done < 1 {
		t.Errorf("%d letters left in the mailbox, %d in the done folder: want 0 and 1", left, done)
	}
}

// crashEverywhere kills at every stride-th durable step, each time in a new office.
func crashEverywhere(t *testing.T, name string, stride int, open func(*testing.T) crashable) {
	t.Run(name, func(t *testing.T) {
		total := crashFree(t, open(t))
		var tally crashTally
		eachStep(t, total, stride, func(t *testing.T, n int) { crashAt(t, n, open(t), &tally) })
		t.Logf("%s: %d durable steps, killed at every %d. from the %d. on: %s", name, total, stride, workflowtest.FirstStep(stride), &tally)
		if tally.killed.Load() == 0 {
			t.Error("nothing was killed: the test shows nothing")
		}
	})
}

// eachStep runs trial for every stride-th of the steps, crashParallel at a time, and returns when all have ended.
func eachStep(t *testing.T, steps, stride int, trial func(t *testing.T, n int)) {
	slots := make(chan struct{}, crashParallel)
	t.Run("killed", func(t *testing.T) {
		for n := workflowtest.FirstStep(stride); n <= steps; n += stride {
			t.Run(fmt.Sprint(n), func(t *testing.T) {
				t.Parallel()
				slots <- struct{}{}
				defer func() { <-slots }()
				trial(t, n)
			})
		}
	})
}

// crashTally counts trials by how they ended. told are attachments whose loss on the wire was told, which only ePUAP knows.
type crashTally struct{ trials, killed, lost, doubled, twice, sent, unknown, told atomic.Int64 }

func (c *crashTally) String() string {
	return fmt.Sprintf("%d trials, %d of them killed: %d letters lost, %d doubled, %d answered twice; %d answers sent, %d unknown, %d attachments lost on the wire and told",
		c.trials.Load(), c.killed.Load(), c.lost.Load(), c.doubled.Load(), c.twice.Load(), c.sent.Load(), c.unknown.Load(), c.told.Load())
}

// crashFree counts the durable steps of an undisturbed run.
func crashFree(t *testing.T, o crashable) int {
	t.Helper()
	o.offer(t)
	steps, killed, err := killAt(o.serveOnce(t), 0)
	if err != nil || killed || steps < 50 {
		t.Fatalf("undisturbed run: %d steps, killed %t, %v", steps, killed, err)
	}
	if cases, _ := o.cases(t); len(cases) != 1 || (o.answers() == 1) != o.answered() {
		t.Fatalf("undisturbed run: %d cases, %d answers, want one, and one if the channel carries any (%t)", len(cases), o.answers(), o.answered())
	}
	return steps
}

func crashAt(t *testing.T, n int, o crashable, tally *crashTally) {
	o.offer(t)
	_, killed, err := killAt(o.serveOnce(t), n)
	if err != nil {
		t.Fatal(err)
	}
	o.workOff(t)
	tally.trials.Add(1)
	if killed {
		tally.killed.Add(1)
	}
	cases, letters := o.cases(t)
	sent := o.answers()
	tally.sent.Add(int64(sent))
	switch {
	case len(cases) == 0:
		tally.lost.Add(1)
		t.Fatal("the letter is lost")
	case len(cases) > 1:
		tally.doubled.Add(1)
		t.Errorf("one letter became %d cases", len(cases))
	}
	o.taken(t, cases[0], tally)
	if o.answered() {
		checkReply(t, letters, sent, tally)
	} else {
		checkDraft(t, letters, sent)
	}
	checkLedger(t, o.open(t))
}

// checkDraft wants at most one letter, which nobody sent.
func checkDraft(t *testing.T, letters []workflow.Letter, sent int) {
	t.Helper()
	if len(letters) > 1 || len(letters) == 1 && letters[0].Status != workflow.LetterDraft || sent != 0 {
		t.Errorf("letters %+v, %d sent; want one draft at most", letters, sent)
	}
}

// checkLedger wants one item registered, and nothing else seen than copies of it.
func checkLedger(t *testing.T, s *store.Store) {
	t.Helper()
	rows, err := s.Balance(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var all workflow.SourceBalance
	for _, r := range rows {
		all.Seen, all.Registered, all.Duplicates = all.Seen+r.Seen, all.Registered+r.Registered, all.Duplicates+r.Duplicates
	}
	if all.Registered != 1 || all.Seen != all.Registered+all.Duplicates {
		t.Errorf("the ledger does not balance: %+v", rows)
	}
}

// checkReply wants exactly one letter, whose status is true: sent means the server has it, and nothing else was ever sent.
func checkReply(t *testing.T, letters []workflow.Letter, sent int, tally *crashTally) {
	t.Helper()
	if sent > 1 {
		tally.twice.Add(1)
		t.Errorf("%d replies were sent", sent)
	}
	if len(letters) != 1 {
		t.Errorf("%d letters, want 1", len(letters))
		return
	}
	switch l := letters[0]; l.Status {
	case workflow.LetterSent:
		if sent != 1 {
			t.Errorf("a letter is called sent, the server has %d", sent)
		}
	case workflow.LetterUnknown: // killed between intent and outcome: a person checks
		tally.unknown.Add(1)
	default:
		t.Errorf("the letter is %s (%s), want sent or unknown", l.Status, l.Detail)
	}
}
