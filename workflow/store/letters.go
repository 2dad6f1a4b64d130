package store

import (
	"context"
	"fmt"
	"strings"
	"time"

	"okienko/workflow"
)

// SaveLetter inserts l if l.ID is 0 and sets the ID, else it writes all its fields.
func (tx *Tx) SaveLetter(ctx context.Context, l *workflow.Letter) error {
	if l.CreatedAt.IsZero() {
		l.CreatedAt = tx.st.now()
	}
	l.CreatedAt, l.SendingAt, l.SentAt = micro(l.CreatedAt), micro(l.SendingAt), micro(l.SentAt)
	inReplyTo, err := toJSON(l.InReplyTo)
	if err == nil {
		err = tx.saveLetter(ctx, l, []any{int64(l.Case), string(l.Kind), l.Automatic, string(l.Status), string(l.Channel), l.To,
			addressKey(l.To), l.Subject, l.Text, l.MessageID, inReplyTo, l.Author, l.CreatedAt, l.SendingAt, l.SentAt, l.Detail,
			tx.st.now()})
	}
	if err != nil {
		return fmt.Errorf("saving a letter of case %d: %w", l.Case, err)
	}
	return nil
}

func (tx *Tx) saveLetter(ctx context.Context, l *workflow.Letter, values []any) error {
	const columns = `case_id, kind, automatic, status, channel, recipient, to_key, subject, body, message_id, in_reply_to,
		author, created_at, sending_at, sent_at, detail, changed_at`
	const marks = `$1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17`
	if l.ID == 0 {
		return tx.get(ctx, `INSERT INTO letters (`+columns+`) VALUES (`+marks+`) RETURNING id`, values, &l.ID)
	}
	n, err := tx.exec(ctx, `UPDATE letters SET (`+columns+`) = (`+marks+`) WHERE id = $18`, append(values, int64(l.ID))...)
	if err == nil && n == 0 {
		return fmt.Errorf("letter %d: %w", l.ID, workflow.ErrNotFound)
	}
	return err
}

// addressKey is what two spellings of one address have in common.
func addressKey(address string) string { return bounded(strings.ToLower(strings.TrimSpace(address))) }

// LockLetters returns the letters of a case, oldest first, and keeps others from changing them until the end.
func (tx *Tx) LockLetters(ctx context.Context, id workflow.CaseID) ([]workflow.Letter, error) {
	return tx.letters(ctx, id, tx.st.engine.dialect().lockRow)
}

// CaseLetters returns the letters of a case, oldest first.
func (s *Store) CaseLetters(ctx context.Context, id workflow.CaseID) ([]workflow.Letter, error) {
	return s.letters(ctx, id, "")
}

func (q queries) letters(ctx context.Context, id workflow.CaseID, lock string) ([]workflow.Letter, error) {
	var list []workflow.Letter
	err := q.all(ctx, `SELECT id, case_id, kind, automatic, status, channel, recipient, subject, body, message_id, in_reply_to,
		author, created_at, sending_at, sent_at, detail FROM letters WHERE case_id = $1 ORDER BY id`+lock, []any{int64(id)},
		func(scan scanFunc) error {
			l, err := scanLetter(scan)
			list = append(list, l)
			return err
		})
	if err != nil {
		return nil, fmt.Errorf("reading the letters of case %d: %w", id, err)
	}
	return list, nil
}

func scanLetter(scan scanFunc) (workflow.Letter, error) {
	var l workflow.Letter
	var created, sending, sent stamp
	err := scan(&l.ID, &l.Case, &l.Kind, &l.Automatic, &l.Status, &l.Channel, &l.To, &l.Subject, &l.Text, &l.MessageID,
		jsonScan{&l.InReplyTo}, &l.Author, &created, &sending, &sent, &l.Detail)
	l.CreatedAt, l.SendingAt, l.SentAt = created.Time, sending.Time, sent.Time
	return l, err
}

// CountLetters counts automatic letters created since the given time that are not cancelled: those to one address, and all.
func (tx *Tx) CountLetters(ctx context.Context, to string, since time.Time) (toAddress, all int, err error) {
	err = tx.get(ctx, `SELECT count(CASE WHEN to_key = $1 THEN 1 END), count(*) FROM letters
		WHERE automatic AND status <> 'cancelled' AND created_at >= $2`, []any{addressKey(to), since}, &toAddress, &all)
	if err != nil {
		return 0, 0, fmt.Errorf("counting letters: %w", err)
	}
	return toAddress, all, nil
}
