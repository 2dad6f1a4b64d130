package reply

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"okienko/ingest"
	"okienko/workflow"
)

// claim is one attempt to send one letter. Its token stands in the letter's Detail while it is being sent, so that a claim whose
// commit was reported failed recognises itself when it runs again, and no other process ever takes it for its own.
type claim struct {
	id       workflow.CaseID
	token    string
	now      time.Time
	lease    time.Duration
	carriers map[ingest.Channel]workflow.Carrier
	tried    map[workflow.LetterID]bool
	only     []ingest.Channel // nil: all

	letter   *workflow.Letter // nil: nothing to send now
	problems []error          // why something is left though nothing can be sent
}

func (c *claim) mark() string { return "Wysyłanie w toku (próba " + c.token + ")" }

func (c *claim) mine(l workflow.Letter) bool {
	return l.Status == workflow.LetterSending && l.Detail == c.mark()
}

// take is the first transaction: it makes the intent to send the oldest queued letter durable, and gives up those whose sender
// is gone. The case is locked before its letters, as everywhere.
func (c *claim) take(ctx context.Context, tx workflow.Tx) error {
	c.letter, c.problems = nil, nil
	if _, err := tx.Lock(ctx, c.id); err != nil {
		return err
	}
	letters, err := tx.LockLetters(ctx, c.id)
	if err != nil {
		return err
	}
	for _, l := range letters {
		if len(c.only) > 0 && !slices.Contains(c.only, l.Channel) {
			continue
		}
		if err := c.consider(ctx, tx, l); err != nil {
			return err
		}
	}
	return nil
}

// consider decides about one letter.
func (c *claim) consider(ctx context.Context, tx workflow.Tx, l workflow.Letter) error {
	switch {
	case c.mine(l):
		c.letter = &l
	case l.Status == workflow.LetterSending && c.now.Sub(l.SendingAt) < c.lease:
		c.problems = append(c.problems, fmt.Errorf("letter %d: %w", l.ID, ErrUnderWay))
	case l.Status == workflow.LetterSending:
		l.Status, l.Detail = workflow.LetterUnknown, "Wysyłanie przerwano. Nie wiadomo, czy list wyszedł: proszę sprawdzić na serwerze poczty."
		return c.save(ctx, tx, l)
	case l.Status != workflow.LetterQueued || c.tried[l.ID] || c.letter != nil:
	case c.carriers[l.Channel] == nil:
		c.problems = append(c.problems, fmt.Errorf("letter %d: nothing here carries letters by %q", l.ID, l.Channel))
	default:
		l.Status, l.SendingAt, l.Detail = workflow.LetterSending, c.now, c.mark()
		if err := tx.SaveLetter(ctx, &l); err != nil {
			return err
		}
		c.letter = &l
	}
	return nil
}

// result is what became of an attempt.
type result struct {
	status workflow.LetterStatus
	at     time.Time
	detail string
}

// resultOf reads the outcome of a Carrier: only the two sentinels and nil leave no doubt.
func resultOf(err error, at time.Time) result {
	switch {
	case err == nil:
		return result{workflow.LetterSent, at, ""}
	case errors.Is(err, workflow.ErrNotSent):
		return result{workflow.LetterQueued, at, err.Error()}
	case errors.Is(err, workflow.ErrRefused):
		return result{workflow.LetterFailed, at, err.Error()}
	}
	return result{workflow.LetterUnknown, at, "Połączenie przerwano po wysłaniu treści. Nie wiadomo, czy list wyszedł: " + err.Error()}
}

// record is the second transaction. It writes the outcome once; if the letter is no longer in this claim's hand, the outcome is
// already written, or the lease ran out and a person was asked: then the history gets the answer, the status stays.
func (c *claim) record(ctx context.Context, tx workflow.Tx, r result) error {
	if _, err := tx.Lock(ctx, c.id); err != nil {
		return err
	}
	letters, err := tx.LockLetters(ctx, c.id)
	if err != nil {
		return err
	}
	for _, l := range letters {
		if l.ID != c.letter.ID {
			continue
		}
		if c.mine(l) {
			l.Status, l.Detail = r.status, r.detail
			if r.status == workflow.LetterSent {
				l.SentAt = r.at
			}
			return c.save(ctx, tx, l)
		}
		if l.Status == workflow.LetterUnknown && r.status != workflow.LetterUnknown {
			return tx.Append(ctx, c.event(l, "spóźniona odpowiedź serwera: "+statusName[r.status]))
		}
	}
	return nil
}

func (c *claim) save(ctx context.Context, tx workflow.Tx, l workflow.Letter) error {
	if err := tx.SaveLetter(ctx, &l); err != nil {
		return err
	}
	return tx.Append(ctx, c.event(l, strings.TrimSuffix(statusName[l.Status]+". "+l.Detail, ". ")))
}

func (c *claim) event(l workflow.Letter, what string) workflow.Event {
	return workflow.Event{
		Case: c.id, At: c.now, Actor: workflow.Machine, Kind: workflow.EventLetter,
		Detail: fmt.Sprintf("List %d (%s): %s", l.ID, kindName[l.Kind], what),
	}
}

// kindName and statusName are how the history of a case calls letters.
var kindName = map[workflow.ReplyKind]string{
	workflow.ReplyReceipt: "potwierdzenie wpływu", workflow.ReplyIncomplete: "informacja o brakach",
	workflow.ReplyChannelIneffective: "informacja o kanale", workflow.ReplyInfo: "informacja",
	workflow.ReplyCall: "wezwanie", workflow.ReplyForward: "zawiadomienie o przekazaniu", workflow.ReplyLetter: "pismo pracownika",
}

var statusName = map[workflow.LetterStatus]string{
	workflow.LetterSent: "wysłany", workflow.LetterQueued: "jeszcze nie wysłany, będzie następna próba",
	workflow.LetterFailed: "odrzucony przez serwer", workflow.LetterUnknown: "nie wiadomo, czy wysłany",
}
