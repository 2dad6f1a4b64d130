package store

import (
	"context"
	"fmt"

	"okienko/workflow"
)

// Halted reports whether automatic letters are halted: see workflow.Letters.
func (tx *Tx) Halted(ctx context.Context) (bool, error) {
	var halted bool
	err := tx.get(ctx, `SELECT halted FROM letter_halt WHERE id = 1`+tx.st.engine.dialect().lockShared, nil, &halted)
	if err != nil {
		return false, fmt.Errorf("asking whether letters are halted: %w", err)
	}
	return halted, nil
}

// Halt returns the state of the switch: see workflow.Halts.
func (s *Store) Halt(ctx context.Context) (workflow.Halt, error) {
	var h workflow.Halt
	err := s.get(ctx, `SELECT halted, actor, at, because FROM letter_halt WHERE id = 1`, nil, &h.On, &h.By, stampScan{&h.At}, &h.Because)
	if err != nil {
		return h, fmt.Errorf("reading whether letters are halted: %w", err)
	}
	return h, nil
}

// SetHalt throws the switch: see workflow.Halts. The row is locked first, so that no letter is let go beside it: whoever asked
// before has committed, and is seen below; whoever asks later waits.
func (s *Store) SetHalt(ctx context.Context, on bool, by, because string) (int, error) {
	held := 0
	err := s.tx(ctx, func(tx *Tx) error {
		n, err := tx.exec(ctx, `UPDATE letter_halt SET halted = $1, actor = $2, at = $3, because = $4 WHERE id = 1 AND halted <> $1`, on, by, tx.st.now(), because)
		if err != nil || n == 0 { // it stands so already
			return err
		}
		if on {
			if held, err = tx.holdQueued(ctx, by); err != nil {
				return err
			}
		}
		word := "wznowiono"
		if on {
			word = "wstrzymano"
		}
		return tx.audit(ctx, by, workflow.EventHaltSwitched, fmt.Sprintf("%s, pism zatrzymanych: %d. %s", word, held, because))
	})
	if err != nil {
		return 0, fmt.Errorf("halting letters: %w", err)
	}
	return held, nil
}

// holdQueued holds what was to be sent by itself and has not begun to leave.
func (tx *Tx) holdQueued(ctx context.Context, by string) (int, error) {
	var list []workflow.Letter
	err := tx.all(ctx, `UPDATE letters SET status = 'held', detail = $1, changed_at = $2 WHERE automatic AND status = 'queued' RETURNING id, case_id, kind`,
		[]any{workflow.HaltedBecause, tx.st.now()}, func(scan scanFunc) error {
			l := workflow.Letter{Status: workflow.LetterHeld}
			err := scan(&l.ID, &l.Case, &l.Kind)
			list = append(list, l)
			return err
		})
	for _, l := range list {
		if err == nil {
			err = tx.Append(ctx, workflow.Event{Case: l.Case, Actor: by, Kind: workflow.EventLetter, Detail: l.Moved(workflow.LetterQueued)})
		}
	}
	return len(list), err
}

// HeldLetters returns a page of the letters that wait for a person: see workflow.Halts.
func (s *Store) HeldLetters(ctx context.Context, after workflow.LetterID, limit int) ([]workflow.HeldLetter, error) {
	var list []workflow.HeldLetter
	err := s.all(ctx, `SELECT l.id, l.kind, l.channel, l.recipient, l.subject, l.body, l.created_at, l.detail, c.id, c.number, c.version, c.desk, c.procedure
		FROM letters l JOIN cases c ON c.id = l.case_id WHERE l.status = 'held' AND l.id > $1 ORDER BY l.id LIMIT $2`, []any{int64(after), limit},
		func(scan scanFunc) error {
			var h workflow.HeldLetter
			err := scan(&h.Letter.ID, &h.Letter.Kind, &h.Letter.Channel, &h.Letter.To, &h.Letter.Subject, &h.Letter.Text, stampScan{&h.Letter.CreatedAt}, &h.Letter.Detail,
				&h.Case.ID, &h.Case.Number, &h.Case.Version, &h.Case.Route.Desk, &h.Case.Procedure)
			h.Letter.Case, h.Letter.Status = h.Case.ID, workflow.LetterHeld
			list = append(list, h)
			return err
		})
	if err != nil {
		return nil, fmt.Errorf("reading the letters that are held: %w", err)
	}
	return list, nil
}
