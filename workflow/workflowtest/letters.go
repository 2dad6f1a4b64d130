package workflowtest

import (
	"fmt"
	"reflect"
	"sync/atomic"
	"testing"
	"time"

	"okienko/ingest"
	"okienko/workflow"
)

var letterTests = map[string]func(*testing.T, Open){
	"a letter comes back as it was saved, and changes":    testLetter,
	"a letter that is not there cannot be changed":        testNoLetter,
	"automatic letters are counted by address and in all": testCountLetters,
	"proofs come back as they were kept, each once":       testProofs,
	"who locks letters waits for who locked them before":  testLockLettersWaits,
	"six workers on one queued letter send it once":       testSendOnce,
}

func letter(id workflow.CaseID) workflow.Letter {
	return workflow.Letter{Case: id, Kind: workflow.ReplyReceipt, Automatic: true, Status: workflow.LetterQueued,
		Channel: ingest.Email, To: "Jan@Example.pl", Subject: "Potwierdzenie", Text: "Dzień dobry,\n…", MessageID: "1@urzad",
		InReplyTo: []string{"a@b", "c@d"}, Author: workflow.Machine, CreatedAt: noon}
}

func (b bench) save(l workflow.Letter) workflow.Letter {
	b.t.Helper()
	b.do(func(tx workflow.Tx) error { return tx.SaveLetter(b.ctx, &l) })
	return l
}

func testLetter(t *testing.T, open Open) {
	b := setup(t, open, fixed(noon))
	c := b.create(newCase("a"))
	first, second := b.save(letter(c.ID)), b.save(workflow.Letter{Case: c.ID, Status: workflow.LetterDraft})
	if first.ID == 0 || second.ID <= first.ID {
		t.Errorf("IDs %d, %d", first.ID, second.ID)
	}
	if !second.CreatedAt.Equal(micros(noon)) {
		t.Errorf("a letter without a time was created at %v", second.CreatedAt)
	}
	first.Status, first.SendingAt, first.SentAt = workflow.LetterSent, noon.Add(time.Second), noon.Add(time.Minute)
	first.Detail, first.Text, first.InReplyTo = "250 OK", "inny", nil
	first = b.save(first)
	want := []workflow.Letter{first, second}
	if got := must[[]workflow.Letter](t)(b.CaseLetters(b.ctx, c.ID)); !reflect.DeepEqual(got, want) {
		t.Errorf("read\n%+v, want\n%+v", got, want)
	}
	b.do(func(tx workflow.Tx) error {
		got, err := tx.LockLetters(b.ctx, c.ID)
		if !reflect.DeepEqual(got, want) {
			t.Errorf("locked\n%+v, want\n%+v", got, want)
		}
		return err
	})
	if first.SendingAt != micros(noon.Add(time.Second)) {
		t.Errorf("sending at %v", first.SendingAt)
	}
}

func testProofs(t *testing.T, open Open) {
	b := setup(t, open, fixed(noon))
	c, other := b.create(newCase("a")), b.create(newCase("b"))
	l, foreign := b.save(letter(c.ID)), b.save(letter(other.ID))
	first := workflow.Proof{Case: c.ID, Letter: l.ID, At: noon.Add(time.Second), Kind: workflow.ProofDocument, Digest: ingest.DigestOf([]byte("a")), Bytes: 1}
	second := workflow.Proof{Case: c.ID, Letter: l.ID, At: noon, Kind: "UPP", ID: "UPP1", Digest: ingest.DigestOf([]byte("b")), Bytes: 1 << 40,
		Verdict: workflow.ProofBroken, Because: "pieczęć nie zgadza się"}
	add := func(p workflow.Proof) { b.do(func(tx workflow.Tx) error { return tx.AddProof(b.ctx, p) }) }
	add(first)
	add(second)
	again := second
	again.Verdict = workflow.ProofGenuine
	add(again) // what was found when it came stays
	add(workflow.Proof{Case: other.ID, Letter: foreign.ID, Kind: "UPP", Digest: second.Digest})
	first.At, second.At = micros(first.At), micros(second.At)
	if got, want := must[[]workflow.Proof](t)(b.CaseProofs(b.ctx, c.ID)), []workflow.Proof{first, second}; !reflect.DeepEqual(got, want) {
		t.Errorf("read\n%+v, want\n%+v", got, want)
	}
	if got := must[[]workflow.Proof](t)(b.CaseProofs(b.ctx, other.ID)); len(got) != 1 || !got[0].At.Equal(micros(noon)) {
		t.Errorf("of the other case %+v", got)
	}
}

