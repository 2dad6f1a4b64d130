package main

import (
	"bytes"
	"errors"
	"fmt"
	"net/mail"
	"sync"
	"testing"

	"okienko/testdata"
	"okienko/workflow"
	"okienko/workflow/reply"
	"okienko/workflow/workflowtest"
)

// zeros counts what must not happen, over all trials of a test.
type zeros struct{ trials, lost, doubled, twice, difference, sent, unknown int }

func (z zeros) String() string {
	return fmt.Sprintf("%d trials: %d letters lost, %d doubled, %d answered twice, %d differences in the ledger; %d replies sent, %d unknown",
		z.trials, z.lost, z.doubled, z.twice, z.difference, z.sent, z.unknown)
}

// check holds that there are as many cases as letters with different bytes, each answered at most once and with a true status,
// that nothing is left to do, and that the ledger has no difference.
func (z *zeros) check(t *testing.T, c *counter, letters int) {
	t.Helper()
	z.trials++
	cases, err := allCases(t.Context(), c.store)
	if err != nil {
		t.Fatal(err)
	}
	z.lost += max(0, letters-len(cases))
	z.doubled += max(0, len(cases)-letters)
	if len(cases) != letters {
		t.Errorf("%d cases of %d letters", len(cases), letters)
	}
	replies := 0
	for _, one := range cases {
		replies += z.checkLetters(t, c, one)
	}
	sent := len(c.sink.Messages())
	z.sent += sent
	z.twice += max(0, sent-letters)
	if sent > replies {
		t.Errorf("%d replies were sent, %d letters were written", sent, replies)
	}
	if left, err := c.store.Waiting(t.Context()); err != nil || left != 0 {
		t.Errorf("%d things are left to do, %v", left, err)
	}
	if err := balanced(t.Context(), c.store); err != nil {
		z.difference++
		t.Error(err)
	}
}

func (z *zeros) checkLetters(t *testing.T, c *counter, one workflow.CaseSummary) int {
	t.Helper()
	letters, err := c.store.CaseLetters(t.Context(), one.ID)
	if err != nil {
		t.Fatal(err)
	}
	if len(letters) > 1 {
		t.Errorf("%s has %d letters", one.Number, len(letters))
	}
	for _, l := range letters {
		arrived := 0
		for _, m := range c.sink.Messages() {
			if m.Header().Get("Message-ID") == "<"+l.MessageID+">" {
				arrived++
			}
		}
		switch {
		case l.Status == workflow.LetterSent && arrived == 1:
		case l.Status == workflow.LetterUnknown && arrived <= 1:
			z.unknown++
		default:
			t.Errorf("%s: the letter is %s (%s), the mail server has it %d times", one.Number, l.Status, l.Detail, arrived)
		}
	}
	return len(letters)
}

// story is the mail of a sample letter.
func story(t *testing.T, name string) []byte {
	t.Helper()
	stories, err := testdata.Stories()
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range stories {
		if s.Name == name {
			return s.Message
		}
	}
	t.Fatalf("no sample letter %s", name)
	return nil
}

// TestWhateverCallFailsOneLetterIsOneCaseAndAtMostOneReply lets every call of the whole way fail, first before it does anything,
// then after it did everything: of the store, the evidence, the transaction and the mail server. The same bytes are offered
// twice, under two names. What failed is tried again, as the connector and the job queue do.
func TestWhateverCallFailsOneLetterIsOneCaseAndAtMostOneReply(t *testing.T) {
	t.Parallel()
	for name, database := range databases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			pool, mail := newReaders(t), story(t, crashStory)
			var z zeros
			workflowtest.Walk(t, func(t *testing.T, f *workflowtest.Faults) {
				c := newCounter(t, database(t), pool)
				p := c.pipeline(t, f)
				for _, item := range []string{"1699:1", "1699:2"} {
					c.until(t, "offer", func() error { return c.offer(t.Context(), p, item, mail) })
				}
				c.work(t, p)
				z.check(t, c, 1)
			})
			t.Logf("%s: %s", name, z)
		})
	}
}

// TestSixWorkersOnOneCase runs each stage of one case six times at once, after six connectors offered the letter at once.
func TestSixWorkersOnOneCase(t *testing.T) {
	t.Parallel()
	const workers, rounds = 6, 10
	for name, database := range databases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			pool, mail := newReaders(t), story(t, crashStory)
			var z zeros
			for range rounds {
				c := newCounter(t, database(t), pool)
				p := c.pipeline(t, noFault())
				sixTimes(t, workers, func() error { return c.offer(t.Context(), p, "1699:1", mail) })
				id := c.onlyCase(t)
				for _, stage := range []workflow.Stage{workflow.StageJudge, workflow.StageDeliver} {
					sixTimes(t, workers, func() error {
						err := p.Advance(t.Context(), id, stage)
						if errors.Is(err, reply.ErrUnderWay) {
							return nil
						}
						return err
					})
				}
				z.check(t, c, 1)
				c.wantJudgedOnce(t, id)
			}
			t.Logf("%s, %d workers: %s", name, workers, z)
		})
	}
}

func sixTimes(t *testing.T, n int, do func() error) {
	t.Helper()
	var wg sync.WaitGroup
	for range n {
		wg.Go(func() {
			if err := do(); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
}

// onlyCase is the case all connectors ended at. Its ID need not be 1: those who came second may have used IDs up.
func (c *counter) onlyCase(t *testing.T) workflow.CaseID {
	t.Helper()
	cases, err := allCases(t.Context(), c.store)
	if err != nil || len(cases) != 1 {
		t.Fatalf("%d cases, %v, want one", len(cases), err)
	}
	return cases[0].ID
}

// wantJudgedOnce holds that only one worker had something to say.
func (c *counter) wantJudgedOnce(t *testing.T, id workflow.CaseID) {
	t.Helper()
	events, err := c.store.Events(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	n := map[workflow.EventKind]int{}
	for _, e := range events {
		n[e.Kind]++
	}
	if n[workflow.EventRegistered] != 1 || n[workflow.EventJudged] != 1 || n[workflow.EventSecondCopy] != 0 {
		t.Errorf("history %v, want registered and judged once", n)
	}
}

func headerOf(t *testing.T, message []byte, key string) string {
	t.Helper()
	m, err := mail.ReadMessage(bytes.NewReader(message))
	if err != nil {
		t.Fatal(err)
	}
	return m.Header.Get(key)
}
