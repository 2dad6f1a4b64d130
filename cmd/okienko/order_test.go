package main

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"okienko/workflow"
)

// TestASupplementJudgedBeforeItsOriginalIsLinked holds that the order in which workers come to two letters does not matter.
func TestASupplementJudgedBeforeItsOriginalIsLinked(t *testing.T) {
	t.Parallel()
	original := story(t, crashStory)
	for name, database := range databases {
		for order, ids := range map[string][]workflow.CaseID{"original first": {1, 2}, "supplement first": {2, 1}} {
			t.Run(name+", "+order, func(t *testing.T) {
				t.Parallel()
				c := newCounter(t, database(t), newReaders(t))
				p := c.pipeline(t, noFault())
				offerAll(t, c, p, original, supplementTo(t, original, firstNumber()))
				for _, id := range ids {
					c.until(t, "judge", func() error { return p.Advance(t.Context(), id, workflow.StageJudge) })
				}
				second, err1 := c.store.Case(t.Context(), 2)
				first, err2 := c.store.Case(t.Context(), 1)
				links, err3 := c.store.CaseLinks(t.Context(), 1)
				if err := errors.Join(err1, err2, err3); err != nil {
					t.Fatal(err)
				}
				if second.Parent != 1 || first.Parent != 0 || len(links) != 1 || links[0].Link.Kind != workflow.LinkSupplement {
					t.Errorf("parents %d and %d, links %+v: want case 2 to complete case 1", first.Parent, second.Parent, links)
				}
			})
		}
	}
}

// TestTheOrderOfWorkersChangesNothingForTheResident: what completes an earlier letter is judged and answered the same, whichever
// a worker comes to first; what was sent already is not sent otherwise, a person is told.
func TestTheOrderOfWorkersChangesNothingForTheResident(t *testing.T) {
	t.Parallel()
	original := story(t, crashStory)
	completes := lackingBut(t, original)
	for name, database := range databases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			run := func(ids []workflow.CaseID, between func(*counter)) (workflow.Case, string) {
				c := newCounter(t, database(t), newReaders(t))
				p := c.pipeline(t, noFault())
				offerAll(t, c, p, original, completes)
				for _, id := range ids {
					c.until(t, "judge", func() error { return p.Advance(t.Context(), id, workflow.StageJudge) })
					between(c)
				}
				return c.told(t, 2)
			}
			untouched := func(*counter) {}
			inOrder, said := run([]workflow.CaseID{1, 2}, untouched)
			reversed, saidToo := run([]workflow.CaseID{2, 1}, untouched)
			if inOrder.Parent != 1 || reversed.Parent != 1 || inOrder.Reply != reversed.Reply || inOrder.Missing != reversed.Missing || said != saidToo {
				t.Errorf("in order: %s, %d missing, letters %q; reversed: %s, %d missing, letters %q",
					inOrder.Reply, inOrder.Missing, said, reversed.Reply, reversed.Missing, saidToo)
			}
			late, saidLate := run([]workflow.CaseID{2, 1}, func(c *counter) { c.sent(t, 2) })
			if alone := string(workflow.ReplyIncomplete) + " sent;"; saidLate != alone || late.Reason == "" {
				t.Errorf("after the letter was sent: letters %q, want %q; reason %q", saidLate, alone, late.Reason)
			}
		})
	}
}

// lackingBut is a letter that lacks something when read by itself, from the sender of the original and with its number.
func lackingBut(t *testing.T, original []byte) []byte {
	t.Helper()
	const lacking = "karta-krakowska-bez-upo"
	letter := story(t, lacking)
	from, greeting := []byte(headerOf(t, letter, "From")), []byte("dobry!")
	if !bytes.Contains(letter, from) || !bytes.Contains(letter, greeting) {
		t.Fatal(lacking + " is no longer what this test makes its letter of")
	}
	letter = bytes.Replace(letter, from, []byte(headerOf(t, original, "From")), 1)
	return bytes.Replace(letter, greeting, append(greeting, " W sprawie "+firstNumber()+"."...), 1)
}

// firstNumber is the number that the first letter of a test gets.
func firstNumber() string { return fmt.Sprintf("RPW/1/%d", time.Now().Year()) }

// told is a case and its letters that were not withdrawn.
func (c *counter) told(t *testing.T, id workflow.CaseID) (workflow.Case, string) {
	t.Helper()
	one, err1 := c.store.Case(t.Context(), id)
	letters, err2 := c.store.CaseLetters(t.Context(), id)
	if err := errors.Join(err1, err2); err != nil {
		t.Fatal(err)
	}
	var said strings.Builder
	for _, l := range letters {
		if l.Status != workflow.LetterCancelled {
			fmt.Fprintf(&said, "%s %s;", l.Kind, l.Status)
		}
	}
	return one, said.String()
}

// sent lets the queued letters of a case leave.
func (c *counter) sent(t *testing.T, id workflow.CaseID) {
	t.Helper()
	err := c.store.Tx(t.Context(), func(tx workflow.Tx) error {
		letters, err := tx.LockLetters(t.Context(), id)
		for i := range letters {
			if letters[i].Status == workflow.LetterQueued {
				letters[i].Status = workflow.LetterSent
				err = errors.Join(err, tx.SaveLetter(t.Context(), &letters[i]))
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func offerAll(t *testing.T, c *counter, p *workflow.Pipeline, mails ...[]byte) {
	t.Helper()
	for i, mail := range mails {
		if err := c.offer(t.Context(), p, fmt.Sprintf("1699:%d", i+1), mail); err != nil {
			t.Fatal(err)
		}
	}
}

// supplementTo is a second letter of the same sender that quotes the number of the first.
func supplementTo(t *testing.T, original []byte, number string) []byte {
	t.Helper()
	from := headerOf(t, original, "From")
	return fmt.Appendf(nil, "From: %s\r\nTo: podania@um-krakow.example\r\nSubject: Uzupelnienie\r\nMessage-ID: <second@poczta.example>\r\n"+
		"Content-Type: text/plain; charset=utf-8\r\n\r\nDzień dobry,\r\nuzupełniam pismo %s: umowa była z 31 października 2026 r.\r\n", from, number)
}

// TestACaseThatIsGivenUpIsQuarantinedInTheLedger is promise P7: after the last attempt a person gets the case with its original, and
// the ledger counts it where the clerk looks for it.
func TestACaseThatIsGivenUpIsQuarantinedInTheLedger(t *testing.T) {
	t.Parallel()
	for name, database := range databases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCounter(t, database(t), nil)
			p := c.pipeline(t, noFault())
			offerAll(t, c, p, story(t, crashStory), story(t, crashStory))
			for range 2 { // again, as after a lost answer
				if err := p.GiveUp(t.Context(), 1, workflow.StageJudge, errors.New("five attempts")); err != nil {
					t.Fatal(err)
				}
			}
			one, err1 := c.store.Case(t.Context(), 1)
			rows, err2 := c.store.Balance(t.Context())
			if err := errors.Join(err1, err2, balanced(t.Context(), c.store)); err != nil {
				t.Fatal(err)
			}
			if one.Status != workflow.StatusQuarantined || one.Reason == "" || one.Number == "" {
				t.Errorf("case is %s, number %q, reason %q", one.Status, one.Number, one.Reason)
			}
			if b := rows[0]; b.Seen != 2 || b.Quarantined != 1 || b.Duplicates != 1 || b.Registered != 0 {
				t.Errorf("the ledger says %+v, want one in quarantine and its second copy", b)
			}
		})
	}
}