func testNoLetter(t *testing.T, open Open) {
	b := setup(t, open, fixed(noon))
	c := b.create(newCase("a"))
	l := letter(c.ID)
	l.ID = 99
	wantError(t, b.Tx(b.ctx, func(tx workflow.Tx) error { return tx.SaveLetter(b.ctx, &l) }), workflow.ErrNotFound)
	if got := must[[]workflow.Letter](t)(b.CaseLetters(b.ctx, c.ID)); len(got) != 0 {
		t.Errorf("%d letters", len(got))
	}
}

func testCountLetters(t *testing.T, open Open) {
	b := setup(t, open, fixed(noon))
	c := b.create(newCase("a"))
	for _, change := range []func(*workflow.Letter){
		func(*workflow.Letter) {},
		func(l *workflow.Letter) { l.To = "jan@example.PL " },
		func(l *workflow.Letter) { l.To = "ola@example.pl" },
		func(l *workflow.Letter) { l.Status = workflow.LetterHeld },
		func(l *workflow.Letter) { l.CreatedAt = noon.Add(-time.Hour) },                    // just in time
		func(l *workflow.Letter) { l.CreatedAt = noon.Add(-time.Hour - time.Microsecond) }, // too old
		func(l *workflow.Letter) { l.Status = workflow.LetterCancelled },                   // not counted
		func(l *workflow.Letter) { l.Automatic = false },                                   // a person's
	} {
		l := letter(c.ID)
		change(&l)
		b.save(l)
	}
	b.do(func(tx workflow.Tx) error {
		to, all, err := tx.CountLetters(b.ctx, "JAN@example.pl", noon.Add(-time.Hour))
		if to != 4 || all != 5 {
			t.Errorf("counted %d to the address, %d in all; want 4, 5", to, all)
		}
		return err
	})
}

func testLockLettersWaits(t *testing.T, open Open) {
	b := setup(t, open, fixed(noon))
	c := b.create(newCase("a"))
	l := b.save(letter(c.ID))
	inTurn(b, func(tx workflow.Tx) (string, error) {
		list, err := tx.LockLetters(b.ctx, c.ID)
		if err != nil {
			return "", err
		}
		return list[0].Detail, nil
	}, func(tx workflow.Tx) error {
		l.Detail = "written"
		return tx.SaveLetter(b.ctx, &l)
	})
}

func testSendOnce(t *testing.T, open Open) {
	b := setup(t, open, fixed(noon))
	c := b.create(newCase("a"))
	b.save(letter(c.ID))
	var sent atomic.Int32
	for _, err := range atOnce(6, func(int) error { return sendQueued(b, c.ID, &sent) }) {
		if err != nil {
			t.Error(err)
		}
	}
	if sent.Load() != 1 {
		t.Errorf("sent %d times", sent.Load())
	}
}

// sendQueued is how letters are sent at most once: the intent is durable before anything goes out.
func sendQueued(b bench, id workflow.CaseID, sent *atomic.Int32) error {
	mine := false
	err := b.Tx(b.ctx, func(tx workflow.Tx) error {
		list, err := tx.LockLetters(b.ctx, id)
		if err != nil || len(list) != 1 {
			return fmt.Errorf("%d letters, %w", len(list), err)
		}
		if mine = list[0].Status == workflow.LetterQueued; !mine {
			return nil
		}
		list[0].Status = workflow.LetterSending
		return tx.SaveLetter(b.ctx, &list[0])
	})
	if err == nil && mine {
		sent.Add(1)
	}
	return err
}
